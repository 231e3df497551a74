"""What of requirements.lock the service itself needs: the closure of its dependencies, without what only tests want."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)")
# The build of the package itself, on the machine that has no registry either.
_BUILD = ("setuptools",)


class Pin(NamedTuple):
    """One requirement of the lock: name, version, its whole text, the sha256 of its files."""

    name: str
    version: str
    text: str

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
    """What an installed package needs here, by itself or for one of its extras (`redis[hiredis]`)."""
    try:
        given = distribution(name).requires or []
    except PackageNotFoundError:  # of another platform
        return []
    found = []
    for text in given:
        one = Requirement(text)
        if one.marker is None or one.marker.evaluate({"extra": extra}):
            found += [(canonicalize_name(one.name), each) for each in ("", *sorted(one.extras))]
    return found
