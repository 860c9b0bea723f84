#!/bin/sh
# Installs what was built into a scratch prefix, as `./install.sh` does, and asks it for help under
# each of its names: installed.sh CMAKE BUILD_DIRECTORY
set -eu

cmake=$1
build=$2
source=$(cd "$(dirname "$0")/../.." && pwd -P)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
prefix=$scratch/usr
mkdir "$scratch/home"

fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

"$cmake" --install "$build" --prefix "$prefix" >"$scratch/log" 2>&1 || {
  cat "$scratch/log" >&2
  fail 'it cannot be installed'
}

# Neither MANPATH nor MANPAGER: man finds the pages by PATH.
in_place() {
  env -i PATH="$prefix/bin:$PATH" HOME="$scratch/home" GIT_CONFIG_GLOBAL=/dev/null \
    GIT_CONFIG_NOSYSTEM=1 LC_ALL=C "$@"
}

for command in 'git onehead help' 'git onehead -h' 'onehead --help'; do
  # shellcheck disable=SC2086  # a list of words
  in_place $command | grep -q '^usage: onehead ' || fail "$command shows no usage"
done
if command -v man >/dev/null; then
  for command in 'git onehead --help' 'git help onehead' 'man onehead' 'man git-merge-onehead'; do
    # shellcheck disable=SC2086  # a list of words
    in_place $command >"$scratch/page" || fail "$command failed"
    grep -q 'down to one head' "$scratch/page" || fail "$command opens another page"
  done
else
  echo 'no man here: the pages were not opened'
fi

"$source/install.sh" uninstall --prefix="$prefix" >/dev/null
left=$(find "$prefix" ! -type d)
[ -z "$left" ] || fail "uninstalling leaves $left"
