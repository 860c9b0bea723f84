#include "commands/worker_threads.h"

#include <algorithm>
#include <exception>
#include <system_error>
#include <utility>

namespace onehead {
namespace {

constexpr unsigned kMostThreads = 4;  // with the caller's
constexpr std::size_t kMostWaiting = 4;

void Run(const std::function<void()>& task) {
  try {
    task();
  } catch (const std::exception&) {
    // As promised: who needs what is missing does it again, and says what is wrong.
  }
}

}  // namespace

WorkerThreads::~WorkerThreads() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  work_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void WorkerThreads::Start() {
  started_ = true;
  const unsigned count = std::min(std::thread::hardware_concurrency(), kMostThreads);
  try {
    for (unsigned i = 1; i < count; ++i) threads_.emplace_back([this] { Serve(); });
  } catch (const std::system_error&) {
    // Then it is done with fewer.
  }
}

void WorkerThreads::Do(std::function<void()> task) {
  if (!started_) Start();
  {
    const std::lock_guard lock(mutex_);
    if (!threads_.empty() && tasks_.size() < kMostWaiting) {
      tasks_.push_back(std::move(task));
      task = nullptr;
    }
  }
  if (task) return Run(task);
  work_.notify_one();
}

void WorkerThreads::Finish() {
  std::unique_lock lock(mutex_);
  while (!tasks_.empty()) RunFirst(&lock);
  rest_.wait(lock, [this] { return running_ == 0; });
}

void WorkerThreads::Serve() {
  std::unique_lock lock(mutex_);
  for (;;) {
    work_.wait(lock, [this] { return ended_ || !tasks_.empty(); });
    if (ended_) return;
    RunFirst(&lock);
  }
}

void WorkerThreads::RunFirst(std::unique_lock<std::mutex>* lock) {
  const std::function<void()> task = std::move(tasks_.front());
  tasks_.pop_front();
  ++running_;
  lock->unlock();
  Run(task);
  lock->lock();
  if (--running_ == 0) rest_.notify_all();
}

}  // namespace onehead
