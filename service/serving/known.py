"""What a filter may name: the values there are of tenants, divisions, roles and organs."""

from __future__ import annotations

from collections.abc import Callable

from service.kit.roles import Roles
from service.measures.offices import Divisions, is_local_code
from service.measures.organs import SLOT_NAMES


def known_values(roles: Roles, divisions: Divisions) -> dict[str, Callable[[str], bool]]:
    """By the parameter's name, whether a value is one there is.

    Codes that a zone registered for itself are not in the registry: their form must do.
    """

    def division(code: str) -> bool:
        return code in divisions or is_local_code(code)

    def tenant(code: str) -> bool:
        return divisions.tenant_of(code) == code

    held = {role for _, role in roles.names}
    organs = {f"{tier}.{slot}" for tier, slots in SLOT_NAMES.items() for slot in slots}
    return {
        "tenant": tenant,
        "division": division,
        "parent": division,
        "role": held.__contains__,
        "organ": organs.__contains__,
    }
