"""The list of duties: its filters, and how it is parted so that each of them is an index's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    Text,
    Uuid,
    and_,
    bindparam,
    cast,
    func,
    lateral,
    literal_column,
    or_,
    select,
    true,
)

from service.kit.call import Call
from service.kit.db import Row
from service.kit.listing import Listing, Order, Wish, among, often
from service.measures.duties import Status
from service.obligations.models import obligations
from service.obligations.queries import OWED
from service.obligations.reading import DONE_ON, OWED_NOW, SHOWN, STATE, TODAY
from service.projects.models import projects

P, W = projects.c, obligations.c
# Looked up duty by duty: as a join PostgreSQL supposes that hardly a duty is left of it, and reads and sorts all of an
# office's where the index has the first of them ready.
_case = lateral(
    select(P.name.label("project_name"), P.owner_name, P.state.label("project_state"))
    .where(P.tenant_id == W.tenant_id, P.id == W.project_id)
    .offset(literal_column("0"))
    .correlate(obligations),
    name="of_duty",
)
FILTERS: dict[str, ColumnElement[bool]] = {
    "owed": OWED_NOW,
    "state": often(among(cast(STATE, Text), "state")),
    "code": among(W.code, "code"),
    "article": among(W.article, "article"),
    "office": among(W.office_id, "office"),
    "project": W.project_id == bindparam("project", type_=Uuid(as_uuid=False)),
    "due_from": W.due >= bindparam("due_from", type_=Date),
    "due_before": W.due < bindparam("due_before", type_=Date),
    "owner": W.duty_roles == literal_column("'{}'::text[]"),
    "desks": among(W.desk, "desks"),
    # What is open of what is owed: what rests although its day has passed, and what is due from today on.
    "resting": and_(OWED, W.due < TODAY, W.pauses != literal_column("'[]'::jsonb")),
    "ahead": and_(OWED, W.due >= TODAY),
    "late": often(
        func.coalesce(or_(literal_column("'lapsed'") == STATE, W.due < DONE_ON), literal_column("false"))
        == bindparam("late", type_=Boolean)
    ),
}


class Duties(Listing):
    """Of the open ones the resting come first, whatever their day; then those that are due from today on.

    Read as one they would be sought behind everything that is late, of which there is ever more. Open and late ones
    are owed: said beside, so that they are looked for by the indexes of what is owed.
    """

    def wish(self, given: Mapping[str, Any], order: str | None = None, *, across: bool = False) -> Wish:
        """Of the parameters of a reading those that are filters, and the order."""
        found = super().wish(given, order, across=across)
        owed = bool(given.get("state")) and {*given["state"]} <= {Status.OPEN, Status.LAPSED}
        return found._replace(filters=found.filters | {"owed"}) if owed else found

    async def rows(
        self, call: Call, wish: Wish, given: Mapping[str, Any], *, cursor: str | None, limit: int
    ) -> list[Row]:
        """The rows behind the cursor, at most `limit`."""
        if given.get("state") != [Status.OPEN]:
            return await super().rows(call, wish, given, cursor=cursor, limit=limit)
        found: list[Row] = []
        for part in ("resting", "ahead"):
            if len(found) < limit:
                some = wish._replace(filters=wish.filters | {part})
                found += await super().rows(call, some, given, cursor=cursor, limit=limit - len(found))
        return found


LISTING = Duties(
    name="obligations",
    path="/obligations",
    columns=(*SHOWN, *_case.c),
    source=obligations.join(_case, true()),
    row=(W.tenant_id, W.id),
    tenants=(W.tenant_id,),
    filters=FILTERS,
    orders={"due": Order((("due", W.due), ("id", W.id)), parted=True)},
    parted=(("code", W.code), ("article", W.article), ("desks", W.desk)),
    offices=(W.office_id,),
)
