#include "onehead/git/merge/object_writer.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <map>
#include <optional>

#include "git/process/git_program.h"
#include "git/support/error.h"
#include "git/support/handle.h"
#include "git/support/libgit2.h"
#include "onehead/base/text.h"

namespace onehead::git {
namespace {

git_object_t TypeOf(ObjectType type) {
  switch (type) {
    case ObjectType::kCommit:
      return GIT_OBJECT_COMMIT;
    case ObjectType::kTree:
      return GIT_OBJECT_TREE;
    case ObjectType::kBlob:
      return GIT_OBJECT_BLOB;
    case ObjectType::kTag:
      return GIT_OBJECT_TAG;
  }
  return GIT_OBJECT_INVALID;
}

class OdbWriter : public ObjectWriter {
 public:
  OdbWriter(std::unique_ptr<Libgit2> library, OdbHandle odb)
      : library_(std::move(library)), odb_(std::move(odb)) {}

  Result<ContentId> Write(ObjectType type, std::string_view bytes) override {
    git_oid oid;
    const int code = git_odb_write(&oid, odb_.get(), bytes.data(), bytes.size(), TypeOf(type));
    if (code < 0) return Fail(FromLibgit2(code, "cannot write an object"));
    return FromOid(oid);
  }

 private:
  std::unique_ptr<Libgit2> library_;  // first: everything else needs it to the end
  OdbHandle odb_;
};

class ProgramWriter : public ObjectWriter {
 public:
  explicit ProgramWriter(const std::string& common_dir) : git_(common_dir, "", &no_deadline_) {}

  Result<ContentId> Write(ObjectType type, std::string_view bytes) override {
    ONEHEAD_ASSIGN_OR_RETURN(
        const std::string text,
        git_.Ask({"hash-object", "-w", "--stdin", "-t", TypeName(type)}, std::string(bytes)));
    const std::optional<ContentId> id = ContentId::FromHex(Trim(text));
    if (!id) return Fail(ErrorKind::kIo, "git hash-object printed no id");
    return *id;
  }

 private:
  Deadline no_deadline_;
  GitProgram git_;
};

// One entry as the tree object has it; the mode is kept letter by letter.
struct RawEntry {
  std::string mode;
  std::string name;
  ContentId id;
  bool is_directory() const { return mode == "40000" || mode == "040000"; }
};

using RawTree = std::vector<RawEntry>;

RawTree ParseRaw(std::string_view bytes, std::size_t id_size) {
  RawTree entries;
  while (!bytes.empty()) {
    const std::size_t space = bytes.find(' ');
    const std::size_t end = bytes.find('\0');
    if (space == bytes.npos || end == bytes.npos || end + 1 + id_size > bytes.size()) break;
    RawEntry entry{std::string(bytes.substr(0, space)),
                   std::string(bytes.substr(space + 1, end - space - 1)),
                   {}};
    entry.id.size = static_cast<std::uint8_t>(id_size);
    std::memcpy(entry.id.bytes.data(), bytes.data() + end + 1, id_size);
    entries.push_back(std::move(entry));
    bytes.remove_prefix(end + 1 + id_size);
  }
  return entries;
}

// Git's order: a directory counts as if its name ended in "/".
bool ComesBefore(const RawEntry& a, const RawEntry& b) {
  return a.name + (a.is_directory() ? "/" : "") < b.name + (b.is_directory() ? "/" : "");
}

std::string Serialize(RawTree entries) {
  std::sort(entries.begin(), entries.end(), ComesBefore);
  std::string bytes;
  for (const RawEntry& entry : entries) {
    bytes += entry.mode + ' ' + entry.name + '\0';
    bytes.append(reinterpret_cast<const char*>(entry.id.bytes.data()), entry.id.size);
  }
  return bytes;
}

// The trees of one edit, each read when it is first needed and written once at the end.
class TreeEditor {
 public:
  TreeEditor(const ObjectStore& objects, ObjectWriter* writer, const ContentId& top)
      : objects_(objects), writer_(writer), top_(top) {}

  Status Apply(const TreeEdit& edit) {
    ONEHEAD_ASSIGN_OR_RETURN(RawTree * from, Open(DirName(edit.path)));
    RawEntry* entry = Find(from, BaseName(edit.path));
    if (entry == nullptr) return Missing(edit.path);
    if (!edit.blob.known()) {
      from->erase(from->begin() + (entry - from->data()));
      return {};
    }
    if (edit.new_path.empty() || edit.new_path == edit.path) {
      entry->id = edit.blob;
      return {};
    }
    RawEntry moved{entry->mode, std::string(BaseName(edit.new_path)), edit.blob};
    from->erase(from->begin() + (entry - from->data()));
    ONEHEAD_ASSIGN_OR_RETURN(RawTree * to, Open(DirName(edit.new_path)));
    if (Find(to, moved.name) != nullptr) {
      return FailAt(ErrorKind::kInvalid, edit.new_path, 0, "a file of this name is there already");
    }
    to->push_back(std::move(moved));
    return {};
  }

  // The deepest directories first, so that each is written after those in it.
  Result<ContentId> Write() {
    std::vector<std::string> directories;
    for (const auto& [path, tree] : open_) directories.push_back(path);
    std::sort(directories.begin(), directories.end(),
              [](const std::string& a, const std::string& b) { return Depth(a) > Depth(b); });
    ContentId written = top_;
    for (const std::string& path : directories) {
      if (open_[path].empty() && !path.empty()) {  // Git has no empty directories
        std::erase_if(open_[std::string(DirName(path))],
                      [&](const RawEntry& entry) { return entry.name == BaseName(path); });
        continue;
      }
      Result<ContentId> id = writer_->Write(ObjectType::kTree, Serialize(open_[path]));
      if (!id) return id;
      written = *id;
      if (path.empty()) break;
      Find(&open_[std::string(DirName(path))], BaseName(path))->id = *id;
    }
    return written;
  }

 private:
  static std::ptrdiff_t Depth(const std::string& path) {
    return path.empty() ? 0 : 1 + std::count(path.begin(), path.end(), '/');
  }
  static RawEntry* Find(RawTree* tree, std::string_view name) {
    const auto found = std::find_if(tree->begin(), tree->end(),
                                    [&](const RawEntry& entry) { return entry.name == name; });
    return found == tree->end() ? nullptr : &*found;
  }
  static tl::unexpected<Error> Missing(std::string_view path) {
    return FailAt(ErrorKind::kNotFound, std::string(path), 0, "there is no such path in the tree");
  }

  // The directory with all that are above it.
  Result<RawTree*> Open(std::string_view directory) {
    ONEHEAD_TRY(Read("", top_));
    for (std::size_t end = 0; end != directory.npos && !directory.empty();) {
      end = directory.find('/', end + 1);
      const std::string path(directory.substr(0, end));
      RawEntry* entry = Find(&open_[std::string(DirName(path))], BaseName(path));
      if (entry == nullptr || !entry->is_directory()) return Missing(path);
      ONEHEAD_TRY(Read(path, entry->id));
    }
    return &open_[std::string(directory)];
  }

  Status Read(const std::string& path, const ContentId& id) {
    if (open_.count(path) != 0) return {};
    ONEHEAD_ASSIGN_OR_RETURN(Object object, objects_.Read(id, kMaxMetaObjectBytes));
    open_[path] = ParseRaw(object.bytes, id.size);
    return {};
  }

  const ObjectStore& objects_;
  ObjectWriter* writer_;
  ContentId top_;
  std::map<std::string, RawTree> open_;  // by path of the directory
};

}  // namespace

Result<std::unique_ptr<ObjectWriter>> ObjectWriter::Open(const std::string& common_dir,
                                                         std::size_t id_size) {
  if (id_size != kSha1Size) return std::make_unique<ProgramWriter>(common_dir);
  auto library = std::make_unique<Libgit2>();
  const char* given = std::getenv("GIT_OBJECT_DIRECTORY");
  const std::string directory = given != nullptr ? given : common_dir + "/objects";
  OdbHandle odb;
  const int code = Acquire(&odb, git_odb_open, directory.c_str());
  if (code < 0) return Fail(FromLibgit2(code, "cannot open the object store"));
  return std::make_unique<OdbWriter>(std::move(library), std::move(odb));
}

Result<ContentId> EditTree(const ObjectStore& objects, ObjectWriter* writer, const ContentId& tree,
                           const std::vector<TreeEdit>& edits) {
  TreeEditor editor(objects, writer, tree);
  for (const TreeEdit& edit : edits) {
    ONEHEAD_TRY(editor.Apply(edit));
  }
  return editor.Write();
}

Result<ContentId> WriteScratchCommit(ObjectWriter* writer, const ContentId& tree,
                                     const std::vector<ContentId>& parents) {
  std::string text = "tree " + tree.Hex() + "\n";
  for (const ContentId& parent : parents) text += "parent " + parent.Hex() + "\n";
  const std::string person = "onehead <onehead@localhost> 0 +0000\n";
  text += "author " + person + "committer " + person + "\nOne end of a merge\n";
  return writer->Write(ObjectType::kCommit, text);
}

}  // namespace onehead::git
