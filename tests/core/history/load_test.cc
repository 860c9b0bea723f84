#include "onehead/core/history/load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <new>
#include <string>
#include <vector>

#include "support/memory_tree.h"

namespace onehead {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::MemoryTree;
using testing::MigrationText;

Environment Versions(std::vector<std::string> locations, bool recursive = false) {
  Environment environment;
  environment.version_locations = std::move(locations);
  environment.recursive = recursive;
  return environment;
}

// "path=id" per migration, then "error PATH MESSAGE".
std::vector<std::string> Loaded(const SourceTree& tree, const Environment& environment,
                                const LoadLimits& limits = {}, MigrationCache* cache = nullptr,
                                Workers* workers = nullptr) {
  MigrationCache own;
  const Result<LoadedEnvironment> loaded =
      LoadEnvironment(tree, environment, limits, cache == nullptr ? &own : cache, workers);
  if (!loaded) return {"failed: " + loaded.error().message};
  EXPECT_EQ(loaded->environment, environment);
  std::vector<std::string> lines;
  for (const MigrationPtr& migration : loaded->migrations) {
    lines.push_back(migration->path + "=" + (migration->has_id() ? migration->id() : "?"));
  }
  for (const Error& error : loaded->errors) {
    lines.push_back("error " + error.path + " " + error.message);
  }
  return lines;
}

std::string Text(const std::string& id) { return MigrationText(id, {}); }

TEST(Load, SortedNamesLocationByLocation) {
  const MemoryTree tree({{"v/b.py", Text("b")},
                         {"v/a.py", Text("a")},
                         {"v/B.py", Text("B")},
                         {"w/0.py", Text("w0")},
                         {"other/x.py", Text("x")}});
  EXPECT_THAT(Loaded(tree, Versions({"w", "v"})),
              ElementsAre("w/0.py=w0", "v/B.py=B", "v/a.py=a", "v/b.py=b"));
}

TEST(Load, OnlyMigrationFiles) {
  MemoryTree tree({{"v/a.py", Text("a")},
                   {"v/.hidden.py", Text("h")},
                   {"v/.#a.py", ""},
                   {"v/__init__.py", ""},
                   {"v/a.pyc", ""},
                   {"v/README", ""},
                   {"v/dir.py/x.py", ""},  // a directory is no file, whatever its name
                   {"v/sub/x.py", ""}});
  tree.AddSubmodule("v/module.py");
  EXPECT_THAT(Loaded(tree, Versions({"v"})), ElementsAre("v/.hidden.py=h", "v/a.py=a"));
  EXPECT_THAT(tree.reads(), ElementsAre("v/.hidden.py", "v/a.py"));
}

TEST(Load, CompiledFilesWithoutASourceWhereTheConfigurationSaysSo) {
  MemoryTree tree({{"v/a.py", Text("a")},
                   {"v/a.pyc", ""},
                   {"v/b.pyo", ""},
                   {"v/__init__.pyc", ""},
                   {"v/__pycache__/a.cpython-311.pyc", ""},
                   {"v/__pycache__/c.cpython-311.pyc", ""},
                   {"v/__pycache__/a.py", Text("no")},
                   {"v/__pycache__/d.py", Text("d")},
                   {"w/e.py", Text("e")}});
  tree.AddSymlink("v/__pycache__/e.py", "../../w/e.py");
  Environment environment = Versions({"v"});
  EXPECT_THAT(Loaded(tree, environment), ElementsAre("v/a.py=a"));
  environment.sourceless = true;
  const std::string why =
      " a compiled migration, which the configuration asks for (sourceless), cannot be read";
  EXPECT_THAT(Loaded(tree, environment),
              ElementsAre("v/a.py=a", "v/b.pyo=?", "v/__pycache__/c.cpython-311.pyc=?",
                          "v/__pycache__/d.py=d", "w/e.py=e", "error v/b.pyo" + why,
                          "error v/__pycache__/c.cpython-311.pyc" + why));
}

TEST(Load, HasLinksIsAskedWithoutReading) {
  MemoryTree tree({{"v/a.py", Text("a")}, {"w/sub/a.py", Text("a")}});
  tree.AddSymlink("w/sub/link", "../../v/a.py");
  EXPECT_FALSE(HasLinks(tree, Versions({"v"}), {}).value());
  EXPECT_FALSE(HasLinks(tree, Versions({"v", "w"}), {}).value());
  EXPECT_TRUE(HasLinks(tree, Versions({"v", "w"}, true), {}).value());
  EXPECT_THAT(tree.reads(), IsEmpty());
}

TEST(Load, NamesThatAlembicTakesForMigrationsAndFailsOn) {
  MemoryTree tree({{"v/.py", Text("d")},
                   {"v/..py", Text("e")},
                   {"v/.f.py", Text("f")},
                   {"v/a.py", Text("a")},
                   {"v/b.py\n", Text("b")},
                   {"w/x", ""}});
  tree.AddSymlink("v/c.py", "../w");
  tree.AddSymlink("v/c", "../w");
  EXPECT_THAT(Loaded(tree, Versions({"v"})),
              ElementsAre("v/.f.py=f", "v/a.py=a",
                          "error v/..py Alembic takes this for a migration and fails: the name is "
                          "nothing but an extension",
                          "error v/.py Alembic takes this for a migration and fails: the name is "
                          "nothing but an extension",
                          "error v/b.py\n Alembic takes this for a migration and fails: the name "
                          "ends in a line feed",
                          "error v/c.py a link to a directory that is named like a migration: "
                          "Alembic cannot load it"));
}

TEST(Load, AMissingLocationHoldsNone) {
  EXPECT_THAT(
      Loaded(MemoryTree(std::map<std::string, std::string>{{"a", ""}}), Versions({"v", "a"})),
      IsEmpty());
  EXPECT_THAT(Loaded(MemoryTree(), Versions({})), IsEmpty());
}

TEST(Load, RecursiveAsOsWalk) {
  MemoryTree tree({{"v/b.py", Text("b")},
                   {"v/a/2.py", Text("a2")},
                   {"v/a/z/1.py", Text("az1")},
                   {"v/.x/1.py", Text("x1")},
                   {"v/c.py/1.py", Text("c1")},
                   {"v/__pycache__/1.py", Text("no")},
                   {"other/1.py", Text("o")}});
  tree.AddSymlink("v/link", "../other");
  EXPECT_THAT(
      Loaded(tree, Versions({"v"}, true)),
      ElementsAre("v/b.py=b", "v/.x/1.py=x1", "v/a/2.py=a2", "v/a/z/1.py=az1", "v/c.py/1.py=c1"));
  tree.AddSubmodule("v/module");
  EXPECT_THAT(Loaded(tree, Versions({"v"}, true)),
              ::testing::Contains("error v/module a submodule in a recursive version location: "
                                  "its files are not in this repository"));
}

TEST(Load, OverlappingLocationsAreReadOnce) {
  const MemoryTree tree({{"v/a.py", Text("a")}, {"v/sub/b.py", Text("b")}});
  EXPECT_THAT(Loaded(tree, Versions({"v", "v/sub"}, true)),
              ElementsAre("v/a.py=a", "v/sub/b.py=b"));
  EXPECT_THAT(Loaded(tree, Versions({"v/sub", "v"}, true)),
              ElementsAre("v/sub/b.py=b", "v/a.py=a"));
}

TEST(Load, LinksToFilesAreReadByTheirResolvedName) {
  MemoryTree tree({{"shared/x.py", Text("x")},
                   {"shared/x.txt", Text("t")},
                   {"v/c.py", Text("c")},
                   {"v/sub/s.py", Text("s")}});
  tree.AddSymlink("v/a.txt", "../shared/x.txt");      // ignored: the target is no migration
  tree.AddSymlink("v/b.py", "../shared/x.py");        // read
  tree.AddSymlink("v/b2.py", "b.py");                 // the same file
  tree.AddSymlink("v/c_again", "c.py");               // the same again
  tree.AddSymlink("v/d.txt", "sub/../sub/./s.py");    // read: the target is one
  tree.AddSymlink("v/e", "sub");                      // a directory
  tree.AddSymlink("v/.#lock.py", "user@host.12:34");  // an editor's lock, which leads nowhere
  EXPECT_THAT(Loaded(tree, Versions({"v"})),
              ElementsAre("shared/x.py=x", "v/c.py=c", "v/sub/s.py=s"));
}

// Older Alembic goes by the name of the link.
TEST(Load, ALinkThatOnlySomeVersionsTakeForAMigration) {
  MemoryTree tree({{"shared/x.txt", Text("t")}, {"v/c.py", Text("c")}});
  tree.AddSymlink("v/a.py", "../shared/x.txt");
  EXPECT_THAT(Loaded(tree, Versions({"v"})),
              ElementsAre("v/c.py=c",
                          "error v/a.py a link that is named like a migration, to a file that is "
                          "not: newer Alembic passes it over, and older loads it"));
}

TEST(Load, LinksThroughLinkedDirectories) {
  MemoryTree tree({{"real/deep/x.py", Text("x")}});
  tree.AddSymlink("alias", "real");
  tree.AddSymlink("real/up", "deep");
  tree.AddSymlink("v/a.py", "../alias/up/x.py");
  tree.AddSymlink("v/b.py", "../real/up/../deep/x.py");
  // As realpath, and unlike the system: ".." takes back what is missing, or a file.
  tree.AddSymlink("v/c.py", "gone/../../real/deep/x.py/../x.py");
  EXPECT_THAT(Loaded(tree, Versions({"v"})), ElementsAre("real/deep/x.py=x"));
}

TEST(Load, LinksThatLeadNowhere) {
  MemoryTree tree({{"v/c.py", Text("c")}});
  tree.AddSymlink("v/a.py", "gone.py");
  tree.AddSymlink("v/b.py", "/srv/x.py");
  tree.AddSymlink("v/b0.py", "/srv/x.txt");
  tree.AddSymlink("v/d.py", "../../x.py");
  tree.AddSymlink("v/e.py", "f.py");
  tree.AddSymlink("v/f.py", "e.py");
  tree.AddSymlink("v/g.py", "c.py/x.py");
  tree.AddSymlink("v/h.txt", "gone.txt");
  EXPECT_THAT(Loaded(tree, Versions({"v"})),
              ElementsAre("v/b.py=?", "v/c.py=c", "v/d.py=?",
                          "error v/a.py a symbolic link that leads nowhere",
                          "error v/b.py a symbolic link that leads out of the repository",
                          "error v/d.py a symbolic link that leads out of the repository",
                          "error v/e.py a symbolic link that leads in a circle",
                          "error v/f.py a symbolic link that leads in a circle",
                          "error v/g.py a symbolic link that leads nowhere"));
}

TEST(Load, FilesThatCannotBeReadAreErrorsOfTheirOwn) {
  MemoryTree tree(
      {{"v/a.py", Text("a")}, {"v/b.py", Text("b")}, {"v/c.py", std::string(9999, '#')}});
  tree.MakeUnreadable("v/a.py");
  LoadLimits limits;
  limits.max_file_bytes = 5000;
  EXPECT_THAT(Loaded(tree, Versions({"v"}), limits),
              ElementsAre("v/a.py=?", "v/b.py=b", "v/c.py=?", "error v/a.py cannot be read",
                          "error v/c.py larger than 5000 bytes (onehead.maxFileSize)"));
}

TEST(Load, TooManyFilesOfALocation) {
  MemoryTree tree(
      {{"v/a.py", Text("a")}, {"v/b.py", Text("b")}, {"v/README", ""}, {"w/c.py", Text("c")}});
  LoadLimits limits;
  limits.max_files = 2;
  EXPECT_THAT(Loaded(tree, Versions({"v", "w"}), limits),
              ElementsAre("v/a.py=a", "v/b.py=b", "w/c.py=c"));
  limits.max_files = 1;
  EXPECT_THAT(Loaded(tree, Versions({"v", "w"}), limits),
              ElementsAre("w/c.py=c", "error v more than 1 files (onehead.maxFiles)"));
}

TEST(Load, TooManyDirectoriesCountToo) {
  std::map<std::string, std::string> files;
  for (int i = 0; i < 20; ++i) files["v/" + std::to_string(i) + "/README"] = "";
  LoadLimits limits;
  limits.max_files = 10;
  EXPECT_THAT(Loaded(MemoryTree(files), Versions({"v"}, true), limits),
              ElementsAre("error v more than 10 files (onehead.maxFiles)"));
  EXPECT_THAT(Loaded(MemoryTree(files), Versions({"v"}), limits), IsEmpty());
}

TEST(Load, ADirectoryIsListedOnceHoweverManyFilesItHas) {
  MemoryTree tree;
  for (int i = 0; i < 200; ++i) tree.AddFile("v/" + std::to_string(i) + ".py", Text("r"));
  for (int i = 0; i < 200; ++i) tree.AddSymlink("v/l" + std::to_string(i) + ".py", "1.py");
  Loaded(tree, Versions({"v"}));
  EXPECT_EQ(std::count(tree.lists().begin(), tree.lists().end(), "v"), 1);
}

TEST(Load, ABlobIsReadOncePerProcess) {
  MigrationCache cache;
  const MemoryTree first({{"v/a.py", Text("a")}, {"v/b.py", Text("b")}});
  Loaded(first, Versions({"v"}), {}, &cache);
  EXPECT_THAT(first.reads(), ElementsAre("v/a.py", "v/b.py"));
  const MemoryTree second(
      {{"v/a.py", Text("a")}, {"v/b.py", Text("b2")}, {"w/moved.py", Text("a")}});
  EXPECT_THAT(Loaded(second, Versions({"v", "w"}), {}, &cache),
              ElementsAre("v/a.py=a", "v/b.py=b2", "w/moved.py=a"));
  EXPECT_THAT(second.reads(), ElementsAre("v/b.py"));
}

TEST(Load, AnIdFromTheFileNameIsReadAgainUnderAnotherName) {
  const std::string text = "down_revision = None\n";
  const MemoryTree tree({{"v/1a.py", text}, {"v/2b.py", text}, {"v/x.py", text}});
  EXPECT_THAT(Loaded(tree, Versions({"v"})), ElementsAre("v/1a.py=1a", "v/2b.py=2b", "v/x.py=?"));
  EXPECT_THAT(tree.reads(), ElementsAre("v/1a.py", "v/2b.py", "v/x.py"));
}

// The same tree, of which so many files can be read before there is no memory any more.
class TreeOfAnotherThread : public SourceTree {
 public:
  TreeOfAnotherThread(const SourceTree& same, int* budget) : same_(same), budget_(*budget) {}
  Result<SharedListing> List(std::string_view path) const override { return same_.List(path); }
  Result<std::string> Read(std::string_view path, std::size_t max_bytes) const override {
    if (budget_-- == 0) throw std::bad_alloc();
    return same_.Read(path, max_bytes);
  }

 private:
  const SourceTree& same_;
  int& budget_;
};

class TreeForTwoThreads : public MemoryTree {
 public:
  std::unique_ptr<SourceTree> CloneForThread() const override {
    return std::make_unique<TreeOfAnotherThread>(*this, &budget);
  }
  mutable int budget = 0;
};

// The other one does all it can before the caller begins.
class EagerWorkers : public Workers {
 public:
  void RunOnAll(const std::function<void(int)>& work) override {
    try {
      work(1);
    } catch (const std::bad_alloc&) {
    }
    work(0);
  }
};

TEST(Load, WhoeverReadsItIsTheSame) {
  TreeForTwoThreads tree;
  for (int i = 100; i < 500; ++i) {
    const std::string id = "m" + std::to_string(i);
    tree.AddFile("v/" + id + ".py", Text(id));
  }
  tree.MakeUnreadable("v/m200.py");
  tree.AddSymlink("v/link.py", "m100.py");
  tree.AddFile("v/note.py", "x = 1\n");
  tree.AddFile("v/zz.py", "");
  const std::vector<std::string> alone = Loaded(tree, Versions({"v"}));
  EagerWorkers workers;
  for (const int budget : {0, 1, 150, 1000}) {
    tree.budget = budget;
    EXPECT_EQ(Loaded(tree, Versions({"v"}), {}, nullptr, &workers), alone);
    EXPECT_LT(tree.budget, std::max(budget - 400, 0)) << "it was not asked";
  }
}

TEST(MigrationCache, ForgetsWhatHasNoContentId) {
  MigrationCache cache;
  Migration migration;
  migration.path = "v/a.py";
  cache.Add(std::make_shared<const Migration>(migration));
  EXPECT_EQ(cache.Find(ContentId{}, "v/a.py"), nullptr);
}

}  // namespace
}  // namespace onehead
