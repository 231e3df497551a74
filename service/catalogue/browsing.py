"""Browse, search, suggest and compare. All of it works on the rows the reader may see, and on nothing else."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import msgspec

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
from service.catalogue.views import entry_view, item
from service.kit.api import Answer, Call
from service.kit.clock import legal_day
from service.kit.db import Row
from service.kit.errors import or_404
from service.kit.ids import Ref, parse_ref
from service.kit.paging import Pages
from service.measures.adoption import OPEN_TO_REQUESTS, STATUS_NAMES, AppStatus
from service.vocabulary import names

_PAGES = Pages("apps", "/apps")
SUGGESTIONS = 10
_TIERS: Mapping[str, str] = names("level")
# facet → the value a row carries, and how it is called
_FACETS: dict[str, tuple[Callable[[Row], str], Callable[[str], str]]] = {
    "status": (lambda row: row["status"], lambda value: STATUS_NAMES[AppStatus(value)]),
    "tier": (lambda row: row["provider_tier"], lambda value: _TIERS[value]),
    "security_level": (lambda row: str(row["security_level"]), lambda value: f"{value}级"),
    "free": (
        lambda row: "true" if row["cost_fen"] == 0 else "false",
        lambda value: "免费" if value == "true" else "收费",
    ),
    "category": (lambda row: row["category"], lambda value: CATEGORIES[value]),
}


async def visible(call: Call) -> list[Row]:
    """Every published app the caller may see."""
    return await call.door.fetch(call.scope, LISTED, tenant_id=call.principal.tenant)


class _Page(NamedTuple):
    """What a page shows: lines with how well each matches (None: not asked), and what is told of all that match."""

    lines: list[tuple[list[Any], Row, float | None]]
    total: int
    facets: dict[str, list[Facet]]
    more: bool


async def browse(call: Call) -> Answer:
    """A page, ranked where words were given, else by name; the facets tell of everything that matches."""
    query: BrowseQuery = call.query
    rows = await visible(call)
    place = None if query.cursor is None else _PAGES.behind(call, _whose(call, query), query.cursor)
    if query.text is None:
        page = await asyncio.to_thread(_page, query, [(row, None) for row in rows], place)
        items = [item(row, None) for _, row, _ in page.lines]
    else:
        index, there = await remembered(call).there(call, call.scope, rows)
        page, items = await asyncio.to_thread(_searched, query, index, there, place)
    cursor = _PAGES.cursor(call, _whose(call, query), page.lines[-1][0]) if page.more else None
    return Answer(AppList(items, page.total, page.facets, cursor), headers=_PAGES.headers(query, cursor))


def _searched(
    query: BrowseQuery, index: Kept, there: dict[int, Row], place: Any
) -> tuple[_Page, list[AppItem]]:
    text = query.text or ""
    scores = index.matching(text, there)
    page = _page(query, [(there[number], score) for number, score in scores.items()], place)
    number_of = {public_id(there[number]): number for number in scores}
    items = []
    for _, row, score in page.lines:
        ref = public_id(row)
        items.append(item(row, Hit(ref, score or 0.0, index.said(text, number_of[ref]))))
    return page, items


def _page(query: BrowseQuery, rows: list[tuple[Row, float | None]], place: Any) -> _Page:
    chosen, hide = _chosen(query), query.status is None
    kept = list[tuple[list[Any], Row, float | None]]()
    counts = {name: Counter[str]() for name in _FACETS}
    for row, score in rows:
        values = {name: value_of(row) for name, (value_of, _) in _FACETS.items()}
        failing = {name for name, value in chosen.items() if values[name] != value}
        if hide and row["status"] == AppStatus.RETIRED.value:
            failing.add("status")
        # A facet counts what the other filters let through.
        for name in _FACETS if not failing else failing if len(failing) == 1 else ():
            counts[name][values[name]] += 1
        if not failing:
            kept.append((_key(row, score), row, score))
    kept.sort(key=lambda line: line[0])
    behind = [line for line in kept if place is None or line[0] > place]
    facets = {name: _facet(name, counts[name]) for name in _FACETS}
    return _Page(behind[: query.limit], len(kept), facets, len(behind) > query.limit)


def _key(row: Row, score: float | None) -> list[Any]:
    """The order of the list: unique, so that no two rows are ever compared. Who searches wants what is still open."""
    closed = score is not None and AppStatus(row["status"]) not in OPEN_TO_REQUESTS
    return [closed, 0.0 if score is None else -score, row["name"], public_id(row)]


def _whose(call: Call, query: BrowseQuery) -> str:
    """A cursor goes on in the list it came from."""
    asked = {k: v for k, v in msgspec.structs.asdict(query).items() if k not in ("cursor", "limit")}
    return f"{call.principal.scope}:{msgspec.json.encode(asked).decode()}"


def _chosen(query: BrowseQuery) -> dict[str, str]:
    """The facets' values that were asked for, as the facets write them."""
    asked: dict[str, Any] = {name: getattr(query, name) for name in _FACETS}
    plain = {name: value for name, value in asked.items() if value is not None}
    return {name: str(value).lower() if name == "free" else str(value) for name, value in plain.items()}


def _facet(name: str, counts: Mapping[str, int]) -> list[Facet]:
    """Counts per value, the most frequent first."""
    label_of = _FACETS[name][1]
    ordered = sorted(counts.items(), key=lambda count: (-count[1], count[0]))
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
