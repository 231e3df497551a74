"""How rows are asked for and told: `TENANT_ID` … (service/kit/statements.py), `of_row(View, row, …)` (kit/rows.py)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import msgspec
import pytest

from service.kit.rows import columns_of, of_row
from tests.syntax import nodes

ROOT = Path(__file__).resolve().parents[1]
MOST_BY_HAND = 2


def _column(node: ast.expr) -> str | None:
    """The name of a column that is read as it stands: row["name"]."""
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        return node.slice.value if isinstance(node.slice, ast.Constant) else None  # type: ignore[return-value]
    return None


def _spelt(node: ast.AST) -> bool:
    """{name: row[name] for name in …}: what `of_row` and `columns_of` are for."""
    return (
        isinstance(node, ast.DictComp)
        and isinstance(node.key, ast.Name)
        and isinstance(node.value, ast.Subscript)
        and isinstance(node.value.value, ast.Name)
        and ast.unparse(node.value.slice) == node.key.id == ast.unparse(node.generators[0].target)
        and not node.generators[0].ifs
    )


def _by_hand(found: list[ast.AST]) -> Iterator[tuple[int, str]]:
    """Where columns are handed to a Struct of the wire one by one, or named in a comprehension that is spread."""
    wire = {
        each.asname or each.name
        for node in found
        if isinstance(node, ast.ImportFrom) and "schemas" in (node.module or "")
        for each in node.names
    }
    for node in found:
        if isinstance(node, ast.Call):
            same = sum(_column(each.value) == each.arg for each in node.keywords if each.arg is not None)
            placed = sum(_column(each) is not None for each in node.args)
            if ast.unparse(node.func) in wire and max(same, placed) > MOST_BY_HAND:
                yield node.lineno, ast.unparse(node.func)
            if any(each.arg is None and _spelt(each.value) for each in node.keywords):
                yield node.lineno, ast.unparse(node.func)
        if isinstance(node, ast.Dict):
            parts = zip(node.keys, node.values, strict=True)
            if any(key is None and _spelt(value) for key, value in parts):
                yield node.lineno, "{**…}"


def test_a_row_becomes_an_answer_one_way() -> None:
    """Nobody keeps a list of the names that a row and its answer share, or forgets one of them."""
    found = [
        f"{path.relative_to(ROOT)}:{line} {name}"
        for path in sorted((ROOT / "service").rglob("*.py"))
        for line, name in _by_hand(list(nodes(path)))
    ]
    assert not found, "say of_row(View, row, …) or columns_of(row, …) at:\n" + "\n".join(found)


@pytest.mark.parametrize(
    "text",
    [
        'V(row["a"], row["b"], row["c"])',
        'V(a=row["a"], b=row["b"], c=row["c"])',
        "V(x=1, **{name: row[name] for name in SAME})",
        "said = {'x': 1, **{name: row[name] for name in SAME}}",
    ],
)
def test_what_is_spelt_by_hand_is_seen(text: str) -> None:
    assert len(list(_by_hand(list(ast.walk(ast.parse(f"from service.x.schemas import V\n{text}")))))) == 1
    assert not list(
        _by_hand(list(ast.walk(ast.parse('f(row["a"], row["b"], row["c"])\nof_row(V, row, a=1)'))))
    )


class _View(msgspec.Struct):
    id: str
    on: date
    note: str | None
    more: int = 7


def test_what_is_said_goes_before_the_row_and_what_is_missing_is_no_null() -> None:
    row = {"id": 3, "on": date(2026, 3, 2), "note": None, "secret": "of nobody's concern"}
    assert of_row(_View, row, id="a") == _View("a", date(2026, 3, 2), None, 7)
    assert of_row(_View, {**row, "more": 8}, id="a", note="n") == _View("a", date(2026, 3, 2), "n", 8)
    assert columns_of(row, "on", "note") == {"on": date(2026, 3, 2), "note": None}
    with pytest.raises(KeyError, match="note"):
        of_row(_View, {"id": "a", "on": date(2026, 3, 2)})
    with pytest.raises(TypeError, match="secret"):
        of_row(_View, row, secret="x")


def test_what_most_statements_are_given_is_named_once() -> None:
    """`TENANT_ID`, `ROW_ID` … are imported, not made anew; a key of another type has a parameter of its own."""
    named = {
        ast.unparse(each) for each in nodes(ROOT / "service/kit/statements.py") if isinstance(each, ast.Call)
    }
    named = {each for each in named if each.startswith("bindparam(")}
    assert len(named) == 7
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sorted((ROOT / "service").rglob("*.py"))
        if path.name != "statements.py"
        for node in nodes(path)
        if isinstance(node, ast.Call) and ast.unparse(node) in named
    ]
    assert not found, "import it from kit/statements at:\n" + "\n".join(found)


# The case has more to write than its columns, a purge no reader; a client's id is text, its secrets no new version.
OWN_UPDATES = {"projects/case.py", "portfolio/closing.py", "identity/clients.py"}


def test_a_row_is_changed_one_way() -> None:
    """`update_row(table, while it is so, column="parameter")`: which row, by the types of its columns."""
    this = re.compile(
        r"Statement\(update\(\w+\)\.where\([\w.]+\.tenant_id == OF_TENANT, [\w.]+\.id == (OF_ID|bindparam)"
    )
    found = {
        path.relative_to(ROOT / "service").as_posix()
        for path in sorted((ROOT / "service").rglob("*.py"))
        for node in nodes(path)
        if isinstance(node, ast.Call)
        and this.match(written := ast.unparse(node))
        and ".returning(" not in written
    }
    assert found - {"kit/tables.py"} == OWN_UPDATES, "say update_row or update_read"
