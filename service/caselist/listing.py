"""Pages of cases: the filters and orders of a query, the same for lists, counts and exports."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec

from service.caselist.few import FEW, few
from service.caselist.monthly import BY_MONTH
from service.caselist.queries import DUE, PROJECTS, WAITING
from service.caselist.schemas import ProjectFilter, ProjectQuery
from service.caselist.worded import worded
from service.characters.keys import key, words
from service.kit.api import Answer, Call
from service.kit.clock import SHANGHAI, legal_day
from service.kit.db import Row
from service.kit.errors import FieldError, ServiceError
from service.kit.lines import Shown
from service.kit.listing import MOST_COUNTED, Count, Wish, reach
from service.kit.looking import Looks
from service.kit.money import fen
from service.kit.naming import ended
from service.obligations.current import bring_up
from service.projects.schemas_out import ProjectItem

_PLAIN = (
    "state",
    "holder",
    "route",
    "project_class",
    "kind",
    "division",
    "finding",
    "external_ref",
    "project_code",
    "updated_since",
    "month_from",
    "month_to",
    "need_year",
)
_YEAR = 12  # months
# Each finds a case or two by an index of its own.
_NUMBERED = {"external_ref", "filing_number", "document_number", "project_code"}


def _filters(call: Call, query: ProjectFilter) -> dict[str, Any]:
    """The filters that were given; days are legal days in Asia/Shanghai."""
    asked = msgspec.structs.asdict(query)
    given = {name: asked[name] for name in _PLAIN if asked[name] is not None}
    for name in ("state", "holder"):
        if name in given:
            given[name] = [each.value for each in given[name]]
    if query.text is not None:
        given["text"] = list(words(query.text))
    if query.project_code is not None and not query.project_code.isascii():
        # In full width, or with another dash; other platforms' codes are ASCII.
        typed = key(query.project_code).upper()
        given["project_code"] = typed if typed.isascii() else query.project_code
    given |= {
        name: key(asked[name]) for name in ("filing_number", "document_number") if asked[name] is not None
    }
    given |= {name: fen(asked[name]) for name in ("amount_from", "amount_to") if asked[name] is not None}
    if query.waiting_over is not None:
        day = legal_day(call.now) - timedelta(days=query.waiting_over)
        given["waiting_before"] = datetime.combine(day, time(), SHANGHAI)
    if query.created_from is not None:
        given["created_from"] = _midnight("created_from", query.created_from)
    if query.created_to is not None:
        given["created_to"] = _midnight("created_to", query.created_to) + timedelta(days=1)
    if query.order == "waiting" and "state" not in given:
        given["state"] = list(WAITING)  # each state has its own index: the first of each are merged
    return given | _offices(call, query)


def _offices(call: Call, query: ProjectFilter) -> dict[str, Any]:
    """Whose cases: said in so many words beside row level security, so that the office's own index is read."""
    asked = query.owner_office_id
    if asked is None:
        return {} if call.principal.office is None else {"office": call.principal.office}
    return {"office": asked[0]} if len(asked) == 1 else {"owner_office_id": asked}


def _midnight(name: str, day: date) -> datetime:
    """The start of a legal day; 400 for days at the ends of the calendar, which have no neighbours."""
    if not 1900 <= day.year <= 2200:
        fault = FieldError(name, "out_of_range", "日期应在 1900 至 2200 年之间")
        raise ServiceError(400, "invalid_query", f"查询参数有误：{fault.detail}", errors=[fault])
    return datetime.combine(day, time(), SHANGHAI)


def _listing(call: Call, query: ProjectFilter, given: dict[str, Any]) -> tuple[Looks, str]:
    """Which list in which order: the one that was said; else as few are walked as the filters let through."""
    if query.order is not None:
        return DUE if query.order == "due" else PROJECTS, query.order
    if query.updated_since is not None:
        return PROJECTS, "updated"
    months = _months(call, query)
    if not months or given.keys() & {"office", "owner_office_id"}:
        return PROJECTS, "newest"
    # Over years a state that few cases are in is found among all of that state.
    parted = any(name in given for name, _ in PROJECTS.parted)
    return (PROJECTS, "newest") if parted and months > _YEAR else (BY_MONTH, "month")


def _months(call: Call, query: ProjectFilter) -> int:
    """How many months were asked for, until now where no end was said; 0: none, more than a year: with no beginning."""
    if query.month_from is None:
        return 0 if query.month_to is None else _YEAR + 1
    last = query.month_to or legal_day(call.now).strftime("%Y-%m")
    begun, ended = (12 * int(each[:4]) + int(each[5:]) for each in (query.month_from, last))
    return max(1, ended - begun + 1)


class Reading:
    """A query as the list reads it: which listing, which wish, with which parameters."""

    def __init__(self, call: Call, query: ProjectFilter) -> None:
        self.call = call
        across, whose = reach(call, query.tenant)
        shown = {"declared": True} if call.scope.login == "province" else {}
        self.given = {**_filters(call, query), **whose, **shown}
        self.listing, order = _listing(call, query, self.given)
        self.wish: Wish = self.listing.wish(self.given, order, across=across)
        may = call.services.policy.allowed(call.principal, "suspicion", "read")
        self.given |= {"today": legal_day(call.now), "sees_suspicions": may}
        # Nobody knows how few cases pass: the list is looked through, page by page (kit/looking.py).
        self.looks = False

    async def bring_up(self) -> None:
        """What is due is derived before it is read; and what few cases pass is looked for by its own index."""
        if self.listing is DUE:
            tenant = self.given.get("tenant_id")
            await bring_up(self.call.services, self.call.scope, tenant, legal_day(self.call.now))
        ids = await self._few()
        if ids is not None:
            self.wish, self.given = self._among(ids)
        self.looks = ids is None and self._worded

    @property
    def _worded(self) -> bool:
        return "text" in self.wish.filters and not self.wish.filters & _NUMBERED

    def _among(self, ids: list[Any]) -> tuple[Wish, dict[str, Any]]:
        """The list of these alone, of which each is asked whether it passes."""
        return self.wish._replace(filters=self.wish.filters | {"ids"}), {**self.given, "ids": ids}

    async def _few(self) -> list[str] | None:
        """Where a filter lets few cases through, these."""
        door, scope = self.call.door, self.call.scope
        if self._worded:
            found = await worded(door, scope, self.wish, self.given)
            if found.tenants is not None:
                self.given["tenants"] = found.tenants
                self.wish = self.wish._replace(filters=self.wish.filters | {"tenants"})
            if found.ids is not None:
                return found.ids
        statement = few(self.wish)
        if statement is None:
            return None
        rows = await door.fetch(scope, statement, **self.given)
        return [row["id"] for row in rows] if len(rows) <= FEW else None

    async def _seen(self, cursor: str | None, limit: int) -> tuple[Wish, dict[str, Any], Row | None]:
        """The wish and its parameters for a page of so many behind the cursor, one of the next among them, and the row
        behind which a look that found no more goes on.
        """
        if not self.looks:
            return self.wish, self.given, None
        looked = await self.listing.look(self.call, self.wish, self.given, cursor=cursor, limit=limit)
        return *self._among(looked.ids), looked.last

    def cursor(self, row: Row) -> str:
        """Behind this row."""
        return self.listing.cursor(self.call, self.wish, self.given, row)

    async def rows(self, cursor: str | None, limit: int) -> tuple[list[Row], str | None]:
        """The rows behind a cursor, and the cursor behind them; None: there are no more."""
        wish, given, last = await self._seen(cursor, limit)
        rows = await self.listing.rows(self.call, wish, given, cursor=cursor, limit=limit)
        row = last or (rows[-1] if len(rows) == limit else None)
        return rows, row and self.cursor(row)

    async def shown(self, query: ProjectQuery) -> Shown:
        """The page that a query asks for."""
        wish, given, last = await self._seen(query.cursor, query.limit + 1)
        shown = await self.listing.shown(self.call, query, wish, given)
        if shown.cursor is not None or last is None:
            return shown
        cursor = self.cursor(last)
        return Shown(shown.lines, cursor, self.listing.headers(query, cursor))

    async def count(self) -> Count:
        """How many there are, as far as one look tells."""
        if not self.looks:
            return await self.listing.count(self.call, self.wish, self.given)
        most = MOST_COUNTED + 1
        looked = await self.listing.look(self.call, self.wish, self.given, cursor=None, limit=most)
        return Count(min(len(looked.ids), MOST_COUNTED), looked.last is not None)


async def page(call: Call) -> Answer:
    """One page as bytes, with its Link header."""
    query: ProjectQuery = call.query
    reading = Reading(call, query)
    await reading.bring_up()
    shown = await reading.shown(query)
    told = f'"next_cursor":{msgspec.json.encode(shown.cursor).decode()}'
    if query.count:
        found = await reading.count()
        told += f',"total":{found.total},"more":{"true" if found.more else "false"}'
    lines = ended(ProjectItem, shown.lines, call.services.names)
    body = b'{"items":[%b],%b}' % (b",".join(lines), told.encode())
    return Answer(body, headers=shown.headers, named=True)
