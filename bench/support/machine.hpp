// SPDX-License-Identifier: MIT
// What a benchmark runs on, for its first lines.
#ifndef HINT_BENCH_SUPPORT_MACHINE_HPP
#define HINT_BENCH_SUPPORT_MACHINE_HPP

#include <fstream>
#include <string>

namespace bench {

inline std::string processor() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);)
    if (line.rfind("model name", 0) == 0) return line.substr(line.find(':') + 2);
  return "unknown processor";
}

/// "g++ 12.2.0".
inline std::string compiler() {
#if defined(__clang__)
  return std::string("clang++ ") + __VERSION__;
#else
  return std::string("g++ ") + __VERSION__;
#endif
}

/// The instructions that the flags of the file that includes this allow.
inline const char* compiled_for() {
#if defined(__AVX512BF16__)
  return "AVX-512 with BF16";
#elif defined(__AVX512F__)
  return "AVX-512";
#elif defined(__AVX2__) && defined(__FMA__)
  return "AVX2 with FMA";
#elif defined(__AVX2__)
  return "AVX2";
#elif defined(__ARM_NEON)
  return "NEON";
#else
  return "no vector instructions beyond the default";
#endif
}

}  // namespace bench

#endif
