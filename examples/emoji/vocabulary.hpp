// SPDX-License-Identifier: MIT
/// \file
/// Text as vectors: words with weights (TF-IDF), learnt from the training texts alone.
#ifndef EMOJI_VOCABULARY_HPP
#define EMOJI_VOCABULARY_HPP

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <Eigen/SparseCore>

namespace emoji {

using sparse = Eigen::SparseMatrix<float, Eigen::RowMajor, int>;

/// The different terms of a text, sorted: lower-case words without accents and endings, without a few
/// stop words; of Chinese, Japanese and Korean runs all characters and neighbouring pairs.
[[nodiscard]] std::vector<std::string> terms_of(std::string_view text);

/// An English word without its ending; light, and harmless for other languages because texts and
/// queries pass through it alike. `word` is in lower case.
[[nodiscard]] std::string stem(std::string word);

class vocabulary {
 public:
  vocabulary() = default;
  /// All terms that occur in at least `document_frequency` of `texts` or in any of `keep`, with weight
  /// 1 + ln(n / document frequency). In order of the alphabet, so that the order of `texts` does not
  /// matter.
  explicit vocabulary(std::span<const std::string> texts, std::size_t document_frequency = 1,
                      std::span<const std::string> keep = {});

  [[nodiscard]] std::size_t size() const noexcept { return terms_.size(); }
  [[nodiscard]] const std::string& term(std::size_t i) const noexcept { return terms_[i]; }
  [[nodiscard]] bool knows(const std::string& term) const { return numbers_.contains(term); }

  /// One row of length 1 per text; a row without any known term is zero.
  [[nodiscard]] sparse vectors(std::span<const std::string> texts) const;
  [[nodiscard]] sparse vectors(const std::string& text) const { return vectors({&text, 1}); }
  /// The terms of `text` that are not here.
  [[nodiscard]] std::vector<std::string> unknown(std::string_view text) const;

  /// A text file, one term and weight per line, written beside and renamed.
  void save(const std::filesystem::path& path) const;
  /// Throws `hint::io_error`, `hint::format_error` with the line.
  [[nodiscard]] static vocabulary load(const std::filesystem::path& path);

 private:
  void number_terms();

  std::vector<std::string> terms_;
  std::vector<float> weights_;
  std::unordered_map<std::string, int> numbers_;
};

}  // namespace emoji

#endif
