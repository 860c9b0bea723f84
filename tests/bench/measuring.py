"""Measuring whole processes, interleaved, and what is made of the numbers."""
import json
import os
import re
import shutil
import statistics
import subprocess
from dataclasses import dataclass, field

_BUDGET = 20  # seconds for all starts of one command
_HERE = os.path.dirname(os.path.abspath(__file__))


def compile_helper(name, directory):
    """tests/bench/<name>.c as a program in `directory`; static where that is possible."""
    program = os.path.join(directory, name)
    compiler = os.environ.get("CC", "cc")
    for options in (["-static"], []):
        done = subprocess.run([compiler, "-O2", "-std=gnu99", *options, "-o", program,
                               os.path.join(_HERE, name + ".c")], capture_output=True, text=True)
        if done.returncode == 0:
            return program
    raise RuntimeError("%s cannot compile %s.c:\n%s" % (compiler, name, done.stderr))


@dataclass
class Command:
    """One whole process. Its first word is an absolute path."""
    name: str
    args: list
    cwd: str
    environment: dict
    stdin: str = os.devnull
    prepare: list = field(default_factory=list)  # runs before each start, outside of the time
    every: int = 1  # started only in each Nth round


@dataclass
class Sample:
    """What the starts of one command cost. `failure` says why there are no numbers."""
    wall_ms: list = field(default_factory=list)
    cpu_ms: list = field(default_factory=list)
    peak_mib: list = field(default_factory=list)
    failure: str = ""

    def wall(self):
        return statistics.median(self.wall_ms)

    def fastest(self):
        return min(self.wall_ms)

    def peak(self):
        return max(self.peak_mib)

    def as_json(self):
        if self.failure:
            return {"failure": self.failure}
        return {"runs": len(self.wall_ms), "median_ms": round(self.wall(), 4),
                "min_ms": round(min(self.wall_ms), 4), "max_ms": round(max(self.wall_ms), 4),
                "cpu_median_ms": round(statistics.median(self.cpu_ms), 4),
                "peak_mib": round(self.peak(), 2)}


class Meter:
    def __init__(self, scratch):
        self._scratch = scratch
        self._program = compile_helper("measure", scratch)
        self._valgrind = shutil.which("valgrind")

    def run(self, commands, rounds, warmup):
        """A sample for each command, in the order given."""
        spec = os.path.join(self._scratch, "spec")
        with open(spec, "w", encoding="utf-8", errors="surrogateescape") as file:
            file.write("".join(_spec_lines(commands, rounds, warmup)))
        done = subprocess.run([self._program, spec], capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError("measuring failed: " + done.stderr)
        samples = [Sample() for _ in commands]
        for line in done.stdout.splitlines():
            index, wall, user, system, peak, status = json.loads(line)
            if status != 0:
                samples[index].failure = "exit code %d" % status
                continue
            samples[index].wall_ms.append(wall / 1e6)
            samples[index].cpu_ms.append((user + system) / 1e3)
            samples[index].peak_mib.append(peak / 1024)
        return samples

    def can_count(self):
        return self._valgrind is not None

    def instructions(self, command):
        """How many instructions one start takes, in this process alone. None: not found out."""
        if command.prepare:
            subprocess.run(command.prepare, check=True)
        with open(command.stdin, "rb") as stdin:
            done = subprocess.run(
                [self._valgrind, "--tool=callgrind", "--callgrind-out-file=/dev/null",
                 *command.args], cwd=command.cwd, env=command.environment, stdin=stdin,
                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace")
        found = re.search(r"Collected : (\d+)", done.stderr)
        return int(found.group(1)) if found and done.returncode == 0 else None


def _spec_lines(commands, rounds, warmup):
    yield "rounds %d\nwarmup %d\nbudget %d\n" % (rounds, warmup, _BUDGET)
    for command in commands:
        yield "command -\ncwd %s\nstdin %s\nevery %d\n" % (
            command.cwd, command.stdin, command.every)
        for key, value in command.environment.items():
            if "\n" not in value:
                yield "env %s=%s\n" % (key, value)
        for word in command.args:
            yield "arg %s\n" % word
        for word in command.prepare:
            yield "prepare %s\n" % word
