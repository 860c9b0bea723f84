// Work in other threads, for as many processors as there are.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "onehead/core/load.h"

namespace onehead {

// The first task starts the threads. Where none can be started, and while all have enough to do,
// the caller does a task itself: so what waits is bounded.
class WorkerThreads : public Workers {
 public:
  WorkerThreads() = default;
  ~WorkerThreads() override;

  void Do(std::function<void()> task) override;
  void Finish() override;

 private:
  void Start();
  void Serve();
  void RunFirst(std::unique_lock<std::mutex>* lock);

  std::mutex mutex_;
  std::condition_variable work_;
  std::condition_variable rest_;
  std::deque<std::function<void()>> tasks_;
  int running_ = 0;
  bool started_ = false;
  bool ended_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace onehead
