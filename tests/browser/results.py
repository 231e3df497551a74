"""What a run has seen so far, a line of JSON each as it comes, so that a run that was cut off goes on where it was.

A part (a person's walk, a story in one way, the hostile texts …) is done when it went to its end without a finding;
what was not done is asked again. Every part says of which code it was seen: what was seen of other code is not asked
again either, but a run that leans on it is no success.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any


def commit() -> str:
    """The code that is looked at: its commit, and where files were changed since, `+` and what they are changed to.

    Empty where nobody knows.
    """
    told = _git("describe", "--always", "--dirty=+", "--exclude=*").decode().strip()
    others = sorted(
        _git("ls-files", "--others", "--exclude-standard", "-z", "--full-name", ":/").split(b"\0")
    )[1:]
    if not told.endswith("+") and not others:
        return told
    top = Path(_git("rev-parse", "--show-toplevel").decode().strip())
    changed = hashlib.sha256(_git("diff", "HEAD", "--binary"))
    for each in others:
        changed.update(each + (top / each.decode()).read_bytes())
    return f"{told.removesuffix('+')}+{changed.hexdigest()[:8]}"


def _git(*asked: str) -> bytes:
    return subprocess.run(["git", *asked], capture_output=True, check=False).stdout


class Results:
    """Lines of one file. `resume`: what was done before counts; otherwise the file begins anew."""

    def __init__(self, path: Path, *, resume: bool) -> None:
        self.path, self.commit = path, commit()
        lines = path.read_text(encoding="utf-8").splitlines() if resume and path.exists() else []
        told = [each for each in map(_read, lines) if each is not None]
        self.done: dict[str, str] = {each["done"]: each["commit"] for each in told if "done" in each}
        self.looks = [
            each for each in told if each.get("part") in self.done
        ]  # of parts that were done before
        self.taken: dict[str, str] = {}  # parts that were asked for and not asked again → commit
        self.figures: dict[str, dict[str, int]] = {  # what a done part says of itself: steps, seconds
            each["done"]: {name: value for name, value in each.items() if name not in ("done", "commit")}
            for each in told
            if "done" in each
        }
        self._before = dict(self.done)
        kept = [*self.looks, *(self._done(part) for part in self.done)]
        path.write_text("".join(_line(each) for each in kept), encoding="utf-8")

    def before(self, part: str) -> bool:
        """Whether it was done before this run, which then takes it as it was."""
        if part in self._before:
            self.taken[part] = self._before[part]
        return part in self._before

    def ours(self, part: str) -> bool:
        """Whether it was done of the code that is looked at now."""
        return bool(self.commit) and self.done.get(part) == self.commit

    @property
    def older(self) -> list[str]:
        """What this run took as it was and was seen of other code."""
        return sorted(part for part in self.taken if not self.ours(part))

    def add(self, what: dict[str, Any]) -> None:
        with self.path.open("a", encoding="utf-8") as file:
            file.write(_line(what))

    def finish(self, part: str, **figures: int) -> None:
        """This part went to its end and nothing was found; `figures` are what it says of itself."""
        self.done[part], self.figures[part] = self.commit, figures
        self.add(self._done(part))

    def _done(self, part: str) -> dict[str, Any]:
        return {"done": part, "commit": self.done[part], **self.figures[part]}

    def told(self) -> str:
        """How many parts are done, and at which commits where that is more than this one."""
        at = Counter(self.done.values())
        parts = ", ".join(f"{count} at {name or 'an unknown commit'}" for name, count in at.most_common())
        return f"{len(self.done)} parts went to their end without a finding: {parts or 'none'}"


def _line(what: dict[str, Any]) -> str:
    return json.dumps(what, ensure_ascii=False, separators=(",", ":")) + "\n"


def _read(line: str) -> dict[str, Any] | None:
    """None for a line that was cut off."""
    try:
        told: dict[str, Any] = json.loads(line)
    except ValueError:
        return None
    return told
