# SPDX-License-Identifier: MIT
# How our own programs are built. Nothing here reaches the targets that users link.

# Warnings, for our sources only. With HINT_WERROR they are errors, except those that depend on what
# the optimiser sees, for they differ from one compiler release to the next.
function(hint_warnings target)
  if(NOT HINT_WARNINGS)
    return()
  endif()
  if(MSVC)
    target_compile_options(${target} PRIVATE /W4 $<$<BOOL:${HINT_WERROR}>:/WX>)
    return()
  endif()
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wconversion -Wshadow)
  if(HINT_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
      foreach(name maybe-uninitialized array-bounds stringop-overflow stringop-overread
                   free-nonheap-object null-dereference restrict)
        target_compile_options(${target} PRIVATE -Wno-error=${name})
      endforeach()
    endif()
  endif()
endfunction()

# hint_test_help(name): a test that the program says how it is called, and does nothing else.
function(hint_test_help name)
  add_test(NAME help.${name} COMMAND ${name} --help WORKING_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
  set_tests_properties(help.${name} PROPERTIES PASS_REGULAR_EXPRESSION "^usage: ${name}" TIMEOUT 60)
endfunction()

# hint_add_program(name source...): a program that uses the whole library; hint_add_base_program: what needs
# hint::base alone.
function(hint_add_program name)
  hint_add_base_program(${name} ${ARGN})
  target_link_libraries(${name} PRIVATE hint::hint)
endfunction()
function(hint_add_base_program name)
  add_executable(${name} ${ARGN})
  target_link_libraries(${name} PRIVATE hint::base)
  hint_warnings(${name})
endfunction()
