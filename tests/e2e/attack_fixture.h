// What somebody who wants two heads on main starts from: a server whose main has one head, and the
// means to make what Git itself would not: objects by hand, refs and hook lines of any kind.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "e2e/push_test_fixture.h"
#include "support/hex.h"

namespace onehead::testing {

class AttackTest : public PushTest {
 protected:
  // A symbolic link in the work tree; what is at its place goes.
  void Link(const std::string& path, const std::string& target) {
    const std::string full = box_.Path("work/" + path);
    box_.MakeDirs(std::filesystem::path(full).parent_path().string());
    std::filesystem::remove_all(full);
    ASSERT_EQ(symlink(target.c_str(), full.c_str()), 0) << path;
  }

  void Write(const std::string& path, std::string_view text) {
    box_.WriteFile("work/" + path, text);
  }
  void Remove(const std::string& path) { std::filesystem::remove_all(box_.Path("work/" + path)); }
  void Move(const std::string& from, const std::string& to) {
    const std::string full = box_.Path("work/" + to);
    box_.MakeDirs(std::filesystem::path(full).parent_path().string());
    std::filesystem::rename(box_.Path("work/" + from), full);
  }

  // Commits all that is in the work tree and pushes it to main.
  RunResult PushAll(const std::string& message = "change") {
    box_.CommitAll("work", message);
    return Push("HEAD:main");
  }

  // The server has a <- b on main.
  void PushOneHead() {
    PushBase();
    CommitMigration("b", {"a"});
    EXPECT_ACCEPTED(Push("main"));
  }
  // A second head beside "b" in the work tree.
  void AddSecondHead(const std::string& id = "evil") { Migration(id, {"a"}); }

  // A commit with two heads, in the work clone on a branch of that name; main stays as it is.
  void MakeFork(const std::string& branch) {
    NewBranch(branch, "main");
    AddSecondHead();
    box_.CommitAll("work", "fork");
    Checkout("main");
  }

  // An object of any content in the server's store, checked by nobody. Its id.
  std::string RawObject(const std::string& type, const std::string& bytes) {
    return box_.MustGit({"hash-object", "-t", type, "--literally", "-w", "--stdin"}, "server.git",
                        bytes);
  }
  std::string RawBlob(const std::string& text) { return RawObject("blob", text); }
  // "<mode> <name>" and an id, as a tree object has it.
  static std::string Entry(const std::string& mode_and_name, const std::string& hex) {
    return mode_and_name + '\0' + BytesOf(hex);
  }
  // A commit of that tree on top of the server's main.
  std::string RawCommit(const std::string& tree, const std::string& parent) {
    return RawObject("commit", "tree " + tree + "\n" +
                                   (parent.empty() ? "" : "parent " + parent + "\n") +
                                   "author A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n\nx\n");
  }
  // A commit whose alembic/versions is that tree object, with the ini beside it.
  std::string CommitWithVersions(const std::string& versions) {
    const std::string ini = RawBlob(kIni);
    const std::string alembic = RawObject("tree", Entry("40000 versions", versions));
    const std::string top =
        RawObject("tree", Entry("100644 alembic.ini", ini) + Entry("40000 alembic", alembic));
    return RawCommit(top, ServerTip());
  }

  // The file of a loose object of the server, relative to the sandbox.
  static std::string LooseFile(const std::string& id) {
    return "server.git/objects/" + id.substr(0, 2) + "/" + id.substr(2);
  }

  RunResult HookTo(const std::string& commit, const std::string& ref = "refs/heads/main") {
    return Hook(ServerTip() + " " + commit + " " + ref + "\n");
  }
};

}  // namespace onehead::testing
