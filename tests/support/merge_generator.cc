#include "support/merge_generator.h"

#include <filesystem>
#include <utility>

namespace onehead::testing {
namespace {

namespace fs = std::filesystem;

constexpr unsigned kKinds = 24;

// Thirty lines, so that a file is recognised after an edit, and edits can be far from each other.
std::string Lines(const std::string& name, const std::string& end = "\n") {
  std::string text;
  for (int i = 0; i < 30; ++i) text += name + " line " + std::to_string(i) + end;
  return text;
}

}  // namespace

MergeGenerator::MergeGenerator(GitSandbox* box, std::string dir, unsigned seed)
    : box_(box), dir_(std::move(dir)), random_(seed) {
  // Each kind in its turn, with up to two others.
  kinds_.push_back(seed % kKinds);
  for (unsigned more = Draw(3); more > 0; --more) kinds_.push_back(Draw(kKinds));
  for (const unsigned kind : kinds_) description_ += "kind " + std::to_string(kind) + ", ";
}

void MergeGenerator::Make() {
  box_->InitWork(dir_);
  Configure();
  const auto change = [this](Side side) {
    for (std::size_t i = 0; i < kinds_.size(); ++i) {
      Change(kinds_[i], "g" + std::to_string(i), side);
    }
  };
  Write("still.txt", Lines("still"));
  Write("often.txt", Lines("often"));
  change(Side::kBase);
  Commit("the base");
  const auto at_base = gitlinks_;
  box_->MustGit({"branch", "topic"}, dir_);
  Edit("still.txt", "main");
  change(Side::kMain);
  Commit("what main does");
  box_->MustGit({"checkout", "-q", "-f", "topic"}, dir_);
  box_->MustGit({"clean", "-fdq"}, dir_);
  gitlinks_ = at_base;
  const bool later = OneIn(2);
  if (!later) change(Side::kTopic);
  Edit("often.txt", "first");
  Commit("first: (of) two~ commits\n\nBody of it.\n");
  if (later) change(Side::kTopic);
  Edit("often.txt", "second");
  Commit(OneIn(4) ? "fixup! first: (of) two~ commits" : "second");
  DrawCommand();
  const std::vector<std::string> in_the_way = {"g0/new.txt", "g0/file.txt", "still.txt",
                                               "unrelated.txt"};
  if (OneIn(5)) dirty_.push_back(in_the_way[Draw(4)]);
  for (const std::string& path : dirty_) description_ += "uncommitted " + path + ", ";
  for (const std::string& word : command_) description_ += word + " ";
}

void MergeGenerator::MakeDirty(const std::string& copy) const {
  for (const std::string& path : dirty_) box_->WriteFile(copy + "/" + path, "not committed\n");
}

void MergeGenerator::Set(const std::string& key, const std::string& value) {
  box_->MustGit({"config", key, value}, dir_);
  description_ += key + "=" + value + ", ";
}

void MergeGenerator::Configure() {
  if (OneIn(2)) Set("merge.conflictStyle", OneIn(2) ? "diff3" : "zdiff3");
  if (OneIn(6)) Set("merge.renames", "false");
  if (OneIn(4)) Set("merge.directoryRenames", OneIn(2) ? "true" : "false");
  if (OneIn(4)) Set("rerere.enabled", "true");
  if (OneIn(6)) Set("commit.cleanup", "scissors");
  if (OneIn(6)) Set("core.commentChar", ";");
  if (OneIn(6)) Set("merge.renormalize", "true");
  if (OneIn(6)) Set("diff.algorithm", "patience");
  if (OneIn(8)) Set("core.autocrlf", "true");
  if (OneIn(8)) Set("merge.log", "true");
}

void MergeGenerator::DrawCommand() {
  const std::vector<std::vector<std::string>> commands = {
      {"merge", "main"},
      {"rebase", "main"},
      {"cherry-pick", "main"},
      {"merge", "--no-commit", "main"},
      {"rebase", "--onto", "main", "topic~1"},
      {"cherry-pick", "-x", "main"},
      {"merge", "--squash", "main"},
      {"rebase", "--signoff", "main"},
      {"cherry-pick", "--no-commit", "main"},
      {"merge", "--no-ff", "-m", "own message", "main"},
      {"rebase", "--autosquash", "-i", "main"},
      {"pull", "--no-rebase", "-q", ".", "main"},
      {"merge", "-Xours", "main"},
      {"rebase", "--root", "--onto", "main"},
      {"cherry-pick", "-Xtheirs", "main"},
      {"cherry-pick", "topic~2..main", "--allow-empty"},
      {"pull", "--rebase", ".", "main"},
  };
  command_ = commands[Draw(static_cast<unsigned>(commands.size()))];
}

void MergeGenerator::Change(unsigned kind, const std::string& at, Side side) {
  if (kind < 8) {
    Text(kind, at, side);
  } else if (kind < 16) {
    Names(kind - 8, at, side);
  } else {
    Types(kind - 16, at, side);
  }
}

// Both sides change what is in one file.
void MergeGenerator::Text(unsigned kind, const std::string& at, Side side) {
  const std::string file = at + "/file.txt";
  const std::string mine = side == Side::kMain ? "main" : "topic";
  if (side == Side::kBase) {
    const std::string end = kind == 1 || kind == 2 ? "\r\n" : "\n";
    if (kind != 3) Write(file, kind == 4 ? std::string("\0\1base", 6) : Lines(at, end));
    Write(at + "/.gitattributes", kind == 2   ? "*.txt text eol=crlf\n"
                                  : kind == 5 ? "*.txt conflict-marker-size=12\n"
                                  : kind == 6 ? "*.txt merge=union\n"
                                              : "*.other -text\n");
    return;
  }
  if (kind == 3) return Write(at + "/new.txt", Lines(mine));
  if (kind == 4) return Write(file, std::string("\0\1", 2) + mine);
  if (kind == 7) {  // conflicts in two places, and lines that look like markers
    Edit(file, mine);
    return Write(at + "/new.txt", "<<<<<<< HEAD\n" + mine + "\n=======\n>>>>>>> x\n");
  }
  Edit(file, mine);
}

// At least one side changes the names.
void MergeGenerator::Names(unsigned kind, const std::string& at, Side side) {
  const std::string file = at + "/file.txt";
  const std::string mine = side == Side::kMain ? "main" : "topic";
  const bool is_main = side == Side::kMain;
  if (side == Side::kBase) {
    Write(file, Lines(at));
    Write(at + "/other.txt", Lines(at + " other"));
    for (int i = 0; i < 3; ++i) {
      Write(at + "/dir/" + std::to_string(i), Lines(at + std::to_string(i)));
    }
    return;
  }
  switch (kind) {
    case 0:  // one file, two new names
      return Move(file, at + "/" + mine + ".txt");
    case 1:  // two files, one new name
      return Move(is_main ? file : at + "/other.txt", at + "/one.txt");
    case 2:
      return is_main ? Move(file, at + "/moved.txt") : Remove(file);
    case 3:
      Edit(file, mine);
      return is_main ? Move(file, at + "/moved.txt") : void();
    case 4:
      return is_main ? Remove(file) : Edit(file, mine);
    case 5:  // a file where the other side has a directory
      return Write(is_main ? at + "/thing" : at + "/thing/in.txt", Lines(mine));
    case 6:  // what the other side adds to a directory that has moved
      if (is_main) return Move(at + "/dir", at + "/moved");
      return Write(at + "/dir/added", Lines(mine));
    default:  // the directory goes two ways, and its files are edited
      Edit(at + "/dir/0", mine);
      return Move(at + "/dir", at + "/" + mine);
  }
}

// Modes, links and submodules.
void MergeGenerator::Types(unsigned kind, const std::string& at, Side side) {
  const std::string file = at + "/file.txt";
  const std::string mine = side == Side::kMain ? "main" : "topic";
  const bool is_main = side == Side::kMain;
  const char digit = side == Side::kBase ? '1' : is_main ? '2' : '3';
  if (side == Side::kBase) {
    Write(file, Lines(at));
    if (kind == 2) Link("nowhere", at + "/link");
    if (kind == 5 || kind == 6) Gitlink(at + "/module", digit);
    return;
  }
  switch (kind) {
    case 0:
      Edit(file, mine);
      if (is_main) fs::permissions(Full(file), fs::perms::owner_exec, fs::perm_options::add);
      return;
    case 1:  // a link on one side, an edit on the other
      if (!is_main) return Edit(file, mine);
      Remove(file);
      return Link("elsewhere", file);
    case 2:
      Remove(at + "/link");
      return Link(mine, at + "/link");
    case 3:
      if (is_main) return Link("elsewhere", at + "/new.txt");
      return Write(at + "/new.txt", Lines(mine));
    case 4:
      Write(at + "/new.sh", Lines(mine));
      if (is_main)
        fs::permissions(Full(at + "/new.sh"), fs::perms::owner_exec, fs::perm_options::add);
      return;
    case 5:
      return Gitlink(at + "/module", digit);
    case 6:
      return is_main ? Gitlink(at + "/module", '0') : Gitlink(at + "/module", digit);
    default:  // a submodule where the other side has a file
      return is_main ? Gitlink(at + "/new.txt", digit) : Write(at + "/new.txt", Lines(mine));
  }
}

void MergeGenerator::Commit(const std::string& message) {
  box_->MustGit({"add", "-A"}, dir_);
  for (const auto& [path, id] : gitlinks_) {
    if (!id.empty()) {
      box_->MustGit({"update-index", "--add", "--cacheinfo", "160000," + id + "," + path}, dir_);
    }
  }
  box_->MustGit({"commit", "-q", "--allow-empty", "-m", message}, dir_);
}

void MergeGenerator::Write(const std::string& path, std::string_view text) {
  box_->WriteFile(dir_ + "/" + path, text);
}
void MergeGenerator::Remove(const std::string& path) const { fs::remove(Full(path)); }
void MergeGenerator::Move(const std::string& from, const std::string& to) const {
  fs::rename(Full(from), Full(to));
}
void MergeGenerator::Link(const std::string& target, const std::string& path) const {
  fs::create_symlink(target, Full(path));
}

// One line near the middle becomes another, and one somewhere that both sides rarely share.
void MergeGenerator::Edit(const std::string& path, const std::string& with) {
  std::string text = box_->ReadFile(dir_ + "/" + path);
  const std::size_t middle = text.find(" line 14");
  if (middle != text.npos) text.insert(middle, " " + with);
  const std::size_t any = text.find(" line " + std::to_string(Draw(30)));
  if (any != text.npos) text.insert(any, " and " + with);
  Write(path, text);
}

// "0": it goes.
void MergeGenerator::Gitlink(const std::string& path, char digit) {
  std::erase_if(gitlinks_, [&](const auto& item) { return item.first == path; });
  const std::size_t digits = box_->MustGit({"hash-object", "-t", "blob", "/dev/null"}).size();
  gitlinks_.emplace_back(path, digit == '0' ? "" : std::string(digits, digit));
  // An empty directory is what Git makes for a submodule that is not there.
  digit == '0' ? fs::remove_all(Full(path)) : fs::create_directories(Full(path));
}

}  // namespace onehead::testing
