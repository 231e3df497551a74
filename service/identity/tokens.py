"""Access tokens for registered clients, for people through them, and in development for demo people.

What is unknown and what is wrong get the same answer after the same work. A token is dated after the last cut-off
of its user and client, so that one issued on the new state outlives the revocation of the old.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import asyncpg

from service.audit.actions import record
from service.identity import powers, secrets
from service.identity.clients import note_use
from service.identity.credentials import Credentials, credentials_of, decode_basic, refused
from service.identity.journal import Login, LoginJournal, login_of, signed_in
from service.identity.models import assertion_uses
from service.identity.queries import ISSUING_CLIENT, LOGIN
from service.identity.revoking import revoke, token_subject
from service.identity.schemas import TokenAnswer
from service.identity.token_holders import Holder, holder_of
from service.identity.trying import (
    CLIENT_CREDENTIALS,
    CLIENT_ID,
    DEVELOPMENT,
    JWT_BEARER,
    NOBODY,
    USERNAME,
    Try,
)
from service.kit import clock
from service.kit.assertions import AssertionClaims, peek, spelled_out, verify_assertion
from service.kit.authn import REISSUED, Principal, Revocations, Verifier, issue_token
from service.kit.db import Door, Row, own, tenant_scope
from service.kit.errors import ServiceError
from service.kit.keys import KeySource
from service.kit.roles import Roles
from service.kit.scopes import office_of
from service.kit.tables import insert_row
from service.measures.secrecy import WHOM_TO_TURN_TO, is_classified

TOKEN_PATH = "/api/v1/oauth/token"
MOST_KEYS = 2  # of a client, while they change
_BURN = insert_row(assertion_uses)
_Grant = Callable[[Mapping[str, str], Credentials | None, Try], Awaitable[TokenAnswer]]


class TokenService:
    """Grants and revokes tokens. `ttl` in seconds, at most 3600; `development` admits the demo grant."""

    def __init__(
        self,
        door: Door,
        key_source: KeySource,
        revocations: Revocations,
        verifier: Verifier,
        roles: Roles,
        journal: LoginJournal,
        *,
        issuer: str,
        audience: str,
        ttl: float = 3600,
        development: bool = False,
        clock: Callable[[], float] = clock.timestamp,
    ) -> None:
        self._door, self._keys, self._revocations, self._verifier = door, key_source, revocations, verifier
        self._roles, self._ttl, self._clock, self._journal = roles, ttl, clock, journal
        self._issuer, self._audience = issuer, audience
        self._audiences = (issuer, issuer.rstrip("/") + TOKEN_PATH)
        self._grants: dict[str, _Grant] = {
            CLIENT_CREDENTIALS: self._for_client,
            JWT_BEARER: self._for_assertion,
        }
        if development:
            self._grants[DEVELOPMENT] = self._for_demo

    @property
    def jwks(self) -> dict[str, Any]:
        """The public keys that verify our tokens."""
        return self._keys.current().jwks

    async def grant(self, form: Mapping[str, str], basic: Credentials | None, tried: Try) -> TokenAnswer:
        """A token for a decoded form and the credentials of its Basic header, or an OAuth refusal."""
        if "grant_type" not in form:
            raise refused("invalid_request")
        grant = self._grants.get(form["grant_type"])
        if grant is None:
            raise refused("unsupported_grant_type")
        try:
            return await grant(form, credentials_of(form, basic), tried)
        except ServiceError as error:
            if error.code in ("invalid_client", "invalid_grant"):
                self._journal.refused(tried)
            raise

    async def revoke(self, form: Mapping[str, str], authorization: str | None, tried: Try) -> None:
        """Ends the form's `token`, or without one the bearer's own (RFC 7009).

        One that is no token any more needs no ending. `invalid_client` for whoever does not say who it is,
        `invalid_grant` for a token that was issued to another client.
        """
        if "token" not in form:
            principal = self._whose(authorization)
        else:
            asking = await self._asking(form, authorization, tried)
            principal = self._whose(f"Bearer {form['token']}")
            if principal is not None and not asking(principal):
                raise refused("invalid_grant")
        if principal is not None:
            await self._end(principal, tried.request_id)

    def _whose(self, authorization: str | None) -> Principal | None:
        """Whose token it is; None for what is no token, or none any more."""
        try:
            return self._verifier.authenticate(authorization)
        except ServiceError as error:
            if error.status == 401:
                return None
            raise

    async def _asking(
        self, form: Mapping[str, str], authorization: str | None, tried: Try
    ) -> Callable[[Principal], bool]:
        """Whose tokens the caller may end: a bearer its own and, as a client, those of its client."""
        if authorization is not None and authorization.partition(" ")[0].lower() == "bearer":
            caller = self._whose(authorization)
            if caller is None:
                raise refused("invalid_client")
            own_client = (caller.tenant, caller.client) if caller.user is None else None
            return lambda of: of.token_id == caller.token_id or own_client == (of.tenant, of.client)
        credentials = credentials_of(form, decode_basic(authorization))
        if credentials is None:
            raise refused("invalid_client")
        try:
            client = self._proven(await self._client(credentials.client_id, tried), credentials, tried)
        except ServiceError:
            self._journal.refused(tried)
            raise
        return lambda of: (of.tenant, of.client) == (client["tenant_id"], client["id"])

    async def _end(self, principal: Principal, request_id: str) -> None:
        now = datetime.fromtimestamp(self._clock(), UTC)
        async with self._door.transaction(own(principal)) as tx:
            # A token may be dated a little ahead (see _issue); its end must not lie before its beginning.
            at = max(now.timestamp(), principal.issued)
            revoke(tx, self._revocations, principal.tenant, [token_subject(principal.token_id)], at)
            record(
                tx,
                tenant=principal.tenant,
                principal=principal,
                action="token.revoke",
                object_kind="token",
                object_id=principal.token_id,
                summary={},
                request_id=request_id,
                now=now,
            )

    async def _for_client(
        self, form: Mapping[str, str], credentials: Credentials | None, tried: Try
    ) -> TokenAnswer:
        """RFC 6749 section 4.4: the client for itself, with the roles of clients only."""
        if credentials is None:
            raise refused("invalid_client")
        row = await self._client(credentials.client_id, tried)
        client = self._proven(row, credentials, tried)
        await note_use(self._door, client, credentials.secret, self._clock())
        tier = client["tier"]
        roles = tuple(role for role in sorted(self._roles.clients) if (tier, role) in self._roles.names)
        if not roles:
            raise refused("invalid_grant")
        tenant, ident = client["tenant_id"], client["id"]
        answer = self._issue([client["cut"]], None, tenant=tenant, tier=tier, roles=roles, client=ident)
        async with self._door.transaction(tenant_scope(tenant)) as tx:
            signed_in(tx, Login(tenant, ident, f"client:{tenant}:{ident}"), ident, form["grant_type"], tried)
        return answer

    async def _for_assertion(
        self, form: Mapping[str, str], credentials: Credentials | None, tried: Try
    ) -> TokenAnswer:
        """RFC 7523: a user of the client's tenant, by an assertion used once."""
        client, claims = await self.asserted(form, credentials, tried)
        tenant = client["tenant_id"]
        used = {
            "client_id": client["id"],
            "jti": claims.jti,
            "expires_at": datetime.fromtimestamp(claims.exp, UTC),
        }
        try:
            async with self._door.transaction(tenant_scope(tenant)) as tx:
                person = await tx.row(LOGIN, tenant_id=tenant, login=claims.sub)
                holder = holder_of(person, client, self._roles, self._clock())
                answer = self._for_user(holder, client)
                tx.batch.add(_BURN, tenant_id=tenant, **used)
                signed_in(tx, login_of(holder.row, client), holder.row["id"], form["grant_type"], tried)
        except asyncpg.UniqueViolationError:
            raise refused("invalid_grant") from None
        return answer

    async def asserted(
        self, form: Mapping[str, str], credentials: Credentials | None, tried: Try
    ) -> tuple[Row, AssertionClaims]:
        """The client behind the form's `assertion`, and what it says; not yet burnt."""
        if "assertion" not in form:
            raise refused("invalid_request")
        if any(is_classified(part) for part in spelled_out(form["assertion"])):  # base64 hid it from the gate
            raise ServiceError(422, "classified_material", WHOM_TO_TURN_TO)
        client, claims = await self._asserting(form["assertion"], tried)
        client_id = f"{client['tenant_id']}.{client['id']}"
        if credentials is not None:  # not needed here, but not ignored either (RFC 7521 section 4.1)
            self._proven(client, credentials, tried)
        if client_id != (
            credentials.client_id if credentials is not None else form.get("client_id", client_id)
        ):
            raise refused("invalid_client")
        return client, claims

    async def _asserting(self, assertion: str, tried: Try) -> tuple[Row, AssertionClaims]:
        """The client that signed, and what it says; every way to fail costs one query and two verifications."""
        client_id, login = peek(assertion)
        client = await self._client(client_id or "", tried)
        keys = powers.keys_for(client, login) if client is not None and powers.in_force(client) else []
        found: AssertionClaims | None = None
        for jwk in [*keys, NOBODY, NOBODY][:MOST_KEYS]:
            try:
                claims = verify_assertion(
                    assertion,
                    public_jwk=jwk,
                    client_id=client_id or "",
                    audiences=self._audiences,
                    now=self._clock(),
                )
            except ServiceError:
                continue
            found = claims if jwk in keys else None
            break
        if client is None or found is None:
            raise refused("invalid_grant")
        tried.proven = True
        return client, found

    async def _for_demo(self, form: Mapping[str, str], _: Credentials | None, tried: Try) -> TokenAnswer:
        """Development only: a demo person by `<tenant>/<login>`, without proof."""
        match = USERNAME.fullmatch(form.get("username", ""))
        if match is None:
            raise refused("invalid_request")
        async with self._door.transaction(tenant_scope(match[1])) as tx:
            person = await tx.row(LOGIN, tenant_id=match[1], login=match[2])
            holder = holder_of(person, None, self._roles, self._clock())
            answer = self._for_user(holder, None)
            signed_in(tx, login_of(holder.row, None), holder.row["id"], form["grant_type"], tried)
        return answer

    async def _client(self, client_id: str, tried: Try) -> Row | None:
        """The client, or None; a malformed id costs the same query."""
        match = CLIENT_ID.fullmatch(client_id)
        tenant, ident = (match[1], match[2]) if match else ("00", "-")
        row = await self._door.row(tenant_scope(tenant), ISSUING_CLIENT, tenant_id=tenant, client=ident)
        if row is not None:
            tried.client = (tenant, ident)
        return row

    def _proven(self, client: Row | None, credentials: Credentials, tried: Try) -> Row:
        now = datetime.fromtimestamp(self._clock(), UTC)
        known = secrets.matches(client["secrets"] if client is not None else [], credentials.secret, now)
        if client is None or not powers.in_force(client) or not known:
            tried.proven = False
            raise refused("invalid_client")
        tried.proven = True
        return client

    def _for_user(self, holder: Holder, client: Row | None) -> TokenAnswer:
        row = holder.row
        return self._issue(
            [row["cut"], None if client is None else client["cut"], *holder.cuts],
            holder.until,
            tenant=row["tenant_id"],
            tier=row["tier"],
            roles=holder.roles,
            user=row["id"],
            login=row["login"],
            client=None if client is None else client["id"],
            office=office_of(holder.roles, row["office_id"]),
            seat=row["office_id"],
            deputed=holder.deputed,
        )

    def _issue(self, cuts: list[datetime | None], until: float | None, **who: Any) -> TokenAnswer:
        """Signs; dated after every cut, ending with the office where that ends within the lifetime."""
        now = self._clock()
        dated = max([now, *(cut.timestamp() + REISSUED for cut in cuts if cut is not None)])
        ttl = self._ttl if until is None else min(self._ttl, until - dated)
        if ttl <= 0:
            raise refused("invalid_grant")
        named: dict[str, Any] = {"issuer": self._issuer, "audience": self._audience, **who}
        token = issue_token(self._keys.current(), now=dated, ttl=ttl, **named)
        return TokenAnswer(token, "Bearer", int(dated + ttl - now))
