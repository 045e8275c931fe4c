// SPDX-License-Identifier: MIT
/// \file
/// How good a ranking is.
#ifndef HINT_EVAL_HPP
#define HINT_EVAL_HPP

#include <hint/eval/average_precision.hpp>
#include <hint/eval/ndcg.hpp>
#include <hint/eval/precision_at.hpp>
#include <hint/eval/precision_recall.hpp>
#include <hint/eval/protocol.hpp>
#include <hint/eval/ranking.hpp>
#include <hint/eval/recall.hpp>
#include <hint/eval/relevance.hpp>
#include <hint/eval/ties.hpp>

#endif
