#include "commands/app/worker_threads.h"

#include <gtest/gtest.h>

#include <atomic>
#include <new>
#include <thread>
#include <vector>

namespace onehead {
namespace {

TEST(WorkerThreads, EachThreadIsCalledOnceAndTheCallerIsTheFirst) {
  const std::thread::id caller = std::this_thread::get_id();
  for (int round = 0; round < 20; ++round) {
    std::vector<std::atomic<int>> calls(64);
    WorkerThreads().RunOnAll([&](int thread) {
      EXPECT_EQ(std::this_thread::get_id() == caller, thread == 0);
      ++calls[static_cast<std::size_t>(thread)];
    });
    EXPECT_EQ(calls[0], 1);
    EXPECT_EQ(calls[1], std::thread::hardware_concurrency() > 1 ? 1 : 0);
    for (std::size_t i = 1; i < calls.size(); ++i) EXPECT_LE(calls[i], calls[i - 1]);
  }
}

TEST(WorkerThreads, WhatOneThrowsIsLostAlone) {
  std::atomic<int> next = 0;
  std::atomic<int> done = 0;
  WorkerThreads().RunOnAll([&](int thread) {
    if (thread != 0) throw std::bad_alloc();
    while (next++ < 100) ++done;
  });
  EXPECT_EQ(done, 100);
  EXPECT_NO_THROW(WorkerThreads().RunOnAll([](int) { throw std::bad_alloc(); }));
}

TEST(WorkerThreads, NoneGoesOnBehindTheEnd) {
  for (int round = 0; round < 20; ++round) {
    std::atomic<int> begun = 0;
    std::atomic<int> ended = 0;
    WorkerThreads().RunOnAll([&](int thread) {
      ++begun;
      for (int i = 0; i < 10 * thread; ++i) std::this_thread::yield();
      ++ended;
    });
    EXPECT_EQ(begun, ended);
  }
}

}  // namespace
}  // namespace onehead
