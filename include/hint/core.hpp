// SPDX-License-Identifier: MIT
/// \file
/// The foundations: codes, graphs, random numbers, executors, errors.
#ifndef HINT_CORE_HPP
#define HINT_CORE_HPP

#include <hint/core/aligned_buffer.hpp>
#include <hint/core/bit_order.hpp>
#include <hint/core/code_set.hpp>
#include <hint/core/code_text.hpp>
#include <hint/core/communicator.hpp>
#include <hint/core/config.hpp>
#include <hint/core/context.hpp>
#include <hint/core/error.hpp>
#include <hint/core/executor.hpp>
#include <hint/core/finite.hpp>
#include <hint/core/hash.hpp>
#include <hint/core/lap_clock.hpp>
#include <hint/core/mapped_file.hpp>
#include <hint/core/modality.hpp>
#include <hint/core/normal.hpp>
#include <hint/core/observer.hpp>
#include <hint/core/paced_parts.hpp>
#include <hint/core/phase_profile.hpp>
#include <hint/core/prefetch.hpp>
#include <hint/core/random.hpp>
#include <hint/core/relation_graph.hpp>
#include <hint/core/resident_memory.hpp>
#include <hint/core/thread_pool.hpp>
#include <hint/core/until_stopped.hpp>
#include <hint/core/version.hpp>
#include <hint/core/wall_clock.hpp>
#include <hint/core/watched_phase.hpp>

#endif
