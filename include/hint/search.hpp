// SPDX-License-Identifier: MIT
/// \file
/// Search among binary codes by Hamming distance.
#ifndef HINT_SEARCH_HPP
#define HINT_SEARCH_HPP

#include <hint/search/block_layout.hpp>
#include <hint/search/code_chunk.hpp>
#include <hint/search/code_store.hpp>
#include <hint/search/collectors.hpp>
#include <hint/search/concepts.hpp>
#include <hint/search/duplicates.hpp>
#include <hint/search/filter.hpp>
#include <hint/search/hamming.hpp>
#include <hint/search/histograms.hpp>
#include <hint/search/hits.hpp>
#include <hint/search/ids.hpp>
#include <hint/search/kernels.hpp>
#include <hint/search/kernels_neon.hpp>
#include <hint/search/kernels_portable.hpp>
#include <hint/search/kernels_x86.hpp>
#include <hint/search/linear_scan.hpp>
#include <hint/search/store_archive.hpp>
#include <hint/search/store_scan.hpp>
#include <hint/search/tally.hpp>
#include <hint/search/top_k.hpp>

#endif
