// Merges that conflict, made from a number: two branches of one base that change it in ways that
// Git cannot join, of every kind it knows.
#pragma once

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "support/git_sandbox.h"

namespace onehead::testing {

class MergeGenerator {
 public:
  MergeGenerator(GitSandbox* box, std::string dir, unsigned seed);

  // The repository at `dir`, with the branches "main" and "topic" (checked out; two commits), and
  // sometimes settings that change how Git merges.
  void Make();
  // One of the commands that merge the two, on "topic".
  const std::vector<std::string>& command() const { return command_; }
  // What is not committed when it starts; the same for each copy of the repository.
  void MakeDirty(const std::string& copy) const;
  // What was made, for the message of a failure.
  const std::string& description() const { return description_; }

 private:
  enum class Side { kBase, kMain, kTopic };

  unsigned Draw(unsigned end) { return static_cast<unsigned>(random_() % end); }
  bool OneIn(unsigned n) { return Draw(n) == 0; }
  void Configure();
  void DrawCommand();
  void Text(unsigned kind, const std::string& at, Side side);
  void Names(unsigned kind, const std::string& at, Side side);
  void Types(unsigned kind, const std::string& at, Side side);
  void Change(unsigned kind, const std::string& at, Side side);
  void Commit(const std::string& message);
  void Set(const std::string& key, const std::string& value);

  std::string Full(const std::string& path) const { return box_->Path(dir_ + "/" + path); }
  void Write(const std::string& path, std::string_view text);
  void Remove(const std::string& path) const;
  void Move(const std::string& from, const std::string& to) const;
  void Link(const std::string& target, const std::string& path) const;
  void Edit(const std::string& path, const std::string& with);
  void Gitlink(const std::string& path, char digit);

  GitSandbox* box_;
  std::string dir_;
  std::mt19937 random_;
  std::vector<unsigned> kinds_;
  std::vector<std::string> command_;
  std::vector<std::string> dirty_;  // paths
  std::vector<std::pair<std::string, std::string>> gitlinks_;
  std::string description_;
};

}  // namespace onehead::testing
