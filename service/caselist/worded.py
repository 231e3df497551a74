"""Cases by words, through the snippets of what they are found by (projects/snippets.py): their ids, where they are few.

Readings before the page: one counts, as far as it takes to know which of the search's snippets are rare, or which of
them are the rarest: whose first rows lie the furthest apart. The other takes the cases that have all of these, where
their lists are not too long. Each searches the cases behind by themselves at that same moment, in which a case is
behind or has its snippets: so nothing falls between them. The page is made of these ids and looks for the words itself,
under row level security; where there are many, or the lists are too long, it is walked and soon full.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Integer,
    Text,
    Uuid,
    and_,
    bindparam,
    cast,
    distinct,
    func,
    lateral,
    literal_column,
    null,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY

from service.kit.db import Door, Row, Scope
from service.kit.keyed import finds, key_of
from service.kit.listing import Wish, among
from service.kit.scopes import bound_office, is_commissioned
from service.kit.statements import AT_MOST, TENANT_ID, Statement, scope_ready
from service.kit.tables import EACH_TENANT
from service.projects.models import projects
from service.projects.snippets import BEHIND, MOST_BEHIND, Range, case_snippets, ranges


class Bounds(NamedTuple):
    """`rare`: fewer rows than these a snippet has in a tenant (150 fit on a page of its index); `whole`: as long may
    the lists in a tenant be of which cases are taken where no snippet is rare; `few`: ids of which a page is made more
    cheaply than by walking, which over all tenants goes on to a full page in each.
    """

    rare: int
    whole: int
    few: int


WITHIN, ACROSS = Bounds(300, 20_000, 2_000), Bounds(300, 20_000, 10_000)
# Snippets whose cases are taken together: rare ones, or of several words; others.
_RAREST, _LONG = 3, 2
P, S = projects.c, case_snippets.c
_UUIDS = ARRAY(Uuid(as_uuid=False))
_MOST = bindparam("most", type_=Integer)
_LOWS, _HIGHS = (bindparam(name, type_=ARRAY(BigInteger)) for name in ("lows", "highs"))
_asked: Any = (
    func.unnest(_LOWS, _HIGHS).table_valued("low", "high", with_ordinality="at").render_derived(name="asked")
)


class Found(NamedTuple):
    """Where all cases with the words are: among these ids, in these tenants; None: among all."""

    ids: list[Any] | None = None
    tenants: list[str] | None = None


@cache
def _counting(*, across: bool, named: bool) -> Statement:
    """How many rows each snippet has in each tenant, and who is behind."""
    tenant, where = _whose(across, named)
    found = _cases(tenant, _MOST)
    whose = tenant if across else cast(null(), Text)
    counts = (
        select(
            _asked.c.at,
            func.count(found.c.id).label("found"),
            cast(null(), _UUIDS).label("ids"),
            whose.label("tenant"),
            func.max(found.c.place).label("last"),
        )
        .select_from(_each(across, _asked, found))
        .where(where)
        .group_by(_asked.c.at, *([tenant] if across else []))
    )
    return Statement(union_all(counts, _behind(across, tenant, where)))


@cache
def _having(*, across: bool, named: bool) -> Statement:
    """Cases that have all snippets asked for, each as a row, as far as their lists are not too long; tenants in which
    each list is (`at` -1); who is behind then.
    """
    tenant, where = _whose(across, named)
    ids = func.array(_listed(tenant, _MOST).scalar_subquery(), type_=_UUIDS)
    lists = (
        select(_asked.c.at, tenant.label("tenant"), ids.label("ids"))
        .select_from(_each(across, _asked))
        .where(where)
        .offset(literal_column("0"))  # read once, however often it is asked how long they are
        .cte("lists")
    )
    long = func.cardinality(lists.c.ids) == _MOST
    cut = func.count().filter(long).over(partition_by=lists.c.tenant).label("cut")
    marked = select(*lists.c, long.label("long"), cut).cte("marked")
    each = select(marked.c.at, marked.c.tenant, marked.c.cut, func.unnest(marked.c.ids).label("id"))
    read, none = each.where(~marked.c.long).subquery("read"), cast(null(), Text)
    asked = func.cardinality(_LOWS)
    found = (func.count().label("found"), func.array_agg(read.c.id.distinct()).label("ids"))
    has = (
        select(literal_column("1").label("at"), *found, read.c.tenant, none.label("last"))
        .group_by(read.c.tenant, read.c.id)
        .having(func.count(distinct(read.c.at)) == asked - func.max(read.c.cut))
        .limit(AT_MOST)
        .subquery("has")
    )
    unknown = (
        select(literal_column("-1"), func.count(), cast(null(), _UUIDS), marked.c.tenant, none)
        .where(marked.c.cut == asked)
        .group_by(marked.c.tenant)
    )
    return Statement(union_all(select(*has.c), unknown, _behind(across, tenant, where)))


def _behind(across: bool, tenant: Any, where: Any) -> Any:
    """A row of each tenant, `at` 0: how many are behind, and which of them have the words."""
    late: Any = (
        select(P.id.label("id"), key_of(projects, "search_key").label("key"))
        .where(P.tenant_id == tenant, BEHIND)
        .order_by(P.version, P.id)
        .limit(literal_column(str(MOST_BEHIND + 1)))
    )
    behind = lateral(late.correlate(EACH_TENANT), name="behind")
    has = finds(literal_column("behind.key", Text), "text")
    whose = tenant if across else cast(null(), Text)
    found = (func.count(), func.array_agg(behind.c.id).filter(has), whose)
    told: Any = select(literal_column("0"), *found, cast(null(), Text))
    told = told.select_from(_each(across, behind)).where(where)
    return told.group_by(tenant) if across else told


def _whose(across: bool, named: bool) -> tuple[Any, Any]:
    """The tenant of the rows, and what else holds."""
    if not across:
        return TENANT_ID, scope_ready()
    return EACH_TENANT.c.tenant_id, and_(
        scope_ready(), among(EACH_TENANT.c.tenant_id, "tenants") if named else true()
    )


def _each(across: bool, first: Any, *more: Any, kept: bool = True) -> Any:
    """One beside the other, of each tenant where all are asked; what has none of the next is kept."""
    joined = EACH_TENANT.join(first, true()) if across else first
    for each in more:
        joined = joined.join(each, true(), isouter=kept)
    return joined


def _listed(tenant: Any, most: Any) -> Any:
    """Those with one of the snippets asked for, so many at most."""
    found = select(S.project_id.label("id")).where(S.tenant_id == tenant)
    found = found.where(S.snippet >= _asked.c.low, S.snippet <= _asked.c.high)
    return found.limit(most).correlate(_asked, EACH_TENANT)


def _cases(tenant: Any, most: Any) -> Any:
    """The same with the place of each in the list of a whole snippet: seldom to be seen by the province first, then by
    their ids.
    """
    found = _listed(tenant, most).add_columns(
        func.concat(S.snippet - _asked.c.low, S.project_id).label("place")
    )
    # With an OFFSET it stays by itself: pulled up, all snippets of the tenant are held against those asked for.
    return lateral(found.offset(literal_column("0")), name="found")


async def worded(door: Door, scope: Scope, wish: Wish, given: Mapping[str, Any]) -> Found:
    """The ids among which all cases with the words (`text`) are; where they are many, over all tenants those with any.

    Who is bound to an office walks that office's cases, and an agency those it was given: they see no snippets.
    """
    if bound_office(scope.literal) is not None or is_commissioned(scope.literal):
        return Found()
    bounds = ACROSS if wish.across else WITHIN
    form = {"across": wish.across, "named": "tenants" in wish.filters}
    asked = ranges(given["text"])
    if not asked:
        return Found()
    if wish.across:  # the province sees what has left its city; of a whole snippet that is the second number
        asked = [(high if high - low == 1 else low, high) for low, high in asked]
    most = {"most": bounds.rare}
    rows = await door.fetch(scope, _counting(**form), **{**given, **_arrays(asked), **most})
    many = Found(None, _somewhere(rows)) if wish.across else Found()
    counts = [max((row["found"] for row in rows if row["at"] == at), default=0) for at in _ats(asked)]
    rare = sorted((count, at) for at, count in enumerate(counts, 1) if count < bounds.rare)
    chosen = [at for _, at in rare[:_RAREST]] or _furthest(given["text"], asked, rows, bounds.rare)
    if chosen and not (rare and rare[0][0] == 0):
        taken = _arrays([asked[at - 1] for at in chosen])
        # One list by itself is of no use where it is longer than the page may be made of.
        more = {"most": 1 + (bounds.whole if len(chosen) > 1 else bounds.few), "limit": bounds.few + 1}
        rows = await door.fetch(scope, _having(**form), **{**given, **taken, **more})
    if not chosen or any(row["found"] > MOST_BEHIND for row in rows if row["at"] == 0):
        return many
    found = [each for row in rows for each in row["ids"] or ()]
    if len(found) > bounds.few:
        return many
    unknown = {row["tenant"] for row in rows if row["at"] < 0}
    if not unknown:
        return Found(found)
    return (
        Found(None, sorted(unknown | {row["tenant"] for row in rows if row["ids"]})) if wish.across else many
    )


def _ats(asked: Sequence[Range]) -> range:
    return range(1, len(asked) + 1)


def _furthest(words: Sequence[str], asked: Sequence[Range], rows: list[Row], rare: int) -> list[int]:
    """The snippets that fewest have, the rarest first: of as many rows of each the last lies the furthest in the order
    of ids, which is one for all. Words of one or two characters have several lists: not compared, they come last.

    Of several words not all of one: its parts are in the same cases.
    """
    whole = [at for at in _ats(asked) if asked[at - 1][1] - asked[at - 1][0] <= 1]
    ranks = dict.fromkeys(whole, 0)
    for tenant in {row["tenant"] for row in rows}:
        mine = {row["at"]: row for row in rows if row["tenant"] == tenant and row["at"] in ranks}
        by_place = sorted(mine, key=lambda at: mine[at]["last"] or "", reverse=True)
        for rank, at in enumerate(sorted(by_place, key=lambda at: min(rare, mine[at]["found"]))):
            ranks[at] += rank
    ranked = sorted(whole, key=ranks.__getitem__)
    if len(words) == 1:
        return ranked[:_LONG]
    ranked += [at for at in _ats(asked) if at not in ranks]
    of = {high: number for number, word in enumerate(words) for _, high in ranges([word])}
    other = [at for at in ranked if of.get(asked[at - 1][1]) != of.get(asked[ranked[0] - 1][1])]
    return list(dict.fromkeys([*ranked[:1], *other[:1], *ranked]))[:_RAREST]


def _somewhere(rows: list[Row]) -> list[str]:
    """The tenants in which no snippet is missing, or one behind has the words, or more are behind than were read."""
    missing = {row["tenant"] for row in rows if row["at"] and not row["found"]}
    late = {row["tenant"] for row in rows if not row["at"] and (row["ids"] or row["found"] > MOST_BEHIND)}
    return sorted(({row["tenant"] for row in rows} - missing) | late)


def _arrays(asked: Sequence[Range]) -> dict[str, Any]:
    return {"lows": [low for low, _ in asked], "highs": [high for _, high in asked]}
