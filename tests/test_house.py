"""The house's measure of what one reads at a time, and of how long a test waits.

No file of the service over 300 lines, no function over 40; no test fails because the machine is busy.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

from tests.syntax import nodes

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted((ROOT / "service").rglob("*.py"))
MOST_OF_A_FILE, MOST_OF_A_FUNCTION = 300, 40
LONG = ROOT / "tests" / "long.txt"


def test_no_file_is_over_three_hundred_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES
    }
    found = [f"{name} has {lines} lines" for name, lines in long.items() if lines > MOST_OF_A_FILE]
    assert not found, "split by meaning:\n" + "\n".join(found)
    assert len(SOURCES) > 100


def test_no_function_is_over_forty_lines() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name} has {node.end_lineno - node.lineno + 1} lines"
        for path in SOURCES
        for node in nodes(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno >= MOST_OF_A_FUNCTION
    ]
    assert not found, "split by meaning:\n" + "\n".join(found)


def _long_tests() -> dict[str, int]:
    """Files and functions of the tests over the measure of the service."""
    found = {}
    for path in sorted((ROOT / "tests").rglob("*.py")):
        name = str(path.relative_to(ROOT))
        lines = len(path.read_text(encoding="utf-8").splitlines())
        found |= {name: lines} if lines > MOST_OF_A_FILE else {}
        for node in nodes(path):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
                length = node.end_lineno - node.lineno + 1
                found |= {f"{name}::{node.name}": length} if length > MOST_OF_A_FUNCTION else {}
    return found


def test_what_is_long_in_the_tests_only_becomes_less() -> None:
    """tests/long.txt names what was longer when it was counted; nothing is added, and what was split leaves it."""
    listed = dict(line.rsplit(" ", 1) for line in LONG.read_text("utf-8").splitlines())
    found = _long_tests()
    grown = [f"{name} has {lines} lines" for name, lines in found.items() if lines > int(listed.get(name, 0))]
    assert not grown, "split by meaning:\n" + "\n".join(grown)
    assert found.keys() == listed.keys(), (
        f"no longer long, take it off the list: {sorted(listed.keys() - found.keys())}"
    )


def test_no_test_waits_as_long_as_a_library_thinks_fit() -> None:
    """httpx gives up after five seconds by itself: on a loaded machine that is a failure of nothing of ours."""
    names = {"AsyncClient", "Client", "get", "post", "put", "patch", "delete", "request", "stream"}
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sorted((ROOT / "tests").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in names
        and getattr(node.func.value, "id", "") == "httpx"
        and not {"timeout", "transport"} & {each.arg for each in node.keywords}
    ]
    assert not found, "say timeout=600 to:\n" + "\n".join(found)


def _shape(row: ast.expr) -> str | None:
    """What kind of row of a table it is: a call of one thing, cells side by side; nothing with fewer than two cells."""
    row = row.value if isinstance(row, ast.Starred) else row
    if isinstance(row, ast.Call) and len(row.args) + len(row.keywords) > 1:
        return ast.unparse(row.func)
    if isinstance(row, ast.Tuple | ast.List | ast.Set) and len(row.elts) > 1:
        return "cells"
    return "members" if isinstance(row, ast.Dict) and len(row.keys) > 1 else None


def _is_table(statement: ast.stmt) -> bool:
    """An assignment or a return in which three rows or more are of one shape; or a table of the vocabulary."""
    if not isinstance(statement, ast.Assign | ast.AnnAssign | ast.Return) or statement.value is None:
        return False
    if isinstance(statement.value, ast.Call) and ast.unparse(statement.value.func) == "table":
        return True
    for node in ast.walk(statement.value):
        rows: list[ast.expr] = []
        if isinstance(node, ast.Dict):
            rows = node.values
        elif isinstance(node, ast.Tuple | ast.List | ast.Set):
            rows = node.elts
        elif isinstance(node, ast.Call):
            rows = node.args
        if max(Counter(filter(None, map(_shape, rows))).values(), default=0) >= 3:
            return True
    return False


_BY_HAND = "# fmt: " + "skip"


def _laid_out_by_hand(text: str) -> list[int]:
    """Lines on which the formatter is told to keep off something that is no table."""
    tree = ast.parse(text)
    ends = {each.end_lineno: each for each in ast.walk(tree) if isinstance(each, ast.stmt)}
    return [
        number
        for number, line in enumerate(text.splitlines(), 1)
        if _BY_HAND in line and not (number in ends and _is_table(ends[number]))
    ]


def test_only_what_is_read_as_a_table_is_laid_out_by_hand() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for folder in ("service", "tests")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if _BY_HAND in (text := path.read_text(encoding="utf-8"))
        for number in _laid_out_by_hand(text)
    ]
    assert not found, "left to the formatter:\n" + "\n".join(found)


def test_a_packed_call_is_no_table() -> None:
    table = f"A = [\n    (1, 2),\n    (3, 4),\n    (5, 6),\n]  {_BY_HAND}\n"
    assert _laid_out_by_hand(table) == []
    assert _laid_out_by_hand(f"a(\n    1, 2, 3)  {_BY_HAND}\n") == [2]
    assert _laid_out_by_hand(f"A = (\n    1, 2, 3)  {_BY_HAND}\n") == [2]


def _passes_on(path: Path) -> list[str]:
    """Unsafe operations whose function hands the call to one function of another file and wraps what comes back."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {
        each.asname or each.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("service.")
        for each in node.names
    }
    found = []
    for node in tree.body:
        if not isinstance(node, ast.AsyncFunctionDef) or [each.arg for each in node.args.args] != [
            "call",
            "tx",
        ]:
            continue
        waits = [each.value for each in ast.walk(node) if isinstance(each, ast.Await)]
        judges = any(
            isinstance(each, ast.If | ast.Raise | ast.For | ast.Try | ast.With) for each in ast.walk(node)
        )
        if len(waits) != 1 or judges or not isinstance(waits[0], ast.Call) or not node.decorator_list:
            continue
        to = ast.unparse(waits[0].func).partition(".")[0]
        given = [ast.unparse(each) for each in waits[0].args]
        more = [each for each in given[2:] if not _REF.fullmatch(each)]
        if to in imported and given[:2] == ["call", "tx"] and not more and len(node.body) <= 4:
            found.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}")
    return found


_REF = re.compile(r"ref|own_ref\(call\)|parse_ref\(call\.path\('ref'\)\)|\w+\.client_of\(call\)")


def test_no_operation_only_passes_on() -> None:
    """Its declaration stands above the function that does it: `@deed`, `@command` (decision 0255)."""
    found = [each for path in SOURCES for each in _passes_on(path)]
    assert not found, "declare above what does it:\n" + "\n".join(found)


def test_what_is_not_there_is_refused_one_way() -> None:
    """`or_404(...)` around what is looked for: nobody forgets that absent and foreign rows are answered alike."""
    found = [
        f"{path.relative_to(ROOT)}:{then.lineno}"
        for path in SOURCES
        for node in nodes(path)
        for block in (getattr(node, name, None) for name in ("body", "orelse", "finalbody"))
        for first, then in pairwise(block if isinstance(block, list) else ())
        if isinstance(first, ast.Assign)
        and isinstance(then, ast.If)
        and not then.orelse
        and ast.unparse(then.test) == f"{ast.unparse(first.targets[0])} is None"
        and [ast.unparse(each) for each in then.body] == ["raise not_found()"]
    ]
    assert not found, "say or_404(...) at:\n" + "\n".join(found)


# The case has more to write than its columns; a purge has no reader; the use of a secret is no new version.
OWN_UPDATES = {"service/projects/case.py", "service/portfolio/closing.py", "service/identity/clients.py"}


def test_a_row_is_written_back_as_it_was_read_one_way() -> None:
    """`update_read(table, columns)` makes the statement that changes nothing where somebody was faster."""
    found = {
        str(path.relative_to(ROOT))
        for path in SOURCES
        for node in nodes(path)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) == "Statement"
        and ast.unparse(node).startswith("Statement(update(")
        and "READ_VERSION" in ast.unparse(node)
    }
    assert found - {"service/kit/tables.py"} == OWN_UPDATES


# Who writes an entry of the trail or an event with no call at hand, and in whose name then.
WITHOUT_A_CALL = {
    "service/audit/actions.py": "`audited` itself",
    "service/kit/outbox.py": "`emitted` itself",
    "service/kit/relay.py": "of what could not be delivered",
    "service/projects/state.py": "a step of a case: its actor, also where the system takes it",
    "service/identity/tokens.py": "the end of a token, which is no operation with a call",
    "service/identity/journal.py": "logins: whoever signs in is nobody's principal yet",
    "service/library/summaries.py": "follows from another event",
    "service/catalogue/telling.py": "follows from another event, or from a command in its provider's tenant",
    "service/obligations/jobs.py": "a day that has come",
    "service/obligations/reminding.py": "a day that has come",
    "service/suspicions/finding.py": "follows from a submission",
    "service/portfolio/closing.py": "the erasing after two persons' word",
    "service/backup/declaring.py": "an operator at the machine",
    "service/setup/bootstrap.py": "an operator at the machine",
    "service/webhooks/resealing.py": "an operator at the machine",
    "service/webhooks/telling.py": "a receiver that gave no answer",
    "service/sheets/waiting.py": "a workbook that was read after its upload was answered",
    "service/sheets/running.py": "a workbook that was taken in after its confirmation was answered",
}


def _writers() -> tuple[set[str], set[str]]:
    """Files that call what `audited` and `emitted` stand on, and files that make statements of their tables."""
    below, tables = set[str](), set[str]()
    for path in SOURCES:
        name = str(path.relative_to(ROOT))
        known = {
            each.asname or each.name
            for node in nodes(path)
            if isinstance(node, ast.ImportFrom)
            and node.module in ("service.audit.actions", "service.kit.outbox")
            for each in node.names
            if each.name in ("record", "emit")
        } | {"service/audit/actions.py": {"record"}, "service/kit/outbox.py": {"emit"}}.get(name, set())
        for node in nodes(path):
            if not isinstance(node, ast.Call):
                continue
            of = ast.unparse(node.args[0]) if node.args else ""
            if ast.unparse(node.func) in known:
                below.add(name)
            if ast.unparse(node.func).startswith("insert") and of in ("outbox", "audit_entries"):
                tables.add(name)
    return below, tables


def test_trail_and_event_are_written_one_way() -> None:
    """`audited(call, …)` and `emitted(call, …)`: a command says neither who, when nor by which trace by itself."""
    below, tables = _writers()
    assert below == WITHOUT_A_CALL.keys(), below ^ WITHOUT_A_CALL.keys()
    assert tables == {"service/audit/actions.py", "service/kit/outbox.py"}


def test_a_row_that_an_id_names_is_looked_for_one_way() -> None:
    """`row_seen(call, …)` and `row_taken(tx, …)`: nobody asks the database for another tenant's row first."""
    found = [
        f"{path.relative_to(ROOT)}:{then.lineno}"
        for path in SOURCES
        for node in nodes(path)
        if isinstance(node, ast.AsyncFunctionDef) and node.name not in ("row_seen", "row_taken")
        for first, then in pairwise(node.body)
        if ast.unparse(first).startswith("in_reach(")
        and isinstance(then, ast.Assign)
        and ast.unparse(then.value).startswith("or_404(await ")
        and ast.unparse(then.value).endswith("tenant_id=ref.tenant, id=ref.id))")
    ]
    assert not found, "say row_seen or row_taken at:\n" + "\n".join(found)
