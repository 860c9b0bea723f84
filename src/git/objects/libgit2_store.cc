#include "git/objects/libgit2_store.h"

#include <git2/sys/odb_backend.h>

#include <memory>
#include <new>
#include <utility>

#include "git/support/error.h"
#include "git/support/libgit2.h"

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

int AddBackend(git_odb* odb, int code, git_odb_backend* backend, int priority) {
  if (code < 0) return code;
  code = git_odb_add_backend(odb, backend, priority);  // takes it over when it succeeds
  if (code < 0) backend->free(backend);
  return code;
}

// All packs are asked before all loose objects: most objects are in packs, and looking for a file
// that is not there costs more than looking into an index that is mapped.
int AddObjectDirs(git_odb* odb, const std::vector<std::string>& dirs) {
  int code = 0;
  int priority = static_cast<int>(2 * dirs.size());  // the highest is asked first
  for (const std::string& path : dirs) {
    git_odb_backend* backend = nullptr;
    if (code == 0) code = git_odb_backend_pack(&backend, path.c_str());
    code = AddBackend(odb, code, backend, priority--);
  }
  for (const std::string& path : dirs) {
    git_odb_backend* backend = nullptr;
    if (code == 0) code = git_odb_backend_loose(&backend, path.c_str(), -1, 0, 0, 0);
    code = AddBackend(odb, code, backend, priority--);
  }
  return code;
}

class OdbStore : public ObjectStore {
 public:
  OdbStore(git_odb* odb, std::vector<std::string> object_dirs, const Deadline* deadline,
           SizeCheck check)
      : odb_(odb),
        object_dirs_(std::move(object_dirs)),
        deadline_(deadline),
        asked_for_(check),
        check_(check) {
    for (std::size_t i = 0; i < git_odb_num_backends(odb); ++i) {
      git_odb_backend* backend = nullptr;
      if (git_odb_get_backend(&backend, odb, i) == 0) backends_.push_back(backend);
    }
  }
  OdbStore(OdbHandle own, std::vector<std::string> object_dirs, const Deadline* deadline,
           SizeCheck check)
      : OdbStore(own.get(), std::move(object_dirs), deadline, check) {
    own_ = std::move(own);
  }

  // A git_odb is locked while an object is unpacked, so another thread needs another one.
  std::unique_ptr<ObjectStore> CloneForThread() const override {
    if ((git_libgit2_features() & GIT_FEATURE_THREADS) == 0) return nullptr;
    Result<OdbHandle> odb = OpenOdb(object_dirs_);
    if (!odb) return nullptr;
    return std::make_unique<OdbStore>(std::move(*odb), object_dirs_, deadline_, asked_for_);
  }

  Result<ObjectHeader> Header(const ContentId& id) const override {
    ONEHEAD_TRY(deadline_->Check());
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
    ONEHEAD_ASSIGN_OR_RETURN(const ObjectHeader header, Header(id));
    if (header.size > max_bytes) return TooLarge(id, max_bytes);
    return Load(id, max_bytes);
  }

 private:
  Result<Object> Load(const ContentId& id, std::size_t max_bytes) const {
    ONEHEAD_TRY(deadline_->Check());
    git_oid oid;
    if (!ToOid(id, &oid)) return Fail(ErrorKind::kUnsupported, "not a SHA-1 id: " + id.Hex());
    if (std::optional<Result<Object>> found = LoadFromBackends(id, oid, max_bytes)) {
      return std::move(*found);
    }
    OdbObjectHandle object;
    const int code = Acquire(&object, git_odb_read, odb_, &oid);
    if (code < 0) return CannotRead(code, id);
    return Checked(id, git_odb_object_type(object.get()), git_odb_object_data(object.get()),
                   git_odb_object_size(object.get()), max_bytes);
  }

  // As git_odb_read does, but that one asks all packs in the same order for every object, and each
  // that does not have it words an error. Null: that one has to say. The object is in none of the
  // stores, or libgit2 knows it by itself, or the stores have changed; or it is damaged in one, and
  // which of them is asked first must not depend on what was read before.
  std::optional<Result<Object>> LoadFromBackends(const ContentId& id, const git_oid& oid,
                                                 std::size_t max_bytes) const {
    for (std::size_t i = 0; i < backends_.size(); ++i) {
      git_odb_backend* const backend = backends_[i];
      void* data = nullptr;
      std::size_t size = 0;
      git_object_t type = GIT_OBJECT_INVALID;
      const int code = backend->read(&data, &size, &type, backend, &oid);
      if (code == GIT_ENOTFOUND) continue;
      if (code < 0) return std::nullopt;
      const std::unique_ptr<void, BackendData> owned(data, BackendData{backend});
      // The next one is likely to be in the same pack, and a file is found as fast as before.
      if (i < object_dirs_.size()) std::swap(backends_[0], backends_[i]);
      return Checked(id, type, data, size, max_bytes);
    }
    return std::nullopt;
  }

  static Result<Object> Checked(const ContentId& id, git_object_t type, const void* data,
                                std::size_t size, std::size_t max_bytes) {
    const std::optional<ObjectType> known = TypeOf(type);
    if (!known) return UnknownType(id);
    if (size > max_bytes) return TooLarge(id, max_bytes);
    return Object{*known, std::string(static_cast<const char*>(data), size)};
  }

  static tl::unexpected<Error> UnknownType(const ContentId& id) {
    return Fail(ErrorKind::kInvalid, "object " + id.Hex() + " is of no known type");
  }
  static tl::unexpected<Error> TooLarge(const ContentId& id, std::size_t max_bytes) {
    return Fail(ErrorKind::kLimit,
                "object " + id.Hex() + " is larger than " + std::to_string(max_bytes) + " bytes");
  }

  struct BackendData {
    git_odb_backend* backend;
    void operator()(void* data) const { git_odb_backend_data_free(backend, data); }
  };

  OdbHandle own_;  // null: somebody else's
  git_odb* odb_;
  mutable std::vector<git_odb_backend*> backends_;  // of packs, for each directory one; then others
  const std::vector<std::string> object_dirs_;
  const Deadline* deadline_;
  const SizeCheck asked_for_;
  mutable SizeCheck check_;
};

}  // namespace

Result<OdbHandle> OpenOdb(const std::vector<std::string>& object_dirs) {
  OdbHandle odb;
  int code = Acquire(&odb, git_odb_new);
  if (code == 0) code = AddObjectDirs(odb.get(), object_dirs);
  if (code < 0) return Fail(FromLibgit2(code, "cannot open the object store"));
  return odb;
}

std::unique_ptr<ObjectStore> MakeOdbStore(git_odb* odb, std::vector<std::string> object_dirs,
                                          const Deadline* deadline, SizeCheck check) {
  return std::make_unique<OdbStore>(odb, std::move(object_dirs), deadline, check);
}

}  // namespace onehead::git
