"""People signed in with a browser: a cookie in, `Principal` out, as the person's roles and office stand at that moment.

A cookie is `<tenant>.<256 random bits>`; only its digest is kept, in the person's tenant. It ends after thirty minutes
without a request, after ten hours, by signing out, and by whatever ends the person's tokens (docs/decisions/0186).
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import DateTime, Text, bindparam, delete, select, update

from service.identity.desks import OFFICE_BOUND
from service.identity.journal import login_of, signed_in
from service.identity.models import sessions
from service.identity.queries import LOGIN
from service.identity.token_holders import Holder, holder_of
from service.identity.trying import CONSOLE_DEMO, USERNAME, Try
from service.kit import clock
from service.kit.authn import Principal
from service.kit.authz import Roles
from service.kit.db import Door, Row, tenant_scope
from service.kit.errors import ServiceError
from service.kit.statements import Statement, scope_ready
from service.kit.tables import insert_row

IDLE, LONGEST, TOUCH = timedelta(minutes=30), timedelta(hours=10), timedelta(minutes=1)
_COOKIE = re.compile(r"([0-9A-Za-z]{2,16})\.[A-Za-z0-9_-]{43}")
_S = sessions.c
_tenant, _digest = bindparam("of_tenant", type_=Text), bindparam("of_digest", type_=Text)
_INSERT = insert_row(sessions)
_FIND = Statement(select(*_S).where(_S.tenant_id == _tenant, _S.digest == _digest, scope_ready()))
_TOUCH = Statement(
    update(sessions)
    .where(_S.tenant_id == _tenant, _S.digest == _digest)
    .values(seen_at=bindparam("now", type_=DateTime(timezone=True)))
)
_END = Statement(delete(sessions).where(_S.tenant_id == _tenant, _S.digest == _digest))


class Visitor(NamedTuple):
    """Somebody with a session: the caller, by what name and of which office, and what its forms must carry."""

    principal: Principal
    name: str
    office_name: str
    csrf: str


class Sessions:
    """On the shelf: begins, finds and ends sessions. `secret`: the key that forms are marked with."""

    def __init__(self, door: Door, roles: Roles, secret: bytes, *, demo: bool) -> None:
        self._door, self._roles, self._secret, self.demo = door, roles, secret, demo
        self.clock = (
            clock.timestamp
        )  # the real clock, as for tokens: nobody is logged out by a journey in time

    async def begin_demo(self, person: str, tried: Try) -> str:
        """A cookie for a demo person `<tenant>/<login>`, without proof; 404 where this is no demo."""
        named = USERNAME.fullmatch(person)
        if not self.demo or named is None:
            raise ServiceError(404, "not_found", "未找到该记录，或当前身份不可见")
        tenant, now = named[1], self._now()
        cookie = f"{tenant}.{secrets.token_urlsafe(32)}"
        async with self._door.transaction(tenant_scope(tenant)) as tx:
            holder = holder_of(
                await tx.row(LOGIN, tenant_id=tenant, login=named[2]), None, self._roles, now.timestamp()
            )
            row = holder.row
            # Dated after every cut, as tokens are: whoever was just given a role may come in at once.
            made = now if row["cut"] is None else max(now, row["cut"] + timedelta(milliseconds=2))
            tx.batch.add(
                _INSERT, tenant_id=tenant, digest=_digest_of(cookie), user_id=row["id"], login=row["login"],
                made_at=made, seen_at=made,
            )  # fmt: skip
            signed_in(tx, login_of(row, None), row["id"], CONSOLE_DEMO, tried)
        return cookie

    async def find(self, cookie: str) -> Visitor | None:
        """Who comes with the cookie; None for what is no session, or none any more."""
        named = _COOKIE.fullmatch(cookie)
        if named is None:
            return None
        scope, now = tenant_scope(named[1]), self._now()
        key: dict[str, Any] = {"of_tenant": named[1], "of_digest": _digest_of(cookie)}
        session = await self._door.row(scope, _FIND, **key)
        if session is None or _over(session, now):
            return None
        person = await self._door.row(scope, LOGIN, tenant_id=named[1], login=session["login"])
        try:
            holder = holder_of(person, None, self._roles, now.timestamp())
        except ServiceError:
            return None
        cut = holder.row["cut"]
        if str(holder.row["id"]) != str(session["user_id"]) or (
            cut is not None and session["made_at"] <= cut
        ):
            return None
        if now - session["seen_at"] > TOUCH:
            async with self._door.transaction(scope) as tx:
                tx.batch.add(_TOUCH, expect=None, now=now, **key)
        return Visitor(
            _principal(holder, session, key["of_digest"]), holder.row["name"], holder.row["office_name"],
            self._mark(cookie),
        )  # fmt: skip

    async def end(self, cookie: str) -> None:
        """Ends it; nothing happens where there is none."""
        named = _COOKIE.fullmatch(cookie)
        if named is not None:
            async with self._door.transaction(tenant_scope(named[1])) as tx:
                tx.batch.add(_END, expect=None, of_tenant=named[1], of_digest=_digest_of(cookie))

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self.clock(), UTC)

    def _mark(self, cookie: str) -> str:
        return hmac.new(self._secret, cookie.encode(), hashlib.sha256).hexdigest()


def _digest_of(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()


def _over(session: Row, now: datetime) -> bool:
    return bool(now - session["seen_at"] > IDLE or now - session["made_at"] > LONGEST)


def _principal(holder: Holder, session: Row, digest: str) -> Principal:
    """The person as an access token would name them (identity/tokens.py)."""
    row = holder.row
    return Principal(
        tenant=row["tenant_id"], tier=row["tier"], user=str(row["id"]), login=row["login"], client=None,
        office=str(row["office_id"]) if OFFICE_BOUND.issuperset(holder.roles) else None, roles=holder.roles,
        expires=(session["made_at"] + LONGEST).timestamp(), token_id=f"session-{digest[:32]}",
        issued=session["made_at"].timestamp(), seat=str(row["office_id"]),
    )  # fmt: skip
