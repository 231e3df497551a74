"""For which roles whoever vouched for a session vouches now: a provider by its settings, a portal by its list.

Neither can give a role: what comes out bounds what the person holds by the administrators' grants.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.identity import powers
from service.identity.queries import ISSUING_CLIENT
from service.identity.visitors import Origin
from service.kit.db import Door, Row, tenant_scope
from service.kit.roles import Roles
from service.signin.rows import ISSUER, in_force
from service.signin.schemas import IssuerSettings


class Origins:
    """Judges sessions as identity.sessions asks (`Judge`)."""

    def __init__(self, door: Door, roles: Roles) -> None:
        self._door, self._roles = door, roles

    async def __call__(self, session: Row) -> Origin | None:
        """None where the provider or portal is locked, off or gone."""
        tenant, kept = session["tenant_id"], frozenset(session["roles"] or ())
        scope = tenant_scope(tenant)
        if session["issuer"] is not None:
            row = await self._door.row(scope, ISSUER, of_tenant=tenant, of_id=session["issuer"])
            settings = in_force(row)
            if row is None or settings is None:
                return None
            may = opened(settings, session["login"], session["subject"], self._roles)
            return Origin(kept & may, terms=terms_of(row))
        client = await self._door.row(scope, ISSUING_CLIENT, tenant_id=tenant, client=session["client"])
        if client is None or not powers.in_force(client):
            return None
        return Origin(
            frozenset(powers.vouched(client, tuple(kept), session["login"], self._roles)), client["cut"]
        )


def terms_of(row: Row) -> str:
    """By what the settings in force are known: whoever came under earlier ones signs in again.

    Not compared as times: sessions follow the real clock, deeds the service's, which a demo moves.
    """
    return str(row["confirmed_at"].isoformat())


def opened(settings: IssuerSettings, login: str, subject: str | None, rules: Roles) -> frozenset[str]:
    """The roles that a provider opens for this person; those that manage only for whom it names, login and subject."""
    named = any(each.login == login and each.subject == subject for each in settings.managers)
    return frozenset(settings.roles) - rules.alone | (rules.alone if named else frozenset())


def proven(settings: IssuerSettings, claims: Mapping[str, Any]) -> bool:
    """Whether the token says that the person proved himself as the settings ask for: one of `acr`, all of `amr`.

    A claim that is not there, or of another shape, proves nothing (OpenID Connect Core, 2).
    """
    said = claims.get("amr")
    methods = {each for each in said if isinstance(each, str)} if isinstance(said, list) else set()
    return (not settings.acr or claims.get("acr") in settings.acr) and methods >= set(settings.amr)


def claimed(settings: IssuerSettings, claims: Mapping[str, Any]) -> frozenset[str] | None:
    """The roles that the claims stand for; None where the settings name no such claim: nothing narrows further."""
    if settings.role_claim is None:
        return None
    said = claims.get(settings.role_claim)
    values = (
        {said}
        if isinstance(said, str)
        else {each for each in said if isinstance(each, str)}
        if isinstance(said, list)
        else set()
    )
    return frozenset(role for line in settings.role_map if line.value in values for role in line.roles)
