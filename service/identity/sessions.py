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
from typing import Any

from sqlalchemy import DateTime, Text, bindparam, delete, or_, select, update

from service.identity.journal import login_of, signed_in
from service.identity.models import assertion_uses, sessions
from service.identity.queries import LOGIN
from service.identity.token_holders import Holder, holder_of
from service.identity.trying import CONSOLE_DEMO, HAND_OVER, USERNAME, Try
from service.identity.visitors import Came, Judge, Origin, Visitor
from service.kit import clock
from service.kit.authn import Principal
from service.kit.db import Door, Row, Scope, tenant_scope
from service.kit.errors import ServiceError
from service.kit.roles import Roles
from service.kit.scopes import office_of
from service.kit.statements import OF_TENANT, Statement, scope_ready
from service.kit.tables import insert_row

HANDED = timedelta(seconds=60)  # a portal's one-use code
_CODE = (
    "hand-over "  # before a code where it is digested: no cookie can be taken for one, and none for a cookie
)
USED = ServiceError(410, "hand_over_used", "这个入口已经用过或者过期，请从政务门户重新进入")
IDLE, LONGEST, TOUCH = timedelta(minutes=30), timedelta(hours=10), timedelta(minutes=1)
_COOKIE = re.compile(r"([0-9A-Za-z]{2,16})\.[A-Za-z0-9_-]{43}")
_S = sessions.c
_tenant, _digest = OF_TENANT, bindparam("of_digest", type_=Text)
_INSERT = insert_row(sessions)
_FIND = Statement(select(*_S).where(_S.tenant_id == _tenant, _S.digest == _digest, scope_ready()))
_TOUCH = Statement(
    update(sessions)
    .where(_S.tenant_id == _tenant, _S.digest == _digest)
    .values(seen_at=bindparam("now", type_=DateTime(timezone=True)))
)
_issuer, _subject, _sid = (bindparam(name, type_=Text) for name in ("of_issuer", "of_subject", "of_sid"))
# A logout token names a session of the provider's, or a subject, or both: then both must fit.
_END_OF = Statement(
    delete(sessions).where(
        _S.tenant_id == _tenant, _S.issuer == _issuer, or_(_subject.is_(None), _S.subject == _subject),
        or_(_sid.is_(None), _S.sid == _sid), or_(_subject.is_not(None), _sid.is_not(None)),
    )
)  # fmt: skip
_BURN = insert_row(assertion_uses)
_END = Statement(delete(sessions).where(_S.tenant_id == _tenant, _S.digest == _digest))


class Sessions:
    """On the shelf: begins, finds and ends sessions. `secret`: the key that forms are marked with."""

    def __init__(self, door: Door, roles: Roles, secret: bytes, *, demo: bool) -> None:
        self._door, self._roles, self._secret, self.demo = door, roles, secret, demo
        # Judges sessions that a provider or a portal vouched for (signin/narrowing.py), until then none of them stands.
        self.judge: Judge = _nobody
        self.clock = (
            clock.timestamp
        )  # the real clock, as for tokens: nobody is logged out by a journey in time

    async def begin_demo(self, person: str, tried: Try) -> str:
        """A cookie for a demo person `<tenant>/<login>`, without proof; 404 where this is no demo."""
        named = USERNAME.fullmatch(person)
        if not self.demo or named is None:
            raise ServiceError(404, "not_found", "未找到该记录，或当前身份不可见")
        return await self.begin(named[1], named[2], Came(CONSOLE_DEMO, proved=self._now()), tried)

    async def begin(self, tenant: str, login: str, came: Came, tried: Try) -> str:
        """A cookie for a person of the tenant, always a new one; 400 `invalid_grant` for whom nobody may let in.

        What may be used once is burnt in the same transaction: asyncpg.UniqueViolationError where it was already.
        """
        now = self._now()
        cookie = f"{tenant}.{secrets.token_urlsafe(32)}"
        digest = _digest_of(_CODE + cookie if came.handed else cookie)
        within = None if came.roles is None else frozenset(came.roles)
        async with self._door.transaction(tenant_scope(tenant)) as tx:
            person = await tx.row(LOGIN, tenant_id=tenant, login=login)
            row = holder_of(person, None, self._roles, now.timestamp(), within=within).row
            # Dated after every cut, as tokens are: whoever was just given a role may come in at once.
            cuts = [cut + timedelta(milliseconds=2) for cut in (row["cut"], came.cut) if cut is not None]
            made = max([now, *cuts])
            tx.batch.add(
                _INSERT,
                tenant_id=tenant,
                digest=digest,
                user_id=row["id"],
                login=row["login"],
                made_at=made,
                seen_at=made,
                issuer=came.issuer,
                client=came.client,
                subject=came.subject,
                sid=came.sid,
                terms=came.terms,
                address=tried.address,
                proved_at=came.proved,
                handed=came.handed,
                roles=None if came.roles is None else list(came.roles),
            )
            if came.burnt is not None:
                client, jti, ends = came.burnt
                tx.batch.add(_BURN, tenant_id=tenant, client_id=client, jti=jti, expires_at=ends)
            if not came.handed:
                signed_in(tx, login_of(row, _by(came.client)), row["id"], came.grant, tried)
        return cookie

    async def handed_over(self, code: str) -> Holder | None:
        """Whom a portal's one-use code would let in now; None for what is none any more."""
        found = await self._code(code)
        return None if found is None else found[1]

    async def claim(self, code: str, tried: Try) -> str | None:
        """A cookie for the code, which is used up by it; None for what is none any more."""
        found = await self._code(code)
        if found is None:
            return None
        session, holder = found
        tenant, now = session["tenant_id"], self._now()
        cookie = f"{tenant}.{secrets.token_urlsafe(32)}"
        kept = {name: session[name] for name in ("issuer", "client", "subject", "sid", "terms", "roles")}
        async with self._door.transaction(tenant_scope(tenant)) as tx:
            # Whoever comes second finds no row: the code was good once.
            tx.batch.add(_END, miss=USED, of_tenant=tenant, of_digest=session["digest"])
            tx.batch.add(
                _INSERT,
                tenant_id=tenant,
                digest=_digest_of(cookie),
                user_id=session["user_id"],
                login=session["login"],
                made_at=max(now, session["made_at"]),
                seen_at=now,
                address=tried.address,
                proved_at=now,  # the portal's word: it cannot be asked how old its own proof is
                handed=False,
                **kept,
            )
            signed_in(tx, login_of(holder.row, _by(session["client"])), holder.row["id"], HAND_OVER, tried)
        return cookie

    async def _code(self, code: str) -> tuple[Row, Holder] | None:
        named, now = _COOKIE.fullmatch(code), self._now()
        if named is None:
            return None
        scope = tenant_scope(named[1])
        session = await self._door.row(scope, _FIND, of_tenant=named[1], of_digest=_digest_of(_CODE + code))
        if session is None or now - session["made_at"] > HANDED:
            return None
        holder = await self._holder(scope, session, now)
        return None if holder is None else (session, holder)

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
        holder = await self._holder(scope, session, now)
        if holder is None:
            return None
        if now - session["seen_at"] > TOUCH:
            async with self._door.transaction(scope) as tx:
                tx.batch.add(_TOUCH, expect=None, now=now, **key)
        return Visitor(
            _principal(holder, session, key["of_digest"]),
            holder.row["name"],
            holder.row["office_name"],
            self._mark(cookie),
        )

    async def _holder(self, scope: Scope, session: Row, now: datetime) -> Holder | None:
        """The person as of now, in the roles that whoever vouched still vouches for."""
        origin = None
        if session["issuer"] is not None or session["client"] is not None:
            origin = await self.judge(session)
            if origin is None or origin.terms != session["terms"]:
                return None
        person = await self._door.row(scope, LOGIN, tenant_id=session["tenant_id"], login=session["login"])
        try:
            within = None if origin is None else origin.within
            holder = holder_of(person, None, self._roles, now.timestamp(), within=within)
        except ServiceError:
            return None
        cuts = [cut for cut in (holder.row["cut"], None if origin is None else origin.cut) if cut is not None]
        if str(holder.row["id"]) != str(session["user_id"]) or any(session["made_at"] <= cut for cut in cuts):
            return None
        return holder

    async def end_of(
        self, tenant: str, issuer: str, *, subject: str | None, sid: str | None, burnt: tuple[str, datetime]
    ) -> None:
        """Ends what a provider began: one of its sessions, or all of a subject. Once for each logout token."""
        async with self._door.transaction(tenant_scope(tenant)) as tx:
            tx.batch.add(
                _BURN, tenant_id=tenant, client_id=f"sso:{issuer}", jti=burnt[0], expires_at=burnt[1]
            )
            tx.batch.add(
                _END_OF, expect=None, of_tenant=tenant, of_issuer=issuer, of_subject=subject, of_sid=sid
            )

    async def end(self, cookie: str) -> str | None:
        """Ends it; nothing happens where there is none. Answers with the provider that began it, if one did."""
        named = _COOKIE.fullmatch(cookie)
        if named is None:
            return None
        async with self._door.transaction(tenant_scope(named[1])) as tx:
            key: dict[str, Any] = {"of_tenant": named[1], "of_digest": _digest_of(cookie)}
            row = await tx.row(_FIND, **key)
            tx.batch.add(_END, expect=None, **key)
        return None if row is None or row["issuer"] is None else f"{named[1]}.{row['issuer']}"

    async def stands(self, session: Row) -> bool:
        """Whether it would let its person in now."""
        now = self._now()
        return not _over(session, now) and (
            await self._holder(tenant_scope(session["tenant_id"]), session, now) is not None
        )

    def proved_within(self, session: Row, age: timedelta) -> bool:
        """Whether its person proved who he is so lately."""
        proved: datetime | None = session["proved_at"]
        return proved is not None and self._now() - proved <= age

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self.clock(), UTC)

    def _mark(self, cookie: str) -> str:
        return hmac.new(self._secret, cookie.encode(), hashlib.sha256).hexdigest()


def _by(client: str | None) -> dict[str, Any] | None:
    return None if client is None else {"id": client}


async def _nobody(session: Row) -> Origin | None:
    del session
    return None


def _digest_of(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()


def _over(session: Row, now: datetime) -> bool:
    return bool(now - session["seen_at"] > IDLE or now - session["made_at"] > LONGEST)


def _principal(holder: Holder, session: Row, digest: str) -> Principal:
    """The person as an access token would name them (identity/tokens.py)."""
    row = holder.row
    return Principal(
        tenant=row["tenant_id"],
        tier=row["tier"],
        user=str(row["id"]),
        login=row["login"],
        client=session["client"],
        office=office_of(holder.roles, str(row["office_id"])),
        roles=holder.roles,
        expires=(session["made_at"] + LONGEST).timestamp(),
        token_id=f"session-{digest[:32]}",
        issued=session["made_at"].timestamp(),
        seat=str(row["office_id"]),
        deputed=holder.deputed,
    )
