#include "commands/app/worker_threads.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstddef>
#include <exception>
#include <thread>
#include <vector>

namespace onehead {
namespace {

constexpr unsigned kMaxThreads = 4;                             // with the caller's
constexpr std::size_t kMemoryOfThread = std::size_t{16} << 20;  // half of it for the stack

// Is so much memory allowed (RLIMIT_DATA)? libgit2 recurses without end where a new thread has none
// for its first call, and where it is scarce, several readers at once are no help.
bool HasRoom(std::size_t bytes) {
  void* room = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (room == MAP_FAILED) return false;
  munmap(room, bytes);
  return true;
}

void Run(const std::function<void(int)>& work, int thread) {
  try {
    work(thread);
  } catch (const std::exception&) {
    // As promised: who needs what is missing does it again, and says what is wrong.
  }
}

}  // namespace

void WorkerThreads::RunOnAll(const std::function<void(int)>& work) {
  unsigned count = std::min(std::thread::hardware_concurrency(), kMaxThreads);
  while (count > 1 && !HasRoom((count - 1) * kMemoryOfThread)) --count;
  std::vector<std::thread> others;
  try {
    for (unsigned i = 1; i < count; ++i) {
      others.emplace_back([&work, i] { Run(work, static_cast<int>(i)); });
    }
  } catch (const std::exception&) {
    // Then it is done by fewer.
  }
  Run(work, 0);
  for (std::thread& thread : others) thread.join();
}

}  // namespace onehead
