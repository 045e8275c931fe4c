// SPDX-License-Identifier: MIT
#include "files.hpp"

#include <fstream>
#include <iterator>
#include <span>

#include <hint/core/error.hpp>
#include <hint/io/atomic_file.hpp>

namespace emoji {

std::string read_file(const std::filesystem::path& path, std::string_view advice) {
  std::ifstream in(path, std::ios::binary);
  std::string bytes;
  if (in) bytes.assign(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  hint::expects<hint::io_error>(in.is_open() && !in.bad(), "cannot read ", path.string(), advice);
  return bytes;
}

void write_file(const std::filesystem::path& path, std::string_view bytes) {
  hint::io::atomic_file file(path);
  file.write(std::as_bytes(std::span(bytes)));
  file.commit();
}

}  // namespace emoji
