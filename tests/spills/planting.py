"""The planted sentence: callers that slip a mark into every text they send, and a search through all that is stored."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, ClassVar

import httpx

from tests.conftest import Caller
from tests.contract.operations import OPERATIONS

_FOUND = re.compile(r"J[0-9A-F]{14}Z")
_AS_BYTES = re.compile(r"4a(?:3[0-9]|4[1-6]){14}5a")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_PLACES = [
    (each.method, re.compile(re.sub(r"\{\w+\}", "[^/]+", each.path)), each.id)
    for each in OPERATIONS
    if each.unsafe
]
Path = tuple[str | int, ...]


def mark_of(number: int) -> str:
    """One mark for each deed: letters and digits only, so that it reads the same in JSON, CSV, XML and bytes, and no
    two alike, so that they make no projects similar.
    """
    return f"J{sha256(str(number).encode()).hexdigest()[:14].upper()}Z"


def texts(value: Any, at: Path = ()) -> Iterator[Path]:
    """Where a body holds words rather than codes, ids, days or amounts: every string with Chinese in it."""
    if isinstance(value, str) and _CHINESE.search(value):
        yield at
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from texts(each, (*at, key))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from texts(each, (*at, index))


def marked(value: Any, mark: str, places: set[Path], at: Path = ()) -> Any:
    """The body with the mark at the end of these texts."""
    if isinstance(value, dict):
        return {key: marked(each, mark, places, (*at, key)) for key, each in value.items()}
    if isinstance(value, list):
        return [marked(each, mark, places, (*at, index)) for index, each in enumerate(value)]
    return f"{value}{mark}" if at in places else value


@dataclass
class Pen:
    """What is slipped in now, and which operations took it."""

    mark: str = ""
    elsewhere: tuple[str, ...] = ()  # paths whose texts are left alone
    taken: set[str] = field(default_factory=set)

    def took(self, method: str, path: str) -> None:
        """Notes the operation, which wants no deed of its own any more."""
        url = path if path.startswith("/api") else f"/api/v1{path}"
        self.taken |= {known for verb, place, known in _PLACES if verb == method and place.fullmatch(url)}


class Planting(Caller):
    """A caller whose every text ends with the pen's mark, save those the service refuses with it.

    One pen for all: recipes make callers of their own from the class of the one they were given.
    """

    pen: ClassVar[Pen] = Pen()

    async def __call__(
        self, method: str, path: str, body: Any = None, *, etag: str | None = None, **more: Any
    ) -> httpx.Response:
        own = method not in ("GET", "HEAD") and not path.removeprefix("/api/v1").startswith(
            self.pen.elsewhere
        )
        places = words = set(texts(body)) if own else set()
        while places:
            answer = await super().__call__(
                method, path, marked(body, self.pen.mark, places), etag=etag, **more
            )
            if answer.is_success:
                self.pen.took(method, path)
                return answer
            named = {each["pointer"] for each in answer.json().get("errors", ())}
            wrong = {place for place in places if "/" + "/".join(map(str, place)) in named}
            places = places - wrong if wrong else set()
        if own and isinstance(more.get("content"), bytes):
            more = {**more, "content": self._file(more["content"])}
        answer = await super().__call__(method, path, body, etag=etag, **more)
        if answer.is_success and not words:  # whoever refused the mark in every word has taken none
            self.pen.took(method, path)
        return answer

    def _file(self, raw: bytes) -> bytes:
        """A line of an import, or a file."""
        try:
            line = json.loads(raw)
        except ValueError:
            return raw + self.pen.mark.encode()
        return json.dumps(marked(line, self.pen.mark, set(texts(line))), ensure_ascii=False).encode()


async def found_in_rows(connection: Any) -> dict[str, dict[str, int]]:
    """mark → {table: rows}, in every column of every table, as text or as bytes."""
    names = [
        row[0]
        for row in await connection.fetch(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        )
    ]
    either = f"{_FOUND.pattern}|{_AS_BYTES.pattern}"
    told: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for name in names:
        rows = await connection.fetch(f'SELECT t::text FROM "{name}" t WHERE t::text ~ $1', either)
        for row in rows:
            for mark in marks_of(row[0]):
                told[mark][name] += 1
    return {mark: dict(tables) for mark, tables in told.items()}


def marks_of(told: str) -> set[str]:
    return set(_FOUND.findall(told)) | {bytes.fromhex(each).decode() for each in _AS_BYTES.findall(told)}
