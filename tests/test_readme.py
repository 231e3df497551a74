"""README tells the truth: its diagram is the lifecycle table's. `python -m tests.test_readme` writes it anew."""

from __future__ import annotations

import re
from pathlib import Path

from service.measures.lifecycle import mermaid

README = Path(__file__).resolve().parent.parent / "README.md"
BLOCK = re.compile(r"(<!-- lifecycle:begin -->\n).*?(<!-- lifecycle:end -->)", re.DOTALL)


def generated() -> str:
    return f"```mermaid\n{mermaid()}```\n"


def test_the_diagram_is_the_tables() -> None:
    found = BLOCK.search(README.read_text(encoding="utf-8"))
    assert found is not None
    assert found[0] == f"{found[1]}{generated()}{found[2]}"


if __name__ == "__main__":
    README.write_text(BLOCK.sub(lambda m: m[1] + generated() + m[2], README.read_text("utf-8")), "utf-8")
