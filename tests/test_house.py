"""The house's measure of what one reads at a time, and of how long a test waits.

No file of the service over 300 lines, no function over 40; no test fails because the machine is busy.
"""

from __future__ import annotations

import ast
from pathlib import Path

from tests.syntax import nodes

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted((ROOT / "service").rglob("*.py"))
MOST_OF_A_FILE, MOST_OF_A_FUNCTION = 300, 40


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
