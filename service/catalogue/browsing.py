"""Browse, search, suggest and compare. All of it works on the rows the reader may see, and on nothing else."""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Boolean, Float, Text, column

from service.catalogue.published_copies import public_id
from service.catalogue.queries import ENTRY, LISTED, USED_BY
from service.catalogue.remembered import Kept, remembered
from service.catalogue.schemas_browse import (
    AppItem,
    AppList,
    BrowseQuery,
    CompareQuery,
    Comparison,
    EntryView,
    Facet,
    Shared,
    Suggestions,
    SuggestQuery,
)
from service.catalogue.schemas_browse import Row as Line
from service.catalogue.search import CATEGORIES, Hit, plain
from service.catalogue.views import Succession, entry_view, item, succession
from service.kit.api import Answer, Call
from service.kit.clock import legal_day
from service.kit.db import Row
from service.kit.errors import or_404
from service.kit.ids import Ref, parse_ref
from service.kit.orders import Order
from service.kit.paging import Pages, Wish
from service.measures.adoption import OPEN_TO_REQUESTS, STATUS_NAMES, AppStatus
from service.vocabulary import names

SUGGESTIONS = 10
_TIERS: Mapping[str, str] = names("level")
_SUCCESSION: Mapping[str, str] = names("app_succession")


def _place(row: Row, line_of: Succession) -> str:
    """What it is among those that take places; who left has left, whatever it once took."""
    return "succeeded" if row["successor"] else "succeeds" if public_id(row) in line_of.before else ""


# facet → the value a row carries ("": none), and how it is called
_FACETS: dict[str, tuple[Callable[[Row, Succession], str], Callable[[str], str]]] = {
    "status": (lambda row, _: row["status"], lambda value: STATUS_NAMES[AppStatus(value)]),
    "tier": (lambda row, _: row["provider_tier"], lambda value: _TIERS[value]),
    "security_level": (lambda row, _: str(row["security_level"]), lambda value: f"{value}级"),
    "free": (
        lambda row, _: "true" if row["cost_fen"] == 0 else "false",
        lambda value: "免费" if value == "true" else "收费",
    ),
    "category": (lambda row, _: row["category"], lambda value: CATEGORIES[value]),
    "succession": (_place, lambda value: _SUCCESSION[value]),
}


async def visible(call: Call) -> list[Row]:
    """Every published app the caller may see."""
    return await call.door.fetch(call.scope, LISTED, tenant_id=call.principal.tenant)


class _Match(NamedTuple):
    number: int
    score: float


class _Line(NamedTuple):
    """A place in the order of the list, unique, so that no two rows are ever compared; `match`: where words were given,
    the app's number in the index and its score.
    """

    key: list[Any]
    row: Row
    match: _Match | None


class _Found(NamedTuple):
    """Everything that matches, in order, and what is told of it all."""

    lines: list[_Line]
    facets: dict[str, list[Facet]]


class _Apps(Pages):
    """The catalogue is small, and ranked as a whole in this process. `given`: the lines, and what was asked."""

    async def rows(
        self, call: Call, wish: Wish, given: Mapping[str, Any], *, cursor: str | None, limit: int
    ) -> list[Row]:
        """The lines behind the cursor, at most `limit`, each with its place."""
        lines, begin = given["lines"], 0
        if cursor is not None:
            place = list(self.place(call, wish, given, cursor).values())
            begin = bisect_right(lines, place, key=lambda line: line.key)
        names = [name for name, _ in _RANKED.columns]
        return [
            {**dict(zip(names, line.key, strict=True)), "line": line} for line in lines[begin : begin + limit]
        ]

    def whose(self, call: Call, wish: Wish, given: Mapping[str, Any]) -> str:
        """A cursor goes on in the list it came from."""
        return f"{call.principal.scope}:{msgspec.json.encode(given['asked']).decode()}"


# By use, or where words were given, what is still open and is used most or matches best; else by name.
_RANKED = Order(
    (
        ("closed", column("closed", Boolean)),
        ("rank", column("rank", Float)),
        ("name", column("name", Text)),
        ("id", column("id", Text)),
    )
)
APPS = _Apps("apps", "/apps", {"ranked": _RANKED})
_WISH = Wish(frozenset(), "ranked", after=False, across=False)


async def browse(call: Call) -> Answer:
    """A page, by use, else ranked where words were given, else by name; the facets tell of everything that matches."""
    query: BrowseQuery = call.query
    rows, text, index = await visible(call), query.text, None
    line_of = succession(rows)
    if text is None:
        found = await asyncio.to_thread(_found, query, [(row, None) for row in rows], line_of)
    else:
        index, there = await remembered(call).there(call, call.scope, rows)
        found = await asyncio.to_thread(_searched, query, text, index, there, line_of)
    asked = {k: v for k, v in msgspec.structs.asdict(query).items() if k not in ("cursor", "limit")}
    given = {"lines": found.lines, "asked": asked}
    shown, cursor, headers = await APPS.page(call, query, _WISH, given)
    items = await asyncio.to_thread(_items, [each["line"] for each in shown], text, index, line_of)
    return Answer(AppList(items, len(found.lines), found.facets, cursor), headers=headers)


def _searched(
    query: BrowseQuery, text: str, index: Kept, there: Mapping[int, Row], line_of: Succession
) -> _Found:
    scores = index.matching(text, there)
    rows = [(there[number], _Match(number, score)) for number, score in scores.items()]
    return _found(query, rows, line_of)


def _items(lines: list[_Line], text: str | None, index: Kept | None, line_of: Succession) -> list[AppItem]:
    return [item(line.row, _hit(line, text, index), line_of) for line in lines]


def _hit(line: _Line, text: str | None, index: Kept | None) -> Hit | None:
    if line.match is None or text is None or index is None:
        return None
    return Hit(public_id(line.row), line.match.score, index.said(text, line.match.number))


def _found(query: BrowseQuery, rows: Sequence[tuple[Row, _Match | None]], line_of: Succession) -> _Found:
    chosen, hide = _chosen(query), query.status is None
    kept = list[_Line]()
    counts = {name: Counter[str]() for name in _FACETS}
    for row, match in rows:
        values = {name: value_of(row, line_of) for name, (value_of, _) in _FACETS.items()}
        failing = {name for name, value in chosen.items() if values[name] != value}
        if hide and row["status"] == AppStatus.RETIRED.value:
            failing.add("status")
        # A facet counts what the other filters let through.
        for name in _FACETS if not failing else failing if len(failing) == 1 else ():
            counts[name][values[name]] += 1
        if not failing:
            kept.append(_Line(_key(row, match, by_use=query.order == "used"), row, match))
    kept.sort(key=lambda line: line.key)
    return _Found(kept, {name: _facet(name, counts[name]) for name in _FACETS})


def _key(row: Row, match: _Match | None, *, by_use: bool) -> list[Any]:
    """Who searches wants what is still open, and so does who asks what is used most."""
    closed = (by_use or match is not None) and AppStatus(row["status"]) not in OPEN_TO_REQUESTS
    rank = float(row["used_by"]) if by_use else 0.0 if match is None else match.score
    return [closed, -rank, row["name"], public_id(row)]


def _chosen(query: BrowseQuery) -> dict[str, str]:
    """The facets' values that were asked for, as the facets write them."""
    asked: dict[str, Any] = {name: getattr(query, name) for name in _FACETS}
    plain = {name: value for name, value in asked.items() if value is not None}
    return {name: str(value).lower() if name == "free" else str(value) for name, value in plain.items()}


def _facet(name: str, counts: Mapping[str, int]) -> list[Facet]:
    """Counts per value, the most frequent first."""
    label_of = _FACETS[name][1]
    ordered = sorted(((v, n) for v, n in counts.items() if v), key=lambda count: (-count[1], count[0]))
    return [Facet(value, label_of(value), number) for value, number in ordered]


async def suggest(call: Call) -> Suggestions:
    """Names and functions that contain the text, names first."""
    query: SuggestQuery = call.query
    rows = [row for row in await visible(call) if row["status"] != AppStatus.RETIRED.value]
    index, there = await remembered(call).there(call, call.scope, rows)
    return Suggestions(await asyncio.to_thread(index.suggested, query.text, there, SUGGESTIONS))


async def read_entry(call: Call, ref: Ref) -> Row:
    """The published app, or 404."""
    row = or_404(
        await call.door.row(
            call.scope, ENTRY, tenant_id=call.principal.tenant, provider=ref.tenant, id=ref.id
        )
    )
    return row


async def read(call: Call, ref: Ref) -> EntryView:
    """The published app and who uses it, as far as this tenant was told."""
    row = await read_entry(call, ref)
    users = await call.door.fetch(
        call.scope, USED_BY, tenant_id=call.principal.tenant, provider=ref.tenant, id=ref.id
    )
    return entry_view(row, users, legal_day(call.now))


async def compare(call: Call) -> Comparison:
    """Two visible apps, line by line."""
    query: CompareQuery = call.query
    left = await read(call, parse_ref(query.left))
    right = await read(call, parse_ref(query.right))
    lines = [(field, label, _said(left, field), _said(right, field)) for field, label in _LINES.items()]
    return Comparison(
        left,
        right,
        [Line(field, label, one, other, one == other) for field, label, one, other in lines],
        _shared(left.content.functions, right.content.functions),
        _shared(
            [each.name for each in left.content.data_items], [each.name for each in right.content.data_items]
        ),
    )


_LINES: Mapping[str, str] = names("app_line")


def _said(app: EntryView, field: str) -> str:
    content = app.content
    cost = content.cost
    texts = {
        "category": app.category_name,
        "provider": app.provider_name,
        "status": app.status_name,
        "security_level": f"{content.security_level}级",
        "cost": "免费" if float(cost.amount_yuan) == 0 else f"{cost.amount_yuan}元（{cost.basis}）",
        "interfaces": "、".join(each.name for each in content.interfaces),
        "certificates": "、".join(
            each.number for each in content.certificates if each.number not in app.certificates_expired
        ),
        "versions": max(content.versions, key=lambda each: each.released_on).number
        if content.versions
        else "",
        "used_by": str(app.used_by_offices),
        "service_terms": content.service_terms,
    }
    return texts[field]


def _shared(left: list[str], right: list[str]) -> Shared:
    """By what the words say, not by how they are typed."""
    ones, others = {plain(each): each for each in left}, {plain(each): each for each in right}
    return Shared(
        [ones[key] for key in ones if key in others],
        [ones[key] for key in ones if key not in others],
        [others[key] for key in others if key not in ones],
    )
