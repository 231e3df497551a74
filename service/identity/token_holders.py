"""Who may hold a token now: a person in force, in an office that stands, with a role that the client may speak for."""

from __future__ import annotations

from collections.abc import Set
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple

from service.identity import powers
from service.identity.credentials import refused
from service.identity.deputed import stands_for
from service.kit import clock
from service.kit.clock import SHANGHAI, legal_day
from service.kit.db import Row
from service.kit.principal import DeputedRole
from service.kit.roles import Roles


class Holder(NamedTuple):
    """A person who may hold a token now. `until`: epoch seconds at which office or deputation ends, if one does.

    `roles` has those held for somebody absent too, which `deputed` tells; `cuts`: when those persons' tokens ended.
    """

    row: Row
    roles: tuple[str, ...]
    until: float | None
    deputed: tuple[DeputedRole, ...] = ()
    cuts: tuple[datetime, ...] = ()


def holder_of(
    row: Row | None, client: Row | None, known: Roles, now: float, *, within: Set[str] | None = None
) -> Holder:
    """The person with the roles that stand in the tier of the office and that the client may speak for.

    `now` in epoch seconds. Refused (`invalid_grant`) when none is left. Without a client (development) every role
    counts; `within`: those at most.
    """
    if row is None or row["disabled_at"] is not None or row["locked_at"] is not None:
        raise refused("invalid_grant")
    today = legal_day(datetime.fromtimestamp(now, UTC))
    grantable = known.grantable(row["tier"])
    roles = tuple(role for role in row["roles"] if role in grantable)
    stood = stands_for(row, roles, known, legal_day(clock.now()))
    if client is not None:
        roles = powers.vouched(client, roles, row["login"], known)
        may = powers.vouched(client, [each.role for each in stood], row["login"], known)
        stood = [each for each in stood if each.role in may]
    if within is not None:
        roles = tuple(role for role in roles if role in within)
        stood = [each for each in stood if each.role in within]
    roles += tuple(each.role for each in stood)
    ends = row["valid_to"]
    if not roles or today < row["valid_from"] or (ends is not None and today >= ends):
        raise refused("invalid_grant")
    until = None if ends is None else datetime.combine(ends, time(), SHANGHAI).timestamp()
    if stood:  # the days are those of the service's clock, the token's time the real one
        over = datetime.combine(min(each.until for each in stood) + timedelta(days=1), time(), SHANGHAI)
        last = now + (over - clock.now()).total_seconds()
        until = last if until is None else min(until, last)
    cuts = tuple(each.cut for each in stood if each.cut is not None)
    return Holder(row, roles, until, tuple(each.deputed for each in stood), cuts)
