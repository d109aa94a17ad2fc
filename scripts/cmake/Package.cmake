# A Debian package of what is installed: see scripts/package, which calls cpack. Names of libraries
# differ between releases of Debian, so that a package belongs to the release that it was made on.

include_guard(GLOBAL)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME relax-spectro)
set(CPACK_PACKAGE_CONTACT "relax-spectro maintainers <maintainers@relax-spectro.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "what in a recording a neural network listens to")
set(CPACK_PACKAGE_DESCRIPTION
  "Occlusion saliency (RELAX) for convolutional networks on spectrograms: importance and its
uncertainty as figures, arrays and tables, with tests of whether a map can be believed.
Contains LibTorch, two small models, and the C++ library with its headers.")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS
  "${CMAKE_LIBRARY_OUTPUT_DIRECTORY}" "${RELAX_SPECTRO_TORCH_LIB_DIR}")
set(CPACK_DEBIAN_PACKAGE_DEPENDS fonts-dejavu-core)  # the font of the figures
set(CPACK_DEBIAN_COMPRESSION_TYPE zstd)
set(CPACK_STRIP_FILES ON)
include(CPack)
