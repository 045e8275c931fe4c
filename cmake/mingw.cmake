# SPDX-License-Identifier: MIT
# Toolchain file of the preset `mingw`: programs for Windows by mingw-w64 (with POSIX threads), run by wine.
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
find_program(HINT_MINGW NAMES x86_64-w64-mingw32-g++-posix x86_64-w64-mingw32-g++)
find_program(HINT_WINE NAMES wine64 wine PATHS /usr/lib/wine)
if(NOT HINT_MINGW OR NOT HINT_WINE)
  message(FATAL_ERROR "hint: the preset mingw needs mingw-w64's g++ with POSIX threads, and wine.\n"
    "  Debian, Ubuntu: sudo apt install g++-mingw-w64-x86-64-posix wine64   (or run scripts/setup.sh --toolchains)")
endif()
set(CMAKE_CXX_COMPILER ${HINT_MINGW})
set(CMAKE_CROSSCOMPILING_EMULATOR ${HINT_WINE})
set(CMAKE_EXE_LINKER_FLAGS_INIT -static) # wine looks for no libraries of the compiler
