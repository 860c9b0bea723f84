// `onehead install --client`: what is written, that Git sees it so, and that it goes without trace.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "support/git_sandbox.h"
#include "support/memory_tree.h"

namespace onehead::testing {
namespace {

namespace fs = std::filesystem;

class ClientInstall : public ::testing::Test {
 protected:
  ClientInstall() {
    box_.PutOnPath(ONEHEAD_PROGRAM, {"onehead", "git-merge-onehead"});
    box_.environment().erase("GIT_CONFIG_GLOBAL");
    box_.InitWork("w");
    Environment("alembic");
  }
  // An environment with one migration, committed.
  void Environment(const std::string& directory) {
    box_.WriteFile("w/" + directory + "/env.py", "");
    box_.WriteFile("w/" + directory + "/versions/a.py", MigrationText("a", {}));
    box_.CommitAll("w", "environment");
  }
  RunResult Run(const std::string& verb, std::vector<std::string> args = {},
                const std::string& directory = "w") {
    args.insert(args.begin(), {"onehead", verb, "--client"});
    return box_.Run(args, directory);
  }
  RunResult Install(std::vector<std::string> args = {}, const std::string& directory = "w") {
    return Run("install", std::move(args), directory);
  }
  void MustInstall(std::vector<std::string> args = {}, const std::string& directory = "w") {
    const RunResult result = Install(std::move(args), directory);
    EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
    EXPECT_EQ(result.err, "");
  }
  void MustUninstall(std::vector<std::string> args = {}) {
    const RunResult result = Run("uninstall", std::move(args));
    EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
    EXPECT_EQ(result.err, "");
  }
  std::string Config(const std::string& key, const std::string& directory = "w") {
    std::string value = box_.Git({"config", "--get", key}, directory).out;
    if (!value.empty()) value.pop_back();
    return value;
  }
  std::string Attribute(const std::string& path, const std::string& directory = "w") {
    const std::string out = box_.MustGit({"check-attr", "-z", "merge", "--", path}, directory);
    const std::string begin = path + std::string("\0merge\0", 7);
    return out.substr(begin.size(), out.size() - begin.size() - 1);
  }
  // Every file of the repository that installing may touch.
  std::string Snapshot() {
    return box_
        .Run({"sh", "-c",
              "cat w/.git/config; ls -A w/.git w/.git/info w/.git/hooks; cat "
              "w/.git/info/attributes w/.git/hooks/pre-push 2>/dev/null || :"})
        .out;
  }
  static bool Has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  }
  GitSandbox box_;
};

TEST_F(ClientInstall, SetsTheSettingsAndTheAttributes) {
  const RunResult result = Install();
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out,
            "installed: merge.onehead.name\n"
            "installed: merge.onehead.driver\n"
            "installed: alias.merge-onehead\n"
            "installed: pull.twohead\n"
            "installed: info/attributes: /alembic/versions/*.py merge=onehead\n");
  EXPECT_EQ(Config("pull.twohead"), "onehead");
  EXPECT_TRUE(Has(Config("merge.onehead.driver"), box_.Path("bin/onehead")));
  EXPECT_EQ(Attribute("alembic/versions/new.py"), "onehead");
  EXPECT_EQ(Attribute("alembic/versions/deeper/new.py"), "unspecified");
  EXPECT_EQ(Attribute("other/alembic/versions/new.py"), "unspecified");
  EXPECT_EQ(Attribute("alembic/env.py"), "unspecified");
}

TEST_F(ClientInstall, UninstallLeavesNoTrace) {
  const std::string before = Snapshot();
  MustInstall({"--hooks"});
  EXPECT_NE(Snapshot(), before);
  MustUninstall();
  EXPECT_EQ(Snapshot(), before);
  EXPECT_EQ(Run("uninstall").out, "not installed\n");
}

TEST_F(ClientInstall, TwiceChangesNothingAndDryRunNothingEver) {
  const std::string before = Snapshot();
  const RunResult dry = Install({"--dry-run", "--hooks"});
  EXPECT_TRUE(Has(dry.out, "would be installed: pull.twohead\n")) << dry.out;
  EXPECT_TRUE(Has(dry.out, "would be installed: hooks/pre-push\n")) << dry.out;
  EXPECT_EQ(Snapshot(), before);
  MustInstall({"--hooks"});
  const std::string once = Snapshot();
  const RunResult again = Install({"--hooks"});
  EXPECT_FALSE(Has("\n" + again.out, "\ninstalled: ")) << again.out;
  EXPECT_EQ(Snapshot(), once);
  EXPECT_EQ(Run("uninstall", {"--dry-run"}).exit_code, 0);
  EXPECT_EQ(Snapshot(), once);
}

// With pull.twohead set and the program missing, Git refuses every merge.
TEST_F(ClientInstall, RefusesWithoutGitMergeOnehead) {
  fs::remove(box_.Path("bin/git-merge-onehead"));
  const std::string before = Snapshot();
  for (const std::vector<std::string>& args :
       {std::vector<std::string>{}, {"--force"}, {"--global"}}) {
    const RunResult result = Install(args);
    EXPECT_EQ(result.exit_code, 128);
    EXPECT_TRUE(Has(result.err, "error: git-merge-onehead is not on PATH")) << result.err;
    EXPECT_TRUE(Has(result.err, "hint: put " + box_.Path("bin") + " on PATH, with a link there: "))
        << result.err;
    EXPECT_TRUE(Has(result.err, "error: nothing was changed\n"));
  }
  EXPECT_EQ(Snapshot(), before);
  EXPECT_FALSE(box_.Exists("home/.gitconfig"));
}

TEST_F(ClientInstall, AttributesKeepEveryByteOfAFileThatIsThere) {
  for (const std::string& text :
       {std::string("*.png binary\n"), std::string("*.png binary"), std::string("*.png binary\r\n"),
        std::string("*.png binary\r\n*.x y"), std::string("\n"), std::string("")}) {
    box_.WriteFile("w/.git/info/attributes", text);
    MustInstall();
    EXPECT_EQ(box_.ReadFile("w/.git/info/attributes").substr(0, text.size()), text);
    EXPECT_EQ(Attribute("alembic/versions/b.py"), "onehead") << text;
    EXPECT_EQ(Attribute("a.png"), Has(text, "png") ? "unset" : "unspecified") << text;
    MustUninstall();
    EXPECT_EQ(box_.ReadFile("w/.git/info/attributes"), text);
  }
}

TEST_F(ClientInstall, LinesAddedAfterOursStay) {
  box_.WriteFile("w/.git/info/attributes", "*.a b");
  MustInstall();
  box_.WriteFile("w/.git/info/attributes", box_.ReadFile("w/.git/info/attributes") + "*.c d\n");
  Environment("second");
  MustInstall();
  EXPECT_EQ(Attribute("second/versions/a.py"), "onehead");
  EXPECT_EQ(Attribute("alembic/versions/a.py"), "onehead");
  MustUninstall();
  EXPECT_EQ(box_.ReadFile("w/.git/info/attributes"), "*.a b\n*.c d\n");
}

TEST_F(ClientInstall, AHalfBlockIsNotTouched) {
  MustInstall();
  const std::string text = box_.ReadFile("w/.git/info/attributes");
  const std::string half = text.substr(0, text.find("# onehead end")) + "*.keep me\n";
  box_.WriteFile("w/.git/info/attributes", half);
  for (const char* verb : {"install", "uninstall"}) {
    const RunResult result = Run(verb);
    EXPECT_EQ(result.exit_code, 128);
    EXPECT_TRUE(Has(result.err, "without a line '# onehead end' after it")) << result.err;
  }
  EXPECT_EQ(box_.ReadFile("w/.git/info/attributes"), half);
}

TEST_F(ClientInstall, NamesThatNeedQuotes) {
  for (const std::string name : {"with space", "br[a]cket", "st*r", "que?tion", "quo\"te", "it's",
                                 "b\\slash", "caf\xC3\xA9", "!bang", "#hash", "tab\there"}) {
    fs::remove_all(box_.Path("w/alembic"));
    Environment(name);
    MustInstall();
    EXPECT_EQ(Attribute(name + "/versions/x.py"), "onehead") << name;
    std::string other = name;
    other[2] = 'z';
    EXPECT_EQ(Attribute(other + "/versions/x.py"), "unspecified") << name;
    fs::remove_all(box_.Path("w/" + name));
  }
}

TEST_F(ClientInstall, RecursiveLocations) {
  box_.WriteFile("w/alembic.ini",
                 "[alembic]\nscript_location = alembic\nrecursive_version_locations = true\n");
  MustInstall();
  EXPECT_EQ(Attribute("alembic/versions/a.py"), "onehead");
  EXPECT_EQ(Attribute("alembic/versions/2024/01/a.py"), "onehead");
}

TEST_F(ClientInstall, AnotherStrategyIsKeptAndReported) {
  box_.MustGit({"config", "pull.twohead", "ort"}, "w");
  const RunResult result = Install();
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.err,
            "warning: pull.twohead is 'ort' and is kept (file:.git/config); --force replaces it\n");
  EXPECT_EQ(Config("pull.twohead"), "ort");
  const RunResult removed = Run("uninstall");
  EXPECT_EQ(Config("pull.twohead"), "ort");
}

TEST_F(ClientInstall, ForceReplacesAndUninstallBringsBack) {
  box_.MustGit({"config", "pull.twohead", "ort"}, "w");
  box_.MustGit({"config", "pull.rebase", "true"}, "w");
  box_.MustGit({"config", "merge.onehead.driver", "mine %A \"$x\" # no"}, "w");
  const std::string before = Snapshot();
  const RunResult result = Install({"--force"});
  EXPECT_TRUE(Has(result.out, "installed: pull.twohead (it was 'ort')\n")) << result.out;
  EXPECT_EQ(Config("pull.twohead"), "onehead");
  EXPECT_EQ(Install({"--force"}).exit_code, 0);
  // The notes are no policy of onehead's that could be misspelt.
  EXPECT_FALSE(Has(box_.Run({"onehead", "check", "--worktree"}, "w").err, "warning"));
  MustUninstall();
  EXPECT_EQ(Snapshot(), before);
}

TEST_F(ClientInstall, AnotherAliasIsKeptAndReported) {
  box_.MustGit({"config", "alias.merge-onehead", "!echo mine"}, "w");
  const std::string before = Snapshot();
  EXPECT_TRUE(Has(Install().err, "warning: alias.merge-onehead is '!echo mine' and is kept"));
  EXPECT_EQ(Config("alias.merge-onehead"), "!echo mine");
  EXPECT_EQ(Install({"--force"}).err, "");
  EXPECT_TRUE(Has(Config("alias.merge-onehead"), box_.Path("bin/onehead")));
  MustUninstall();
  EXPECT_EQ(Snapshot(), before);
}

TEST_F(ClientInstall, AGlobalStrategyOfTheUserCountsToo) {
  box_.MustGit({"config", "--global", "pull.twohead", "resolve"}, "w");
  const RunResult result = Install();
  EXPECT_TRUE(Has(result.err, "pull.twohead is 'resolve' and is kept (file:")) << result.err;
  EXPECT_EQ(Config("pull.twohead"), "resolve");
  const std::string before = Snapshot();
  ASSERT_EQ(Install({"--force"}).exit_code, 0);
  EXPECT_EQ(Config("pull.twohead"), "onehead");
  EXPECT_EQ(Run("uninstall").exit_code, 0);
  EXPECT_EQ(Config("pull.twohead"), "resolve");
}

TEST_F(ClientInstall, AnotherDriverForTheSameFilesIsKept) {
  box_.WriteFile("w/.gitattributes", "*.py merge=union\n");
  const RunResult result = Install();
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_TRUE(Has(result.err, "merge=union; kept, --force puts ours above it")) << result.err;
  EXPECT_EQ(Attribute("alembic/versions/b.py"), "union");
  EXPECT_EQ(Install({"--force"}).err, "");
  EXPECT_EQ(Attribute("alembic/versions/b.py"), "onehead");
  EXPECT_EQ(Attribute("b.py"), "union");
}

TEST_F(ClientInstall, ALinkedWorkTreeSharesIt) {
  box_.MustGit({"worktree", "add", "-q", box_.Path("linked")}, "w");
  MustInstall({"--hooks"}, "linked");
  EXPECT_EQ(Config("pull.twohead"), "onehead");
  EXPECT_EQ(Attribute("alembic/versions/b.py"), "onehead");
  EXPECT_EQ(Attribute("alembic/versions/b.py", "linked"), "onehead");
  EXPECT_TRUE(box_.Exists("w/.git/hooks/pre-push"));
  MustUninstall();
}

TEST_F(ClientInstall, FromASubDirectoryAndWithDashC) {
  box_.MakeDirs("w/deep/er");
  MustInstall({}, "w/deep/er");
  EXPECT_EQ(Config("pull.twohead"), "onehead");
  MustUninstall();
  MustInstall({"-C", "w"}, "");
  EXPECT_EQ(Attribute("alembic/versions/b.py"), "onehead");
}

TEST_F(ClientInstall, Global) {
  box_.WriteFile("home/.gitconfig", "[user]\n\tname = x\n");
  box_.WriteFile("home/.config/git/attributes", "*.png binary");
  MustInstall({"--global"}, "");
  EXPECT_EQ(Config("pull.twohead"), "onehead");
  EXPECT_EQ(Attribute("any/versions/b.py"), "onehead");
  EXPECT_EQ(Attribute("versions/b.py"), "onehead");
  MustUninstall({"--global"});
  EXPECT_EQ(box_.ReadFile("home/.gitconfig"), "[user]\n\tname = x\n");
  EXPECT_EQ(box_.ReadFile("home/.config/git/attributes"), "*.png binary");
}

TEST_F(ClientInstall, GlobalHonoursCoreAttributesFileAndItsLink) {
  box_.WriteFile("dotfiles/attributes", "*.a b\n");
  box_.MakeDirs("home");
  fs::create_symlink(box_.Path("dotfiles/attributes"), box_.Path("home/attr"));
  box_.WriteFile("home/.gitconfig", "[core]\n\tattributesFile = ~/attr\n");
  MustInstall({"--global"});
  EXPECT_TRUE(Has(box_.ReadFile("dotfiles/attributes"), "**/versions/*.py merge=onehead\n"));
  EXPECT_TRUE(fs::is_symlink(box_.Path("home/attr")));
  EXPECT_EQ(Attribute("x/versions/b.py"), "onehead");
  MustUninstall({"--global"});
  EXPECT_EQ(box_.ReadFile("dotfiles/attributes"), "*.a b\n");
}

TEST_F(ClientInstall, NothingWithoutEnvironmentOrRepository) {
  box_.InitWork("empty");
  box_.CommitFile("empty", "README", "x");
  const RunResult result = Install({}, "empty");
  EXPECT_EQ(result.exit_code, 128);
  EXPECT_TRUE(Has(result.err, "no Alembic environment in the work tree")) << result.err;
  EXPECT_TRUE(Has(result.err, "--global sets it up")) << result.err;
  EXPECT_EQ(Config("pull.twohead", "empty"), "");
  EXPECT_EQ(Install({}, "").exit_code, 128);
  box_.InitBare("bare.git");
  const RunResult bare = Install({}, "bare.git");
  EXPECT_EQ(bare.exit_code, 128);
  EXPECT_TRUE(Has(bare.err, "--server for the repository that is pushed to")) << bare.err;
}

TEST_F(ClientInstall, Usage) {
  for (const std::vector<std::string>& args : {std::vector<std::string>{"install"},
                                               {"install", "--server"},
                                               {"install", "--client", "x"},
                                               {"install", "--server", "--client"},
                                               {"install", "--server", "--global", "x"},
                                               {"uninstall", "--client", "--force"}}) {
    std::vector<std::string> command = {"onehead"};
    command.insert(command.end(), args.begin(), args.end());
    EXPECT_EQ(box_.Run(command, "w").exit_code, 129) << args.back();
  }
}

// ---- The driver's command line -----------------------------------------------------------------

// Both sides change line 1 (conflict) and others (clean) of a migration; `program` is what the
// installed command line starts.
class DriverCommandLine : public ClientInstall {
 protected:
  static constexpr const char* kDirectory = "bi'n %O 50%";
  DriverCommandLine() {
    // Installed from a path with everything in it that the shell and Git could take for theirs.
    box_.MakeDirs(kDirectory);
    program_ = box_.Path(kDirectory) + "/onehead";
    fs::copy_file(ONEHEAD_PROGRAM, program_);
    const RunResult result = box_.Run({program_, "install", "--client"}, "w");
    EXPECT_EQ(result.exit_code, 0) << result.err;
    box_.MustGit({"config", "--unset", "pull.twohead"}, "w");
    box_.WriteFile("w/alembic/versions/a.py", "1\n2\n3\n4\n5\n6\n7\n8\n9\n");
    box_.CommitAll("w", "text");
    Side("clean", "1\n2\n3\n4\n5\n6\n7\n8\ntheirs\n");
    Side("conflict", "theirs\n2\n3\n4\n5\n6\n7\n8\n9\n");
    box_.WriteFile("w/alembic/versions/a.py", "ours\n2\n3\n4\n5\n6\n7\n8\n9\n");
    box_.CommitAll("w", "ours");
  }
  void Side(const std::string& branch, const std::string& text) {
    box_.MustGit({"checkout", "-q", "-b", branch, "main"}, "w");
    box_.WriteFile("w/alembic/versions/a.py", text);
    box_.CommitAll("w", branch);
    box_.MustGit({"checkout", "-q", "main"}, "w");
  }
  // The file that the merge of the branch leaves, after "exit <code>: ".
  std::string Merge(const std::string& branch) {
    const RunResult merged = box_.Git({"merge", "-q", "-m", "m", branch}, "w");
    said_ = merged.err;
    const std::string text = box_.ReadFile("w/alembic/versions/a.py");
    box_.MustGit({"reset", "-q", "--hard", "HEAD"}, "w");
    if (merged.exit_code == 0) box_.MustGit({"reset", "-q", "--hard", "HEAD~1"}, "w");
    return "exit " + std::to_string(merged.exit_code) + ": " + text;
  }
  void ExpectAsGitWould(const std::string& what) {
    EXPECT_EQ(Merge("clean"), "exit 0: ours\n2\n3\n4\n5\n6\n7\n8\ntheirs\n") << what << said_;
    EXPECT_TRUE(Has(said_, "merged as git merge-file does")) << what << said_;
    EXPECT_EQ(Merge("conflict"),
              "exit 1: <<<<<<< ours\nours\n=======\ntheirs\n>>>>>>> theirs\n"
              "2\n3\n4\n5\n6\n7\n8\n9\n")
        << what << said_;
  }
  std::string program_;
  std::string said_;
};

TEST_F(DriverCommandLine, FallsBackWhenTheProgramIsGoneDiesOrIsGarbage) {
  fs::remove(program_);
  ExpectAsGitWould("missing");
  for (const std::string script : {"kill -9 $$", "kill -SEGV $$", "exit 2", "exit 127", "exit 128",
                                   "exit 255", "exit 1 # and no marks"}) {
    box_.WriteExecutable(program_, "#!/bin/sh\n" + script + "\n");
    if (Has(script, "no marks")) {
      EXPECT_TRUE(Has(Merge("conflict"), "exit 1: <<<<<<< ours\n"));
      continue;
    }
    ExpectAsGitWould(script);
  }
  box_.WriteExecutable(program_, "");
  ExpectAsGitWould("empty");
  box_.WriteExecutable(program_, std::string("\x7F"
                                             "ELF\0\1\2\3garbage",
                                             15));
  ExpectAsGitWould("garbage");
  ASSERT_EQ(chmod(program_.c_str(), 0644), 0);
  ExpectAsGitWould("not executable");
}

TEST_F(DriverCommandLine, TakesWhatTheProgramDecides) {
  box_.WriteExecutable(program_,
                       "#!/bin/sh\n[ \"$1 $5\" = 'merge-driver 7' ] || exit 9\n"
                       "[ \"$6\" = alembic/versions/a.py ] || exit 9\n"
                       "echo decided >\"$3\"\n");
  EXPECT_EQ(Merge("conflict"), "exit 0: decided\n");
  EXPECT_EQ(said_, "");
  box_.WriteExecutable(program_, "#!/bin/sh\necho '<<<<<<< mine' >\"$3\"\nexit 1\n");
  EXPECT_EQ(Merge("conflict"), "exit 1: <<<<<<< mine\n");
  EXPECT_FALSE(Has(said_, "git merge-file")) << said_;
}

}  // namespace
}  // namespace onehead::testing
