"""`python -m tests.mutations [NAME…]`: every rule switched off once; 1 when its test does not notice."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.mutations import VARIABLE, Mutation
from tests.mutations.rules import MUTATIONS

ROOT = Path(__file__).resolve().parents[2]
FAILED = 1  # pytest's exit code for "tests were run and some failed"; a crash or an unknown test has others
LIMIT = 90  # seconds per test


def noticed(mutation: Mutation) -> tuple[bool, str]:
    """Whether the named test fails without the rule, and how its process ended."""
    code = _run([mutation.test], {VARIABLE: mutation.name})
    return code == FAILED, {0: "still green", FAILED: "noticed"}.get(code, f"did not run (exit code {code})")


def all_green(mutations: Iterable[Mutation]) -> bool:
    """Whether the named tests pass with every rule in force: else their failing would mean nothing."""
    return _run(sorted({each.test for each in mutations}), {}) == 0


def _run(tests: Sequence[str], more: dict[str, str]) -> int:
    env = {k: v for k, v in os.environ.items() if k != VARIABLE} | more
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:randomly", "--no-header", *tests]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, timeout=LIMIT, check=False)
    return done.returncode


def main(names: Sequence[str]) -> int:
    wanted = [each for each in MUTATIONS if not names or each.name in names]
    unknown = set(names) - {each.name for each in MUTATIONS}
    if unknown or not wanted:
        print(f"no such rule: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    started = time.monotonic()
    console = Console()
    if not all_green(wanted):
        console.print("the named tests are not green to begin with")
        return 1
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(noticed, wanted))
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
