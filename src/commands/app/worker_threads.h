// Work in several threads, for as many processors as there are.
#pragma once

#include <functional>

#include "onehead/core/history/load.h"

namespace onehead {

// The threads live as long as the work. Where none can be started, the caller does it alone.
class WorkerThreads : public Workers {
 public:
  void RunOnAll(const std::function<void(int)>& work) override;
};

}  // namespace onehead
