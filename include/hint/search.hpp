// SPDX-License-Identifier: MIT
/// \file
/// Search among binary codes by Hamming distance.
#ifndef HINT_SEARCH_HPP
#define HINT_SEARCH_HPP

#include <hint/search/asymmetric.hpp>
#include <hint/search/automatic.hpp>
#include <hint/search/block_layout.hpp>
#include <hint/search/code_cells.hpp>
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
#include <hint/search/index_interface.hpp>
#include <hint/search/kernels.hpp>
#include <hint/search/kernels_neon.hpp>
#include <hint/search/kernels_portable.hpp>
#include <hint/search/kernels_x86.hpp>
#include <hint/search/linear_scan.hpp>
#include <hint/search/merge.hpp>
#include <hint/search/multi_index.hpp>
#include <hint/search/probe.hpp>
#include <hint/search/probe_plan.hpp>
#include <hint/search/row_collectors.hpp>
#include <hint/search/row_table.hpp>
#include <hint/search/scored_search.hpp>
#include <hint/search/store_archive.hpp>
#include <hint/search/store_scan.hpp>
#include <hint/search/substring_tables.hpp>
#include <hint/search/tabled_store.hpp>
#include <hint/search/tally.hpp>
#include <hint/search/top_k.hpp>

#endif
