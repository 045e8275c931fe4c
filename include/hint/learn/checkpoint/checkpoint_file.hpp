// SPDX-License-Identifier: MIT
/// \file
/// The file of a checkpoint: what training it belongs to, and whether that is the one that asks for it.
#ifndef HINT_LEARN_CHECKPOINT_CHECKPOINT_FILE_HPP
#define HINT_LEARN_CHECKPOINT_CHECKPOINT_FILE_HPP

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/version.hpp>
#include <hint/io/archive_format.hpp>
#include <hint/io/archive_reader.hpp>
#include <hint/io/archive_writer.hpp>
#include <hint/io/atomic_file.hpp>
#include <hint/learn/checkpoint_options.hpp>
#include <hint/linalg/matrix.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI {
namespace learn::detail {

/// All that shapes training, as text by name (letters, digits, '.', '_' and '-').
using settings = std::map<std::string, std::string>;

/// In the archive the settings are entries "setting.NAME"; everything else is the trainer's.
class checkpoint_file {
 public:
  checkpoint_file(checkpoint_options o, settings s)
      : options_(std::move(o)), settings_(std::move(s)) {
    settings_.emplace("library", HINT_VERSION);
  }

  /// Whether one is to be written after so many epochs.
  [[nodiscard]] bool due(std::size_t epochs, bool ended) const noexcept {
    return ended || epochs % options_.every == 0;
  }
  /// What to go on from, checked against its checksum. Throws `invalid_argument` naming each setting that
  /// differs; `format_error` for what is no whole checkpoint; `io_error` when one is missing that must be there.
  HINT_LAZY
  [[nodiscard]] std::optional<io::archive_reader> found() const {
    if (options_.resume == resume::never) return std::nullopt;
    std::error_code unseen;  // what may not be looked at cannot be written, either
    if (options_.resume == resume::if_there && !std::filesystem::exists(options_.file, unseen))
      return std::nullopt;
    io::archive_reader reader(options_.file);
    reader.require_kind(io::checkpoint_kind);
    settings theirs;
    for (const auto& [key, value] : reader.entries())
      if (key.starts_with(prefix)) theirs.emplace(key.substr(prefix.size()), value);
    std::string differing;
    const auto tell = [&](const std::string& name, std::string_view there, std::string_view here) {
      differing += ::hint::detail::concat(differing.empty() ? "" : "; ", name, " is ", there,
                                          " there and ", here, " here");
    };
    for (const auto& [name, value] : theirs)
      if (const auto mine = settings_.find(name); mine == settings_.end())
        tell(name, value, "nothing");
      else if (mine->second != value)
        tell(name, value, mine->second);
    for (const auto& [name, value] : settings_)
      if (!theirs.contains(name)) tell(name, "nothing", value);
    expects(differing.empty(), options_.file.string(),
            ": the checkpoint is of other training: ", differing,
            " (remove the file, or say resume::never, to begin anew)");
    return reader;
  }
  /// Throws `io_error` when none could be written now, before anything is spent on training.
  void check_writable() const { const io::atomic_file beside(options_.file); }
  /// Writes what `write(archive_writer&)` adds, whole or not at all, and onto the disk. Throws `io_error`.
  template <class Write>
  void save(Write&& write) const {
    io::archive_writer writer(io::checkpoint_kind);
    for (const auto& [name, value] : settings_) writer.meta(std::string(prefix) + name, value);
    write(writer);
    io::atomic_file file(options_.file);
    writer.write_to(file);
    file.force();
    file.commit();
  }

 private:
  static constexpr std::string_view prefix = "setting.";

  checkpoint_options options_;
  settings settings_;
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn::detail

#endif
