"""What a refusal tells an official names no member of a request: the pointer of its fault does, for a portal."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import service

_CODE = re.compile(r"(?<![\w./@:=<{-])[a-z]+\d*(?:_[a-z0-9]+)+(?![\w/@.=-])")
_CHINESE = re.compile("[一-鿿]")
HERE = Path(service.__file__).parent
# Read by those who write clients or keep servers, not by officials: the document, the sandbox, set-up, keys, templates
# of papers and the catalogue of words itself; an office's organ is a code that its province chose.
_OTHERS = ("docs", "sandbox", "setup", "papers", "vocabulary", "portfolio/erasure_finding.py", "cli")
_KEYS = {"identity/credentials.py", "identity/powers.py", "identity/api_tokens.py", "sheets/declared.py"}


def spoken(source: Path) -> Iterator[str]:
    """Texts of a file that are neither its own comments nor what the document says of a member."""
    tree = ast.parse(source.read_text(encoding="utf-8"))
    apart = set[int]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            first = node.body[0] if node.body else None
            apart |= {id(first.value)} if isinstance(first, ast.Expr) else set()
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Meta", "_own"):
            apart |= {id(each) for each in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in apart:
            yield node.value


def named(text: str) -> list[str]:
    """Members that a Chinese text names as a request spells them."""
    return _CODE.findall(text) if _CHINESE.search(text) else []


def test_no_refusal_names_a_member_by_its_code() -> None:
    found = {}
    for source in sorted(HERE.rglob("*.py")):
        at = source.relative_to(HERE).as_posix()
        if not at.startswith(_OTHERS) and at not in _KEYS:
            found |= {(at, text[:60]): codes for text in spoken(source) if (codes := named(text))}
    assert found == {}


def test_one_that_does_is_found() -> None:
    assert named("请在同一请求中以 successor_id 指定接任人") == ["successor_id"]
    assert named("见 docs/operations_more.md") == named("no_words") == []
