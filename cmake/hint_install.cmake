# SPDX-License-Identifier: MIT
# Install rules: headers, the CMake package (with components base and hint), pkg-config files, the licence;
# and a Debian package of them by `cpack`. Everything is independent of the machine's architecture.
include(CMakePackageConfigHelpers)
set(hint_package_dir ${CMAKE_INSTALL_DATADIR}/cmake/hint)
set(hint_pkgconfig_dir ${CMAKE_INSTALL_DATADIR}/pkgconfig)

set(hint_components base)
# INCLUDES repeats what the file set says for those who know no file sets: meson, and CMake before 3.23.
install(TARGETS hint_base EXPORT hint_base_targets FILE_SET HEADERS
        INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT hint_base_targets NAMESPACE hint:: DESTINATION ${hint_package_dir})
if(TARGET hint)
  list(APPEND hint_components hint)
  install(TARGETS hint EXPORT hint_targets FILE_SET HEADERS INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
  install(EXPORT hint_targets NAMESPACE hint:: DESTINATION ${hint_package_dir})
  install(FILES cmake/hint_dependencies.cmake cmake/hint_xsimd.cmake DESTINATION ${hint_package_dir})
endif()

configure_package_config_file(cmake/hint-config.cmake.in hint-config.cmake
  INSTALL_DESTINATION ${hint_package_dir} NO_SET_AND_CHECK_MACRO)
configure_file(cmake/hint-config-version.cmake.in hint-config-version.cmake @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/hint-config.cmake ${PROJECT_BINARY_DIR}/hint-config-version.cmake
        DESTINATION ${hint_package_dir})
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/hint)

# pkg-config finds the prefix from where the file lies, so that the installed tree can be moved.
file(RELATIVE_PATH hint_pc_prefix "/${hint_pkgconfig_dir}" "/")
string(REGEX REPLACE "/$" "" hint_pc_prefix "${hint_pc_prefix}")
foreach(component IN LISTS hint_components)
  if(component STREQUAL "base")
    set(hint_pc_name hint-base)
    set(hint_pc_description "Binary codes, Hamming search, encoding trees (part of hint)")
    set(hint_pc_requires "")
    set(hint_pc_libs "-pthread")
  else()
    set(hint_pc_name hint)
    set(hint_pc_description "${PROJECT_DESCRIPTION}")
    set(hint_pc_requires "hint-base = ${PROJECT_VERSION}, eigen3 >= 3.4, xsimd >= 8.1")
    set(hint_pc_libs "")
  endif()
  configure_file(cmake/hint.pc.in ${hint_pc_name}.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/${hint_pc_name}.pc DESTINATION ${hint_pkgconfig_dir})
endforeach()

if(PROJECT_IS_TOP_LEVEL)
  set(CPACK_GENERATOR DEB)
  set(CPACK_PACKAGE_NAME libhint-dev)
  set(CPACK_PACKAGE_CONTACT "The hint authors")
  set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
  set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE all)
  set(CPACK_DEBIAN_PACKAGE_SECTION libdevel)
  if(TARGET hint)
    set(CPACK_DEBIAN_PACKAGE_DEPENDS "libeigen3-dev (>= 3.4), libxsimd-dev (>= 8.1)")
  endif()
  install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${CPACK_PACKAGE_NAME} RENAME copyright
          COMPONENT debian EXCLUDE_FROM_ALL)
  set(CPACK_PROJECT_CONFIG_FILE ${PROJECT_BINARY_DIR}/hint_cpack.cmake) # run once for each generator
  configure_file(cmake/hint_cpack.cmake.in hint_cpack.cmake @ONLY)
  include(CPack)
endif()
