"""`app.scope`, the setting that row level security reads: `<tenant>/<office or *>[/<key>[/commissioned]]`.

The key says whose undeclared cases are seen: those of the office where the person sits, those a client (`~<id>`) made,
`*` for the service itself, `-` for nobody's. Who is bound to one office sees that office's, and needs none.
`commissioned` narrows a caller who sees no cases but those that the key's office was commissioned to appraise.
"""

from __future__ import annotations

import re

_WELL_FORMED = re.compile(
    r"[0-9A-Za-z]{2,16}/(\*|[0-9a-f-]{36})(/(\*|-|[0-9a-f-]{36}|~[A-Za-z0-9:_.-]{1,64})(/commissioned)?)?"
)
_CLIENT = re.compile(r"[A-Za-z0-9:_.-]{1,64}")
EVERYTHING, NOTHING = "*", "-"


def well_formed(text: str) -> bool:
    """Whether the text may become a literal in SET LOCAL."""
    return _WELL_FORMED.fullmatch(text) is not None


def literal(
    tenant: str,
    office: str | None,
    *,
    seat: str | None,
    client: str | None,
    whole: bool = False,
    commissioned: bool = False,
) -> str:
    """The scope of a caller: bound to `office`, or in the whole tenant with the key of seat or client.

    `whole`: of somebody who reads no case at all and names them by id only, undeclared ones too.
    """
    if office is not None:
        return f"{tenant}/{office}"
    key = seat or NOTHING
    if client is not None:
        key = f"~{client}" if _CLIENT.fullmatch(client) else NOTHING
    if whole:
        key = EVERYTHING
    return f"{tenant}/*/{key}{'/commissioned' if commissioned else ''}"


def service(tenant: str) -> str:
    """The scope of the service's own work in a tenant."""
    return f"{tenant}/*/{EVERYTHING}"


def is_commissioned(text: str) -> bool:
    """Whether the scope is narrowed to commissioned cases."""
    return text.endswith("/commissioned")
