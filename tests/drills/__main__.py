"""`python -m tests.drills [NAME…] [--short]`: every drill in turn; 1 when one of them fails.

A drill is a module of this folder with `async def drill(short: bool) -> None`: it prints its figures and raises
AssertionError when a promise does not hold. `--short` does less of the same and asserts nothing about speed.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import pkgutil
import sys
import time
import traceback

import tests.drills
from tests.drills.cluster import NotRun

_HELPERS = ("place", "cluster")
# Of programs that not every machine has, or too long for every submission: run where they are named. What is named
# and cannot run exits with 2.
ASKED = ("citus", "failover", "rolling")


def names() -> list[str]:
    """The drills there are, by their modules' names."""
    found = [module.name for module in pkgutil.iter_modules(tests.drills.__path__)]
    return sorted(name for name in found if not name.startswith("_") and name not in _HELPERS)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.drills", description=__doc__)
    parser.add_argument("name", nargs="*", help=f"some of: {', '.join(names())}")
    parser.add_argument("--short", action="store_true", help="a small form of each, for every submission")
    options = parser.parse_args(argv)
    unknown = sorted(set(options.name) - set(names()))
    if unknown:
        parser.error(f"no such drill: {', '.join(unknown)}")
    held, failed = 0, []
    for name in options.name or [each for each in names() if each not in ASKED]:
        print(f"── {name}", flush=True)
        begun = time.monotonic()
        try:
            asyncio.run(importlib.import_module(f"tests.drills.{name}").drill(options.short))
            held += 1
            verdict = "holds"
        except NotRun as missing:
            print(f"── {name} not run: {missing}", file=sys.stderr)
            if options.name:
                return 2
            continue
        except Exception:
            traceback.print_exc()
            failed.append(name)
            verdict = "FAILED"
        print(f"── {name} {verdict} ({time.monotonic() - begun:.0f} s)", flush=True)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    print(f"drills: {held} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
