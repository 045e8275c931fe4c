// SPDX-License-Identifier: MIT
/// \file
/// By what tree operators notice that somebody else has edited a tree.
#ifndef HINT_TREE_GREEDY_TREE_VERSION_HPP
#define HINT_TREE_GREEDY_TREE_VERSION_HPP

#include <cstdint>
#include <memory>

#include <hint/core/config.hpp>

namespace hint { inline namespace HINT_ABI { namespace tree {

namespace detail {
class own_version;
}

/// Tells one state of one build tree from all others: operators keep it beside what they remember.
class tree_version {
 public:
  tree_version() = default;
  friend bool operator==(const tree_version&, const tree_version&) = default;

 private:
  friend class detail::own_version;
  std::shared_ptr<const char> tree_;  // an address that no other tree has while anyone remembers it
  std::uint64_t revision_ = 0;
};

namespace detail {

/// The version of a tree that has one. A copied or moved tree is another tree, with an address of
/// its own.
class own_version {
 public:
  own_version() { now_.tree_ = std::make_shared<const char>(); }
  own_version(const own_version&) : own_version() {}
  own_version& operator=(const own_version&) { return *this = own_version(); }
  own_version& operator=(own_version&&) = default;
  [[nodiscard]] const tree_version& now() const noexcept { return now_; }
  void advance() noexcept { ++now_.revision_; }

 private:
  tree_version now_;
};

/// What an operator remembers of a tree. Copies of the operator begin without it.
template <class T>
class memory_of_tree {
 public:
  memory_of_tree() = default;
  memory_of_tree(const memory_of_tree&) {}
  memory_of_tree(memory_of_tree&&) = default;
  memory_of_tree& operator=(const memory_of_tree&) { return *this = memory_of_tree(); }
  memory_of_tree& operator=(memory_of_tree&&) = default;
  ~memory_of_tree() = default;
  [[nodiscard]] T* operator->() noexcept { return &value_; }
  [[nodiscard]] T& operator*() noexcept { return value_; }

 private:
  T value_;
};

}  // namespace detail
}}}  // namespace hint::HINT_ABI::tree

#endif
