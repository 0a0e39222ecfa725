# Joins what mlir-tblgen says of each Passes.td to one page.
set(text "# Passes\n\nGenerated from the `Passes.td` files by `./dev docs`.\n")
foreach(page ${PAGES})
  get_filename_component(library ${page} NAME_WE)
  file(READ ${page} passes)
  string(REGEX REPLACE "<!--[^\n]*-->\n" "" passes "${passes}")
  string(APPEND text "\n## ${library}\n\n${passes}")
endforeach()
file(WRITE ${OUTPUT} "${text}")
