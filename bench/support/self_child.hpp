// SPDX-License-Identifier: MIT
// A benchmark that calls itself: a process of its own for what must not share memory with the rest.
#ifndef HINT_BENCH_SUPPORT_SELF_CHILD_HPP
#define HINT_BENCH_SUPPORT_SELF_CHILD_HPP

#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include <hint/core/error.hpp>

namespace bench {

/// `text` as one word of a shell command.
inline std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

/// What this program prints when it is started with these arguments, a shell's words. Throws `error` when it
/// prints nothing.
inline std::string ask_self(const std::string& arguments) {
  const std::string command =
      quoted(std::filesystem::read_symlink("/proc/self/exe").string()) + " " + arguments;
  std::fflush(stdout);
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(popen(command.c_str(), "r"), &pclose);
  std::string said;
  std::array<char, 4096> part{};
  while (pipe && std::fgets(part.data(), part.size(), pipe.get()) != nullptr) said += part.data();
  hint::expects<hint::error>(!said.empty(), command, " said nothing");
  return said;
}

}  // namespace bench

#endif
