// SPDX-License-Identifier: MIT
/// \file
/// Codes of more rows than memory holds: from files of features to a file of codes, part by part. Page:
/// docs/checkpoints.md.
#ifndef HINT_LEARN_ENCODE_FILE_HPP
#define HINT_LEARN_ENCODE_FILE_HPP

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

#include <hint/core/code_set.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/core/modality.hpp>
#include <hint/core/observer.hpp>
#include <hint/core/watched_phase.hpp>
#include <hint/data/block.hpp>
#include <hint/data/map.hpp>
#include <hint/data/read.hpp>
#include <hint/learn/concepts.hpp>
#include <hint/learn/encoding/code_file.hpp>
#include <hint/learn/encoding/row_parts.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {

/// Takes codes of successive rows: `sink(codes)`.
template <class S>
concept code_sink = std::invocable<S&, const code_view&>;

/// Calls sink(codes) for all rows in their order, some thousand at a time: all calls but the last get a multiple of 512
/// codes. The codes are those of `encode`. Reports the phase "encode"; asked to stop, it returns how many rows'
/// codes the sink has got. Rows: any `feature_block`; those of `data::map` are read from their files meanwhile. Throws what
/// `encode` throws, with the rows' numbers among all, and what reading them and the sink throw.
///
/// Memory: a part of the rows (8 MiB and 512 rows for each thread) and of their codes.
template <cross_modal_hasher Hasher, data::feature_block Rows, code_sink Sink>
std::size_t encode_to(const Hasher& hasher, modality m, const Rows& rows, Sink&& sink,
                      const context& ctx = {}) {
  const std::size_t n = rows.rows();
  stop_latch stop(ctx.observer);
  context inner = ctx;
  inner.observer = stop;
  watched_phase phase(inner.observer, "encode");
  detail::row_parts<Rows> parts(rows, ctx.executor);
  std::size_t done = 0;
  while (done < n && !phase.stopped()) {
    const data::block part = parts.next(done, inner);
    const code_set codes = hasher.encode(m, part, inner);
    sink(codes.view());
    done += codes.size();
    if (codes.size() < part.rows()) break;  // was stopped
    phase.tell(static_cast<double>(done) / static_cast<double>(n));
  }
  phase.end();
  return done;
}

struct code_file_options {
  /// Ids of the codes: this, the next and so on; the file is then a `search::linear_scan`, to be loaded or searched
  /// where it lies (`io::map`). Empty: codes alone, `io::load<code_set>`.
  std::optional<std::int64_t> first_id = {};
};

/// Writes the codes of features in `.npy` files (one, or shards; numbers of any type) to a file, in memory that does not
/// grow with their number. The file is, byte by byte, the one that `io::save` writes of all codes, or of an index of
/// them. It appears when it is whole; asked to stop, none is left, and false is returned. Reports the phase
/// "encode". Throws as `encode_to`, whose messages name file and row, and as `data::map`; `io_error`.
/// \code
/// learn::encode_file(model, image, "image.npy", "images.hint", {.first_id = 0}, ctx);
/// const auto index = io::map<search::linear_scan>("images.hint");
/// \endcode
template <cross_modal_hasher Hasher>
bool encode_file(const Hasher& hasher, modality m, const data::row_files& features,
                 const std::filesystem::path& codes, code_file_options o = {},
                 const context& ctx = {}) {
  const auto opened = std::make_shared<const data::detail::opened_rows>(features, "encode_file");
  const data::block rows = data::detail::mapped_rows(opened);
  detail::code_file file(codes, hasher.bits(), rows.rows(), o.first_id);
  std::size_t done = 0;
  const auto put = [&](const code_view& some) {
    file.add(some);
    opened->release(done, done + some.size());
    done += some.size();
  };
  if (encode_to(hasher, m, rows, put, ctx) < rows.rows()) return false;
  file.commit();
  return true;
}

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn

#endif
