"""What of requirements.lock the service itself needs: the closure of its dependencies, without what only tests want."""

from __future__ import annotations

import re
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)")
# The build of the package itself, on the machine that has no registry either.
_BUILD = ("setuptools",)
MACHINES = ("x86_64", "aarch64")
# Wheels are of a minor version; which patch the other machine has is its own: Debian 12 has 3.11.2, and redis needs one
# library more below 3.11.3.
_PLACES = [
    {
        "python_full_version": f"{sys.version_info.major}.{sys.version_info.minor}.{patch}",
        "platform_machine": machine,
    }
    for patch in (0, 99)
    for machine in MACHINES
]


class Pin(NamedTuple):
    """One requirement of the lock: name, version, its whole text, the sha256 of its files."""

    name: str
    version: str
    text: str

    @property
    def anywhere(self) -> str:
        """Its text without the condition under which it is needed: to be fetched for a place that is not this one."""
        first, line, rest = self.text.partition("\n")
        return re.sub(r"\s*;.*?(?=\s*\\?$)", "", first) + line + rest

    @property
    def hashes(self) -> list[str]:
        return re.findall(r"--hash=sha256:([0-9a-f]{64})", self.text)


def lock(path: Path = ROOT / "requirements.lock") -> dict[str, Pin]:
    """The pins by their canonical names."""
    found: dict[str, Pin] = {}
    lines: list[str] = []
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        if lines and not line.startswith((" ", "\t")):
            text = "\n".join(lines)
            if (match := _PIN.match(text)) is not None:
                name = canonicalize_name(match[1])
                found[name] = Pin(name, match[2], text)
            lines = []
        if line.strip() and not line.strip().startswith("#"):
            lines.append(line)
    return found


def runtime() -> list[Pin]:
    """The pins that the service needs to run, and to be installed, in the order of their names."""
    pins, seen = lock(), set[tuple[str, str]]()
    waiting = [("tongjian", ""), *((name, "") for name in _BUILD)]
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            waiting += _requires(*one)
    return [pins[name] for name in sorted({name for name, _ in seen}) if name in pins]


def _requires(name: str, extra: str) -> list[tuple[str, str]]:
    """What an installed package needs where the bundle may go, by itself or for an extra (`redis[hiredis]`)."""
    try:
        given = distribution(name).requires or []
    except PackageNotFoundError:  # of another platform
        return []
    found = []
    for text in given:
        one = Requirement(text)
        if one.marker is None or any(one.marker.evaluate({**each, "extra": extra}) for each in _PLACES):
            found += [(canonicalize_name(one.name), each) for each in ("", *sorted(one.extras))]
    return found
