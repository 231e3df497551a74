"""What PostgreSQL knows of a database of 100,000 projects, recorded once: rows, pages and statistics of each table.

`python -m tests.plans.recorded` fills one as `make growth` does (some six minutes) and writes statistics.json anew:
after a migration that changes what the large tables hold. A new index need not wait for that (imagined.py).
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import asyncpg
import msgspec

from tests.bench.fill import fill
from tests.bench.lives import live, served
from tests.bench.world import World, world

PROJECTS = 100_000
FILE = Path(__file__).parent / "statistics.json"
# Most frequent values and bounds of a histogram of a column: the plans are generic and ask for the frequencies alone.
TARGET = 12
# Tables with fewer rows are read whole as cheaply as by an index.
LEAST = 2_000
_RELATIONS = """
SELECT c.relname AS name, c.reltuples::bigint AS rows, c.relpages AS pages, c.relallvisible AS visible,
    c.relkind = 'i' AS index
FROM pg_class c LEFT JOIN pg_index i ON i.indexrelid = c.oid JOIN pg_class t ON t.oid = coalesce(i.indrelid, c.oid)
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'i') AND t.reltuples >= $1 ORDER BY 1
"""
_SLOTS = ", ".join(
    f"stakind{n}, staop{n}, stacoll{n}, stanumbers{n}, stavalues{n}::text" for n in range(1, 6)
)
_COLUMNS = f"""
SELECT a.attname, a.atttypid::int, format_type(a.atttypid, NULL) AS type, stanullfrac, stawidth, stadistinct, {_SLOTS}
FROM pg_statistic s JOIN pg_attribute a ON a.attrelid = s.starelid AND a.attnum = s.staattnum
WHERE s.starelid = $1::text::regclass ORDER BY s.staattnum
"""
# Frequent values, a histogram, the order on disk; what is in lists no plan of ours is chosen by.
_KINDS, _HISTOGRAM = (1, 2, 3), 2
_LONGEST = 1_000  # characters of all values of a column


class Slot(msgspec.Struct, array_like=True):
    """One kind of statistics of a column, as pg_statistic has it."""

    kind: int
    operator: int
    collation: int
    numbers: list[float] | None
    values: str | None


class Column(msgspec.Struct, array_like=True):
    nulls: float
    width: int
    distinct: float
    slots: list[Slot]


class Relation(msgspec.Struct):
    """A table or an index: its rows, its pages of 8 KiB, how many of them all may see, and its columns by name."""

    rows: int
    pages: int
    visible: int
    index: bool
    columns: dict[str, Column]


async def _read(url: str) -> dict[str, Relation]:
    """What the database at `url` knows of itself; asks as the superuser."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(f"SET default_statistics_target = {TARGET}")
        await connection.execute("ANALYZE")
        found = {}
        for row in await connection.fetch(_RELATIONS, LEAST):
            columns = await connection.fetch(_COLUMNS, row["name"])
            found[row["name"]] = Relation(
                row["rows"],
                row["pages"],
                row["visible"],
                row["index"],
                {each["attname"]: _column(each) for each in columns},
            )
        return found
    finally:
        await connection.close()


def _column(row: Any) -> Column:
    slots = []
    for n in range(1, 6):
        kind, operator, collation, numbers, values = (
            row[f"{name}{n}"] for name in ("stakind", "staop", "stacoll", "stanumbers", "stavalues")
        )
        if kind not in _KINDS or (kind == _HISTOGRAM and row["type"] == "uuid"):
            continue
        if values is not None and len(values) > _LONGEST:
            continue
        rounded = None if numbers is None else [float(f"{each:.4g}") for each in numbers]
        slots.append(Slot(kind, operator, collation, rounded, values))
    return Column(
        float(f"{row['stanullfrac']:.4g}"), row["stawidth"], float(f"{row['stadistinct']:.5g}"), slots
    )


def recorded() -> dict[str, Relation]:
    return msgspec.json.decode(FILE.read_bytes(), type=dict[str, Relation])


def _write(found: dict[str, Relation]) -> None:
    lines = (f"{_json(name)}: {_json(of)}" for name, of in found.items())
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def _json(told: Any) -> str:
    return msgspec.json.encode(told).decode()


async def _filled(place: World) -> None:
    async with served(place.settings) as (as_, door):
        await live(as_, door, short=False)
    await fill(place.admin_url, 1, PROJECTS)
    _write({name: of for name, of in (await _read(place.admin_url)).items() if not name.startswith("bench_")})


if __name__ == "__main__":
    with world(0, log_level="WARNING") as made:
        asyncio.run(_filled(made))
