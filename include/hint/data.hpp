// SPDX-License-Identifier: MIT
/// \file
/// Data sets of two modalities: reading, splitting, normalising.
#ifndef HINT_DATA_HPP
#define HINT_DATA_HPP

#include <hint/data/block.hpp>
#include <hint/data/check_finite.hpp>
#include <hint/data/compact.hpp>
#include <hint/data/dataset.hpp>
#include <hint/data/labelled.hpp>
#include <hint/data/labels.hpp>
#include <hint/data/map.hpp>
#include <hint/data/normalize.hpp>
#include <hint/data/one_direction.hpp>
#include <hint/data/partial.hpp>
#include <hint/data/read.hpp>
#include <hint/data/read_set.hpp>
#include <hint/data/row_selection.hpp>
#include <hint/data/row_sources.hpp>
#include <hint/data/scaled_when_read.hpp>
#include <hint/data/split.hpp>
#include <hint/data/synthetic.hpp>

#endif
