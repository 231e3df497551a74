"""Whom an event reaches: noted for everybody who wants to be reminded and at whose desk it arrives, deputies included.

No message is made here: this follows the events on a later lane and only writes rows, so that whatever becomes of a
mail server, the events go on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from service.event_kinds import KINDS, OPERATIONS
from service.identity.token_holders import holder_of
from service.kit import clock
from service.kit.db import Row, Tx
from service.kit.errors import ServiceError
from service.kit.lanes import DUTIES
from service.kit.outbox import Event, Recipient
from service.kit.principal import Principal
from service.kit.relay import Subscriber
from service.kit.roles import Roles, load_roles
from service.kit.scopes import office_of
from service.notifications.actions import handed_on
from service.notifications.asked import queue_of
from service.reminders.queries import MARK, REACHED

known_roles = cache(load_roles)
_OURS = "reminder"  # in place of a token's id
_LASTS = 3600.0  # seconds; a principal of ours is used at once


class Reached(NamedTuple):
    """Somebody who wants to be reminded: as what he comes today, and of which kinds of notices."""

    principal: Principal
    kinds: frozenset[str]


def principal_of(person: Row, roles: Roles) -> Principal | None:
    """The person as of now, with the roles he stands in for; None for whoever may not come in."""
    now = clock.timestamp()
    try:
        holder = holder_of(person, None, roles, now)
    except ServiceError:
        return None
    seat = str(person["office_id"])
    return Principal(
        tenant=person["tenant_id"],
        tier=person["tier"],
        user=str(person["id"]),
        login=person["login"],
        client=None,
        office=office_of(holder.roles, seat),
        roles=holder.roles,
        expires=now + _LASTS,
        token_id=_OURS,
        issued=now,
        seat=seat,
        deputed=holder.deputed,
    )


def kind_of(event: Event, desk: Recipient) -> str:
    """`due` for what tells of a day, `tasks` for what asks this desk for a deed, `news` for what only tells."""
    if event.kind.startswith("obligation."):
        return "due"
    return "news" if queue_of(event, desk) is None else "tasks"


def is_his(desk: Recipient, principal: Principal, now_at: Mapping[str, str]) -> bool:
    """Whether the notice stands in this person's inbox (notifications/queries: MINE)."""
    office = None if desk.office is None else now_at.get(desk.office, desk.office)
    return (
        desk.tenant == principal.tenant
        and desk.role in principal.roles
        and office in (None, principal.office or principal.seat)
        and desk.user in (None, principal.user)
    )


async def mark(tx: Tx, tenant: str, events: Sequence[Event]) -> None:
    """A row per event and person reached; the same event again leaves what is there."""
    people = await _people(tx, tenant)
    if not people:
        return
    now_at = await handed_on(tx, tenant, events)
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for event in events:
        for desk in event.recipients:
            kind = kind_of(event, desk)
            for each in people:
                user = each.principal.user or ""
                if kind in each.kinds and is_his(desk, each.principal, now_at):
                    rows.setdefault(
                        (user, event.id),
                        {
                            "tenant_id": tenant,
                            "user_id": user,
                            "event_id": event.id,
                            "kind": kind,
                            "at": event.created_at,
                            "message_id": None,
                        },
                    )
    if rows:
        await tx.fetch(MARK, of_tenant=tenant, rows=list(rows.values()))


async def _people(tx: Tx, tenant: str) -> list[Reached]:
    found = []
    roles = known_roles()
    for row in await tx.fetch(REACHED, of_tenant=tenant):
        principal = principal_of(row, roles)
        if principal is not None:
            found.append(Reached(principal, frozenset(row["kinds"])))
    return found


remind = Subscriber("reminders", lambda event: {each.tenant for each in event.recipients}, mark, lane=DUTIES)
TOLD = tuple(kind for kind in KINDS if kind not in OPERATIONS)
