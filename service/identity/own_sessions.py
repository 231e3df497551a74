"""A person's own sessions: where each came from, since when, when last used; and their end, one by one or all at once.

A browser's session is looked up with each of its requests (sessions.py), so what is ended here is over in every process
at once. Whoever ends sessions has proved who he is within ten minutes: a browser that somebody left open must not
shut its owner out everywhere else (docs/decisions/0283).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Text, bindparam, delete, select
from sqlalchemy.dialects.postgresql import ARRAY

from service.identity.journal import signed_out
from service.identity.models import sessions
from service.identity.sessions import Sessions
from service.identity.trying import Try
from service.kit.authn import Principal
from service.kit.db import Door, Row, tenant_scope
from service.kit.errors import ServiceError
from service.kit.statements import OF_TENANT, Statement, scope_ready

PROOF = timedelta(minutes=10)
WANTED = ServiceError(403, "proof_wanted", "为防止他人冒用，结束登录以前，请先再证明一次身份")
_S = sessions.c
_user = bindparam("of_user", type_=_S.user_id.type)
_OF_PERSON = Statement(
    select(*_S)
    .where(_S.tenant_id == OF_TENANT, _S.user_id == _user, scope_ready())
    .order_by(_S.seen_at.desc(), _S.digest)
)
_END = Statement(
    delete(sessions).where(
        _S.tenant_id == OF_TENANT,
        _S.user_id == _user,
        _S.digest == bindparam("digests", type_=ARRAY(Text)).any_(),
    )
)


class Own(NamedTuple):
    """One session. `id` names it among the person's; `issuer` or `client` vouched; `here`: the one that asks."""

    id: str
    made_at: datetime
    seen_at: datetime
    address: str | None
    issuer: str | None
    client: str | None
    here: bool


class Listed(NamedTuple):
    """All that would let the person in now. `proved`: whether this one may end sessions."""

    sessions: list[Own]
    proved: bool

    @property
    def here(self) -> Own | None:
        """The one that asks."""
        return next((each for each in self.sessions if each.here), None)


class OwnSessions:
    """On the shelf: what a person sees of his sessions, and ends."""

    def __init__(self, door: Door, sessions: Sessions) -> None:
        self._door, self._sessions = door, sessions

    async def listed(self, who: Principal) -> Listed:
        """Those of the caller, the latest used first."""
        rows = await self._door.fetch(
            tenant_scope(who.tenant), _OF_PERSON, of_tenant=who.tenant, of_user=who.user
        )
        living = [row for row in rows if not row["handed"] and await self._sessions.stands(row)]
        return Listed([_own(row, who) for row in living], self._proved(rows, who))

    async def end(self, who: Principal, tried: Try, ids: Collection[str] | None = None) -> Own | None:
        """Ends those of the ids, or all and what a portal handed over; the caller's own where it is over.

        403 `proof_wanted` where this session proved nobody within ten minutes. An id that is none of the person's, or
        over already, is passed over.
        """
        async with self._door.transaction(tenant_scope(who.tenant)) as tx:
            rows = await tx.fetch(_OF_PERSON, of_tenant=who.tenant, of_user=who.user)
            if not self._proved(rows, who):
                raise WANTED
            ended = [row for row in rows if ids is None or _id(row) in ids]
            if ended:
                digests = [row["digest"] for row in ended]
                tx.batch.add(_END, expect=None, of_tenant=who.tenant, of_user=who.user, digests=digests)
                signed_out(tx, who, tried, sum(not row["handed"] for row in ended))
        return next((own for row in ended if (own := _own(row, who)).here), None)

    def _proved(self, rows: Collection[Row], who: Principal) -> bool:
        mine = next((row for row in rows if _own(row, who).here), None)
        return mine is not None and self._sessions.proved_within(mine, PROOF)


def _id(row: Row) -> str:
    return str(row["digest"][:32])


def _own(row: Row, who: Principal) -> Own:
    told = {name: row[name] for name in ("made_at", "seen_at", "address", "issuer", "client")}
    return Own(id=_id(row), here=who.token_id == f"session-{_id(row)}", **told)
