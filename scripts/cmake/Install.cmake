# `cmake --install`, and find_package(relax_spectro) for other projects. Public headers name no
# third-party type, so that a user of the library needs none of our dependencies at build time.

include_guard(GLOBAL)
include(CMakePackageConfigHelpers)

install(TARGETS relax_spectro_core relax_spectro_render EXPORT relax_spectro_targets
  FILE_SET HEADERS)
install(TARGETS relax_spectro_torch relax_spectro_libtorch_name LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}")
install(TARGETS ${RELAX_SPECTRO_PROGRAMS})
install(DIRECTORY models/ DESTINATION "${CMAKE_INSTALL_DATADIR}/relax_spectro/models")

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/relax_spectro")
install(EXPORT relax_spectro_targets NAMESPACE relax_spectro:: DESTINATION "${package_dir}")
configure_package_config_file(scripts/cmake/relax_spectroConfig.cmake.in
  "${CMAKE_BINARY_DIR}/relax_spectroConfig.cmake" INSTALL_DESTINATION "${package_dir}")
write_basic_package_version_file("${CMAKE_BINARY_DIR}/relax_spectroConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES "${CMAKE_BINARY_DIR}/relax_spectroConfig.cmake"
              "${CMAKE_BINARY_DIR}/relax_spectroConfigVersion.cmake"
        DESTINATION "${package_dir}")
