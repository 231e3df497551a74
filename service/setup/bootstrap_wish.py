"""What the operator asks of `tongjian bootstrap`: whom, by which keys, through which client; and why it is refused.

Nothing here reads the database: who is there already is looked up by bootstrap.py, which makes the people.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from service.characters.cleaning import Unclean, cleaned
from service.identity.powers import PUBLIC
from service.identity.schemas import ClientId, Login, Name
from service.kit.keys import public_key, short

CLIENT = "sign-in"


class Refused(ValueError):
    """Why nothing was made; for the operator."""


class Someone(NamedTuple):
    """A person who is to manage: login, name, his own public key; without `office` the seeded one."""

    login: str
    name: str
    jwk: dict[str, Any]
    office: str | None = None


class Wish(NamedTuple):
    """What the operator asked for; whoever is there already may be left out."""

    tenant: str
    administrator: Someone | None
    security_admin: Someone | None
    client: str = CLIENT


def read_jwk(file: Path) -> dict[str, Any]:
    """The file's JWK; its content never gets into a message, since it may be the wrong one."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=dict[str, Any])
    except msgspec.MsgspecError:
        raise Refused(f"{file} is not one JWK, a JSON object") from None


def lacking_people(wish: Wish, lacking: list[str]) -> list[tuple[str, Someone]]:
    """The people to be made; Refused when nobody is lacking, or somebody lacking was not named."""
    if not lacking:
        raise Refused(
            "the tenant has an administrator and a security administrator: the rest is done over the API"
        )
    found = [(role, getattr(wish, role)) for role in lacking]
    missing = [role for role, someone in found if someone is None]
    if missing:
        raise Refused(f"say who is to be {' and '.join(missing)}: login, name and public key")
    return found


def checked(wish: Wish) -> Wish:
    """The wish with the public members of the keys; Refused for what the API would not take either."""
    if not (wish.tenant.isascii() and wish.tenant.isalnum() and 2 <= len(wish.tenant) <= 16):
        raise Refused("a tenant is a code such as 360100")
    _fits("client id", wish.client, ClientId)
    people = [None if each is None else _fit(each) for each in (wish.administrator, wish.security_admin)]
    logins = [each.login for each in people if each is not None]
    if len(set(logins)) != len(logins):
        raise Refused("administrator and security administrator are two people: two logins")
    return wish._replace(administrator=people[0], security_admin=people[1])


def _fit(someone: Someone) -> Someone:
    _fits("login", someone.login, Login)
    _fits("name", someone.name, Name)
    if "d" in someone.jwk:  # the one private member of the kinds of key that are taken
        raise Refused("that is a private key: it stays with its owner; give the public half")
    try:
        key = public_key(someone.jwk)[1]
    except ValueError as error:
        raise Refused(f"the public key cannot be used: {error}") from None
    if short(key):
        raise Refused("an RSA key has 3072 bits and more: who manages makes a new one")
    members = {name: someone.jwk[name] for name in PUBLIC if isinstance(someone.jwk.get(name), str)}
    return someone._replace(jwk=members)


def _fits(what: str, value: str, kind: Any) -> None:
    try:
        if cleaned(value) != value:
            raise Refused(f"the {what} has characters that nobody sees, or is not NFC")
        msgspec.convert(value, kind)
    except Unclean as unclean:
        raise Refused(f"the {what} has a character that no text may hold: {unclean}") from None
    except msgspec.ValidationError as error:
        raise Refused(f"the {what} is malformed: {error}") from None


def unlike(keys: dict[str, dict[str, Any]]) -> None:
    """Whoever holds a key is its person; with one key for two he would be both."""
    marks = [tuple(jwk.get(name) for name in ("kty", "crv", "x", "y", "n", "e")) for jwk in keys.values()]
    if len(set(marks)) != len(marks):
        raise Refused("each of the two has a key of his own: these are the same")
