# Headers, libraries and the CMake package, so that find_package(MLModel) gives
# the targets MLModel::MLModelDialect, MLModel::MLModelTranslate and so on.
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/MLModel)

foreach(root ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR})
  install(DIRECTORY ${root}/include/MLModel
          DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
          FILES_MATCHING PATTERN "*.h" PATTERN "*.inc" PATTERN "*.td")
endforeach()
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/MLModel-C
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT MLModelTargets NAMESPACE MLModel:: DESTINATION ${package_dir})
configure_package_config_file(cmake/MLModelConfig.cmake.in
  ${PROJECT_BINARY_DIR}/MLModelConfig.cmake
  INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(
  ${PROJECT_BINARY_DIR}/MLModelConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/MLModelConfig.cmake
              ${PROJECT_BINARY_DIR}/MLModelConfigVersion.cmake
        DESTINATION ${package_dir})

if(MLMODEL_ENABLE_TESTS AND NOT MLMODEL_SANITIZE)
  add_test(NAME install.standalone
    COMMAND ${CMAKE_COMMAND}
      -DSOURCE_DIR=${PROJECT_SOURCE_DIR}
      -DBINARY_DIR=${PROJECT_BINARY_DIR}
      -DLAUNCHER=${CMAKE_CXX_COMPILER_LAUNCHER}
      -P ${PROJECT_SOURCE_DIR}/cmake/TestInstall.cmake)
  set_tests_properties(install.standalone PROPERTIES TIMEOUT 600)
endif()
