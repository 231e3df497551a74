"""The house's measure of what one reads at a time: no file of the service over 300 lines."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted((ROOT / "service").rglob("*.py"))
MOST_OF_A_FILE = 300


def test_no_file_is_over_three_hundred_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES
    }
    found = [f"{name} has {lines} lines" for name, lines in long.items() if lines > MOST_OF_A_FILE]
    assert not found, "split by meaning:\n" + "\n".join(found)
    assert len(SOURCES) > 100
