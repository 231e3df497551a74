"""What an official reads names things: no sentence says a code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import service
from tests.syntax import nodes, walked

SERVICE = Path(service.__file__).parent
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Tells programmers which codes a member takes, each beside its name.
_PROGRAMMERS = ("kit/every_fault.py",)


def _codes_in_words(all_of_it: list[ast.AST]) -> Iterator[ast.JoinedStr]:
    """Chinese sentences that put a code where a reader expects its name."""
    for node in all_of_it:
        if not isinstance(node, ast.JoinedStr):
            continue
        said = "".join(str(each.value) for each in node.values if isinstance(each, ast.Constant))
        put = [each.value for each in node.values if isinstance(each, ast.FormattedValue)]
        coded = [
            each
            for each in put
            if (isinstance(each, ast.Name) and each.id == "code")
            or (isinstance(each, ast.Attribute) and each.attr == "code")
            or (
                isinstance(each, ast.Subscript)
                and isinstance(each.slice, ast.Constant)
                and each.slice.value == "code"
            )
        ]
        if coded and _CHINESE.search(said):
            yield node


def test_no_sentence_says_a_code() -> None:
    found = [
        f"{path.relative_to(SERVICE.parent)}:{node.lineno}"
        for path in sorted(SERVICE.rglob("*.py"))
        if not str(path).endswith(_PROGRAMMERS)
        for node in _codes_in_words(nodes(path))
    ]
    assert not found, f"named by `label`: {found}"
    for wrong in ("f'缺少 {code} 的理由'", "f'{each.code}（第九条）'", """f"{row['code']}不在其中" """):
        assert list(_codes_in_words(walked(ast.parse(wrong.strip())))), wrong
