# The version, and the commit that is built: relax_spectro_version, one object file.
#
# CMake includes this file when it configures, and each build runs it as a script, which costs some
# milliseconds. The source changes only where its text does: with a commit, one file is compiled and
# two are linked. Results name the version only, so that they do not depend on where they were made.

if(NOT CMAKE_SCRIPT_MODE_FILE)
  set(version_source "${PROJECT_BINARY_DIR}/version.cpp")
  add_custom_target(relax_spectro_write_version
    COMMAND "${CMAKE_COMMAND}" -D VERSION=${PROJECT_VERSION} -D "OUTPUT=${version_source}"
            -P "${CMAKE_CURRENT_LIST_FILE}"
    BYPRODUCTS "${version_source}"
    VERBATIM)
  add_library(relax_spectro_version OBJECT "${version_source}")
  add_dependencies(relax_spectro_version relax_spectro_write_version)
  target_include_directories(relax_spectro_version PRIVATE "${PROJECT_SOURCE_DIR}/include")
  set_target_properties(relax_spectro_version PROPERTIES POSITION_INDEPENDENT_CODE ON)
  return()
endif()

cmake_minimum_required(VERSION 3.25)
set(source_dir "${CMAKE_CURRENT_LIST_DIR}/../..")
set(COMMIT "")
# Sources without .git, such as a tarball's, may lie within a repository that is not ours.
if(EXISTS "${source_dir}/.git")
  execute_process(
    COMMAND git describe --always --exclude=* --abbrev=9 --dirty=+changes
    WORKING_DIRECTORY "${source_dir}"
    OUTPUT_VARIABLE commit RESULT_VARIABLE failed
    OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(NOT failed)
    set(COMMIT " (${commit})")
  endif()
endif()
configure_file("${source_dir}/src/core/base/version.cpp.in" "${OUTPUT}" @ONLY)
