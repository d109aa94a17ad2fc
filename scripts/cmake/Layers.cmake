# What every target of ours has in common, and the check that torch stays where it belongs.

include_guard(GLOBAL)

# Note [Why a folder compiles as one]
# Most of a source's compile time goes into headers and templates that its neighbours use too. With
# CMAKE_UNITY_BUILD, as the default preset has it, the sources of a target that lie in one folder, or
# in folders below it, are compiled together: a name of an anonymous namespace is used once there.
# Each source also compiles alone: the presets debug and ci see to that.
function(relax_spectro_target_defaults target)
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor)
  if(CMAKE_UNITY_BUILD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${target} PRIVATE -Wno-subobject-linkage)  # GCC takes sources for headers
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD_MODE GROUP)
  get_target_property(sources ${target} SOURCES)
  foreach(source IN LISTS sources)
    get_filename_component(folder "${source}" DIRECTORY)
    string(REGEX REPLACE "/.*" "" folder "_${folder}")
    set_source_files_properties("${source}" PROPERTIES UNITY_GROUP "folder${folder}")
  endforeach()
endfunction()

# relax_spectro_add_layer(NAME KIND SOURCES...): a library of the toolkit, exported as
# relax_spectro::NAME and found beside its siblings at run time.
function(relax_spectro_add_layer name kind)
  add_library(relax_spectro_${name} ${kind} ${ARGN})
  add_library(relax_spectro::${name} ALIAS relax_spectro_${name})
  relax_spectro_target_defaults(relax_spectro_${name})
  set_target_properties(relax_spectro_${name} PROPERTIES
    EXPORT_NAME ${name}
    INSTALL_RPATH "$ORIGIN")
endfunction()

# All targets that a target links, directly or through others.
function(relax_spectro_collect_links target result)
  set(seen ${${result}})
  if(NOT TARGET ${target} OR target IN_LIST seen)
    return()
  endif()
  list(APPEND seen ${target})
  foreach(property IN ITEMS LINK_LIBRARIES INTERFACE_LINK_LIBRARIES)
    get_target_property(links ${target} ${property})
    foreach(link IN LISTS links)
      string(REGEX REPLACE "^\\$<LINK_ONLY:(.*)>$" "\\1" link "${link}")
      relax_spectro_collect_links("${link}" seen)
    endforeach()
  endforeach()
  set(${result} ${seen} PARENT_SCOPE)
endfunction()

# Note [Why torch is isolated]
# A program that links torch takes a third of a second to start and 25 s a file to compile. Only
# the backend may, and it is loaded at run time.
function(relax_spectro_check_isolation)
  foreach(target IN ITEMS relax_spectro_core relax_spectro_render ${RELAX_SPECTRO_PROGRAMS})
    set(links "")
    relax_spectro_collect_links(${target} links)
    list(FILTER links INCLUDE REGEX "torch|c10")
    if(links)
      message(FATAL_ERROR "${target} links torch (${links}). Only src/torch may.")
    endif()
  endforeach()
endfunction()
