// SPDX-License-Identifier: MIT
// Empty: CMake needs one source that uses the precompiled headers in the target that makes them.
