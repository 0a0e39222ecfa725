# Installs the project to a prefix of its own, builds examples/standalone
# against that package as a user would, and runs it on the example model.
set(work ${BINARY_DIR}/test-install)
file(REMOVE_RECURSE ${work})

function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result
                  OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(result)
    message(FATAL_ERROR "failed: ${ARGN}\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

run(${CMAKE_COMMAND} --install ${BINARY_DIR} --prefix ${work}/prefix)
run(${CMAKE_COMMAND} -S ${SOURCE_DIR}/examples/standalone -B ${work}/build
    -G Ninja -DCMAKE_PREFIX_PATH=${work}/prefix
    -DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER})
run(${CMAKE_COMMAND} --build ${work}/build)
run(${work}/build/model-shapes ${SOURCE_DIR}/examples/digits/digits.mlmodel)
if(NOT output MATCHES "mlmodel.softmax[^\n]*tensor<1x1x10x1x1xf32>")
  message(FATAL_ERROR "no shapes in the output:\n${output}")
endif()

# Libraries of custom layers need an installed header and nothing else.
run(${CMAKE_COMMAND} -S ${SOURCE_DIR}/examples/custom-layers
    -B ${work}/custom-layers -G Ninja
    -DMLMODEL_C_INCLUDE=${work}/prefix/include)
run(${CMAKE_COMMAND} --build ${work}/custom-layers)
