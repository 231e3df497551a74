"""Which addresses of the console answer with a file, as its sources say, and which links to them do not say so.

A link to a file carries `download`: whoever follows it stays where he is, and what walks from page to page knows.
"""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from litestar.handlers import HTTPRouteHandler

from service import console

_HANDED_ON = re.compile(r"\bRendered\(reply\.status, reply\.headers, reply\.body\)")


def _routes() -> Iterator[str]:
    """GET routes whose handler hands an operation's answer on as it is, by itself or by a function beside it."""
    for source in sorted(Path(console.__file__).parent.glob("*.py")):
        text = source.read_text(encoding="utf-8")
        if not _HANDED_ON.search(text):
            continue
        bodies = {
            each.name: ast.unparse(each)
            for each in ast.parse(text).body
            if isinstance(each, ast.AsyncFunctionDef)
        }
        giving = {name for name, body in bodies.items() if _HANDED_ON.search(body)}
        module = importlib.import_module(f"service.console.{source.stem}")
        for name, body in bodies.items():
            handler = getattr(module, name)
            if not isinstance(handler, HTTPRouteHandler) or "GET" not in handler.http_methods:
                continue
            if name in giving or any(f"await {each}(" in body for each in giving):
                yield from handler.paths


ROUTES = sorted(_routes())
_PATTERNS = [re.compile(re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(path))) for path in ROUTES]


def is_file(address: str) -> bool:
    return any(each.fullmatch(urlsplit(address).path) for each in _PATTERNS)


def unsaid(tags: Iterable[tuple[str, Mapping[str, str | None]]]) -> list[str]:
    """Addresses of files that links without `download` lead to."""
    links = [given for tag, given in tags if tag == "a" and "download" not in given]
    return [address for given in links if is_file(address := given.get("href") or "")]
