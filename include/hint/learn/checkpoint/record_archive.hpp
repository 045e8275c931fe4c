// SPDX-License-Identifier: MIT
/// \file
/// The record of training, to an archive and back.
#ifndef HINT_LEARN_CHECKPOINT_RECORD_ARCHIVE_HPP
#define HINT_LEARN_CHECKPOINT_RECORD_ARCHIVE_HPP

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/learn/training_record.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {
namespace detail {

/// Entries "record.steps" and "record.names" (one line for each figure), array "record.epochs" (a row of epoch,
/// loss, seconds and number of figures for each) and "record.values" (the figures of all epochs; then the seconds
/// of phases).
template <class Writer>
void write_record(Writer& to, const training_record& record) {
  std::vector<double> epochs, values;
  std::string names;
  const auto add = [&](const std::pair<std::string, double>& figure) {
    names += figure.first + '\n';
    values.push_back(figure.second);
  };
  for (const epoch_record& e : record.epochs) {
    epochs.insert(epochs.end(), {static_cast<double>(e.epoch), e.loss, e.seconds,
                                 static_cast<double>(e.terms.size())});
    for (const auto& term : e.terms) add(term);
  }
  for (const auto& phase : record.seconds) add(phase);
  to.meta("record.steps", record.steps);
  to.meta("record.names", names);
  to.array("record.epochs", std::move(epochs), record.epochs.size(), std::size_t{4});
  const std::size_t count = values.size();
  to.array("record.values", std::move(values), std::size_t{1}, count);
}

/// What `write_record` wrote. Throws `format_error` when the numbers do not go together.
template <class Reader>
[[nodiscard]] training_record read_record(const Reader& from) {
  training_record record;
  record.steps = from.template number<std::size_t>("record.steps");
  const auto epochs = from.template array<double>("record.epochs");
  const auto values = from.template array<double>("record.values");
  from.require(from.cols("record.epochs") == 4, "array 'record.epochs' has ",
               from.cols("record.epochs"), " columns, expected 4");
  std::string_view names = from.meta("record.names");
  std::size_t next = 0;
  const auto take = [&](std::vector<std::pair<std::string, double>>& to) {
    const std::size_t end = names.find('\n');
    from.require(end != names.npos && next < values.size(), "array 'record.values' has ",
                 values.size(), " figures, which are not those named");
    to.emplace_back(names.substr(0, end), values[next++]);
    names.remove_prefix(end + 1);
  };
  for (std::size_t i = 0; i < epochs.size(); i += 4) {
    record.epochs.push_back(
        {static_cast<std::size_t>(epochs[i]), epochs[i + 1], epochs[i + 2], {}});
    for (double left = epochs[i + 3]; left > 0; --left) take(record.epochs.back().terms);
  }
  while (next < values.size()) take(record.seconds);
  return record;
}

}}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn::detail

#endif
