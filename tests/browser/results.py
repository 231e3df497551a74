"""What a run has seen so far, a line of JSON each as it comes, so that a run that was cut off goes on where it was.

A part (a person's walk, a story in one way, the hostile texts …) is done when it went to its end without a finding;
what was not done is asked again. Every part says of which commit it was seen.
"""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any


def commit() -> str:
    """The commit that is looked at, with a `+` where files were changed since; empty where nobody knows."""
    told = subprocess.run(
        ["git", "describe", "--always", "--dirty=+", "--exclude=*"],
        capture_output=True,
        text=True,
        check=False,
    )
    return told.stdout.strip()


class Results:
    """Lines of one file. `resume`: what was done before counts; otherwise the file begins anew."""

    def __init__(self, path: Path, *, resume: bool) -> None:
        self.path, self.commit = path, commit()
        self.done: dict[str, str] = {}  # part → commit
        self.looks: list[dict[str, Any]] = []  # of parts that were done before
        self.before: set[str] = set()
        lines = path.read_text(encoding="utf-8").splitlines() if resume and path.exists() else []
        told = [json.loads(each) for each in lines if each.endswith("}")]  # the last may have been cut off
        self.done = {each["done"]: each["commit"] for each in told if "done" in each}
        self.looks = [each for each in told if each.get("part") in self.done]
        self.before = set(self.done)
        kept = [*self.looks, *({"done": part, "commit": at} for part, at in self.done.items())]
        path.write_text("".join(_line(each) for each in kept), encoding="utf-8")

    def add(self, what: dict[str, Any]) -> None:
        with self.path.open("a", encoding="utf-8") as file:
            file.write(_line(what))

    def finish(self, part: str) -> None:
        """This part went to its end and nothing was found."""
        self.done[part] = self.commit
        self.add({"done": part, "commit": self.commit})

    def told(self) -> str:
        """How many parts are done, and at which commits where that is more than this one."""
        at = Counter(self.done.values())
        parts = ", ".join(f"{count} at {name or 'an unknown commit'}" for name, count in at.most_common())
        return f"{len(self.done)} parts went to their end without a finding: {parts or 'none'}"


def _line(what: dict[str, Any]) -> str:
    return json.dumps(what, ensure_ascii=False, separators=(",", ":")) + "\n"
