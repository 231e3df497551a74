"""A small database that PostgreSQL takes for one of 100,000 projects: the recorded statistics, and files as long.

The planner multiplies rows per page by the pages that the file really has, so each file is made as long as it was,
without content: a hole takes no space, and nobody reads it. From then on the database is for EXPLAIN alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.plans.recorded import Column, Relation

_SEGMENT = 131_072  # pages of one file; a longer table lies in several
_INDEX_ROW = 48  # bytes, of an index that was not there when the statistics were recorded
_OWN = """
SELECT c.oid::int, c.relname AS name, t.relname AS of, pg_relation_filepath(c.oid) AS path
FROM pg_class c LEFT JOIN pg_index i ON i.indexrelid = c.oid JOIN pg_class t ON t.oid = coalesce(i.indrelid, c.oid)
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'i')
"""
_COLUMNS = """
SELECT attrelid::int, attname, attnum, atttypid::int FROM pg_attribute
WHERE attnum > 0 AND NOT attisdropped AND attrelid = ANY($1::oid[])
"""


async def imagine(connection: Any, known: Mapping[str, Relation], *, times: float = 1.0) -> None:
    """Makes the database seem as large, or so many times; `connection`: the superuser's."""
    own = {row["name"]: row for row in await connection.fetch(_OWN) if row["of"] in known}
    sizes = {name: _size(row, known, times) for name, row in own.items()}
    columns: dict[int, dict[str, Any]] = {}
    for row in await connection.fetch(_COLUMNS, [row["oid"] for row in own.values()]):
        columns.setdefault(row["attrelid"], {})[row["attname"]] = row
    script = ["BEGIN"]
    for name, row in own.items():
        rows, pages, visible = sizes[name]
        script.append(
            f"UPDATE pg_class SET reltuples = {rows}, relpages = {pages}, relallvisible = {visible} "
            f"WHERE oid = {row['oid']}"
        )
    script.append(
        f"DELETE FROM pg_statistic WHERE starelid IN ({', '.join(str(row['oid']) for row in own.values())})"
    )
    for name, row in own.items():
        script += _statistics(row["oid"], known.get(name), columns.get(row["oid"], {}))
    files = "\n".join(line for name, row in own.items() for line in _longer(row["path"], sizes[name][1]))
    script.append(f"COPY (SELECT unnest(string_to_array($$\n{files}\n$$, E'\\n'))) TO PROGRAM 'sh -e'")
    await connection.execute(";\n".join([*script, "COMMIT"]))


def _size(row: Any, known: Mapping[str, Relation], times: float) -> tuple[int, int, int]:
    found = known.get(row["name"])
    if found is None:  # an index that came later: of all rows
        rows = known[row["of"]].rows
        found = Relation(rows, rows * _INDEX_ROW // 8192 + 2, 0, True, {})
    return int(found.rows * times), max(1, int(found.pages * times)), int(found.visible * times)


def _longer(path: str, pages: int) -> Iterator[str]:
    """Commands that make the relation's files as long, in the server's own directory."""
    for segment, first in enumerate(range(0, pages, _SEGMENT)):
        size = min(_SEGMENT, pages - first) * 8192
        yield f"truncate -s '>{size}' {path}{f'.{segment}' if segment else ''}"


def _statistics(oid: int, found: Relation | None, columns: Mapping[str, Any]) -> Iterator[str]:
    for name, column in (found.columns if found else {}).items():
        if name in columns:
            yield _statistic(oid, columns[name], column)


def _statistic(oid: int, own: Any, column: Column) -> str:
    names, values = [], []
    for n, slot in enumerate(column.slots, 1):
        names += [f"stakind{n}", f"staop{n}", f"stacoll{n}", f"stanumbers{n}", f"stavalues{n}"]
        numbers = "NULL" if slot.numbers is None else f"'{{{','.join(map(str, slot.numbers))}}}'"
        told = "NULL" if slot.values is None else f"array_in({_quoted(slot.values)}, {own['atttypid']}, -1)"
        values += [str(slot.kind), str(slot.operator), str(slot.collation), numbers, told]
    rest = range(len(column.slots) + 1, 6)
    names += [f"{name}{n}" for n in rest for name in ("stakind", "staop", "stacoll")]
    values += ["0"] * (3 * len(rest))
    return (
        f"INSERT INTO pg_statistic (starelid, staattnum, stainherit, stanullfrac, stawidth, stadistinct, "
        f"{', '.join(names)}) VALUES ({oid}, {own['attnum']}, false, {column.nulls}, {column.width}, "
        f"{column.distinct}, {', '.join(values)})"
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
