"""Repositories of any size, and pushes to them as the hook sees them.

A server is a bare repository. Pushes are real: `Server.catch` pushes with a hook that keeps what
Git gave it (environment, standard input, quarantined objects) and refuses, so that the same push
can be judged any number of times afterwards.
"""
import json
import os
import shutil
import subprocess
import sys

import migrations

# Where the program may keep what it has learned, in a Git directory. Deleting it is always allowed.
CACHE = "onehead"
# What is beyond the program's own limits gets a figure all the same (and valgrind its time).
_LIMITS = (("onehead.timeout", "60000"), ("onehead.maxMemory", "2048m"))
_DATE = "1700000000 +0000"
_PERSON = "Nobody <nobody@example.com>"


def emptied_environment(home):
    """Nothing of the user's Git or the machine's; times and names that are the same in every run."""
    return {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": home, "TZ": "UTC", "LC_ALL": "C",
        "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0",
        "GIT_AUTHOR_NAME": "Nobody", "GIT_AUTHOR_EMAIL": "nobody@example.com",
        "GIT_COMMITTER_NAME": "Nobody", "GIT_COMMITTER_EMAIL": "nobody@example.com",
        "GIT_AUTHOR_DATE": _DATE, "GIT_COMMITTER_DATE": _DATE,
    }


class Git:
    """Runs git in an emptied environment."""

    def __init__(self, home):
        self.environment = emptied_environment(home)
        self.program = shutil.which("git") or "git"

    def __call__(self, directory, *args, text=None, check=True):
        done = subprocess.run([self.program, *args], cwd=directory, env=self.environment,
                              input=text, capture_output=True, text=True)
        if check and done.returncode != 0:
            raise RuntimeError("git %s failed:\n%s" % (" ".join(args[:3]), done.stderr))
        return done.stdout.strip()

    def stream(self, directory, pieces):
        """Feeds `git fast-import`."""
        feed = subprocess.Popen(
            [self.program, "fast-import", "--quiet", "--force", "--depth=20"],
            cwd=directory, env=self.environment, stdin=subprocess.PIPE)
        with feed.stdin:
            for piece in pieces:
                feed.stdin.write(piece.encode())
        if feed.wait() != 0:
            raise RuntimeError("git fast-import failed")


# --- what is committed ---

def ordinary_files(count):
    """Paths and texts; no directory has more than 100 entries."""
    for number in range(count):
        path = "src/d%02d/d%02d/f%02d.txt" % (number // 10000, number // 100 % 100, number % 100)
        yield path, "file %d\nholds little\n" % number


def alembic_files(count):
    """An environment with that many migrations in one line."""
    yield "alembic.ini", migrations.INI
    yield "alembic/env.py", migrations.ENV
    for number in range(1, count + 1):
        migration = migrations.Migration(number)
        yield migration.path, migration.text()


def commit(branch, files, parent=None):
    """The text of a commit for `git fast-import`; without a parent it goes on with the branch."""
    yield "commit refs/heads/%s\ncommitter %s %s\ndata 7\nchange\n\n" % (branch, _PERSON, _DATE)
    if parent:
        yield "from %s\n" % parent
    for path, text in files:
        yield "M 100644 inline %s\ndata %d\n%s\n" % (path, len(text.encode()), text)


# --- servers ---

class Push:
    """A push that was caught: what its hook gets, as often as wanted."""

    def __init__(self, directory, stdin, environment):
        self.directory = directory
        self.stdin = stdin
        self.environment = environment

    def line(self):
        with open(self.stdin, encoding="ascii") as lines:
            return lines.readline().split()


_CATCHER = """#!%s
import json, os, shutil, sys
keep = %r
shutil.copytree(os.environ["GIT_QUARANTINE_PATH"], keep + ".objects")
with open(keep + ".json", "w") as file:
    json.dump(dict(os.environ), file)
with open(keep + ".lines", "w") as file:
    file.write(sys.stdin.read())
sys.exit(1)
"""


class Server:
    """A bare repository, and a client beside it that shares its objects."""

    def __init__(self, git, directory):
        self.git = git
        self.path = os.path.join(directory, "server.git")
        self.client = os.path.join(directory, "client.git")
        self._hook = os.path.join(self.path, "hooks", "pre-receive")
        self.cache = os.path.join(self.path, CACHE)

    @classmethod
    def make(cls, git, directory, pieces):
        """`pieces` is what `git fast-import` is to read; all is packed as `git repack -ad` does."""
        server = cls(git, directory)
        for path in (server.path, server.client):
            os.makedirs(path)
            git(path, "init", "-q", "--bare", "--initial-branch=main")
            git(path, "config", "gc.auto", "0")
        os.makedirs(os.path.join(server.path, "hooks"), exist_ok=True)
        git.stream(server.path, pieces)
        git(server.path, "repack", "-adq")
        for key, value in _LIMITS:
            git(server.path, "config", key, value)
        with open(os.path.join(server.client, "objects/info/alternates"), "w") as file:
            file.write(os.path.join(server.path, "objects") + "\n")
        return server

    def tip(self, branch="main"):
        return self.git(self.path, "rev-parse", "refs/heads/" + branch)

    def grow(self, commits):
        """Commits in the client, none of them pushed: (branch, parent's name or id, files)."""
        self.git.stream(self.client, (piece for branch, parent, files in commits
                                      for piece in commit(branch, files, parent)))

    def push(self, refspecs, hook_text=None):
        """True when it was accepted."""
        if hook_text:
            with open(self._hook, "w") as file:
                file.write(hook_text)
            os.chmod(self._hook, 0o755)
        done = subprocess.run(
            [self.git.program, "push", "-q", self.path, *refspecs], cwd=self.client,
            env=self.git.environment, capture_output=True, text=True)
        if hook_text:
            os.unlink(self._hook)
        self.last_push = done.stderr
        return done.returncode == 0

    def catch(self, name, refspecs):
        """The push, up to the hook."""
        keep = os.path.join(os.path.dirname(self.path), name)
        self.push(refspecs, _CATCHER % (os.path.realpath(sys.executable), keep))
        if not os.path.exists(keep + ".lines"):
            raise RuntimeError("this push never came to the hook:\n" + self.last_push)
        with open(keep + ".json") as file:
            environment = json.load(file)
        quarantine = os.path.join(self.path, "objects", "tmp_objdir-bench-" + name)
        shutil.copytree(keep + ".objects", quarantine)
        old = environment["GIT_QUARANTINE_PATH"]
        environment = {key: value.replace(old, quarantine) for key, value in environment.items()}
        return Push(self.path, keep + ".lines", environment)

    def warm_up(self, label, refspec, hook_text):
        """Pushes with this hook, keeps the cache that it leaves, and takes the push back.

        False: the push was refused.
        """
        before = self.tip()
        shutil.rmtree(self.cache, ignore_errors=True)
        accepted = self.push([refspec], hook_text)
        saved = self.saved_cache(label)
        shutil.rmtree(saved, ignore_errors=True)
        if os.path.isdir(self.cache):
            shutil.copytree(self.cache, saved)
        shutil.rmtree(self.cache, ignore_errors=True)
        self.git(self.path, "update-ref", "refs/heads/main", before)
        return accepted

    def saved_cache(self, label):
        return os.path.join(os.path.dirname(self.path), "cache-" + label)

    def without_cache(self):
        """A command: nothing is remembered."""
        return ["/bin/rm", "-rf", self.cache]

    def with_cache(self, label):
        """A command: what the warm-up push left is remembered, and nothing that came later."""
        script = 'rm -rf "$1"; if [ -d "$2" ]; then cp -a "$2" "$1"; fi'
        return ["/bin/sh", "-c", script, "sh", self.cache, self.saved_cache(label)]
