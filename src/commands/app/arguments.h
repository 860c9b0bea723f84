// The arguments of one command, read by CLI11. Its header makes every file that includes it build
// a dozen objects when the program starts, in the hook too: so only arguments.cc includes it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "commands/app/streams.h"

namespace CLI {
class App;
}

namespace onehead {

class Arguments {
 public:
  // `name` as the user types it ("onehead check"); --help prints `text`, the options, `footer`.
  Arguments(const std::string& name, const std::string& text, const std::string& footer);
  ~Arguments();
  Arguments(const Arguments&) = delete;
  Arguments& operator=(const Arguments&) = delete;

  // `option` is "--long", "-s,--long", or "NAME" for an argument without a dash. `type` stands
  // for the value in --help. What is pointed to is written by Parse.
  void Flag(const std::string& option, bool* value, const std::string& description);
  void Flag(const std::string& option, std::function<void()> given, const std::string& description);
  void Value(const std::string& option, std::string* value, const std::string& type,
             const std::string& description);
  void Value(const std::string& option, std::optional<std::string>* value, const std::string& type,
             const std::string& description);
  // May be repeated; of a NAME, as many as there are.
  void Values(const std::string& option, std::vector<std::string>* values, const std::string& type,
              const std::string& description);
  // One of the names, and nothing else.
  template <class T>
  void Choice(const std::string& option, const std::vector<std::pair<const char*, T>>& choices,
              T* value, const std::string& type, const std::string& description) {
    std::vector<std::string> names;
    std::vector<T> meanings;
    for (const auto& [name, meaning] : choices) {
      names.emplace_back(name);
      meanings.push_back(meaning);
    }
    const auto choose = [meanings = std::move(meanings), value](std::size_t i) {
      *value = meanings[i];
    };
    AddChoice(option, std::move(names), choose, type, description);
  }
  // It is wrong usage to give `option` together with one of `others`.
  void Excludes(const std::string& option, const std::vector<std::string>& others);

  // Null: go on. Else the exit code: 0 after --help, 129 after wrong usage; the text has been
  // printed.
  std::optional<int> Parse(const std::vector<std::string>& args, Streams& io);

 private:
  void AddChoice(const std::string& option, std::vector<std::string> names,
                 std::function<void(std::size_t)> choose, const std::string& type,
                 const std::string& description);

  std::unique_ptr<CLI::App> app_;
};

// What is printed of wrong usage. Returns the exit code, 129.
int WrongUsage(const std::string& name, const std::string& what, Streams& io);

}  // namespace onehead
