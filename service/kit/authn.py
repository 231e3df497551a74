"""Who is calling: access tokens in, `Principal` out.

A verified token is kept by its hash until it expires, so that the usual request pays for one SHA-256 and
three look-ups; its expiry and its revocation are checked on every request.
"""

from __future__ import annotations

import hashlib
import math
import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

import jwt
import msgspec
from jwt.types import Options

from service.kit.errors import ServiceError
from service.kit.keys import KeySet, KeySource
from service.kit.principal import DeputedRole as DeputedRole
from service.kit.principal import Principal as Principal
from service.kit.principal import Tier as Tier
from service.kit.principal import readable as readable

TOKEN_TYPE = "at+jwt"
MAX_TOKEN_BYTES = 8192
MAX_TTL, LEEWAY = 3600.0, 30.0  # seconds
STALE_SECONDS = 5.0  # without a good read of the revocations nobody is let in
# Seconds by which tokens issued after a cut-off are dated past it, and by which a further cut-off outruns those,
# whatever the clocks of two instances (or one that was set back) make of the order.
REISSUED, RENEWED = 0.002, 0.003

# PyJWT would judge times by its own clock; here the injected one does.
TIMELESS: Options = {"verify_exp": False, "verify_iat": False, "verify_nbf": False}
_TOKEN: Options = {**TIMELESS, "strict_aud": True, "require": ["iss", "aud", "sub", "exp", "iat", "jti"]}
MALFORMED = (jwt.PyJWTError, ValueError, TypeError, KeyError, RecursionError)


def issue_token(
    keys: KeySet,
    *,
    issuer: str,
    audience: str,
    tenant: str,
    tier: Tier,
    roles: tuple[str, ...],
    now: float,
    ttl: float = MAX_TTL,
    user: str | None = None,
    login: str | None = None,
    client: str | None = None,
    office: str | None = None,
    seat: str | None = None,
    deputed: tuple[DeputedRole, ...] = (),
) -> str:
    """A signed access token (RFC 9068) for a user, a client, or a client acting for a user.

    Raises ValueError for a lifetime over an hour or anything that `Principal` would refuse.
    """
    if not 0 < ttl <= MAX_TTL:
        raise ValueError("a token lives at most one hour")
    issued = math.floor(now * 1000) / 1000  # rounded down: a revocation of this very moment still hits
    token_id = secrets.token_urlsafe(16)
    Principal(tenant, tier, user, login, client, office, roles, issued + ttl, token_id, issued, seat, deputed)
    claims: dict[str, Any] = {"iss": issuer, "aud": audience, "sub": user or client, "jti": token_id}
    claims |= {"exp": issued + ttl, "iat": issued, "tenant": tenant, "tier": tier, "roles": list(roles)}
    optional = {"client_id": client, "office": office, "seat": seat, "login": login}
    claims |= {name: value for name, value in optional.items() if value is not None}
    claims |= {"standing": deputed} if deputed else {}
    if user is not None and client is not None:
        claims["act"] = {"sub": client}
    return jwt.encode(claims, keys.private_key, "EdDSA", {"typ": TOKEN_TYPE, "kid": keys.signing_kid})


def revocation_keys(principal: Principal) -> tuple[str, ...]:
    """The cut-offs that concern a principal: its token, its user, its client."""
    keys = [f"token:{principal.token_id}"]
    if principal.user is not None:
        # What ends the tokens of somebody ends those of who stands for him.
        people = dict.fromkeys((principal.user, *(each.user for each in principal.deputed)))
        keys += [f"user:{principal.tenant}:{user}" for user in people]
    if principal.client is not None:
        keys.append(f"client:{principal.tenant}:{principal.client}")
    return tuple(keys)


class Revocations:
    """Cut-offs in memory: whatever was issued up to the cut is void. Somebody else polls the database.

    `loaded_at` is the verifier's clock *before* the query was sent. A list not refreshed for five seconds
    is stale, and then nobody is let in: an unknown revocation must not pass. What a load cannot have seen yet is
    told by counting loads, never by comparing times: a clock may be set back between two of them.

    A tenant's may have been read by themselves, where not all could be: then only the others are let in no more.
    """

    def __init__(self) -> None:
        self._cuts: dict[str, float] = {}
        self._own: dict[str, tuple[float, int]] = {}  # subject -> (cut, loads begun when it was committed)
        self._loads = 0
        self._loaded_at = -math.inf
        self._apart: dict[str, float] = {}  # by tenant: when its own were read, since the last whole list

    def begin(self) -> int:
        """The number of a load that begins now; loads do not overlap."""
        self._loads += 1
        return self._loads

    def replace(self, mapping: Mapping[str, float], loaded_at: float, load: int | None = None) -> None:
        """Puts a whole new list in force (epoch seconds by subject key), read by that load (default: just now)."""
        load = self.begin() if load is None else load
        self._own = {key: own for key, own in self._own.items() if own[1] >= load}
        self._cuts = dict(mapping) | {
            key: max(cut, mapping.get(key, -math.inf)) for key, (cut, _) in self._own.items()
        }
        self._loaded_at = loaded_at
        self._apart.clear()

    def renew(self, tenant: str, mapping: Mapping[str, float], loaded_at: float) -> None:
        """Puts the cuts of one tenant in force beside what is known. Nothing is forgotten: a whole list does that."""
        for key, cut in mapping.items():
            self._cuts[key] = max(cut, self._cuts.get(key, -math.inf))
        self._apart[tenant] = loaded_at

    def add(self, cuts: Mapping[str, float]) -> None:
        """Cut-offs this process just committed: in force at once, kept until a later load has seen them."""
        for key, cut in cuts.items():
            cut = max(cut, self._cuts.get(key, -math.inf) + RENEWED)
            self._own[key] = (cut, self._loads)
            self._cuts[key] = cut

    def stale(self, now: float, tenant: str | None = None) -> bool:
        """Whether the list is older than STALE_SECONDS for a tenant, or for all of them; or the clock jumped back."""
        if tenant is not None:
            return not -STALE_SECONDS <= now - self._apart.get(tenant, self._loaded_at) <= STALE_SECONDS
        return all(
            not -STALE_SECONDS <= now - at <= STALE_SECONDS for at in (self._loaded_at, *self._apart.values())
        )

    def is_revoked(self, principal: Principal, keys: tuple[str, ...] | None = None) -> bool:
        """Whether the token, its user or its client was cut off at or after the token's issue."""
        if not self._cuts:
            return False
        for key in keys or revocation_keys(principal):
            if principal.issued <= self._cuts.get(key, -math.inf):
                return True
        return False


class Verifier:
    """Turns an Authorization header into a Principal, or raises 401 (503 while revocations are stale)."""

    def __init__(
        self,
        key_source: KeySource,
        issuer: str,
        audience: str,
        revocations: Revocations,
        clock: Callable[[], float],
        cache_size: int = 20_000,
    ) -> None:
        self._source, self._keys = key_source, key_source.current()
        self._issuer, self._audience = issuer, audience
        self._revocations, self._clock, self._size = revocations, clock, cache_size
        self._cache: OrderedDict[bytes, tuple[Principal, tuple[str, ...]]] = OrderedDict()

    def authenticate(self, authorization: bytes | str | None) -> Principal:
        """The caller named by a Bearer header."""
        token, now = _bearer(authorization), self._clock()
        keys = self._source.current()
        if keys is not self._keys:
            self._adopt(keys)
        digest = hashlib.sha256(token).digest()
        entry = self._cache.get(digest)
        if entry is None:
            principal = self._verify(token, keys, now)
            entry = self._cache[digest] = (principal, revocation_keys(principal))
            if len(self._cache) > self._size:
                self._cache.popitem(last=False)
        else:
            self._cache.move_to_end(digest)
        principal, subjects = entry
        if now >= principal.expires:
            del self._cache[digest]
            _refuse("token_expired", "访问令牌已过期，请重新获取")
        if self._revocations.stale(now, principal.tenant):
            detail = "暂时无法核对令牌是否已吊销，请稍后重试"
            raise ServiceError(503, "revocations_stale", detail, headers={"Retry-After": "2"})
        if self._revocations.is_revoked(principal, subjects):
            del self._cache[digest]
            _refuse("token_revoked", "访问令牌已被吊销，请重新获取")
        return principal

    def _adopt(self, keys: KeySet) -> None:
        # A key taken out of the file may be a stolen one: what it signed must not live on in the cache.
        if not self._keys.verify.keys() <= keys.verify.keys():
            self._cache.clear()
        self._keys = keys

    def _verify(self, token: bytes, keys: KeySet, now: float) -> Principal:
        try:
            header = jwt.get_unverified_header(token)
            if header.get("typ") != TOKEN_TYPE or not isinstance(header.get("kid"), str):
                raise ValueError("not an access token of this service")
            key = keys.verify.get(header["kid"]) or self._source.refresh().verify[header["kid"]]
            claims = jwt.decode(token, key, ["EdDSA"], _TOKEN, audience=self._audience, issuer=self._issuer)
            return _principal(claims, now)
        except MALFORMED:
            _refuse("token_invalid", "访问令牌无效")


class _Claims(msgspec.Struct, frozen=True):
    sub: str
    tenant: str
    tier: Tier
    roles: tuple[str, ...]
    exp: float
    iat: float
    jti: str
    client_id: str | None = None
    office: str | None = None
    seat: str | None = None
    login: str | None = None
    act: dict[str, str] | None = None
    deputed: tuple[DeputedRole, ...] = msgspec.field(default=(), name="standing")


def _principal(payload: dict[str, Any], now: float) -> Principal:
    claims = msgspec.convert(payload, _Claims)
    if not (claims.iat <= now + LEEWAY and 0 < claims.exp - claims.iat <= MAX_TTL + 1):  # also refuses NaN
        raise ValueError("lifetime")
    client, user = claims.client_id, None if claims.sub == claims.client_id else claims.sub
    if user is not None and client is not None and claims.act != {"sub": client}:
        raise ValueError("a client acts for a user only by name")
    return Principal(
        claims.tenant,
        claims.tier,
        user,
        claims.login,
        client,
        claims.office,
        claims.roles,
        claims.exp,
        claims.jti,
        claims.iat,
        claims.seat,
        claims.deputed,
    )


def _bearer(authorization: bytes | str | None) -> bytes:
    if isinstance(authorization, str):
        authorization = authorization.encode("utf-8", "replace")
    if not authorization or authorization[:7].lower() != b"bearer ":
        raise missing_token()
    token = authorization[7:].strip(b" ")
    if not token or len(token) > MAX_TOKEN_BYTES:
        _refuse("token_invalid", "访问令牌无效")
    return token


def missing_token() -> ServiceError:
    """401 for a request without a Bearer token (RFC 6750: no error code in the challenge)."""
    return ServiceError(
        401,
        "token_missing",
        "请求缺少访问令牌，请使用 Authorization: Bearer",
        headers={"WWW-Authenticate": 'Bearer realm="tongjian"'},
    )


def _refuse(code: str, detail: str) -> NoReturn:
    challenge = f'Bearer realm="tongjian", error="invalid_token", error_description="{code}"'
    raise ServiceError(401, code, detail, headers={"WWW-Authenticate": challenge}) from None
