// SPDX-License-Identifier: MIT
/// \file
/// An executor with threads of its own.
#ifndef HINT_CORE_THREAD_POOL_HPP
#define HINT_CORE_THREAD_POOL_HPP

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include <hint/core/config.hpp>
#include <hint/core/error.hpp>
#include <hint/core/executor.hpp>

namespace hint { inline namespace HINT_ABI {

/// `threads` threads in all: the one that calls `bulk` works too, so `thread_pool{1}` creates none.
/// `bulk` may be called from several threads at once and from within tasks (the caller always makes
/// progress by itself, so nesting cannot block).
class thread_pool {
 public:
  /// As many threads as the machine has.
  thread_pool() : thread_pool((std::max)(1U, std::thread::hardware_concurrency())) {}
  /// Throws `invalid_argument` unless 1 <= threads <= 4096, `std::system_error` when the system has
  /// no more threads.
  explicit thread_pool(std::size_t threads) {
    expects(threads >= 1 && threads <= 4096, "thread_pool: threads is ", threads,
            ", expected 1 to 4096");
    workers_.reserve(threads - 1);
    try {
      for (std::size_t i = 1; i < threads; ++i) workers_.emplace_back([this] { work(); });
    } catch (...) {  // the system has no more threads
      close();
      throw;
    }
  }
  thread_pool(const thread_pool&) = delete;
  thread_pool& operator=(const thread_pool&) = delete;
  ~thread_pool() { close(); }

  [[nodiscard]] std::size_t concurrency() const noexcept { return workers_.size() + 1; }

  void bulk(std::size_t n, task_ref f) {
    if (n <= 1 || workers_.empty()) return sequential::bulk(n, f);
    const auto j = std::make_shared<job>(n, f);
    {
      const std::lock_guard lock(mutex_);
      jobs_.push_back(j);
      posted_.fetch_add(1);
    }
    wake_.notify_all();
    j->run();
    {
      const std::lock_guard lock(mutex_);
      std::erase(jobs_, j);
    }
    j->wait();
    // Taken out of the job, so that the exception dies here and not with a worker's last reference.
    if (j->error) std::rethrow_exception(std::exchange(j->error, nullptr));
  }

 private:
  /// Whether `happened` becomes true while others are let run some hundred times: tasks of training are often
  /// shorter than it takes to fall asleep and be woken.
  template <class F>
  static bool soon(F happened) {
    for (int i = 0; i < 200; ++i) {
      if (happened()) return true;
      std::this_thread::yield();
    }
    return false;
  }
  struct job {
    job(std::size_t count, task_ref function) : n(count), f(function) {}

    /// Takes indices until none is left. After the last one is done, `f` is not touched again.
    void run() {
      for (std::size_t i = next.fetch_add(1); i < n; i = next.fetch_add(1)) {
        try {
          f(i);
        } catch (...) {
          const std::lock_guard lock(mutex);
          if (i < error_index) {
            error_index = i;
            error = std::current_exception();
          }
        }
        if (done.fetch_add(1) + 1 == n) {
          const std::lock_guard lock(mutex);
          finished.notify_all();
        }
      }
    }
    void wait() {
      if (soon([this] { return done.load() == n; })) return;
      std::unique_lock lock(mutex);
      finished.wait(lock, [this] { return done.load() == n; });
    }

    const std::size_t n;
    const task_ref f;
    std::atomic<std::size_t> next{0};
    std::atomic<std::size_t> done{0};
    std::mutex mutex;
    std::condition_variable finished;
    std::size_t error_index = static_cast<std::size_t>(-1);
    std::exception_ptr error;
  };

  void close() {
    {
      const std::lock_guard lock(mutex_);
      closing_ = true;
    }
    wake_.notify_all();
    for (std::thread& worker : workers_) worker.join();
  }

  void work() {
    std::unique_lock lock(mutex_);
    std::shared_ptr<job> open;
    const auto ready = [&] {
      const auto found = std::find_if(jobs_.begin(), jobs_.end(),
                                      [](const auto& j) { return j->next.load() < j->n; });
      if (found != jobs_.end()) open = *found;
      return closing_ || open;
    };
    for (;;) {
      if (!ready()) {
        const std::size_t posted = posted_.load();
        lock.unlock();
        soon([&] { return posted_.load() != posted || closing_.load(); });
        lock.lock();
        wake_.wait(lock, ready);
      }
      if (!open) return;
      lock.unlock();
      open->run();
      open.reset();
      lock.lock();
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<std::shared_ptr<job>> jobs_;
  std::atomic<std::size_t> posted_{0};  // jobs so far
  std::atomic<bool> closing_{false};
  std::vector<std::thread> workers_;
};

}}  // namespace hint::HINT_ABI

#endif
