"""`python -m tests.mutations [NAME…] [--seed N] [--count N]`: 1 when a test misses a rule off.

Without a name those of rules.py and as many of drawn.py as `--count` says, drawn by the seed. `gate`, `permission`,
`slip`: all of that family. `mends`: those of mends.py, which are tried over HTTP and take longer; the number of a
decision: its own.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from rich.console import Console
from rich.table import Table

from service import app  # noqa: F401 - loaded once for all children
from service.rulebook import loader  # noqa: F401
from tests.mutations import VARIABLE, Mutation, at_once, drawn
from tests.mutations.mends import MENDS
from tests.mutations.rules import MUTATIONS

ROOT = Path(__file__).resolve().parents[2]
FAILED = 1  # pytest's exit code for "tests were run and some failed"; a crash or an unknown test has others
LIMIT = 90  # seconds per test
LONGER = 600  # over HTTP, with servers of its own
_PURE = ("tests/measures/", "tests/policies/")
# Plugins nobody needs here cost two seconds each time.
_OPTIONS = ("-q", "-x", "--no-header", "-p", "pytest_asyncio.plugin")


Run = Callable[[Sequence[str], Mapping[str, str]], int]


def fresh(tests: Sequence[str], more: Mapping[str, str]) -> int:
    """In a process started anew."""
    command = [sys.executable, "-m", "pytest", *_OPTIONS, *tests]
    done = subprocess.run(
        command, cwd=ROOT, env=_environment(more), capture_output=True, timeout=LIMIT, check=False
    )
    return done.returncode


def forked(tests: Sequence[str], more: Mapping[str, str]) -> int:
    """In a child of this process, which has loaded the libraries and nothing of the tests: ten times as fast."""
    child = os.fork()
    if child == 0:
        code = 70
        try:
            signal.alarm(LIMIT if all(test.startswith(_PURE) for test in tests) else LONGER)
            silence = os.open(os.devnull, os.O_WRONLY)
            os.dup2(silence, 1)
            os.dup2(silence, 2)
            os.chdir(ROOT)
            os.environ.clear()
            os.environ.update(_environment(more))
            code = int(pytest.main([*_OPTIONS, *tests]))
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if k != VARIABLE} | {
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        **more,
    }


def noticed(mutation: Mutation, run: Run = fresh) -> tuple[bool, str]:
    """Whether the named test fails without the rule, and how its process ended."""
    if mutation.name.partition(" ")[0] in at_once.FAMILIES:
        return at_once.noticed(mutation)
    code = run([mutation.test], {VARIABLE: mutation.name})
    return code == FAILED, {0: "still green", FAILED: "noticed"}.get(code, f"did not run (exit code {code})")


def _named(name: str) -> list[Mutation]:
    """One rule by its name; of mends all, or those of a decision."""
    if name.partition(" ")[0] in drawn.FAMILIES:
        return [each for each in drawn.population() if name in (each.name, each.name.partition(" ")[0])]
    mends = [each for each in MENDS if name in ("mends", each.name.partition(" ")[0])]
    return mends or [each for each in (*MUTATIONS, *MENDS) if each.name == name]


def _asked(arguments: Sequence[str]) -> tuple[list[str], int, int]:
    parser = argparse.ArgumentParser(prog="python -m tests.mutations")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--seed", type=int, default=drawn.SEED)
    parser.add_argument("--count", type=int, default=drawn.COUNT)
    given = parser.parse_args(arguments)
    return given.names, given.seed, given.count


def main(arguments: Sequence[str]) -> int:
    names, seed, count = _asked(arguments)
    wanted = [each for name in names for each in _named(name)]
    if not names:
        wanted = [*MUTATIONS, *drawn.drawn(seed, count)]
        print(f"{len(wanted)} rules, {count} of them drawn by seed {seed}")
    unknown = {name for name in names if not _named(name)}
    if unknown:
        print(f"no such rule: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    started = time.monotonic()
    console = Console()
    # With every rule in force they pass: else their failing would mean nothing.
    if forked(sorted({each.test for each in wanted}), {}) != 0:
        console.print("the named tests are not green to begin with")
        return 1
    found = [noticed(each, forked) for each in wanted]
    table = Table(title="Rules switched off, and whether their tests notice")
    for heading in ("art.", "switched off", "test", "outcome"):
        table.add_column(heading, justify="right" if heading == "art." else "left")
    for mutation, (_, outcome) in zip(wanted, found, strict=True):
        table.add_row(str(mutation.article), mutation.what, mutation.test.rpartition("::")[2], outcome)
    console.print(table)
    missed = sum(not good for good, _ in found)
    console.print(
        f"{len(wanted) - missed} of {len(wanted)} noticed, {len({m.article for m in wanted})} articles, "
        f"{time.monotonic() - started:.0f} s"
    )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
