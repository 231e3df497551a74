"""Which addresses are pages, and which addresses show the same page with other things on it."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

from service.console.api import ROUTES

# What no reader opens as a page: files, parts that a page fetches, ways in and out.
NOT_PAGES = re.compile(
    r"/console/(?:static|files|demo|sso|counters|hand-over|leave|appearance)\b"
    r"|/(?:row|evidence)$|\.csv$|/paper/|/files/|/console/admin$|/verify/file$"
)
# Parameters that make another page of it; all others (a cursor, the list one came from) leave it the same page.
TOLD_APART = {
    "queue": True,
    "step": True,
    "need": True,
    "tenant": False,
    "text": False,
    "peek": False,
    "show": False,
    "left": False,
    "verify": False,
    "all": False,
    "state": False,
}

# Pages that differ by what they show more than by whose they are: so many of them are opened by everybody.
MANY = {"/console/projects/{ref}": 6, "/console/adoptions/{ref}": 2}


def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    found = {
        path: re.compile(re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(path)))
        for route in ROUTES
        if "GET" in (route.http_methods or ())
        for path in route.paths
        if not NOT_PAGES.search(path)
    }
    return sorted(found.items(), key=lambda each: each[0].count("{"))  # /projects/new before /projects/{ref}


PATTERNS = _patterns()
PLAIN = [re.sub(r":str\}", "}", path) for path, _ in PATTERNS]


def shape(address: str) -> str | None:
    """The page an address shows, named by its route and what tells it apart; None where it shows no page."""
    parts = urlsplit(address)
    if NOT_PAGES.search(parts.path):
        return None
    route = next((path for path, pattern in PATTERNS if pattern.fullmatch(parts.path)), None)
    if route is None:
        return None
    told = []
    for name, value in parse_qsl(parts.query):
        if name in TOLD_APART:
            told.append(f"{name}={value}" if TOLD_APART[name] else name)
    named = re.sub(r":str\}", "}", route)
    return named + (f"?{'&'.join(sorted(told))}" if told else "")
