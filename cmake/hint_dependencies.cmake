# SPDX-License-Identifier: MIT
# Finds Eigen >= 3.4 and xsimd >= 8.1 and defines the targets Eigen3::Eigen and hint::xsimd.
# `hint_missing` is empty, or says what is not there. Used by our build and by the installed package,
# so that the answer is found on the machine of whoever builds.
#
# Both packages accept only the major version that is asked for (3.4 refuses 5, 8.1 refuses 13): look
# up any version, then compare.
set(hint_missing "")

if(NOT TARGET Eigen3::Eigen)
  find_package(Eigen3 QUIET CONFIG)
endif()
if(NOT TARGET Eigen3::Eigen)
  list(APPEND hint_missing "Eigen 3.4 or later was not found")
elseif(DEFINED Eigen3_VERSION AND Eigen3_VERSION VERSION_LESS 3.4)
  list(APPEND hint_missing "Eigen ${Eigen3_VERSION} was found, 3.4 or later is needed")
endif()

if(NOT TARGET xsimd)
  find_package(xsimd QUIET CONFIG)
endif()
if(NOT TARGET xsimd)
  list(APPEND hint_missing "xsimd 8.1 or later was not found")
elseif(DEFINED xsimd_VERSION AND xsimd_VERSION VERSION_LESS 8.1)
  list(APPEND hint_missing "xsimd ${xsimd_VERSION} was found, 8.1 or later is needed")
else()
  include("${CMAKE_CURRENT_LIST_DIR}/hint_xsimd.cmake")
endif()

list(JOIN hint_missing "; " hint_missing)
