"""What waits for a second person: keys, secrets and roles of clients, until the security administrator confirms them.

What takes power away is in force at once: no key, fewer roles, disabled. What gives power is `pending` on the client:

    {"public_jwk": JWK, "second_jwk": JWK, "vouch_roles": [role], "secret": stored secret, "keep_old_hours": n,
     "enable": true, "sign_in": {login: JWK}, "proposed_by": actor, "proposed_user": user id, "proposed_at": ISO 8601}

with the members that change only. A client never confirmed has its values in the row itself: they open nothing yet.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from typing import Any, Literal

import msgspec

from service.characters.cleaning import Unclean, cleaned
from service.identity import secrets
from service.kit.api import Call
from service.kit.errors import FieldError, ServiceError, invalid
from service.kit.keys import public_key, short
from service.kit.roles import Roles
from service.kit.second_person import by_another
from service.kit.text import Line

Client = dict[str, Any]
Waiting = Literal["client", "public_jwk", "second_jwk", "vouch_roles", "secret", "enable", "sign_in"]
PROPOSED = ("proposed_by", "proposed_user", "proposed_at")
CHANGES: tuple[Waiting, ...] = ("public_jwk", "second_jwk", "vouch_roles", "secret", "enable", "sign_in")
PUBLIC = ("kty", "crv", "x", "y", "kid", "alg", "use", "n", "e")
KEYS = ("public_jwk", "second_jwk")
REASON = "reason"  # a member of a JWK of less than 128 bits: why there is no better one (0282)
_PRIVATE = ("d", "p", "q", "dp", "dq", "qi", "k", "oth")
_SAME_KEY = ("kty", "crv", "x", "y", "n", "e")


def in_force(client: Mapping[str, Any]) -> bool:
    """Whether the client may be given tokens at all."""
    return client["confirmed_at"] is not None and client["disabled_at"] is None


def vouched(client: Mapping[str, Any], held: Collection[str], login: str, rules: Roles) -> tuple[str, ...]:
    """The person's roles that this client may speak for: those listed; those that manage where the login is named."""
    named = login in (client["sign_in"] or {})
    may = {role for role in client["vouch_roles"] if role not in rules.alone} | (
        rules.alone if named else set()
    )
    return tuple(role for role in held if role in may)


def keys_for(client: Mapping[str, Any], login: str | None) -> list[dict[str, Any]]:
    """The keys an assertion of this client for this login may be signed with: one, or two while they change."""
    if client["sign_in"] is not None:
        found = client["sign_in"].get(login or "")
        return [] if found is None else [found]
    return own_keys(client)


def own_keys(client: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The client's own keys in force."""
    return [key for key in (client["public_jwk"], client["second_jwk"]) if key is not None]


def moved_up(client: Client) -> None:
    """The second key takes the place of a first that was taken away."""
    if client["public_jwk"] is None or _same(client["public_jwk"], client["second_jwk"]):
        client["public_jwk"], client["second_jwk"] = client["second_jwk"] or client["public_jwk"], None


def two_keys(client: Mapping[str, Any]) -> None:
    """422 when the keys of a client, or what waits in their place, are one and the same."""
    first, second = (
        (client["pending"] or {}).get(name, client[name]) for name in ("public_jwk", "second_jwk")
    )
    if first is not None and _same(first, second):
        fault = "两把公钥相同；新公钥登记为 second_jwk，换用后把 public_jwk 置为 null，由它接替"
        raise invalid([FieldError("/second_jwk", "same_key", fault)])


def _same(one: Mapping[str, Any], other: Mapping[str, Any] | None) -> bool:
    return other is not None and all(one.get(name) == other.get(name) for name in _SAME_KEY)


def propose(call: Call, client: Client, changes: Mapping[str, Any]) -> None:
    """Notes changes that give power, over those that wait already; the one who asks last answers for all of them."""
    who = {
        "proposed_by": call.principal.actor,
        "proposed_user": call.principal.user,
        "proposed_at": call.now.isoformat(),
    }
    client["pending"] = {**(client["pending"] or {}), **changes, **who}


def unpropose(client: Client, *names: str) -> None:
    """Takes back what waited under these names; nothing waits when none is left."""
    kept = {name: value for name, value in (client["pending"] or {}).items() if name not in names}
    client["pending"] = (
        kept if client["confirmed_at"] is None or any(name in kept for name in CHANGES) else None
    )


def agree(call: Call, client: Client) -> bool:
    """Puts in force what waits; True when tokens issued so far must end. By another person than who asked for it."""
    pending = client["pending"]
    if pending is None:
        raise nothing_pending()
    by_another(pending["proposed_user"], call.principal, pending["proposed_by"])
    ends = False
    for name in ("public_jwk", "second_jwk", "vouch_roles", "sign_in"):
        if name in pending:
            beside = name == "second_jwk" and client[name] is None  # nothing is taken away
            ends = ends or (pending[name] != client[name] and not beside)
            client[name] = pending[name]
    moved_up(client)
    if "secret" in pending:
        fresh = {**pending["secret"], "created_at": call.now.isoformat()}
        keep = timedelta(hours=pending["keep_old_hours"])
        client["secrets"] = secrets.rotated(client["secrets"], fresh, call.now, keep)
    if "enable" in pending:
        client["disabled_at"] = None
    client["pending"], client["confirmed_at"] = None, call.now
    client["confirmed_by"] = call.principal.actor
    return ends


def nothing_pending() -> ServiceError:
    """409: there is nothing to decide on."""
    return ServiceError(409, "nothing_pending", "该客户端没有待确认的事项")


def checked_key(
    jwk: Mapping[str, Any], pointer: str = "/public_jwk", held: Iterable[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """The public members of a usable key. A private one has leaked by being sent: it is refused, not stored.

    One of less than 128 bits of security is taken with a reason, which stays with it, or where it is `held` already.
    """
    if any(member in jwk for member in _PRIVATE):
        detail = "请勿提交私钥；该密钥已随请求离开您的系统，请更换"
        raise invalid([FieldError(pointer, "private_key", detail)])
    try:
        key = public_key(jwk)[1]
    except ValueError:
        detail = "应为 Ed25519（OKP）、P-256（EC）或 3072 至 4096 位 RSA 公钥的 JWK"
        raise invalid([FieldError(pointer, "invalid_key", detail)]) from None
    kept = {name: jwk[name] for name in PUBLIC if isinstance(jwk.get(name), str)}
    if not short(key) or any(_same(kept, each) for each in held):
        return kept
    try:
        return {**kept, REASON: msgspec.convert(cleaned(jwk.get(REASON) or ""), Line)}
    except (AttributeError, TypeError, Unclean, msgspec.ValidationError):
        detail = f"RSA 公钥应有 3072 位以上；确实只能用 2048 位的，在 JWK 中以 {REASON} 写明理由"
        raise invalid([FieldError(pointer, "short_key", detail)]) from None


def checked_roles(roles: Collection[str], rules: Roles, tier: str) -> list[str]:
    """The roles an ordinary client may speak for, sorted; 422 for unknown ones and for those that manage."""
    tiers = ("province",) if tier == "province" else ("city", "county")
    known = {role for each in tiers for role in rules.grantable(each)} - rules.alone
    faults = [
        FieldError(f"/vouch_roles/{place}", "role_not_vouchable", _why(role, rules))
        for place, role in enumerate(roles)
        if role not in known
    ]
    if faults:
        raise invalid(faults)
    return sorted(set(roles))


def _why(role: str, rules: Roles) -> str:
    if role in rules.alone:
        return "管理员和安全管理员只能由开通本地区时建立的登录客户端担保，且须逐一指名"
    return "没有这个角色，或它不授予本地区的人员"


def checked_sign_in(
    keys: Mapping[str, Mapping[str, Any]], held: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """The keys by login; each person has one of his own, else one who holds it would be both."""
    made = {login: checked_key(jwk, f"/sign_in/{login}", held.values()) for login, jwk in keys.items()}
    marks = [tuple(jwk.get(name) for name in _SAME_KEY) for jwk in made.values()]
    if len(set(marks)) != len(marks):
        raise invalid([FieldError("/sign_in", "same_key", "每人须使用自己的密钥，不能共用")])
    return made


def waiting(client: Mapping[str, Any]) -> list[Waiting]:
    """Which members wait for the security administrator; a client never confirmed waits as a whole."""
    if client["confirmed_at"] is None:
        return ["client"] if client["pending"] is not None else []
    return [name for name in CHANGES if name in (client["pending"] or {})]
