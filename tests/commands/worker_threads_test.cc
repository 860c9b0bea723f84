#include "commands/worker_threads.h"

#include <gtest/gtest.h>

#include <atomic>
#include <new>
#include <thread>
#include <vector>

namespace onehead {
namespace {

TEST(WorkerThreads, EveryTaskIsDoneOnce) {
  WorkerThreads workers;
  for (int round = 0; round < 3; ++round) {
    std::vector<int> done(500);
    for (int& one : done) {
      workers.Do([&one] { ++one; });
    }
    workers.Finish();
    EXPECT_EQ(done, std::vector<int>(500, 1));
  }
}

TEST(WorkerThreads, WhatATaskThrowsIsLostAlone) {
  WorkerThreads workers;
  std::atomic<int> done = 0;
  for (int i = 0; i < 100; ++i) {
    workers.Do([&done, i] {
      if (i % 3 == 0) throw std::bad_alloc();
      ++done;
    });
  }
  workers.Finish();
  EXPECT_EQ(done, 66);
}

TEST(WorkerThreads, EndsWithoutWorkAndWithoutFinish) {
  { WorkerThreads workers; }
  {
    WorkerThreads workers;
    workers.Finish();
  }
  std::atomic<int> begun = 0;
  std::atomic<int> ended = 0;
  {
    WorkerThreads workers;
    for (int i = 0; i < 10; ++i) {
      workers.Do([&] {
        ++begun;
        std::this_thread::yield();
        ++ended;
      });
    }
  }
  EXPECT_EQ(begun, ended) << "a task goes on behind the end";
}

}  // namespace
}  // namespace onehead
