# The LibTorch to build against, as one target: relax_spectro_libtorch.
#
# Looked for in RELAX_SPECTRO_TORCH_DIR, in Torch_DIR (each as a CMake variable, then from the
# environment), and in .deps/libtorch/torch, where scripts/setup puts it. The first one that is set
# is the one that is used, or refused. Any kind will do, CPU or CUDA: an unpacked zip, a wheel's
# torch/ folder, a conda prefix.
#
# Note [Why not find_package(Torch)]
# Its package file insists on a whole CUDA toolkit as soon as the LibTorch is a CUDA build, and
# links CUDA into whatever uses it. We link the CPU part only; CUDA is loaded when it is asked for.
#
# Sets RELAX_SPECTRO_TORCH_VERSION and RELAX_SPECTRO_TORCH_LIB_DIR, and for the LibTorch that
# scripts/setup fetched RELAX_SPECTRO_TORCH_TO_INSTALL: the folder to install libraries from. A
# LibTorch of the user's own stays where it is: an installation refers to it.

include_guard(GLOBAL)

function(relax_spectro_find_libtorch)
  set(minimum_version 2.6)
  set(advice "Run scripts/setup, or set RELAX_SPECTRO_TORCH_DIR to the folder of a LibTorch "
             "${minimum_version} or later: the one that has lib/libtorch_cpu.so and include/ATen.")
  list(JOIN advice "" advice)

  set(wanted "")
  set(said_by "")
  foreach(name IN ITEMS RELAX_SPECTRO_TORCH_DIR Torch_DIR)
    if(${name})
      set(wanted "${${name}}")
      set(said_by "${name} (a CMake variable)")
      break()
    endif()
    if(DEFINED ENV{${name}} AND NOT "$ENV{${name}}" STREQUAL "")
      set(wanted "$ENV{${name}}")
      set(said_by "${name} (from the environment)")
      break()
    endif()
  endforeach()
  set(remembered "")
  if(wanted)
    get_filename_component(remembered "${wanted}" ABSOLUTE BASE_DIR "${CMAKE_SOURCE_DIR}")
  else()
    get_filename_component(fetched
      "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../../.deps/libtorch" ABSOLUTE)
    set(RELAX_SPECTRO_TORCH_TO_INSTALL "${fetched}" PARENT_SCOPE)
    set(wanted "${fetched}/torch")
    set(said_by "the default")
  endif()
  string(REGEX REPLACE "/(share|lib|lib64|lib/[^/]+-linux-gnu)/cmake/Torch/?$" "" root "${wanted}")
  get_filename_component(root "${root}" ABSOLUTE BASE_DIR "${CMAKE_SOURCE_DIR}")
  set(where "${root}, which is ${said_by}")

  set(directories "${root}/lib" "${root}/lib/${CMAKE_LIBRARY_ARCHITECTURE}" "${root}/lib64")
  foreach(library IN ITEMS torch_cpu c10)
    find_library(file_of_${library} NAMES ${library} PATHS ${directories} NO_DEFAULT_PATH NO_CACHE)
    if(NOT file_of_${library})
      message(FATAL_ERROR "No LibTorch in ${where}: it has no lib/lib${library}.so.\n${advice}")
    endif()
  endforeach()
  set(include_dir "${root}/include")
  set(api_include_dir "${include_dir}/torch/csrc/api/include")
  foreach(header IN ITEMS "${include_dir}/ATen/ATen.h" "${api_include_dir}/torch/version.h")
    if(NOT EXISTS "${header}")
      message(FATAL_ERROR "No complete LibTorch in ${where}: it lacks ${header}.\n${advice}")
    endif()
  endforeach()

  set(version "")
  foreach(header IN ITEMS "${include_dir}/torch/headeronly/version.h"
                          "${api_include_dir}/torch/version.h")
    if(EXISTS "${header}" AND NOT version)
      file(READ "${header}" text)
      if(text MATCHES "#define TORCH_VERSION_MAJOR ([0-9]+)")
        set(version "${CMAKE_MATCH_1}")
        foreach(part IN ITEMS MINOR PATCH)
          if(text MATCHES "#define TORCH_VERSION_${part} ([0-9]+)")
            string(APPEND version ".${CMAKE_MATCH_1}")
          endif()
        endforeach()
      endif()
    endif()
  endforeach()
  if(NOT version)
    message(FATAL_ERROR "LibTorch in ${where}: no version found in its headers.\n${advice}")
  endif()
  if(version VERSION_LESS minimum_version)
    message(FATAL_ERROR "LibTorch ${version} in ${where}: ${minimum_version} or later is needed.\n"
                        "${advice}")
  endif()

  # An ABI other than ours shows in the name of the constructor that takes a std::string.
  file(STRINGS "${file_of_c10}" new_abi LIMIT_COUNT 1
       REGEX "_ZN3c105ErrorC[12]E.*NSt7__cxx1112basic_string")
  if(NOT new_abi)
    message(FATAL_ERROR "LibTorch ${version} in ${where} was built with the old C++ ABI of "
                        "libstdc++ (_GLIBCXX_USE_CXX11_ABI=0), which nothing else on this "
                        "system is. Take the 'cxx11 ABI' download.\n${advice}")
  endif()

  get_filename_component(library_dir "${file_of_torch_cpu}" DIRECTORY)
  foreach(library IN ITEMS torch_cpu c10)
    add_library(LibTorch::${library} SHARED IMPORTED GLOBAL)
    set_target_properties(LibTorch::${library} PROPERTIES IMPORTED_LOCATION "${file_of_${library}}")
  endforeach()
  add_library(relax_spectro_libtorch INTERFACE)
  target_include_directories(relax_spectro_libtorch SYSTEM INTERFACE
    "${include_dir}" "${api_include_dir}")
  target_compile_definitions(relax_spectro_libtorch INTERFACE _GLIBCXX_USE_CXX11_ABI=1)
  target_link_libraries(relax_spectro_libtorch INTERFACE LibTorch::torch_cpu LibTorch::c10)
  if(CMAKE_CXX_FLAGS MATCHES "-fsanitize=.*undefined")
    # It needs the type information of classes that LibTorch does not export.
    target_compile_options(relax_spectro_libtorch INTERFACE -fno-sanitize=vptr)
  endif()

  # Remembered, so that a later run of CMake from another shell finds the same one.
  set(RELAX_SPECTRO_TORCH_DIR "${remembered}" CACHE PATH
      "A LibTorch to use instead of the one that scripts/setup fetches" FORCE)
  message(STATUS "LibTorch ${version}: ${root}")
  set(RELAX_SPECTRO_TORCH_VERSION "${version}" PARENT_SCOPE)
  set(RELAX_SPECTRO_TORCH_LIB_DIR "${library_dir}" PARENT_SCOPE)
endfunction()

relax_spectro_find_libtorch()
