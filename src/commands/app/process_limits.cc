#include "commands/app/process_limits.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <string_view>
#include <utility>

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif

namespace onehead {
namespace {

// Only calls that are allowed in a signal handler.
void WriteWhatFits(int fd, std::string_view text) {
  constexpr std::size_t kNeverBlocks = 4096;  // PIPE_BUF: what a pipe takes when poll says it does
  constexpr int kPatience = 50;               // milliseconds
  pollfd writable = {fd, POLLOUT, 0};
  while (!text.empty() && poll(&writable, 1, kPatience) == 1) {
    const ssize_t wrote = write(fd, text.data(), std::min(text.size(), kNeverBlocks));
    if (wrote <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(wrote));
  }
}

void EndProcess(int, siginfo_t* info, void*) {
  const auto* given = static_cast<const std::atomic<const Answer*>*>(info->si_value.sival_ptr);
  // An alarm that somebody else has sent is not ours.
  if (info->si_code != SI_TIMER) return;
  const Answer& answer = **given;
  WriteWhatFits(STDERR_FILENO, answer.err);
  WriteWhatFits(STDOUT_FILENO, answer.out);
  _exit(answer.exit_code);
}

itimerspec Once(std::chrono::milliseconds delay) {
  const auto count = std::max<std::chrono::milliseconds::rep>(delay.count(), 1);
  itimerspec when = {};
  when.it_value.tv_sec = static_cast<time_t>(count / 1000);
  when.it_value.tv_nsec = static_cast<long>(count % 1000) * 1'000'000;
  return when;
}

}  // namespace

TimeLimit::TimeLimit(std::chrono::milliseconds limit, Answer answer) {
  SetAnswer(std::move(answer));
  struct sigaction action = {};
  action.sa_sigaction = EndProcess;
  action.sa_flags = SA_SIGINFO | SA_RESTART;
  sigaction(SIGALRM, &action, &before_);
  sigset_t alarm;
  sigemptyset(&alarm);
  sigaddset(&alarm, SIGALRM);
  sigprocmask(SIG_UNBLOCK, &alarm, nullptr);
  sigevent event = {};
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = SIGALRM;
  event.sigev_value.sival_ptr = &given_;
  timer_t timer = {};
  if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0)
    return;  // reading still asks for the time
  timer_ = timer;
  const itimerspec when = Once(limit);
  timer_settime(timer, 0, &when, nullptr);
}

TimeLimit::~TimeLimit() {
  if (timer_) timer_delete(*timer_);
  sigaction(SIGALRM, &before_, nullptr);
}

void TimeLimit::SetAnswer(Answer answer) {
  auto next = std::make_unique<const Answer>(std::move(answer));
  given_.store(next.get());
  answer_ = std::move(next);
}

MemoryLimit::MemoryLimit([[maybe_unused]] std::size_t bytes) {
#ifndef __SANITIZE_ADDRESS__
  rlimit now = {};
  if (getrlimit(RLIMIT_DATA, &now) != 0 || now.rlim_cur <= bytes) return;
  const rlimit lower = {bytes, now.rlim_max};
  if (setrlimit(RLIMIT_DATA, &lower) == 0) before_ = now;
#endif
}

MemoryLimit::~MemoryLimit() {
  if (before_) setrlimit(RLIMIT_DATA, &*before_);
}

}  // namespace onehead
