"""`make advisories`: whether a known vulnerability touches what the lock pins.

Asks pip-audit (installed beside, under var/), or, where no advisory service is reached, a file: `ARGS="--file
PyPI.zip"`, the export of osv.dev's database for PyPI, carried in by hand. Exit code 1: found; 2: **not run**, nobody
could be asked. Having seen nothing is never 0.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from tests.bundle.locked import ROOT, Pin, lock

LOCK, PLACE = ROOT / "requirements.lock", ROOT / "var" / "pip-audit"
FOUND, NOT_RUN = 1, 2
PATIENCE = 300.0


class Advisory(NamedTuple):
    """One known vulnerability of a version that is pinned."""

    name: str
    version: str
    id: str
    summary: str


def in_file(path: Path, pinned: list[Pin]) -> list[Advisory]:
    """What of an export of osv.dev touches these versions. Raises ValueError where the file holds no advisory."""
    versions = {canonicalize_name(each.name): Version(each.version) for each in pinned}
    found, seen = [], 0
    for told in _advisories(path):
        seen += 1
        for affected in () if told.get("withdrawn") else told.get("affected", ()):
            package = affected.get("package", {})
            name = canonicalize_name(package.get("name", ""))
            if package.get("ecosystem") != "PyPI" or name not in versions:
                continue
            if _touches(affected, versions[name]):
                found.append(Advisory(name, str(versions[name]), told["id"], told.get("summary", "")))
    if not seen:
        raise ValueError(f"{path} holds no advisory")
    return sorted(set(found))


def _advisories(path: Path) -> Iterator[dict[str, Any]]:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith(".json"):
                yield json.loads(archive.read(name))


def _touches(affected: dict[str, Any], version: Version) -> bool:
    """By the versions that are listed, or by a range's events (https://ossf.github.io/osv-schema, `affected`)."""
    if str(version) in affected.get("versions", ()):
        return True
    ranges = (each for each in affected.get("ranges", ()) if each.get("type") == "ECOSYSTEM")
    return any(_within(each.get("events", ()), version) for each in ranges)


def _within(events: Any, version: Version) -> bool:
    inside = False
    for event in sorted(events, key=lambda each: _version(next(iter(each.values())))):
        kind, told = next(iter(event.items()))
        at = _version(told)
        if kind == "introduced" and version >= at:
            inside = True
        elif (kind == "fixed" and version >= at) or (kind == "last_affected" and version > at):
            inside = False
    return inside


def _version(told: str) -> Version:
    try:
        return Version(told)
    except InvalidVersion:
        return Version("0")


def pins() -> list[Pin]:
    """What the lock pins for this platform."""
    found = []
    for each in lock().values():
        marker = Requirement(each.text.partition("--hash")[0].strip().rstrip("\\").strip()).marker
        if marker is None or marker.evaluate():
            found.append(each)
    return found


def asked() -> tuple[int, str]:
    """(0, FOUND or NOT_RUN; what pip-audit said). It lives in an environment of its own: it is no part of the lock."""
    python = PLACE / "bin" / "python"
    try:
        if not python.exists():
            venv.create(PLACE, with_pip=True)
        install = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", "pip-audit"]
        subprocess.run(install, check=True, capture_output=True, text=True, timeout=PATIENCE)
        argv = [str(python), "-m", "pip_audit", "-r", str(LOCK), "--no-deps", "--disable-pip"]
        argv += ["--progress-spinner", "off", "--format", "json"]
        done = subprocess.run(argv, check=False, capture_output=True, text=True, timeout=PATIENCE)
    except (OSError, subprocess.SubprocessError) as error:
        return NOT_RUN, getattr(error, "stderr", None) or str(error)
    return judged(done.stdout, done.stderr, len(pins()))


def judged(told: str, errors: str, count: int) -> tuple[int, str]:
    """pip-audit's JSON read: its exit code is 1 for a vulnerability and for a service that it did not reach."""
    try:
        dependencies = json.loads(told)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return NOT_RUN, errors.strip()[-600:] or "no answer"
    skipped = [each["name"] for each in dependencies if "skip_reason" in each]
    hits = [
        f"{each['name']} {each['version']}: {one['id']}"
        for each in dependencies
        for one in each.get("vulns", ())
    ]
    if hits:
        return FOUND, "\n".join(hits)
    if skipped or len(dependencies) < count:
        return NOT_RUN, f"{len(dependencies)} of {count} looked at, skipped: {', '.join(skipped) or 'none'}"
    return 0, f"{len(dependencies)} packages, no known vulnerability"


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make advisories", description=__doc__)
    parser.add_argument(
        "--file", type=Path, metavar="ZIP", help="osv.dev's export for PyPI, in place of a service"
    )
    given = parser.parse_args(argv)
    if given.file is None:
        code, told = asked()
    else:
        try:
            found = in_file(given.file, pins())
            code = FOUND if found else 0
            told = (
                "\n".join(" ".join(each) for each in found) or f"{len(pins())} packages, none in {given.file}"
            )
        except (OSError, ValueError, zipfile.BadZipFile) as error:
            code, told = NOT_RUN, str(error)
    print(
        {
            0: "advisories: ",
            FOUND: "advisories: FOUND\n",
            NOT_RUN: "advisories: NOT RUN, nobody could be asked: ",
        }[code]
        + told
    )
    return code


if __name__ == "__main__":
    sys.exit(main())
