"""`python -m tests.contract_tools [--short]`: the document is linted, clients are generated, compiled and played.

Short: what the last release promised, Redocly, the TypeScript client under tsc --strict, played against real servers.
Whole: Spectral with the OWASP rules, and the Python client with 0 omissions under mypy --strict, played as well.
Without node its part is skipped, and the last lines say so.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from service.docs.document import COMMITTED, ROOT
from tests import released
from tests.contract_tools import play

TOOLS, CLIENTS = COMMITTED.parent / "tools", COMMITTED.parent / "examples" / "clients"
HOME = ROOT / "var" / "contract-tools"
VENV = HOME / "venv" / "bin"
NODE = HOME / "node_modules" / ".bin"


def run(
    *command: str | Path, cwd: Path = HOME, env: dict[str, str] | None = None, seconds: float = 1500
) -> str:
    """What it prints; RuntimeError with that where it fails, TimeoutExpired where it takes longer."""
    done = subprocess.run(
        [str(each) for each in command],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds,
    )
    if done.returncode:
        raise RuntimeError(f"{Path(str(command[0])).name}: {(done.stdout + done.stderr)[-4000:]}")
    return done.stdout + done.stderr


def node_installed() -> bool:
    """Whether npm is here; then what package-lock.json names, by its hashes, and none of their scripts."""
    if shutil.which("npm") is None:
        return False
    HOME.mkdir(parents=True, exist_ok=True)
    lock = (TOOLS / "package-lock.json").read_bytes()
    done = HOME / "installed.json"
    if not done.exists() or done.read_bytes() != lock:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(TOOLS / name, HOME)
        try:
            run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", seconds=120)
        except (RuntimeError, subprocess.TimeoutExpired) as error:
            print(f"npm cannot install the tools here: {error}")
            return False
        done.write_bytes(lock)
    return True


def python_installed() -> None:
    """The generator in an environment of its own, by the hashes of its requirements."""
    wanted, done = (TOOLS / "requirements.txt").read_bytes(), HOME / "requirements.done"
    if done.exists() and done.read_bytes() == wanted:
        return
    run(sys.executable, "-m", "venv", HOME / "venv", cwd=ROOT)
    run(
        VENV / "pip",
        "install",
        "-q",
        "--disable-pip-version-check",
        "--require-hashes",
        "-r",
        TOOLS / "requirements.txt",
    )
    done.write_bytes(wanted)


def redocly() -> str:
    told = run(NODE / "redocly", "lint", COMMITTED, "--config", TOOLS / "redocly.yaml", "--format=json")
    totals = json.loads(told[told.index("{") : told.rindex("}") + 1])["totals"]
    assert totals["errors"] == totals["warnings"] == 0, told[-3000:]
    return "0 errors, 0 warnings"


def spectral() -> str:
    # The ruleset is found beside the packages that it extends.
    shutil.copy(TOOLS / "spectral.yaml", HOME / "spectral.yaml")
    run(NODE / "spectral", "lint", COMMITTED, "-r", HOME / "spectral.yaml", "--fail-severity=warn", "-q")
    return "0 errors, 0 warnings beyond those explained in openapi/tools/spectral.yaml"


def typescript() -> str:
    made = HOME / "typescript"
    made.mkdir(exist_ok=True)
    run(NODE / "openapi-typescript", COMMITTED, "-o", made / "schema.d.ts", "--default-non-nullable=false")
    for name in ("life.ts", "tsconfig.json"):
        shutil.copy(CLIENTS / name, made)
    run(NODE / "tsc", "-p", made)
    return "compiles under strict"


def python() -> str:
    made = HOME / "python" / "tongjian_client"
    shutil.rmtree(made, ignore_errors=True)
    made.parent.mkdir(exist_ok=True)
    told = run(
        VENV / "openapi-python-client",
        "generate",
        "--path",
        COMMITTED,
        "--output-path",
        made,
        "--meta",
        "none",
        "--config",
        TOOLS / "python-client.yaml",
    )
    assert "WARNING" not in told and "Unable" not in told, told[-4000:]
    wanted = len(re.findall(r'"operationId": "(?!on_)', COMMITTED.read_text(encoding="utf-8")))
    found = len([each for each in made.glob("api/*/*.py") if each.name != "__init__.py"])
    assert found == wanted, f"{found} of {wanted} operations"
    shutil.copy(CLIENTS / "life.py", made.parent)
    # The generator casts where no cast is needed; whatever else is told fails.
    run(
        Path(sys.executable).parent / "mypy",
        "--strict",
        "--no-warn-redundant-casts",
        "--python-executable",
        VENV / "python",
        "-p",
        "tongjian_client",
        "-m",
        "life",
        cwd=made.parent,
    )
    return f"{found} operations, 0 omissions, mypy --strict"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.contract_tools", description=__doc__)
    parser.add_argument("--short", action="store_true", help="what every submission is asked")
    short = parser.parse_args().short
    assert released.main() == 0, "a promise of the last release is broken: name it in openapi/CHANGELOG.md"
    node = node_installed()
    steps = [redocly, typescript] if node else []
    commands = (
        {"TypeScript": (["node", str(HOME / "typescript" / "life.js")], HOME / "typescript")} if node else {}
    )
    if not short:
        python_installed()
        steps += [python, *([spectral] if node else [])]
        commands["Python"] = ([str(VENV / "python"), "life.py"], HOME / "python")
    for step in steps:
        begun = time.monotonic()
        print(f"{step.__name__}: {step()} ({time.monotonic() - begun:.0f} s)", flush=True)
    for line in asyncio.run(play.all_of(commands)):
        print(line)
    if not node:
        print(
            "node, npm or its packages are not here: Redocly, Spectral and the TypeScript client were SKIPPED"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
