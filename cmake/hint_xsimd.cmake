# SPDX-License-Identifier: MIT
# Defines hint::xsimd from the target xsimd. Debian 12's xsimd 8.1 tells the linker to use `xtl`, which
# nothing defines and nothing needs: then only its include directories are taken.
if(NOT TARGET hint::xsimd)
  add_library(hint::xsimd INTERFACE IMPORTED GLOBAL)
  get_target_property(hint_xsimd_links xsimd INTERFACE_LINK_LIBRARIES)
  if("xtl" IN_LIST hint_xsimd_links AND NOT TARGET xtl)
    target_include_directories(hint::xsimd INTERFACE
      $<TARGET_PROPERTY:xsimd,INTERFACE_INCLUDE_DIRECTORIES>)
  else()
    target_link_libraries(hint::xsimd INTERFACE xsimd)
  endif()
  unset(hint_xsimd_links)
endif()
