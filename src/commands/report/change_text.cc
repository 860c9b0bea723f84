#include "commands/report/change_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "onehead/base/text.h"

namespace onehead {
namespace {

constexpr std::size_t kMaxIds = 4;  // named one by one

std::string LineOf(const MigrationEdit& edit) {
  const Migration& migration = *edit.change.migration;
  std::string line = Printable(edit.path(), 200);
  if (edit.target() != edit.path()) line += " -> " + Printable(edit.target(), 200);
  if (edit.change.removed) return line + ": removed: it " + Printable(edit.change.why_removed, 300);
  std::string what;
  if (!edit.change.new_id.empty()) {
    what +=
        ", revision " + Printable(migration.id(), 80) + " -> " + Printable(edit.change.new_id, 80);
  }
  if (edit.change.parents_changed) {
    what += ", down_revision " + ParentText(migration.down_revision.ids) + " -> " +
            ParentText(edit.change.parents);
  }
  if (edit.change.depends_on != migration.depends_on.ids) {
    what += ", depends_on " + ParentText(migration.depends_on.ids) + " -> " +
            ParentText(edit.change.depends_on);
  }
  return line + ":" + what.substr(std::min<std::size_t>(1, what.size()));
}

std::string Named(const std::vector<std::string>& ids) {
  std::string text;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (i == kMaxIds - 1 && ids.size() > kMaxIds) {
      return text + fmt::format(" and {} more", ids.size() - i);
    }
    text += (text.empty() ? "" : ", ") + Printable(ids[i], 80);
  }
  return text;
}

std::string WarningOf(const DatabaseEffect& effect) {
  const std::string who = "warning: databases that already ran " + Named(effect.ran);
  const bool one = effect.ran.size() == 1;
  switch (effect.ids) {
    case DatabaseEffect::Ids::kGone:
      return who + fmt::format(" know {} no migration has any more: Alembic stops there",
                               one ? "it by an id that" : "them by ids that");
    case DatabaseEffect::Ids::kReused:
      return who + fmt::format(" know {} now another migration has: Alembic will be wrong there",
                               one ? "it by an id that" : "them by ids that");
    case DatabaseEffect::Ids::kKept:
      break;
  }
  const std::string below = one ? " now below it" : " now below them";
  if (!effect.is_certain) return who + " will skip what is" + below + " and did not run before";
  if (effect.skipped.size() == 1) {
    return who + " will skip " + Named(effect.skipped) + ", which is" + below;
  }
  return who + fmt::format(" will skip {} migrations{}: {}", effect.skipped.size(), below,
                           Named(effect.skipped));
}

std::string Word(const std::string& id) { return Printable(ShellWord(id), 100); }

std::string Joined(const std::vector<std::string>& commands) {
  std::string text;
  for (const std::string& command : commands) text += (text.empty() ? "" : " && ") + command;
  return text;
}

}  // namespace

std::string ParentText(const std::vector<std::string>& ids) {
  std::string text;
  for (const std::string& id : ids) text += (text.empty() ? "" : ", ") + Printable(id, 80);
  return text.empty() ? "None" : text;
}

Lines RewriteLines(const std::vector<MigrationEdit>& edits) {
  Lines lines;
  for (const MigrationEdit& edit : edits) lines.push_back(LineOf(edit));
  return lines;
}

std::string DoubtNote(const std::vector<MigrationPtr>& migrations) {
  const Migration* first = nullptr;
  std::size_t others = 0;
  for (const MigrationPtr& migration : migrations) {
    if (!migration->revision.doubtful && !migration->down_revision.doubtful) continue;
    if (first == nullptr) {
      first = migration.get();
    } else {
      ++others;
    }
  }
  if (first == nullptr) return {};
  return fmt::format(
      "{}: other code of the file might change its revision or down_revision{}; what "
      "is written counts",
      Printable(first->path, 200), others == 0 ? "" : fmt::format(" (and so in {} more)", others));
}

std::string DatabaseRisk(const DatabaseEffect& effect) {
  if (effect.ran.empty()) return {};
  const std::string who = "databases that already ran " + Named(effect.ran);
  if (effect.ids != DatabaseEffect::Ids::kKept) return who + " would not find their ids any more";
  return who + " would skip " + (effect.is_certain ? Named(effect.skipped) : "what is below");
}

std::vector<std::string> DatabaseCommands(const DatabaseEffect& effect, Databases databases) {
  if (!effect.chain) return {};
  const DatabaseEffect::Chain& chain = *effect.chain;
  const bool kept = effect.ids == DatabaseEffect::Ids::kKept;
  // Alembic reads the ids that a database has before it writes others, unless it is told to purge.
  const std::string first_stamp = kept ? "alembic stamp " : "alembic stamp --purge ";
  if (databases == Databases::kDeployed) {
    return {first_stamp + Word(chain.old_parent), "alembic upgrade " + Word(chain.parent),
            "alembic stamp " + Word(chain.last)};
  }
  std::vector<std::string> commands;
  if (!kept) commands.push_back(first_stamp + Word(chain.last));
  commands.push_back("alembic downgrade " + Word(chain.parent));
  commands.push_back("alembic stamp " + Word(chain.old_parent));
  commands.push_back("alembic upgrade head");
  return commands;
}

Lines DatabaseLines(const DatabaseEffect& effect, Databases databases) {
  if (effect.ran.empty()) return {};
  Lines lines = {WarningOf(effect)};
  const std::vector<std::string> commands = DatabaseCommands(effect, databases);
  if (commands.empty()) {
    lines.push_back("hint: what to do with such a database: onehead help rebase");
    return lines;
  }
  const DatabaseEffect::Chain& chain = *effect.chain;
  const bool kept = effect.ids == DatabaseEffect::Ids::kKept;
  if (databases == Databases::kDeployed) {
    const std::string last = Printable(effect.ran.back(), 80);
    lines.push_back(fmt::format("hint: on one that ran {} but not {}: {}", last,
                                Printable(chain.parent, 80), Joined(commands)));
    lines.push_back(
        fmt::format("hint: on one that ran both: alembic stamp --purge {}", Word(chain.last)));
    return lines;
  }
  const std::string condition = kept ? Named(effect.ran) : Printable(effect.ran.back(), 80);
  lines.push_back(
      fmt::format("hint: on one that ran {}, dropping and recreating what {} created: {}",
                  condition, effect.ran.size() == 1 ? "it" : "they", Joined(commands)));
  return lines;
}

}  // namespace onehead
