"""Browse, search, suggest and compare. All of it works on the rows the reader may see, and on nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from service.catalogue.entries import public_id, text_of
from service.catalogue.queries import ENTRIES, ENTRY, LISTED, USED_BY
from service.catalogue.schemas_browse import (
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
from service.catalogue.search import CATEGORIES, Hit, plain, rank
from service.catalogue.views import entry_view, item
from service.kit.api import Answer, Call
from service.kit.clock import legal_day
from service.kit.db import Row
from service.kit.errors import not_found
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


async def visible(call: Call, *, texts: bool = True) -> list[Row]:
    """Every published app the caller may see."""
    return await call.door.fetch(call.scope, ENTRIES if texts else LISTED, tenant_id=call.principal.tenant)


async def browse(call: Call) -> Answer:
    """A page, ranked where words were given, else by name; the facets tell of everything that matches."""
    query: BrowseQuery = call.query
    rows, hits = await visible(call, texts=query.text is not None), dict[str, Hit]()
    if query.text is not None:
        hits = {hit.id: hit for hit in rank(query.text, [text_of(row) for row in rows])}
        rows = [row for row in rows if public_id(row) in hits]
    chosen = _chosen(query)
    facets = {name: _facet(name, rows, chosen, query.status is None) for name in _FACETS}
    found = [row for row in rows if _passes(row, chosen, query.status is None)]
    keyed = sorted((_key(row, hits), row) for row in found)
    total = len(keyed)
    if query.cursor is not None:
        place = _PAGES.behind(call, _whose(call, query), query.cursor)
        keyed = [pair for pair in keyed if pair[0] > place]
    page, cursor = keyed[: query.limit], None
    if len(keyed) > query.limit:
        cursor = _PAGES.cursor(call, _whose(call, query), page[-1][0])
    items = [item(row, hits.get(public_id(row))) for _, row in page]
    return Answer(AppList(items, total, facets, cursor), headers=_PAGES.headers(query, cursor))


def _key(row: Row, hits: dict[str, Hit]) -> list[Any]:
    """The order of the list: unique, so that no two rows are ever compared. Who searches wants what is still open."""
    hit = hits.get(public_id(row))
    closed = hit is not None and AppStatus(row["status"]) not in OPEN_TO_REQUESTS
    return [closed, 0.0 if hit is None else -hit.score, row["name"], public_id(row)]


def _whose(call: Call, query: BrowseQuery) -> str:
    """A cursor goes on in the list it came from."""
    asked = {k: v for k, v in msgspec.structs.asdict(query).items() if k not in ("cursor", "limit")}
    return f"{call.principal.scope}:{msgspec.json.encode(asked).decode()}"


def _chosen(query: BrowseQuery) -> dict[str, str]:
    """The facets' values that were asked for, as the facets write them."""
    asked: dict[str, Any] = {name: getattr(query, name) for name in _FACETS}
    plain = {name: value for name, value in asked.items() if value is not None}
    return {name: str(value).lower() if name == "free" else str(value) for name, value in plain.items()}


def _passes(row: Row, chosen: dict[str, str], hide_retired: bool) -> bool:
    if hide_retired and row["status"] == AppStatus.RETIRED.value:
        return False
    return all(_FACETS[name][0](row) == value for name, value in chosen.items())


def _facet(name: str, rows: list[Row], chosen: dict[str, str], hide_retired: bool) -> list[Facet]:
    """Counts per value with the other filters standing, the most frequent first."""
    value_of, label_of = _FACETS[name]
    others = {key: value for key, value in chosen.items() if key != name}
    hidden = hide_retired and name != "status"
    counts = Counter(value_of(row) for row in rows if _passes(row, others, hidden))
    return [
        Facet(value, label_of(value), n) for value, n in sorted(counts.items(), key=lambda c: (-c[1], c[0]))
    ]


async def suggest(call: Call) -> Suggestions:
    """Names and functions that contain the text, names first."""
    query: SuggestQuery = call.query
    wanted = plain(query.text)
    rows = [row for row in await visible(call) if row["status"] != AppStatus.RETIRED.value]
    names = sorted(row["name"] for row in rows)
    functions = sorted({each for row in rows for each in row["content"].get("functions", ())})
    found = [each for each in dict.fromkeys([*names, *functions]) if wanted and wanted in plain(each)]
    return Suggestions(found[:SUGGESTIONS])


async def read_entry(call: Call, ref: Ref) -> Row:
    """The published app, or 404."""
    row = await call.door.row(
        call.scope, ENTRY, tenant_id=call.principal.tenant, provider=ref.tenant, id=ref.id
    )
    if row is None:
        raise not_found()
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
