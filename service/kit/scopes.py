"""`app.scope`, the setting that row level security reads: `<tenant>/<office or *>[/<key>[/commissioned]]`.

The key says whose undeclared cases are seen: those of the office where a declaring person sits, those that a client
(`~<id>`) made, `*` for the service itself, `-` for nobody's. Who is bound to one office sees that office's and needs
none. `commissioned` narrows a caller who sees no cases but those that the key's office was commissioned to appraise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_WELL_FORMED = re.compile(
    r"[0-9A-Za-z]{2,16}/(\*|[0-9a-f-]{36})(/(\*|-|[0-9a-f-]{36}|~[A-Za-z0-9:_.-]{1,64})(/commissioned)?)?"
)
_CLIENT = re.compile(r"[A-Za-z0-9:_.-]{1,64}")
EVERYTHING, NOTHING = "*", "-"
DECLARING = frozenset({"unit", "department"})
OFFICE_BOUND = frozenset({"unit", "user", "department"})  # who holds only these sees one office's projects
# What an agency reads it was commissioned for (art. 18); who holds nothing beside it reads no other case.
COMMISSIONED = frozenset({"agency", "app_provider"})
# Asks for the erasing of a spill by the id of whatever holds it, a draft too, and reads no case (roles.yaml: alone).
ERASING = frozenset({"security_admin"})


def office_of(roles: Iterable[str], seat: str | None) -> str | None:
    """The one office a person's sight is bound to; None where a role among these sees the whole tenant."""
    return seat if OFFICE_BOUND.issuperset(roles) else None


def well_formed(text: str) -> bool:
    """Whether the text may become a literal in SET LOCAL."""
    return _WELL_FORMED.fullmatch(text) is not None


def literal(
    tenant: str, office: str | None, *, seat: str | None, client: str | None, roles: frozenset[str]
) -> str:
    """The scope of a caller: bound to `office`, or in the whole tenant with the key of seat or client."""
    if office is not None:
        return f"{tenant}/{office}"
    commissioned = "agency" in roles and roles <= COMMISSIONED
    # An organ's desk may stand in the very office that declares: only who declares sees what is not declared.
    key = seat if seat and (commissioned or roles & DECLARING) else NOTHING
    if client is not None:
        key = f"~{client}" if _CLIENT.fullmatch(client) else NOTHING
    if roles == ERASING:
        key = EVERYTHING
    return f"{tenant}/*/{key}{'/commissioned' if commissioned else ''}"


def service(tenant: str) -> str:
    """The scope of the service's own work in a tenant."""
    return f"{tenant}/*/{EVERYTHING}"


def bound_office(text: str) -> str | None:
    """The one office whose rows a scope lets be seen; None where it is the whole tenant's."""
    office = text.split("/", 2)[1] if "/" in text else EVERYTHING
    return None if office == EVERYTHING else office


def is_commissioned(text: str) -> bool:
    """Whether the scope is narrowed to commissioned cases."""
    return text.endswith("/commissioned")


def sees_all_but_drafts(text: str) -> bool:
    """Whether the scope is of a whole tenant and of none of its undeclared cases: what running totals are of."""
    _, office, key, *more = [*text.split("/"), "", ""][:4]
    return office == EVERYTHING and key == NOTHING and not any(more)
