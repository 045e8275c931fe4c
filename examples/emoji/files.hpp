// SPDX-License-Identifier: MIT
/// \file
/// Whole files in and out.
#ifndef EMOJI_FILES_HPP
#define EMOJI_FILES_HPP

#include <filesystem>
#include <string>
#include <string_view>

namespace emoji {

/// Throws `hint::io_error`; its message ends in `advice`.
[[nodiscard]] std::string read_file(const std::filesystem::path& path,
                                    std::string_view advice = {});

/// Written beside and renamed, so that nobody sees half a file. Throws `hint::io_error`.
void write_file(const std::filesystem::path& path, std::string_view bytes);

}  // namespace emoji

#endif
