#!/bin/sh
# The story of onehead, played with real Git in a scratch directory: two people add a migration on
# the same head, the server refuses the push that would fork the history, and with onehead in the
# clone a plain `git rebase` leaves one head.
#
# usage: demo.sh PROGRAM      Exits 0 when all went as told here; it is also one of the tests.
set -eu

fail() {
  printf '\ndemo: this was not expected: %s\n' "$*" >&2
  exit 1
}

program=${1:?usage: demo.sh PROGRAM}
case $program in
  /*) ;;
  *) program=$PWD/$program ;;
esac
[ -x "$program" ] || fail "$program is not there"
scratch=$(mktemp -d "${TMPDIR:-/tmp}/onehead-demo-XXXXXX")
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM

# Git with nothing of the machine's or the user's configuration.
for variable in $(git rev-parse --local-env-vars); do unset "$variable"; done
unset XDG_CONFIG_HOME GIT_ASKPASS SSH_ASKPASS 2>/dev/null || :
export HOME="$scratch" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 GIT_TERMINAL_PROMPT=0
export GIT_EDITOR=true GIT_PAGER=cat LC_ALL=C TZ=UTC
mkdir "$scratch/bin"
for link in onehead git-merge-onehead; do ln -s "$program" "$scratch/bin/$link"; done
export PATH="$scratch/bin:$PATH"
cd "$scratch"

tell() { printf '\n# %s\n' "$@"; }

# Shows a command and what it prints; `outcome` is its exit code and output.txt what it printed.
run() {
  printf '$'
  for word in "$@"; do
    case $word in
      *' '*) printf " '%s'" "$word" ;;
      *) printf ' %s' "$word" ;;
    esac
  done
  printf '\n'
  outcome=0
  "$@" >"$scratch/output.txt" 2>&1 || outcome=$?
  sed "s|$scratch/||g; s/^/  /; s/ *$//" "$scratch/output.txt"
}
passes() {
  run "$@"
  [ "$outcome" -eq 0 ] || fail "'$*' ended with exit code $outcome"
}
is_refused() {
  run "$@"
  [ "$outcome" -ne 0 ] || fail "'$*' was accepted"
}
printed() { # TEXT...: each somewhere in the output
  for text in "$@"; do
    grep -qF -e "$text" "$scratch/output.txt" || fail "nothing says: $text"
  done
}
printed_only() {
  [ "$(cat "$scratch/output.txt")" = "$1" ] || fail "it should have printed only: $1"
}

migration() { # ID PARENT TITLE: a file as Alembic writes it
  parent="'$2'"
  [ -n "$2" ] || parent=None
  cat >"alembic/versions/$1_$(printf %s "$3" | tr ' ' _).py" <<END
"""$3

Revision ID: $1
Revises: $2
Create Date: 2026-01-01 09:00:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '$1'
down_revision = $parent
branch_labels = None
depends_on = None


def upgrade():
    pass


def downgrade():
    pass
END
}

name() { # NAME: who commits in the current directory
  git config user.name "$1"
  git config user.email "$1@example.com"
}

tell 'A server with one repository, and onehead installed as its hook.'
passes git init --quiet --bare server.git
git --git-dir=server.git symbolic-ref HEAD refs/heads/main
passes onehead install --server server.git
printed 'installed: hooks/pre-receive'

tell 'Alice starts the project, with a first migration.'
passes git clone --quiet server.git alice
cd alice
name alice
git symbolic-ref HEAD refs/heads/main
mkdir -p alembic/versions
printf '[alembic]\nscript_location = alembic\n' >alembic.ini
printf '# the environment of the migrations\n' >alembic/env.py
migration 1975ea83b712 '' 'create account'
git add .
passes git commit --quiet -m 'Create account'
passes git push --quiet origin main
cd ..

tell 'Bob clones it. Then both add a migration on top of the same head.'
passes git clone --quiet server.git bob
cd alice
migration 27c6a30d7c24 1975ea83b712 'add cart'
git add .
passes git commit --quiet -m 'Add cart'
cd ../bob
name bob
migration 29f8a1b2c3d4 1975ea83b712 'add wishlist'
git add .
passes git commit --quiet -m 'Add wishlist'

tell 'Alice is first. Her push adds no second head, so onehead says nothing.'
cd ../alice
passes git push --quiet origin main
printed_only ''

tell 'Bob rebases. Git sees two different files: no conflict, and nothing to resolve ...'
cd ../bob
passes git pull --quiet --rebase origin main

tell '... but two heads, with which "alembic upgrade head" fails. The server refuses them.'
is_refused git push --quiet origin main
file=alembic/versions/29f8a1b2c3d4_add_wishlist.py
printed 'multiple-heads' 27c6a30d7c24 29f8a1b2c3d4 'pre-receive hook declined'
line=$(grep -n '^down_revision' "$file" | cut -d: -f1)
printed "$file:$line: down_revision = '27c6a30d7c24'"
line=$(grep -n '^Revises:' "$file" | cut -d: -f1)
printed "$file:$line: Revises: 27c6a30d7c24"

tell 'Bob can see it at home too.'
run onehead heads
printed '27c6a30d7c24 (head)' '29f8a1b2c3d4 (head)'
run onehead check
[ "$outcome" -eq 1 ] || fail "'onehead check' ended with exit code $outcome, not 1"

tell 'He could change the lines that it names. But he installs onehead in his clone, and rebases anew.'
passes onehead install --client
printed 'installed: pull.twohead'
passes git reset --quiet --hard ORIG_HEAD
passes git rebase origin/main
printed 29f8a1b2c3d4

tell 'His migration follows hers now, in the very commit that adds it. Nothing else has changed.'
passes git diff --unified=0 ORIG_HEAD -- "$file"
printed "+Revises: 27c6a30d7c24" "+down_revision = '27c6a30d7c24'"
[ "$(grep -c '^[-+][^-+]' "$scratch/output.txt")" -eq 4 ] || fail 'more than two lines changed'
passes git status --short
printed_only ''
passes git push --quiet origin main
printed_only ''

tell 'One head, and one line of history on the server.'
passes onehead heads
printed_only '29f8a1b2c3d4 (head)'
cd ../server.git
passes onehead history main
printed '27c6a30d7c24 -> 29f8a1b2c3d4 (head), add wishlist'

printf '\nAll went as told.\n'
