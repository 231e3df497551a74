"""Signing in by a tenant's identity provider: OpenID Connect, code flow with PKCE, state, nonce and `iss` (RFC 9207).

Between the two steps nothing is kept here: a cookie of ten minutes names tenant, provider and where to go on, with 256
random bits and our seal. State, nonce and PKCE's verifier are made of it by HMAC, so whoever steals the cookie's text
has none of them, and an answer fits only the browser, the tenant and the provider it was asked in. A code's answer is
burnt with the session it opens.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

import asyncpg

from service.identity.journal import LoginJournal
from service.identity.sessions import Sessions
from service.identity.trying import SINGLE_SIGN_ON, Try
from service.identity.visitors import Came
from service.kit import clock, id_tokens
from service.kit.db import Door, Row, tenant_scope
from service.kit.errors import ServiceError, not_found
from service.kit.id_tokens import Rejected
from service.kit.keys import KeySource
from service.kit.providers import Provider, Providers, Unreachable
from service.kit.roles import Roles
from service.kit.telemetry import Telemetry
from service.settings import Settings
from service.signin.narrowing import claimed, opened, proven, terms_of
from service.signin.refused import AWAY, DECLINED, OVER, REFUSED, TOLD
from service.signin.rows import ISSUER, OPEN, PLACES, in_force, redirect_uri, secret_of
from service.signin.schemas import IssuerSettings
from service.signin.trips import COOKIE, PATIENCE, PROVES, Shown, Trip, b64, has, of, proved, same

_ID = re.compile(r"[a-z][a-z0-9-]{0,39}")
_TENANT = re.compile(r"[0-9A-Za-z]{2,16}")
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,62}[a-z0-9]")


class SignIn:
    """On the shelf: begins and finishes sign-ins, and takes back what a provider says is over."""

    def __init__(
        self,
        door: Door,
        roles: Roles,
        providers: Providers,
        sessions: Sessions,
        keys: KeySource,
        settings: Settings,
        secret: bytes,
        journal: LoginJournal,
        telemetry: Telemetry,
    ) -> None:
        self._door, self._roles, self.providers, self._sessions = door, roles, providers, sessions
        self._keys, self.settings, self._secret = keys, settings, secret
        self._journal, self._telemetry = journal, telemetry

    async def listed(self, tenant: str) -> list[Shown]:
        """The providers one may sign in by in this tenant."""
        if _TENANT.fullmatch(tenant) is None:
            return []
        rows = await self._door.fetch(tenant_scope(tenant), OPEN, of_tenant=tenant)
        return [Shown(row["id"], row["current"]["name"]) for row in rows]

    async def places(self) -> list[Shown]:
        """The province and its cities, as one chooses where one belongs."""
        rows = await self._door.fetch(tenant_scope("00"), PLACES)
        return [Shown(row["id"], row["name"]) for row in rows]

    async def start(self, tenant: str, issuer: str, to: str) -> tuple[str, str]:
        """Where the browser goes, and the cookie of the trip. 404 for what nobody may sign in by."""
        settings = await self._settings(tenant, issuer)
        provider = await self._provider(settings)
        ends = int(clock.timestamp() + PATIENCE.total_seconds())
        body = f"{tenant}.{issuer}.{ends}.{secrets.token_urlsafe(32)}.{b64(to.encode())}"
        asked = {
            "response_type": "code",
            "client_id": settings.client_id,
            "scope": " ".join(["openid", *settings.scopes]),
            "redirect_uri": redirect_uri(self.settings, tenant, issuer),
            "state": self._made("state", body),
            "nonce": self._made("nonce", body),
            "code_challenge_method": "S256",
            "code_challenge": b64(hashlib.sha256(self._made("verifier", body).encode()).digest()),
        }
        if to == PROVES:
            asked |= {"prompt": "login", "max_age": "0"}
        if settings.acr:
            asked["acr_values"] = " ".join(settings.acr)
        join = "&" if "?" in provider.authorize else "?"
        return (
            f"{provider.authorize}{join}{urlencode(asked, quote_via=quote)}",
            f"{body}.{self._made('seal', body)}",
        )

    async def finish(
        self, tenant: str, issuer: str, answer: Mapping[str, str], cookie: str | None, tried: Try
    ) -> tuple[str, str]:
        """The session's cookie, and where to go on. Whatever does not fit is refused, and noted for the tenant."""
        trip = self._trip(cookie, tenant, issuer)
        if trip is None or not same(answer.get("state", ""), self._made("state", trip.sealed)):
            self._telemetry.security(
                "sso_refused", issuer=f"{tenant}.{issuer}"[:60], code="state", address=tried.address
            )
            raise OVER
        settings, terms = await self._in_force(tenant, issuer)
        try:
            provider = await self._provider(settings)
            if answer.get("iss", settings.issuer if not provider.tells_issuer else None) != settings.issuer:
                raise Rejected("iss")
            if "error" in answer or "code" not in answer:
                raise Rejected("declined")
            claims = await self._claims(settings, provider, (tenant, issuer), answer["code"], trip)
            came = self._came(settings, issuer, claims, trip)._replace(terms=terms)
            login = str(claims[settings.login_claim])
        except Unreachable as error:
            self._telemetry.log.warning("sso_unreachable", issuer=f"{tenant}.{issuer}", code=error.code)
            raise AWAY from None
        except Rejected as error:
            raise self._refused((tenant, issuer), error.code, tried) from None
        try:
            return await self._sessions.begin(tenant, login, came, tried), trip.to
        except asyncpg.UniqueViolationError:
            raise self._refused((tenant, issuer), "replayed", tried) from None
        except ServiceError as error:
            if error.code != "invalid_grant":
                raise
            raise self._refused((tenant, issuer), "unknown_person", tried) from None

    async def logged_out(self, tenant: str, issuer: str, token: str, tried: Try) -> None:
        """What a provider says is over is over (back-channel logout); else Rejected or Unreachable."""
        settings = await self._settings(tenant, issuer)
        claims = await self._judged(
            settings,
            lambda keys: id_tokens.logout_token(
                token, of(settings), keys=keys, plain=settings.plain_logout, now=clock.timestamp()
            ),
        )
        ends = datetime.fromtimestamp(claims["exp"] + id_tokens.LEEWAY, UTC)
        try:
            await self._sessions.end_of(
                tenant,
                issuer,
                subject=claims.get("sub"),
                sid=claims.get("sid"),
                burnt=(f"out:{claims['jti']}", ends),
            )
        except asyncpg.UniqueViolationError:
            raise Rejected("replayed") from None

    async def way_out(self, tenant: str, issuer: str) -> str | None:
        """Where the provider's own session ends (RP-initiated logout), if it has such a place."""
        settings = await self._settings(tenant, issuer)
        ends = (await self._provider(settings)).end_session
        if ends is None:
            return None
        back = f"{self.settings.issuer.rstrip('/')}/console/enter?tenant={tenant}"
        asked = urlencode(
            {"client_id": settings.client_id, "post_logout_redirect_uri": back}, quote_via=quote
        )
        return f"{ends}{'&' if '?' in ends else '?'}{asked}"

    async def _settings(self, tenant: str, issuer: str) -> IssuerSettings:
        return (await self._in_force(tenant, issuer))[0]

    async def _in_force(self, tenant: str, issuer: str) -> tuple[IssuerSettings, str]:
        row: Row | None = None
        if _TENANT.fullmatch(tenant) and _ID.fullmatch(issuer):
            row = await self._door.row(tenant_scope(tenant), ISSUER, of_tenant=tenant, of_id=issuer)
        settings = in_force(row)
        if row is None or settings is None:
            raise not_found()
        return settings, terms_of(row)

    async def _provider(self, settings: IssuerSettings) -> Provider:
        try:
            return await self.providers.provider(settings.issuer)
        except Unreachable as error:
            self._telemetry.log.warning("sso_unreachable", issuer=settings.issuer, code=error.code)
            raise AWAY from None

    async def _claims(
        self, settings: IssuerSettings, provider: Provider, place: tuple[str, str], code: str, trip: Trip
    ) -> dict[str, Any]:
        """The code exchanged for the ID token, judged."""
        form, headers = self._asking(settings, place, code, trip)
        try:
            token = (await self.providers.redeem(provider, form, headers)).get("id_token")
        except Unreachable as error:
            if error.code == "status_400":  # it knows no such code, or not any more
                raise Rejected("code") from None
            raise
        if not isinstance(token, str):
            raise Rejected("no_id_token")
        nonce = self._made("nonce", trip.sealed)
        return await self._judged(
            settings,
            lambda keys: id_tokens.id_token(
                token, of(settings), keys=keys, nonce=nonce, now=clock.timestamp()
            ),
        )

    def _asking(
        self, settings: IssuerSettings, place: tuple[str, str], code: str, trip: Trip
    ) -> tuple[dict[str, str], dict[str, str]]:
        """What is sent for the code: the form and the headers, by the way that the provider asks for."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri(self.settings, *place),
            "code_verifier": self._made("verifier", trip.sealed),
            "client_id": settings.client_id,
        }
        headers: dict[str, str] = {}
        secret = secret_of(self.settings, ".".join(place))
        if settings.authentication == "private_key_jwt":
            form["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
            form["client_assertion"] = id_tokens.client_assertion(
                self._keys.current(),
                client_id=settings.client_id,
                audience=settings.issuer,
                now=clock.timestamp(),
            )
        elif secret is None:
            raise Unreachable("no_secret")
        elif settings.authentication == "client_secret_post":
            form["client_secret"] = secret
        else:
            pair = f"{quote(settings.client_id, safe='')}:{quote(secret, safe='')}"
            headers["authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        return form, headers

    async def _judged(self, settings: IssuerSettings, judge: Any) -> dict[str, Any]:
        """By the keys that are known, and once more by fresh ones where the token names another."""
        try:
            return dict(judge(await self.providers.keys(settings.issuer)))
        except Rejected as error:
            if error.code != "unknown_key":
                raise
        return dict(judge(await self.providers.keys(settings.issuer, anew=True)))

    def _came(self, settings: IssuerSettings, issuer: str, claims: Mapping[str, Any], trip: Trip) -> Came:
        """Whom the claims name and what they open; Rejected for others' people."""
        login = claims.get(settings.login_claim)
        if not isinstance(login, str) or _LOGIN.fullmatch(login) is None:
            raise Rejected("unknown_person")
        if any(not has(claims.get(each.claim), each.value) for each in settings.required):
            raise Rejected("unknown_person")
        if not proven(settings, claims):
            raise Rejected("factors")
        at = proved(claims, datetime.fromtimestamp(clock.timestamp(), UTC))
        if not trip.anew(at):
            raise Rejected("not_anew")
        roles, narrowed = opened(settings, login, claims["sub"], self._roles), claimed(settings, claims)
        if narrowed is not None:
            roles = roles & (narrowed | self._roles.alone)
        sid = claims.get("sid")
        return Came(
            SINGLE_SIGN_ON,
            tuple(sorted(roles)),
            issuer=issuer,
            subject=claims["sub"],
            sid=sid if isinstance(sid, str) and len(sid) <= 255 else None,
            proved=at,
            burnt=(f"sso:{issuer}", hashlib.sha256(trip.sealed.encode()).hexdigest(), trip.ends + PATIENCE),
        )

    def _refused(self, place: tuple[str, str], code: str, tried: Try) -> ServiceError:
        """Notes why, for the log and the tenant's trail; who asked learns one of three sentences."""
        self._telemetry.security("sso_refused", issuer=".".join(place), code=code, address=tried.address)
        if code == "declined":
            return DECLINED
        self._journal.failed(place[0], f"sso:{place[1]}", tried.address)
        return TOLD.get(code, REFUSED)

    def _trip(self, cookie: str | None, tenant: str, issuer: str) -> Trip | None:
        found = COOKIE.fullmatch(cookie or "")
        if found is None or (found[1], found[2]) != (tenant, issuer):
            return None
        body = found[0].rpartition(".")[0]
        if not same(found[6], self._made("seal", body)) or int(found[3]) < clock.timestamp():
            return None
        to = base64.urlsafe_b64decode(found[5] + "=" * (-len(found[5]) % 4)).decode()
        return Trip(body, to, datetime.fromtimestamp(int(found[3]), UTC))

    def _made(self, purpose: str, body: str) -> str:
        return b64(hmac.digest(self._secret, f"{purpose}|{body}".encode(), hashlib.sha256))
