"""Which tests name an article."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from service.articles.carriers import Carrier, definitions, tree
from service.articles.naming import named

_IGNORED = ("tests/mutations/", "tests/portfolio/test_articles.py")  # what speaks about the check itself


@cache
def proofs(root: Path) -> tuple[Carrier, ...]:
    """Test functions whose name, docstring or text names an article; a file's own docstring counts for the file."""
    return tuple(_proofs(root))


def _proofs(root: Path) -> Iterator[Carrier]:
    for file in sorted((root / "tests").rglob("test_*.py")):
        path = file.relative_to(root).as_posix()
        if path.startswith(_IGNORED):
            continue
        lines = file.read_text(encoding="utf-8").splitlines()
        for name, node in functions_of(tree(file)):
            words = "\n".join([name.replace("_", " "), *lines[node.lineno - 1 : node.end_lineno]])
            for number in named(words):
                yield Carrier(number, f"{path}::{name}", f"{path}:{node.lineno}")
        for number in named(ast.get_docstring(tree(file)) or ""):
            yield Carrier(number, path, f"{path}:1")


def functions_of(module: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    for name, node in definitions(module):
        if name.startswith("test_"):
            yield name, node
        elif isinstance(node, ast.ClassDef) and name.startswith("Test"):
            yield from (
                (f"{name}::{each.name}", each)
                for each in node.body
                if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef) and each.name.startswith("test_")
            )
