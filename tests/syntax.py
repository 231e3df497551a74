"""Python sources as syntax, for the tests that hold what is written in the house.

Each file is read and walked once in a process: half a million nodes, walked anew by a dozen tests, took a minute of
every run.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path


@cache
def tree(path: Path) -> ast.Module:
    """The file's syntax."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def nodes(path: Path) -> list[ast.AST]:
    """Every node of the file, whoever holds others before them."""
    return walked(tree(path))


def walked(root: ast.AST) -> list[ast.AST]:
    """As `ast.walk` has them, less whether a name is read or written."""
    found: list[ast.AST] = [root]
    for node in found:  # which grows meanwhile
        for name in node._fields:
            if name == "ctx":
                continue
            value = getattr(node, name, None)
            if isinstance(value, ast.AST):
                found.append(value)
            elif isinstance(value, list):
                found += [each for each in value if isinstance(each, ast.AST)]
    return found
