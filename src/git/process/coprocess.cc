#include "git/process/coprocess.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "git/support/error.h"

namespace onehead::git {

// One socket for both directions: unlike a pipe it can be written to without SIGPIPE.
Result<std::unique_ptr<Coprocess>> Coprocess::Start(const std::vector<std::string>& argv,
                                                    const ProcessOptions& options,
                                                    const Deadline* deadline) {
  std::array<int, 2> ends = {-1, -1};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return Fail(FromErrno(errno, "cannot make a socket"));
  }
  Descriptor ours(ends[0]);
  const Descriptor theirs(ends[1]);
  const Descriptor null(open("/dev/null", O_WRONLY | O_CLOEXEC));
  if (!null.ok()) return Fail(FromErrno(errno, "cannot open /dev/null"));
  pid_t child = 0;
  const int error = Spawn(argv, options, {theirs.get(), theirs.get(), null.get()}, &child);
  if (error != 0) return Fail(CannotRun(error, argv[0], options));
  return std::unique_ptr<Coprocess>(new Coprocess(child, std::move(ours), deadline));
}

Coprocess::~Coprocess() {
  kill(child_, SIGKILL);
  WaitFor(child_);
}

Status Coprocess::Send(std::string_view request) {
  while (!request.empty()) {
    const ssize_t sent = send(socket_.get(), request.data(), request.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return Fail(FromErrno(errno, "the program has ended"));
    request.remove_prefix(static_cast<std::size_t>(sent));
  }
  return {};
}

// Waits for some more.
Status Coprocess::Fill() {
  ONEHEAD_TRY(deadline_->Check());
  pollfd wait = {socket_.get(), POLLIN, 0};
  if (poll(&wait, 1, deadline_->PollTimeout()) == 0) return deadline_->Check();
  std::array<char, 65536> buffer;
  const ssize_t got = recv(socket_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (got > 0) unread_.append(buffer.data(), static_cast<std::size_t>(got));
  const bool again = got < 0 && (errno == EINTR || errno == EAGAIN);
  if (got > 0 || again) return {};
  return Fail(ErrorKind::kIo, "the program has ended");
}

Result<std::string> Coprocess::ReadLine(std::size_t max_bytes) {
  std::size_t end = 0;
  while ((end = unread_.find('\n', end)) == unread_.npos) {
    end = unread_.size();
    if (end > max_bytes) return Fail(ErrorKind::kLimit, "the program wrote too long a line");
    ONEHEAD_TRY(Fill());
  }
  std::string line = unread_.substr(0, end);
  unread_.erase(0, end + 1);
  return line;
}

Result<std::string> Coprocess::ReadBytes(std::size_t count) {
  unread_.reserve(count);
  while (unread_.size() < count) {
    ONEHEAD_TRY(Fill());
  }
  std::string bytes = std::move(unread_);
  unread_ = bytes.substr(count);
  bytes.resize(count);
  return bytes;
}

}  // namespace onehead::git
