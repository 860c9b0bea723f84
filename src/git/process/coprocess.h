// A program that stays, and answers one request after another.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "onehead/base/result.h"
#include "onehead/git/process/process.h"
#include "onehead/git/support/deadline.h"
#include "onehead/git/support/files.h"

namespace onehead::git {

// Its standard error goes to /dev/null: what it says there is repeated by whoever asked. It is
// ended with this object.
class Coprocess {
 public:
  // Errors as RunProcess. Borrows `deadline`.
  [[nodiscard]] static Result<std::unique_ptr<Coprocess>> Start(
      const std::vector<std::string>& argv, const ProcessOptions& options,
      const Deadline* deadline);
  ~Coprocess();
  Coprocess(const Coprocess&) = delete;
  Coprocess& operator=(const Coprocess&) = delete;

  // Each fails with kTimeout when the time is up, and with kIo when the program has ended.
  // REQUIRES: requests are short (a socket holds them), and every answer is read before the next.
  [[nodiscard]] Status Send(std::string_view request);
  // Without the line feed. kLimit: longer than `max_bytes`.
  [[nodiscard]] Result<std::string> ReadLine(std::size_t max_bytes);
  [[nodiscard]] Result<std::string> ReadBytes(std::size_t count);

 private:
  Coprocess(pid_t child, Descriptor socket, const Deadline* deadline)
      : child_(child), socket_(std::move(socket)), deadline_(deadline) {}
  Status Fill();

  pid_t child_;
  Descriptor socket_;
  const Deadline* deadline_;
  std::string unread_;
};

}  // namespace onehead::git
