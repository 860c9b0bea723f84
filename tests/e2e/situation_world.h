// Servers with the hook and clones with the strategy, as a team has them, and a short language for
// what the people in it do.
#pragma once

#include <gtest/gtest.h>

#include <cctype>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "support/alembic_judge.h"
#include "support/git_sandbox.h"
#include "support/memory_tree.h"

namespace onehead::testing {

// All repositories are beside each other in one directory and know each other by relative paths, so
// that a copy of it is the same world once more.
class World {
 public:
  // Puts onehead, the names under which Git starts it, and alembic on PATH.
  World(GitSandbox* box, std::string top) : box_(box), top_(std::move(top)) {
    box_->PutOnPath(ONEHEAD_PROGRAM, {"onehead", "git-merge-onehead", "git-onehead"});
    box_->WriteExecutable("bin/alembic",
                          "#!/bin/sh\nexec /usr/bin/python3 -Bm alembic.config \"$@\"\n");
    box_->environment()["GIT_CONFIG_GLOBAL"] = box_->Path("home/gitconfig");
    // No init.defaultBranch: it is one of the things that decide who is published.
    box_->WriteFile(
        "home/gitconfig",
        "[gc]\n\tauto = 0\n[maintenance]\n\tauto = false\n[protocol \"file\"]\n\tallow = always\n"
        "[advice]\n\tskippedCherryPicks = false\n\tdetachedHead = false\n");
  }

  // server.git with r1 on its main, and dev, a clone of it. Made once, and then copied.
  void MakeUsual() {
    static GitSandbox sandbox;
    static const bool made = [] {
      World usual(&sandbox, "world");
      usual.MakeServer("server.git");
      usual.Seed("server.git", "main");
      usual.Clone("server.git", "origin", "dev");
      return true;
    }();
    ASSERT_TRUE(made);
    // The paths of the program are those of this sandbox.
    const std::string script = "cp -a " + sandbox.Path("world") + " " + top_ + " && cd " + top_ +
                               " && sed -i 's|" + sandbox.root() + "|" + box_->root() +
                               "|g' server.git/hooks/pre-receive dev/.git/config";
    const RunResult copied = box_->Run({"/bin/sh", "-c", script});
    ASSERT_EQ(copied.exit_code, 0) << copied.err;
    here_ = "dev";
  }

  // A bare repository with the hook. Nothing but the policy decides what it answers: it has time.
  void MakeServer(const std::string& name) {
    box_->MakeDirs(top_);
    Must("git init -q --bare -b main " + name, ".");
    Must("git config onehead.timeout 60000", name);
    Must("onehead install --server " + name, ".");
  }
  // The environment and the migration r1 as the first commit of `branch`.
  void Seed(const std::string& server, const std::string& branch) {
    const std::string generic = "/usr/lib/python3/dist-packages/alembic/templates/generic/";
    Must("git init -q -b " + branch + " seed", ".");
    box_->WriteFile(Path("seed/alembic.ini"), "[alembic]\nscript_location = alembic\n");
    box_->WriteFile(Path("seed/alembic/env.py"), "pass\n");
    box_->WriteFile(Path("seed/alembic/script.py.mako"),
                    box_->ReadFile(generic + "script.py.mako"));
    box_->WriteFile(Path("seed/app.txt"), "one\n");
    Play("in seed; add r1; git push -q ../" + server + " HEAD:" + branch);
    box_->Run({"rm", "-rf", Path("seed")});
  }
  // A clone, whose only remote has that name, with `onehead install --client`.
  void Clone(const std::string& server, const std::string& remote, const std::string& dir) {
    Must("git clone -q -o " + remote + " " + server + " " + dir, ".");
    Must("git remote set-url " + remote + " ../" + server, dir);
    Must("onehead install --client", dir);
    here_ = dir;
  }

  // Statements, separated by ";" or line ends, each of which has to work:
  //   in DIR               go to that repository
  //   add FILE[=ID] [PARENT...]      commit alembic/versions/FILE.py ("add FILE" is its title)
  //   reparent FILE[=ID] [PARENT...] commit it with other parents
  //   drop FILE            commit that it is gone
  //   unchecked COMMAND    a command while no server has a hook
  // and everything else is typed into a shell.
  void Play(const std::string& script) {
    std::string text = script;
    for (char& c : text) c = c == '\n' ? ';' : c;
    std::istringstream statements(text);
    for (std::string statement; std::getline(statements, statement, ';');) {
      const std::size_t begin = statement.find_first_not_of(' ');
      if (begin != std::string::npos) Do(statement.substr(begin));
    }
  }

  // A command as somebody types it into a shell, in the top directory of a repository.
  RunResult Type(const std::string& command) { return Type(command, here_); }
  RunResult Type(const std::string& command, const std::string& dir) {
    return box_->Run({"/bin/sh", "-c", command}, Path(dir));
  }
  // Its standard output without the final newline.
  std::string Must(const std::string& command, const std::string& dir) {
    RunResult result = Type(command, dir);
    EXPECT_EQ(result.exit_code, 0) << "in " << dir << ": " << command << "\n"
                                   << result.out << result.err;
    if (!result.out.empty() && result.out.back() == '\n') result.out.pop_back();
    return result.out;
  }
  std::string Must(const std::string& command) { return Must(command, here_); }

  // What Alembic says of a commit of the repository: see alembic_judge.py.
  std::string Chain(const std::string& rev, const std::string& dir) const {
    return AlembicChain(box_->Path(Path(dir)), rev);
  }
  std::string Chain(const std::string& rev = "HEAD") const { return Chain(rev, here_); }

  // What `to` does not have as `from` has it, among the migrations: "M\talembic/versions/a.py".
  std::string Changed(const std::string& from, const std::string& to = "HEAD") {
    return Must("git diff --no-renames --name-status --diff-filter=MDT " + from + " " + to +
                " -- alembic");
  }
  std::string Text(const std::string& name) {
    return box_->ReadFile(Path(here_ + "/" + FileOf(name)));
  }
  static std::string FileOf(const std::string& name) { return "alembic/versions/" + name + ".py"; }
  // All of it once more, in a directory of its own.
  World Copy() const {
    static int copies = 0;
    World copy = *this;
    copy.top_ = "copy" + std::to_string(++copies);
    box_->Run({"cp", "-a", box_->Path(top_), box_->Path(copy.top_)});
    return copy;
  }
  void Remove() { box_->Run({"rm", "-rf", box_->Path(top_)}); }

  std::string Path(const std::string& path) const { return top_ + "/" + path; }
  const std::string& here() const { return here_; }
  void GoTo(const std::string& dir) { here_ = dir; }
  GitSandbox& box() { return *box_; }

 private:
  void Do(const std::string& statement) {
    std::istringstream in(statement);
    std::vector<std::string> words;
    for (std::string word; in >> word;) words.push_back(word);
    const std::string& verb = words[0];
    if (verb == "in") {
      here_ = words[1];
    } else if (verb == "add" || verb == "reparent") {
      const std::string file = words[1].substr(0, words[1].find('='));
      const std::string id = words[1].substr(file.size() == words[1].size() ? 0 : file.size() + 1);
      box_->WriteFile(Path(here_ + "/" + FileOf(file)),
                      MigrationText(id, {words.begin() + 2, words.end()}, "add " + file));
      Must("git add -A && git commit -qm '" + verb + " " + file + "'");
    } else if (verb == "drop") {
      Must("git rm -q " + FileOf(words[1]) + " && git commit -qm 'drop " + words[1] + "'");
    } else if (verb == "unchecked") {
      const std::string hooks = "for s in ../*.git; do mv $s/hooks $s/off; done; ";
      const std::string back =
          "code=$?; for s in ../*.git; do mv $s/off $s/hooks; done; exit $code";
      Must(hooks + statement.substr(verb.size()) + "; " + back);
    } else {
      Must(statement);
    }
  }

  GitSandbox* box_;
  std::string top_;
  std::string here_ = ".";
};

}  // namespace onehead::testing
