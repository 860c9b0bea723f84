// One owner per libgit2 type. Nothing else in this program frees a libgit2 object.
#pragma once

#include <git2.h>
#if __has_include(<git2/sys/errors.h>)  // libgit2 1.8 moved git_error_clear there
#include <git2/sys/errors.h>
#endif

#include <memory>

namespace onehead::git {

template <auto kFree>
struct Freer {
  template <typename T>
  void operator()(T* object) const {
    kFree(object);
  }
};

template <typename T, auto kFree>
using Handle = std::unique_ptr<T, Freer<kFree>>;

using RepositoryHandle = Handle<git_repository, &git_repository_free>;
using OdbHandle = Handle<git_odb, &git_odb_free>;
using OdbObjectHandle = Handle<git_odb_object, &git_odb_object_free>;
using ObjectHandle = Handle<git_object, &git_object_free>;
using ReferenceHandle = Handle<git_reference, &git_reference_free>;
using ReferenceIteratorHandle = Handle<git_reference_iterator, &git_reference_iterator_free>;
using IndexHandle = Handle<git_index, &git_index_free>;
using ConfigHandle = Handle<git_config, &git_config_free>;
using ConfigIteratorHandle = Handle<git_config_iterator, &git_config_iterator_free>;

// Makes an owner from a libgit2 function that returns a code and gives its object through its
// first argument: `int code = Acquire(&handle, git_odb_new);`
template <typename T, auto kFree, typename Function, typename... Args>
int Acquire(Handle<T, kFree>* out, Function function, Args... args) {
  T* raw = nullptr;
  const int code = function(&raw, args...);
  out->reset(raw);
  return code;
}

}  // namespace onehead::git
