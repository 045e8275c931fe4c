// SPDX-License-Identifier: MIT
/// \file
/// Where training leaves what it needs to go on after it was stopped or killed. Page: docs/checkpoints.md.
#ifndef HINT_LEARN_CHECKPOINT_OPTIONS_HPP
#define HINT_LEARN_CHECKPOINT_OPTIONS_HPP

#include <cstddef>
#include <cstdint>
#include <filesystem>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/linalg/matrix.hpp>

namespace hint { inline namespace HINT_ABI { inline namespace HINT_EIGEN_ABI { namespace learn {

/// What to do with a checkpoint that is there when training begins.
enum class resume : std::uint8_t {
  if_there,  ///< go on from it; begin anew where there is none
  always,    ///< go on from it; throw `io_error` where there is none
  never      ///< begin anew, and write over it
};

/// After whole epochs training writes one file, which takes the place of the one before. Going on from it
/// gives the bits of training that was never interrupted, on one instruction set. A file of other
/// data, options, seed or library version is refused, and the message names what differs. A file of training that has ended
/// gives the model at once.
struct checkpoint_options {
  std::filesystem::path file = {};  ///< empty: none is written
  std::size_t every = 1;            ///< epochs from one to the next; 1 .. 10^9
  learn::resume resume = resume::if_there;

  /// Throws `invalid_option`.
  void validate() const {
    option_in("every", every, 1, 1000000000);
    expects<invalid_option>(resume <= resume::never, "option resume is ",
                            static_cast<unsigned>(resume), ", expected 0 to 2");
  }
};

}}}}  // namespace hint::HINT_ABI::HINT_EIGEN_ABI::learn

#endif
