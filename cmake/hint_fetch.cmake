# SPDX-License-Identifier: MIT
# HINT_FETCH_DEPENDENCIES: takes what find_package does not find from its public repository, at a pinned
# version. The libraries are headers only: their own build files are left alone (SOURCE_SUBDIR names a
# folder that is not there), so that they add no targets, tests or install rules to ours.
include(FetchContent)
if(NOT TARGET Eigen3::Eigen)
  find_package(Eigen3 QUIET CONFIG)
endif()
if(NOT TARGET Eigen3::Eigen OR (DEFINED Eigen3_VERSION AND Eigen3_VERSION VERSION_LESS 3.4))
  FetchContent_Declare(eigen GIT_REPOSITORY https://gitlab.com/libeigen/eigen.git GIT_TAG 3.4.0
                       GIT_SHALLOW ON SOURCE_SUBDIR no-build)
  FetchContent_MakeAvailable(eigen)
  if(NOT TARGET Eigen3::Eigen)
    add_library(Eigen3::Eigen INTERFACE IMPORTED GLOBAL)
  endif()
  set_target_properties(Eigen3::Eigen PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${eigen_SOURCE_DIR}")
  set(Eigen3_VERSION 3.4.0)
endif()

if(NOT TARGET xsimd)
  find_package(xsimd QUIET CONFIG)
endif()
if(NOT TARGET xsimd OR (DEFINED xsimd_VERSION AND xsimd_VERSION VERSION_LESS 8.1))
  FetchContent_Declare(xsimd GIT_REPOSITORY https://github.com/xtensor-stack/xsimd.git GIT_TAG 13.2.0
                       GIT_SHALLOW ON SOURCE_SUBDIR no-build)
  FetchContent_MakeAvailable(xsimd)
  if(NOT TARGET xsimd)
    add_library(xsimd INTERFACE IMPORTED GLOBAL)
  endif()
  set_target_properties(xsimd PROPERTIES INTERFACE_LINK_LIBRARIES ""
                        INTERFACE_INCLUDE_DIRECTORIES "${xsimd_SOURCE_DIR}/include")
  set(xsimd_VERSION 13.2.0)
endif()

if(HINT_BUILD_TESTS)
  find_package(Catch2 QUIET CONFIG)
  if(NOT Catch2_FOUND)
    FetchContent_Declare(Catch2 GIT_REPOSITORY https://github.com/catchorg/Catch2.git GIT_TAG v3.7.1
                         GIT_SHALLOW ON SYSTEM)
    FetchContent_MakeAvailable(Catch2)
    set(Catch2_VERSION 3.7.1)
  endif()
endif()
