// SPDX-License-Identifier: MIT
#include "arguments.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>

#include <hint/core/error.hpp>

namespace emoji {
namespace {

template <class T>
T number(std::string_view option, std::string_view value, T low, T high) {
  T out{};
  const auto read = std::from_chars(value.data(), value.data() + value.size(), out);
  hint::expects(read.ec == std::errc{} && read.ptr == value.data() + value.size() && out >= low &&
                    out <= high,
                option, " is \"", value, "\", expected ", low, " to ", high);
  return out;
}

}  // namespace

arguments parse_arguments(int argc, const char* const* argv) {
  arguments out;
  out.program_folder = program_folder(argv[0]);
  out.folder = out.program_folder;
  out.threads = (std::max)(1U, std::thread::hardware_concurrency());
  for (int i = 1; i < argc; i += 2) {
    const std::string_view option = argv[i];
    if (option == "--help" || option == "-h") {
      out.help = true;
      return out;
    }
    hint::expects(i + 1 < argc || !option.starts_with("--"), option,
                  " needs a value (or is unknown)");
    const std::string_view value = i + 1 < argc ? argv[i + 1] : "";
    if (option == "--out")
      out.folder = value;
    else if (option == "--font")
      out.font = value;
    else if (option == "--emoji-test")
      out.catalogue.emoji_test = value;
    else if (option == "--cldr")
      out.catalogue.cldr = value;
    else if (option == "--threads")
      out.threads = number<std::size_t>(option, value, 1, 4096);
    else if (option == "--bits")
      out.bits = number<std::size_t>(option, value, 1, 4096);
    else if (option == "--seed")
      out.seed = number<std::uint64_t>(option, value, 0, ~std::uint64_t{0});
    else if (option == "--languages") {
      out.catalogue.languages.clear();
      for (std::size_t first = 0; first <= value.size();) {
        const auto comma = (std::min)(value.find(',', first), value.size());
        if (comma > first) out.catalogue.languages.emplace_back(value.substr(first, comma - first));
        first = comma + 1;
      }
    } else {
      throw hint::invalid_argument(hint::detail::concat("unknown option ", option, "\n", usage));
    }
  }
  return out;
}

std::filesystem::path program_folder(const char* argv0) {
  std::error_code problem;
  auto self = std::filesystem::read_symlink("/proc/self/exe", problem);
  if (problem) self = std::filesystem::absolute(argv0);
  return self.parent_path();
}

}  // namespace emoji
