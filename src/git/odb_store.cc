#include "git/odb_store.h"

#include <new>

#include "git/error.h"
#include "git/libgit2.h"

namespace onehead::git {
namespace {

std::optional<ObjectType> TypeOf(git_object_t type) {
  switch (type) {
    case GIT_OBJECT_COMMIT:
      return ObjectType::kCommit;
    case GIT_OBJECT_TREE:
      return ObjectType::kTree;
    case GIT_OBJECT_BLOB:
      return ObjectType::kBlob;
    case GIT_OBJECT_TAG:
      return ObjectType::kTag;
    default:
      return std::nullopt;
  }
}

tl::unexpected<Error> CannotRead(int code, const ContentId& id) {
  const std::string name = "object " + id.Hex();
  Error error = FromLibgit2(code, "cannot read " + name);
  if (error.kind == ErrorKind::kNotFound) error.message = name + " is missing";
  return Fail(std::move(error));
}

class OdbStore : public ObjectStore {
 public:
  OdbStore(git_odb* odb, const Deadline* deadline, SizeCheck check)
      : odb_(odb), deadline_(deadline), check_(check) {}

  Result<ObjectHeader> Header(const ContentId& id) const override {
    if (Status time = deadline_->Check(); !time) return Fail(std::move(time.error()));
    git_oid oid;
    if (!ToOid(id, &oid)) return Fail(ErrorKind::kUnsupported, "not a SHA-1 id: " + id.Hex());
    std::size_t size = 0;
    git_object_t type = GIT_OBJECT_INVALID;
    const int code = git_odb_read_header(&size, &type, odb_, &oid);
    if (code < 0) return CannotRead(code, id);
    const std::optional<ObjectType> known = TypeOf(type);
    if (!known) return UnknownType(id);
    return ObjectHeader{*known, size};
  }

  Result<Object> Read(const ContentId& id, std::size_t max_bytes) const override {
    if (check_ == SizeCheck::kAfterLoading) {
      try {
        Result<Object> object = Load(id, max_bytes);
        if (object || object.error().kind != ErrorKind::kLimit) return object;
      } catch (const std::bad_alloc&) {
        // If the size of this object was the reason, that is what there is to say.
      }
      check_ = SizeCheck::kBeforeLoading;  // there may be more of them
    }
    const Result<ObjectHeader> header = Header(id);
    if (!header) return Fail(header.error());
    if (header->size > max_bytes) return TooLarge(id, max_bytes);
    return Load(id, max_bytes);
  }

 private:
  Result<Object> Load(const ContentId& id, std::size_t max_bytes) const {
    if (Status time = deadline_->Check(); !time) return Fail(std::move(time.error()));
    git_oid oid;
    if (!ToOid(id, &oid)) return Fail(ErrorKind::kUnsupported, "not a SHA-1 id: " + id.Hex());
    OdbObjectHandle object;
    const int code = Acquire(&object, git_odb_read, odb_, &oid);
    if (code < 0) return CannotRead(code, id);
    const std::optional<ObjectType> type = TypeOf(git_odb_object_type(object.get()));
    if (!type) return UnknownType(id);
    const std::size_t size = git_odb_object_size(object.get());
    if (size > max_bytes) return TooLarge(id, max_bytes);
    const auto* bytes = static_cast<const char*>(git_odb_object_data(object.get()));
    return Object{*type, std::string(bytes, size)};
  }

  static tl::unexpected<Error> UnknownType(const ContentId& id) {
    return Fail(ErrorKind::kInvalid, "object " + id.Hex() + " is of no known type");
  }
  static tl::unexpected<Error> TooLarge(const ContentId& id, std::size_t max_bytes) {
    return Fail(ErrorKind::kLimit,
                "object " + id.Hex() + " is larger than " + std::to_string(max_bytes) + " bytes");
  }

  git_odb* odb_;
  const Deadline* deadline_;
  mutable SizeCheck check_;
};

}  // namespace

std::unique_ptr<ObjectStore> MakeOdbStore(git_odb* odb, const Deadline* deadline, SizeCheck check) {
  return std::make_unique<OdbStore>(odb, deadline, check);
}

}  // namespace onehead::git
