"""What a round of requirements would ask of declarations at work, over the wire (art. 14)."""

from __future__ import annotations

from datetime import date
from typing import Literal

from msgspec import Struct

from service.kit.coded import StateCode
from service.kit.naming import TenantNamed
from service.kit.text import PublicRef
from service.replay.schemas import TenantCount


class RoundQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Which round: its id."""

    round: PublicRef


class Lacking(Struct):
    """One thing a declaration would lack: where in the request of submission, and why."""

    pointer: str
    detail: str


class LackingCase(Struct):
    """A declaration at work that would lack something."""

    id: str
    tenant: TenantNamed
    name: str
    owner_name: str
    state: StateCode
    lacking: list[Lacking]


class RoundEffect(Struct, kw_only=True):
    """As of the round's first day. `covers`: a city's own working copies, or, for the province's organs, what was
    declared and is to be submitted again; `at_work`: how many there are; `by_pointer`: how many lack which field."""

    on: date
    covers: Literal["own_working_copies", "declared"]
    at_work: int
    lacking: int
    by_tenant: list[TenantCount]
    by_pointer: dict[str, int]
    cases: list[LackingCase]
    truncated: bool
    undecidable: int
