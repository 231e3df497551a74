"""Makes data/searches_*.json from the hand-made file: `python -m tests.similarity.make_searches`.

The first two queries of each app tune, the last three are held out; both search the same forty apps.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


def main() -> None:
    """Writes both parts."""
    apps: list[dict[str, str]] = []
    queries: dict[str, list[dict[str, Any]]] = {"tuning": [], "held_out": []}
    for line in (DATA / "searches.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        app, asked = line.split("||")
        key, name, description = (part.strip() for part in app.split("|"))
        apps.append({"id": key, "name": name, "description": description})
        for number, query in enumerate(asked.split(";")):
            part = "tuning" if number < 2 else "held_out"
            queries[part].append({"query": query.strip(), "relevant": [key]})
    for part, listed in queries.items():
        text = json.dumps({"apps": apps, "queries": listed}, ensure_ascii=False, indent=1)
        (DATA / f"searches_{part}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
