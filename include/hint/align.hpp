// SPDX-License-Identifier: MIT
/// \file
/// How two modalities are brought together.
#ifndef HINT_ALIGN_HPP
#define HINT_ALIGN_HPP

#include <hint/align/concepts.hpp>
#include <hint/align/consistency.hpp>
#include <hint/align/contrastive.hpp>
#include <hint/align/cosine_mse.hpp>
#include <hint/align/memory_bank.hpp>
#include <hint/align/mixing_schedule.hpp>
#include <hint/align/mixup.hpp>
#include <hint/align/mmd.hpp>
#include <hint/align/neighborhood_sampler.hpp>
#include <hint/align/proxy_table.hpp>
#include <hint/align/similarity.hpp>

#endif
