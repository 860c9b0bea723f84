// ObjectStore over `git cat-file`.
#include "git/objects/cat_file_store.h"

#include <charconv>
#include <utility>

#include "git/process/coprocess.h"
#include "onehead/base/text.h"

namespace onehead::git {
namespace {

constexpr std::size_t kMaxLineBytes = 256;

Error Missing(const ContentId& id) {
  return Error{ErrorKind::kNotFound, "object " + id.Hex() + " is missing"};
}

// "<id> <type> <size>", or "<id> missing".
Result<ObjectHeader> ParseHeader(const ContentId& id, std::string_view line) {
  std::string_view rest = line;
  const bool same = TakeUntil(&rest, ' ') == id.Hex();
  const std::optional<ObjectType> type = TypeFromName(TakeUntil(&rest, ' '));
  std::size_t size = 0;
  const auto read = std::from_chars(rest.data(), rest.data() + rest.size(), size);
  if (same && type && read.ec == std::errc() && read.ptr == rest.data() + rest.size()) {
    return ObjectHeader{*type, size};
  }
  if (line == id.Hex() + " missing") return Fail(Missing(id));
  return Fail(ErrorKind::kInvalid, "cannot read object " + id.Hex());
}

class CatFileStore : public ObjectStore {
 public:
  explicit CatFileStore(const GitProgram* git) : git_(git) {}

  Result<ObjectHeader> Header(const ContentId& id) const override {
    return Question(&headers_, "--batch-check", id);
  }

  Result<Object> Read(const ContentId& id, std::size_t max_bytes) const override {
    ONEHEAD_ASSIGN_OR_RETURN(const ObjectHeader header, Header(id));
    if (header.size > max_bytes) {
      return Fail(ErrorKind::kLimit,
                  "object " + id.Hex() + " is larger than " + std::to_string(max_bytes) + " bytes");
    }
    ONEHEAD_ASSIGN_OR_RETURN(const ObjectHeader again, Question(&contents_, "--batch", id));
    Result<std::string> bytes = contents_->ReadBytes(again.size + 1);  // and a line feed
    if (!bytes) return Fail(Broken(&contents_, id, std::move(bytes.error())));
    bytes->pop_back();
    return Object{again.type, std::move(*bytes)};
  }

 private:
  using Program = std::unique_ptr<Coprocess>;

  // A program that has ended is started again by the next question: Git gives up at a broken
  // object, and the others are as readable as before.
  Error Broken(Program* program, const ContentId& id, Error error) const {
    program->reset();
    if (error.kind == ErrorKind::kTimeout) return error;
    return IsPromised(id) ? Missing(id)
                          : Error{ErrorKind::kInvalid, "cannot read object " + id.Hex()};
  }

  // Git 2.39 and newer give up, too, at what a remote has promised to a partial clone and may not
  // be fetched; and say so.
  bool IsPromised(const ContentId& id) const {
    const Result<ProcessResult> asked = git_->Run({"cat-file", "-t", id.Hex()});
    return asked && asked->err.find("could not fetch " + id.Hex()) != std::string::npos;
  }

  Result<ObjectHeader> Question(Program* program, const char* mode, const ContentId& id) const {
    ONEHEAD_TRY(git_->deadline()->Check());
    if (!*program) {
      ONEHEAD_ASSIGN_OR_RETURN(*program, Coprocess::Start(git_->CommandLine({"cat-file", mode}),
                                                          git_->Options(), git_->deadline()));
    }
    Status sent = (*program)->Send(id.Hex() + "\n");
    if (!sent) return Fail(Broken(program, id, std::move(sent.error())));
    Result<std::string> line = (*program)->ReadLine(kMaxLineBytes);
    if (!line) return Fail(Broken(program, id, std::move(line.error())));
    return ParseHeader(id, *line);
  }

  const GitProgram* git_;
  mutable Program headers_;
  mutable Program contents_;
};

}  // namespace

std::unique_ptr<ObjectStore> MakeCatFileStore(const GitProgram* git) {
  return std::make_unique<CatFileStore>(git);
}

}  // namespace onehead::git
