// Text that somebody else will read: whatever a file, a path, a ref or an option holds, what is
// printed is one safe line for each thing said, and advice that can be followed without harm.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "e2e/attack_fixture.h"
#include "onehead/base/text.h"

namespace onehead::testing {
namespace {

using Json = nlohmann::json;

// What nobody may find in an output: it would be obeyed, or seen as something else.
std::string Dangerous(const std::string& text) {
  std::string found;
  for (const std::string_view line : Split(text, '\n')) {
    if (Printable(line) != line) found += Printable(line) + "\n";
  }
  return found;
}

const char* const kTricks[] = {
    "\x1B[2J\x1B[1;1Hclean",               // clears the screen
    "\x1B]8;;http://evil.example\x1B\\x",  // a link
    "\x1B]0;title\x07",                    // the window's title
    "\u009b31mred",                        // C1
    "\x9B"
    "31m",                             // C1 as a byte
    "a\r\rremote: success: accepted",  // overwrites the line
    "a\bb",
    "\u202Etxt.evil",  // right to left
    "a\u200Bb",        // no width
    "\u2028next",
    "caf\xC3",  // half a character
    "\xFF\xFE",
    "\xED\xA0\x80",  // a surrogate
};

class AttackText : public AttackTest {
 protected:
  AttackText() { PushOneHead(); }

  // Everything that the server says about this commit, as text and as JSON, is safe.
  void ExpectSafe(const RunResult& run) {
    EXPECT_EQ(Dangerous(run.err), "");
    EXPECT_EQ(Dangerous(run.out), "");
    EXPECT_LT(run.err.size() + run.out.size(), std::size_t{64} << 10);
  }
  void ExpectSafeJson(const RunResult& run) {
    ExpectSafe(run);
    for (const std::string_view line : Split(run.out, '\n')) {
      if (line.empty()) continue;
      EXPECT_FALSE(Json::parse(line, nullptr, false).is_discarded()) << line;
    }
    for (const char c : run.out) ASSERT_TRUE((c >= ' ' && c < '\x7F') || c == '\n');
  }
  void ExpectSafeEverywhere() {
    box_.CommitAll("work", "trick");
    const RunResult pushed = Push("HEAD:main");
    EXPECT_NE(pushed.exit_code, 0);
    EXPECT_EQ(pushed.err.find('\x1B'), std::string::npos);
    box_.MustGit({"push", "-q", "-f", "origin", "HEAD:refs/tags/trick"}, "work");
    const std::string line =
        ServerTip() + " " + ServerTip("refs/tags/trick") + " refs/heads/main\n";
    ExpectSafe(Hook(line));
    ExpectSafeJson(Hook(line, {"--format", "json"}));
    for (const char* command : {"check", "heads", "branches"}) {
      ExpectSafe(box_.Run({ONEHEAD_PROGRAM, command, "-v"}, "work"));
      ExpectSafeJson(box_.Run({ONEHEAD_PROGRAM, command, "--format", "json"}, "work"));
    }
    ExpectSafe(box_.Run({ONEHEAD_PROGRAM, "history"}, "work"));
    ExpectSafeJson(box_.Run({ONEHEAD_PROGRAM, "history", "--format", "json"}, "work"));
    ExpectSafe(box_.Run({ONEHEAD_PROGRAM, "rebase", "HEAD~1"}, "work"));
    box_.MustGit({"reset", "-q", "--hard", "origin/main"}, "work");
    box_.MustGit({"clean", "-qfdx"}, "work");
  }
};

TEST_F(AttackText, Paths) {
  for (std::string trick : kTricks) {
    std::replace(trick.begin(), trick.end(), '/', '|');
    Write("alembic/versions/" + trick + ".py", MigrationText("c" + trick, {"a"}));
    Write("alembic/versions/" + trick + "/x.py", "");
    Write("alembic/versions/broken" + trick + ".py", "revision = (\n");
  }
  ExpectSafeEverywhere();
}

TEST_F(AttackText, IdsAndTitlesAndLabels) {
  int number = 0;
  for (const std::string trick : kTricks) {
    const std::string name = std::to_string(++number);
    Write("alembic/versions/c" + name + ".py", MigrationText(trick, {"a"}, trick));
    Write("alembic/versions/d" + name + ".py",
          "'''" + trick + "'''\nrevision = 'd" + name + "'\ndown_revision = ['" + trick +
              "x', 'a']\nbranch_labels = ['" + trick + "', 'b']\ndepends_on = '" + trick + "z'\n");
  }
  ExpectSafeEverywhere();
}

TEST_F(AttackText, OneIdAndTitleAtATime) {
  for (const std::string trick : {kTricks[0], kTricks[7], kTricks[10]}) {
    SCOPED_TRACE(Printable(trick));
    Write("alembic/versions/c.py", MigrationText(trick, {"a"}, trick));
    ExpectSafeEverywhere();
  }
}

TEST_F(AttackText, EscapesThatPythonWouldUnderstand) {
  Write("alembic/versions/c.py",
        "'''\\x1b[2J\\u202e'''\nrevision = 'c\\x1b[2J\\u202e\\n\\x00'\ndown_revision = 'a'\n");
  ExpectSafeEverywhere();
}

TEST_F(AttackText, ExpressionsThatCannotBeRead) {
  int number = 0;
  for (const std::string trick : kTricks) {
    const std::string name = "c" + std::to_string(++number);
    Write("alembic/versions/" + name + ".py",
          "revision = '" + name + "'\ndown_revision = f('" + trick + "')\n");
  }
  ExpectSafeEverywhere();
}

TEST_F(AttackText, Configurations) {
  int number = 0;
  for (const std::string trick : kTricks) {
    const std::string directory = "sub" + std::to_string(++number);
    Write(directory + "/alembic.ini", "[alembic\n" + trick);
    Write(directory + "/x/alembic.ini",
          "[alembic]\nscript_location = ../../alembic\nversion_locations = " + trick +
              " alembic/versions\n[" + trick + "]\n" + trick + "\n");
  }
  AddSecondHead();
  ExpectSafeEverywhere();
}

TEST_F(AttackText, TargetsOfLinks) {
  int number = 0;
  for (const std::string trick : kTricks) {
    Link("alembic/versions/c" + std::to_string(++number) + ".py", trick + ".py");
  }
  ExpectSafeEverywhere();
}

TEST_F(AttackText, VeryLongNamesAndTitles) {
  const std::string longest(250, 'n');
  const std::string huge(std::size_t{1} << 20, 'h');
  Write("alembic/versions/" + longest + ".py", MigrationText(huge, {"a"}, huge));
  Write("alembic/versions/d.py", MigrationText("d", {huge + "x"}, "d"));
  box_.CommitAll("work", "long");
  const RunResult pushed = Push("HEAD:main");
  EXPECT_REFUSED(pushed, "multiple-heads");
  EXPECT_LT(pushed.err.size(), std::size_t{8} << 10);
}

TEST_F(AttackText, RefNames) {
  // Git refuses control characters in names of refs; all else comes through.
  AddSecondHead();
  box_.CommitAll("work", "fork");
  // The same files once more, in a commit that no ref has.
  const std::string tree = box_.MustGit({"rev-parse", "HEAD^{tree}"}, "work");
  EXPECT_ACCEPTED(Push("HEAD:refs/tags/x"));
  const std::string raw = RawCommit(tree, ServerTip());
  EXPECT_ACCEPTED(Push(":refs/tags/x"));
  for (const std::string trick : {"\u202Etxt.evil", "a\u200Bb", "\u009b31m", "\xFF", "caf\xC3"}) {
    SCOPED_TRACE(Printable(trick));
    const RunResult pushed = Push("HEAD:refs/heads/" + trick);
    EXPECT_REFUSED(pushed, "multiple-heads: refs/heads/");
    const std::string line = IdOf('0') + " " + raw + " refs/heads/" + trick;
    ExpectSafe(Hook(line + "\n"));
    ExpectSafeJson(Hook(line + "\n", {"--format", "json"}));
  }
  const std::string longest = "refs/heads/" + std::string(200, 'l') + "/" + std::string(200, 'm');
  EXPECT_LT(Push("HEAD:" + longest).err.size(), std::size_t{8} << 10);
}

TEST_F(AttackText, LinesThatAreNoneOfGit) {
  const std::string tip = ServerTip();
  const std::string lines[] = {
      tip + " " + tip + " refs/heads/a b\n",
      tip + " " + tip + " refs/heads/\x1B[2J\n",
      tip + " " + tip + " refs/heads/a\r\n",
      tip + " " + tip + " /etc/passwd\n",
      tip + " " + tip + " ../../x\n",
      tip + " " + tip + " refs/\n",
      tip + " " + tip + "\n",
      tip + "  " + tip + " refs/heads/x\n",
      tip + " " + tip.substr(1) + " refs/heads/x\n",
      tip + " " + std::string(tip.size(), 'g') + " refs/heads/x\n",
      tip + " \x1B[2J refs/heads/x\n",
      std::string("\0\0\0", 3) + "\n",
      tip + " " + tip + " refs/heads/x" + std::string(1, '\0') + "y\n",
      std::string(100000, 'x') + "\n",
      tip + " " + tip + " refs/heads/ok\n\n",
  };
  for (const std::string& text : lines) {
    const RunResult run = Hook(text);
    EXPECT_EQ(run.exit_code, 128) << Printable(text, 200);
    ExpectSafe(run);
    ExpectSafeJson(Hook(text, {"--format", "json"}));
  }
}

TEST_F(AttackText, ReasonsOfAnOverride) {
  SetServer("onehead.override", "true");
  MakeFork("fork");
  EXPECT_ACCEPTED(Push("fork:refs/tags/fork"));
  const std::string line = ServerTip() + " " + ServerTip("refs/tags/fork") + " refs/heads/main\n";
  for (const std::string trick : kTricks) {
    const Environment options = {{"GIT_PUSH_OPTION_COUNT", "1"},
                                 {"GIT_PUSH_OPTION_0", "onehead.override=" + trick + "\nerror: x"}};
    const RunResult run = Hook(line, {}, options);
    EXPECT_EQ(run.exit_code, 0);
    ExpectSafe(run);
    EXPECT_EQ(run.err.find("\nerror:"), std::string::npos) << run.err;
    ExpectSafeJson(Hook(line, {"--format", "json"}, options));
  }
}

TEST_F(AttackText, AdviceIsNoCode) {
  // Somebody gets this id onto main, and the next one is told to write it.
  const std::string id = "x' + __import__('os').system('echo') + '";
  Migration("c", {"b"});
  Write("alembic/versions/c.py", "revision = \"" + id + "\"\ndown_revision = 'b'\n");
  EXPECT_REFUSED(PushAll(), "illegal-revision-id");  // for the "+"
  const std::string legal = "x' or __import__('os').system('echo') or '\\\\";
  Write("alembic/versions/c.py", "revision = \"" + legal + "\"\ndown_revision = 'b'\n");
  EXPECT_ACCEPTED(PushAll());
  Migration("d", {"b"});
  const RunResult pushed = PushAll();
  EXPECT_REFUSED(pushed, R"(down_revision = 'x\' or __import__(\'os\').system(\'echo\') or \'\\')");
  EXPECT_EQ(pushed.err.find("Revises: "), std::string::npos) << pushed.err;
  EXPECT_REFUSED(pushed, "alembic merge -m \"merge heads\" heads");
}

TEST_F(AttackText, IdsThatLookLikeOptionsAreNoWordsOfACommand) {
  Migration("b2", {"a"});
  for (const char* id : {"--sql", "$(reboot)", "`reboot`", "a b", "a;b", "*"}) {
    Write("alembic/versions/c.py", std::string("revision = '") + id + "'\ndown_revision = 'a'\n");
    const RunResult pushed = PushAll();
    EXPECT_REFUSED(pushed, "alembic merge -m \"merge heads\" heads");
  }
}

TEST_F(AttackText, TwoIdsThatLookAlikeLookDifferent) {
  Write("alembic/versions/c.py", MigrationText("b\u200B", {"a"}));
  EXPECT_REFUSED(PushAll(), "b\\u200b (add b");
}

}  // namespace
}  // namespace onehead::testing
