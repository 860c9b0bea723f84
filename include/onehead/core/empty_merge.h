// Does a migration do anything? A merge revision that does nothing can go when there is nothing
// left for it to join; one that does something is the user's work.
#pragma once

#include <string_view>

namespace onehead {

// True when the module holds nothing but a docstring, imports, the four names and functions whose
// bodies are `pass`, `...`, `return` or strings. False in doubt.
bool IsEmptyMigration(std::string_view text);

}  // namespace onehead
