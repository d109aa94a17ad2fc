# What every target of ours has in common, and the check that torch stays where it belongs.

include_guard(GLOBAL)

function(relax_spectro_target_defaults target)
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor)
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
