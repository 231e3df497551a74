"""How somebody came to a session, and who he then is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import NamedTuple

from service.kit.authn import Principal
from service.kit.db import Row


class Origin(NamedTuple):
    """Who vouches for a session as it stands now: for which roles at most, and since when (`cut`: for none before).

    `terms`: what a provider's settings in force are known by; a session under other terms is over.
    """

    within: frozenset[str]
    cut: datetime | None = None
    terms: str | None = None


Judge = Callable[[Row], Awaitable[Origin | None]]


class Came(NamedTuple):
    """How somebody came: the grant by its name in the trail, who vouched for which roles, and what is burnt by it.

    `burnt`: client, id and end of what may be used once (`assertion_uses`).
    """

    grant: str
    roles: tuple[str, ...] | None = None
    issuer: str | None = None
    client: str | None = None
    subject: str | None = None
    sid: str | None = None
    terms: str | None = None
    cut: datetime | None = None
    burnt: tuple[str, str, datetime] | None = None
    proved: datetime | None = None  # when the person proved who he is, where whoever vouched says so
    handed: bool = False  # by a one-use code that opens nothing itself; the trail tells of it when it is used


class Visitor(NamedTuple):
    """Somebody with a session: the caller, by what name and of which office, and what its forms must carry."""

    principal: Principal
    name: str
    office_name: str
    csrf: str
