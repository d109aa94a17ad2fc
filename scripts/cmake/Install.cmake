# `cmake --install`: a tree that can be moved, which needs neither the checkout nor the build tree.
# find_package(relax_spectro) finds it from other projects. Public headers name no third-party type,
# so that a user of the library needs none of our dependencies at build time.

include_guard(GLOBAL)
include(CMakePackageConfigHelpers)

set(private_libraries "${CMAKE_INSTALL_LIBDIR}/relax_spectro")
install(TARGETS relax_spectro_core relax_spectro_render EXPORT relax_spectro_targets
  FILE_SET HEADERS)
install(TARGETS relax_spectro_torch relax_spectro_libtorch_name
  LIBRARY DESTINATION "${private_libraries}")
install(TARGETS ${RELAX_SPECTRO_PROGRAMS})
install(DIRECTORY models/ DESTINATION "${CMAKE_INSTALL_DATADIR}/relax_spectro/models")

# LibTorch's own run path finds what it needs by the folders of its wheel, which are kept.
if(RELAX_SPECTRO_TORCH_TO_INSTALL)
  foreach(folder IN ITEMS torch/lib nvidia)
    install(DIRECTORY "${RELAX_SPECTRO_TORCH_TO_INSTALL}/${folder}/"
      DESTINATION "${private_libraries}/${folder}"
      FILES_MATCHING PATTERN "*.so*")
  endforeach()
  install(CODE "
    if(CMAKE_INSTALL_DO_STRIP)
      execute_process(COMMAND \"${CMAKE_STRIP}\" --strip-unneeded
        \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${private_libraries}/torch/lib/libtorch_cpu.so\")
    endif()")
  file(GLOB licences "${RELAX_SPECTRO_TORCH_TO_INSTALL}/*.dist-info")
  install(DIRECTORY ${licences} DESTINATION "${CMAKE_INSTALL_DOCDIR}/licenses")
endif()
# Those that the target `man` has made.
install(FILES ${RELAX_SPECTRO_MAN_PAGES} DESTINATION "${CMAKE_INSTALL_MANDIR}/man1" OPTIONAL)
list(GET RELAX_SPECTRO_MAN_PAGES 0 man_page)
install(CODE "
  if(NOT EXISTS \"${man_page}\")
    message(STATUS \"No man pages: to make them, run scripts/setup --packaging && cmake --build ${CMAKE_BINARY_DIR} --target man, and install again\")
  endif()")
install(FILES LICENSE DESTINATION "${CMAKE_INSTALL_DOCDIR}")

# Documents keep their places, so that the links between them lead somewhere.
file(GLOB_RECURSE documents RELATIVE "${PROJECT_SOURCE_DIR}" CONFIGURE_DEPENDS
  .github/*.md apps/*.md apps/*.png data/*.md data/*.png include/*.md models/*.md scripts/*.md)
foreach(document IN ITEMS README.md LISTS documents)
  cmake_path(GET document PARENT_PATH folder)
  install(FILES "${document}" DESTINATION "${CMAKE_INSTALL_DOCDIR}/${folder}")
endforeach()

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/relax_spectro")
install(EXPORT relax_spectro_targets NAMESPACE relax_spectro:: DESTINATION "${package_dir}")
configure_package_config_file(scripts/cmake/relax_spectroConfig.cmake.in
  "${CMAKE_BINARY_DIR}/relax_spectroConfig.cmake" INSTALL_DESTINATION "${package_dir}")
write_basic_package_version_file("${CMAKE_BINARY_DIR}/relax_spectroConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES "${CMAKE_BINARY_DIR}/relax_spectroConfig.cmake"
              "${CMAKE_BINARY_DIR}/relax_spectroConfigVersion.cmake"
        DESTINATION "${package_dir}")
