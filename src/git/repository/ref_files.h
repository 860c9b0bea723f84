// Refs as files have them, read without libgit2, which reads all of a repository's configuration
// before it reads the first ref.
#pragma once

#include <string>

#include "onehead/core/tree/source_tree.h"

namespace onehead::git {

struct StoredRef {
  enum class Kind {
    kNone,      // there is none
    kId,        // `id`
    kSymbolic,  // leads to the ref `target`
    kUnclear,   // an unusual name or file: libgit2 has to say
  };
  Kind kind = Kind::kUnclear;
  ContentId id = {};
  std::string target = {};
};

// `directory` is the Git directory; `name` a full name ("HEAD", "refs/heads/main"). A symbolic ref
// is a file, and never packed.
StoredRef ReadRefFile(const std::string& directory, const std::string& name);

// Of those that `git pack-refs` has put into one file, which count where ReadRefFile finds none.
StoredRef FindPackedRef(const std::string& directory, const std::string& name);

}  // namespace onehead::git
