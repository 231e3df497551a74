"""Who may hold a token now: a person in force, in an office that stands, with a role that the client may speak for."""

from __future__ import annotations

from collections.abc import Set
from datetime import UTC, datetime, time
from typing import NamedTuple

from service.identity import powers
from service.identity.credentials import refused
from service.kit.authz import Roles
from service.kit.clock import SHANGHAI, legal_day
from service.kit.db import Row


class Holder(NamedTuple):
    """A person who may hold a token now. `until`: epoch seconds at which the office ends, if it does."""

    row: Row
    roles: tuple[str, ...]
    until: float | None


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
    if client is not None:
        roles = powers.vouched(client, roles, row["login"], known)
    if within is not None:
        roles = tuple(role for role in roles if role in within)
    ends = row["valid_to"]
    if not roles or today < row["valid_from"] or (ends is not None and today >= ends):
        raise refused("invalid_grant")
    until = None if ends is None else datetime.combine(ends, time(), SHANGHAI).timestamp()
    return Holder(row, roles, until)
