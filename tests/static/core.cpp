// SPDX-License-Identifier: MIT
// What models the concepts of core, and what does not.
#include <cstddef>
#include <span>
#include <type_traits>

#include <hint/core/communicator.hpp>
#include <hint/core/context.hpp>
#include <hint/core/executor.hpp>
#include <hint/core/observer.hpp>
#include <hint/core/thread_pool.hpp>

namespace {

struct plain {};

// executor
struct without_bulk {
  std::size_t concurrency() { return 1; }
};
struct without_concurrency {
  void bulk(std::size_t, hint::task_ref) {}
};
struct named_concurrency {
  const char* concurrency() { return "one"; }
  void bulk(std::size_t, hint::task_ref) {}
};
struct template_bulk {  // a template parameter for the task will do
  int concurrency() const { return 1; }
  template <class F>
  void bulk(std::size_t n, F&& f) const {
    for (std::size_t i = 0; i < n; ++i) f(i);
  }
};
static_assert(hint::executor<hint::sequential>);
static_assert(hint::executor<hint::thread_pool>);
static_assert(hint::executor<hint::executor_ref>);
static_assert(hint::executor<template_bulk> && hint::executor<const template_bulk>);
static_assert(!hint::executor<const hint::thread_pool>);
static_assert(!hint::executor<plain>);
static_assert(!hint::executor<without_bulk>);
static_assert(!hint::executor<without_concurrency>);
static_assert(!hint::executor<named_concurrency>);
static_assert(!hint::executor<int>);

// communicator
struct float_only {
  std::size_t rank() { return 0; }
  std::size_t size() { return 1; }
  void all_reduce_sum(std::span<float>) {}
  void broadcast(std::span<std::byte>, std::size_t) {}
  void all_gather(std::span<const std::byte>, std::span<std::byte>) {}
};
static_assert(hint::communicator<hint::solo>);
static_assert(hint::communicator<hint::communicator_ref>);
static_assert(!hint::communicator<float_only>);
static_assert(!hint::communicator<plain>);

// observer
struct hears_epochs {
  void on(const hint::epoch_report&) {}
};
struct only_stops {
  bool stop_requested() { return true; }
};
struct deaf {
  void on(plain) {}
};
static_assert(hint::observer<hint::silent>);
static_assert(hint::observer<hears_epochs>);
static_assert(hint::observer<only_stops>);
static_assert(hint::hears<hears_epochs, hint::epoch_report>);
static_assert(!hint::hears<hears_epochs, hint::step_report>);
static_assert(!hint::observer<deaf>);
static_assert(!hint::observer<plain>);

// context: refers to what outlives it, so temporaries are refused.
static_assert(std::is_constructible_v<hint::context, hint::thread_pool&>);
static_assert(!std::is_constructible_v<hint::context, hint::thread_pool>);
static_assert(!std::is_constructible_v<hint::context, plain&>);
static_assert(!std::is_convertible_v<hint::thread_pool&, hint::context>);
static_assert(std::is_trivially_copyable_v<hint::context>);

// threads and codes
static_assert(!std::is_copy_constructible_v<hint::thread_pool>);

}  // namespace
