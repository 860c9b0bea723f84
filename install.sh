#!/bin/sh
# Builds, tests and installs onehead. `./install.sh help` says how.
set -eu

top=$(cd "$(dirname "$0")" && pwd -P)
builds=${ONEHEAD_BUILD:-$top/build}

# Debian's names; README.md has those of other systems.
build_packages='g++ cmake ninja-build pkg-config git libgit2-dev libre2-dev nlohmann-json3-dev
  libcli11-dev libfmt-dev libexpected-dev libtomlplusplus-dev libdeflate-dev'
test_packages='libgtest-dev libgmock-dev python3 python3-alembic'
fuzz_packages='clang libclang-rt-dev'

usage() {
  cat <<'END'
usage: ./install.sh [--prefix=DIR] [LINK]      build onehead and install it
       ./install.sh demo [LINK]                build it and show it at work, in a scratch directory
       ./install.sh test                       build it with sanitizers, and in one file, and run all tests
       ./install.sh bench [OPTION...]          build it and measure it against Git and Alembic
       ./install.sh fuzz [SECONDS] [--seed=N]  build the fuzzers with Clang and run each so long (60);
                                               with a seed, the same inputs in the same order
       ./install.sh uninstall [--prefix=DIR]   remove what was installed
       ./install.sh help

LINK: --static for one file that needs nothing else, --shared for the system's libraries; by
default the first that can be had.
DIR is $PREFIX, else /usr/local for root and ~/.local for anybody else.
On Debian and Ubuntu, root gets the missing packages from apt-get; others are told the command.
It builds in build/ beside this script, or in $ONEHEAD_BUILD.
END
}

say() { printf '%s\n' "$*"; }
die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# Runs a command that has nothing to say unless it fails; then its log is shown.
quietly() { # DOING LOG COMMAND...
  doing=$1 log=$2
  shift 2
  say "$doing ..."
  mkdir -p "$(dirname "$log")"
  if ! "$@" >"$log" 2>&1 </dev/null; then
    tail -n 60 "$log" >&2
    die "$doing failed; the whole log is in $log"
  fi
}

# --- packages ---

is_debian() { command -v dpkg-query >/dev/null && command -v apt-get >/dev/null; }

missing_packages() { # PACKAGE...
  for package in "$@"; do
    # A package that dpkg has never heard of makes dpkg-query fail.
    status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || status=none
    [ "$status" = installed ] || printf '%s ' "$package"
  done
}

apt_get() { # In its own log; nothing asks a question.
  DEBIAN_FRONTEND=noninteractive apt-get -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 "$@"
}

install_packages() { # PACKAGE...
  missing=$(missing_packages "$@")
  missing=${missing% }
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" -ne 0 ]; then
    say "These packages are missing: $missing"
    say 'As root:'
    say "  apt-get update && apt-get install -y --no-install-recommends $missing"
    die 'nothing was built'
  fi
  quietly 'apt-get update' "$builds/apt-update.log" apt_get update
  # shellcheck disable=SC2086  # a list of words
  quietly "apt-get install $missing" "$builds/apt-install.log" \
    apt_get install -y --no-install-recommends $missing
}

# Elsewhere it is enough to name what is not there before the build fails half-way.
check_tools() {
  lacking=
  for tool in cmake git pkg-config; do
    command -v "$tool" >/dev/null || lacking="$lacking $tool"
  done
  command -v "${CXX:-c++}" >/dev/null || lacking="$lacking c++"
  if command -v pkg-config >/dev/null; then
    for module in libgit2 re2; do
      pkg-config --exists "$module" || lacking="$lacking $module"
    done
  fi
  [ -z "$lacking" ] || die "not found:$lacking (README.md has the names of the packages)"
}

need() { # PACKAGE...
  if is_debian; then install_packages "$@"; else check_tools; fi
}

# --- building ---

target=all
jobs() { getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2; }

build() { # DIRECTORY CMAKE_OPTION...
  directory=$1
  shift
  if command -v ninja >/dev/null && [ ! -e "$directory/CMakeCache.txt" ]; then
    set -- -G Ninja "$@"
  fi
  if command -v ccache >/dev/null; then
    set -- -DCMAKE_CXX_COMPILER_LAUNCHER=ccache -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON "$@"
  fi
  quietly "configuring in $directory" "$directory/configure.log" \
    cmake -S "$top" -B "$directory" "$@"
  quietly 'building' "$directory/build.log" \
    cmake --build "$directory" --parallel "$(jobs)" --target "$target"
}

build_release() { # CMAKE_OPTION...
  # shellcheck disable=SC2086  # a list of words
  need $build_packages
  build "$builds/release" -DCMAKE_BUILD_TYPE=Release -DONEHEAD_DEV=OFF "-DONEHEAD_LINK=$link" "$@"
}

# --- what can be asked for ---

default_prefix() {
  if [ -n "${PREFIX:-}" ]; then
    say "$PREFIX"
  elif [ "$(id -u)" -eq 0 ]; then
    say /usr/local
  else
    say "$HOME/.local"
  fi
}

do_install() {
  build_release "-DCMAKE_INSTALL_PREFIX=$prefix"
  quietly "installing in $prefix" "$builds/release/install.log" \
    cmake --install "$builds/release" --prefix "$prefix" --strip
  say "installed: $prefix/bin/onehead"
  case ":$PATH:" in
    *":$prefix/bin:"*) ;;
    *) say "hint: $prefix/bin is not on PATH, where Git looks for git-merge-onehead" ;;
  esac
  say 'Next, for each repository on the server:'
  say '  onehead install --server GIT_DIR'
  say 'and for each developer, in a clone (or once, with --global):'
  say '  onehead install --client'
}

do_uninstall() {
  found=
  for file in bin/onehead bin/git-onehead bin/git-merge-onehead share/man/man1/onehead.1 \
    share/man/man1/git-onehead.1 share/man/man1/git-merge-onehead.1; do
    if [ -e "$prefix/$file" ] || [ -L "$prefix/$file" ]; then
      rm -f "$prefix/$file"
      say "removed: $prefix/$file"
      found=yes
    fi
  done
  [ -n "$found" ] || say "nothing of onehead is in $prefix"
  [ -n "$found" ] || return 0
  say 'hint: a hook that is still installed refuses every push now: remove hooks/pre-receive there'
  say 'hint: where pull.twohead is still onehead, Git merges nothing now: git config --unset pull.twohead'
}

do_demo() {
  build_release
  sh "$top/tests/e2e/demo.sh" "$builds/release/onehead"
}

do_test() {
  # shellcheck disable=SC2086  # lists of words
  need $build_packages $test_packages
  build_release
  static=
  case $("$builds/release/onehead" --version) in
    *'(static'*) static=$builds/release/onehead ;;
    *) say 'hint: no static program can be built here: only the one with shared libraries is tested' ;;
  esac
  build "$builds/test" -DONEHEAD_DEV=ON "-DONEHEAD_STATIC_PROGRAM=$static"
  cd "$builds/test"
  exec ctest --output-on-failure -j2
}

# All that stands after `bench` is for the benchmark.
do_bench() { # OPTION...
  case " $* " in *' --help '* | *' -h '*) exec python3 "$top/tests/bench/bench.py" --help ;; esac
  # shellcheck disable=SC2086  # a list of words
  need $build_packages python3 python3-alembic
  build_release
  if "$builds/release/onehead" --version | grep -q static; then
    build "$builds/shared" -DCMAKE_BUILD_TYPE=Release -DONEHEAD_DEV=OFF -DONEHEAD_LINK=shared
    set -- --program "$builds/shared/onehead" "$@"
  fi
  set -- --program "$builds/release/onehead" "$@"
  exec python3 "$top/tests/bench/bench.py" "$@"
}

# libFuzzer is part of Clang. What a fuzzer finds stays in the build directory: new inputs in
# corpus/, and in found/ the one that ended it, which belongs into tests/fuzz/corpus/. With a seed,
# what an earlier run found is not used.
do_fuzz() {
  # shellcheck disable=SC2086  # lists of words
  need $build_packages $fuzz_packages
  command -v clang++ >/dev/null || die 'clang++ is not there: the fuzzers need Clang and its libFuzzer'
  target=fuzzers
  build "$builds/fuzz" -DONEHEAD_FUZZ=ON -DCMAKE_BUILD_TYPE=None -DCMAKE_CXX_COMPILER=clang++
  for seeds in "$top"/tests/fuzz/corpus/*; do
    name=$(basename "$seeds")
    [ "$seed" = 0 ] || rm -rf "$builds/fuzz/corpus/$name"
    mkdir -p "$builds/fuzz/corpus/$name" "$builds/fuzz/found/$name"
    quietly "fuzzing $name for $seconds seconds" "$builds/fuzz/$name.log" \
      "$builds/fuzz/tests/fuzz/${name}_fuzz" -max_total_time="$seconds" -max_len=2048 -timeout=10 \
      -rss_limit_mb=1024 -seed="$seed" -print_final_stats=1 -artifact_prefix="$builds/fuzz/found/$name/" \
      "$builds/fuzz/corpus/$name" "$seeds"
    sed -n 's/^stat::number_of_executed_units: */  inputs: /p' "$builds/fuzz/$name.log"
  done
}

action=install
named=
seconds=60
seed=0
prefix=
link=auto
if [ "${1-}" = bench ]; then
  shift
  do_bench "$@"
fi
for argument in "$@"; do
  case $argument in
    --prefix=?*) prefix=${argument#--prefix=} ;;
    --seed=[1-9] | --seed=[1-9][0-9])
      [ "$action" = fuzz ] || { usage >&2 && exit 2; }
      seed=${argument#--seed=}
      ;;
    --static | --shared) link=${argument#--} ;;
    help | --help | -h) usage && exit 0 ;;
    install | uninstall | demo | test | fuzz)
      [ -z "$named" ] || { usage >&2 && exit 2; }
      named=yes action=$argument
      ;;
    [1-9] | [1-9][0-9] | [1-9][0-9][0-9] | [1-9][0-9][0-9][0-9])
      [ "$action" = fuzz ] || { usage >&2 && exit 2; }
      seconds=$argument
      ;;
    *)
      printf 'error: what is %s?\n' "$argument" >&2
      usage >&2
      exit 2
      ;;
  esac
done
case $link/$action in
  auto/* | */install | */demo) ;;
  *) usage >&2 && exit 2 ;;
esac
[ -n "$prefix" ] || prefix=$(default_prefix)
case $prefix in
  /*) ;;
  *) prefix=$PWD/$prefix ;;
esac
"do_$action"
