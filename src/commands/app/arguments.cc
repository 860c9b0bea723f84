#include "commands/app/arguments.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "commands/app/exit_code.h"
#include "onehead/base/text.h"

namespace onehead {

Arguments::Arguments(const std::string& name, const std::string& text, const std::string& footer)
    : app_(std::make_unique<CLI::App>(text, name)) {
  app_->footer(footer);
}

Arguments::~Arguments() = default;

void Arguments::Flag(const std::string& option, bool* value, const std::string& description) {
  app_->add_flag(option, *value, description);
}

void Arguments::Flag(const std::string& option, std::function<void()> given,
                     const std::string& description) {
  app_->add_flag_callback(option, std::move(given), description);
}

void Arguments::Value(const std::string& option, std::string* value, const std::string& type,
                      const std::string& description) {
  app_->add_option(option, *value, description)->type_name(type);
}

void Arguments::Value(const std::string& option, std::optional<std::string>* value,
                      const std::string& type, const std::string& description) {
  app_->add_option(option, *value, description)->type_name(type);
}

void Arguments::Values(const std::string& option, std::vector<std::string>* values,
                       const std::string& type, const std::string& description) {
  CLI::Option* added = app_->add_option(option, *values, description)->type_name(type);
  if (!added->get_positional()) added->allow_extra_args(false);
}

void Arguments::AddChoice(const std::string& option, std::vector<std::string> names,
                          std::function<void(std::size_t)> choose, const std::string& type,
                          const std::string& description) {
  // CLI::CheckedTransformer would also take the values behind the names.
  const auto check = [option, names = std::move(names),
                      choose = std::move(choose)](const std::string& given) {
    const auto found = std::find(names.begin(), names.end(), given);
    if (found == names.end()) {
      throw CLI::ValidationError(option,
                                 "'" + given + "' is not one of " + CLI::detail::join(names, ", "));
    }
    choose(static_cast<std::size_t>(found - names.begin()));
  };
  app_->add_option_function<std::string>(option, check, description)->type_name(type);
}

void Arguments::Excludes(const std::string& option, const std::vector<std::string>& others) {
  for (const std::string& other : others) {
    app_->get_option(option)->excludes(app_->get_option(other));
  }
}

std::optional<int> Arguments::Parse(const std::vector<std::string>& args, Streams& io) {
  try {
    app_->parse(std::vector<std::string>(args.rbegin(), args.rend()));
    return std::nullopt;
  } catch (const CLI::CallForHelp&) {
    io.out << app_->help();
    return kExitOk;
  } catch (const CLI::ParseError& error) {
    return WrongUsage(app_->get_name(), Printable(error.what(), 400), io);
  }
}

int WrongUsage(const std::string& name, const std::string& what, Streams& io) {
  io.err << "error: " << what << "\nhint: see " << name << " --help\n";
  return kExitUsage;
}

}  // namespace onehead
