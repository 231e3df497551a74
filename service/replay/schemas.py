"""What-if, and what a change of the rules would do to open cases, over the wire."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from service.kit.coded import FoundCode, RouteCode, StateCode
from service.kit.naming import TenantNamed
from service.projects.schemas import Kind, ProjectClass
from service.rulebook.schemas_runtime import GivenValue, InterpretationVersion, Key, SetIn, Tenant


class ReclassifyIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """A changed definition: projects of `from_class`, of these kinds and so evidenced, count as `to_class`.

    "Integration needs both kinds of evidence" is two of them: `joint` false, and `cross_level` false.
    """

    from_class: ProjectClass
    to_class: ProjectClass
    kinds: Annotated[list[Kind], Meta(max_length=5)] = []
    joint: bool | UnsetType = UNSET
    cross_level: bool | UnsetType = UNSET


class WhatIfIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """Changed values and definitions, replayed over what was declared; `decided_*` and `tenant` narrow it."""

    changes: Annotated[list[SetIn], Meta(max_length=20)] = []
    reclassify: Annotated[list[ReclassifyIn], Meta(max_length=10)] = []
    decided_from: date | UnsetType = UNSET
    decided_to: date | UnsetType = UNSET
    tenant: Tenant | UnsetType = UNSET


class OverlayPreviewIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """An overlay before it is recorded; value null: ending the city's own."""

    key: Key
    value: GivenValue | None
    effective_from: date


class CaseEffect(Struct, kw_only=True):
    """One open case that would be decided otherwise. `missing` are materials asked for anew.

    `fate`: it goes another way and can (`moves`), a new case would and this one stays under the law it was taken in
    under (`stays`), or its desk could not go on (`stranded`).
    """

    id: str
    tenant: TenantNamed
    name: str
    owner_name: str
    state: StateCode
    route_before: RouteCode
    route_after: RouteCode
    findings_gained: list[FoundCode]
    findings_lost: list[FoundCode]
    missing: list[str]
    city_steps: str | None = None
    fate: Literal["moves", "stays", "stranded"] | None = None


class TenantCount(Struct):
    """How many open cases of a tenant would be decided otherwise."""

    tenant: TenantNamed
    count: int


class Effect(Struct, kw_only=True):
    """A dry run over open cases as of the first day; nothing stored. At most 500 cases are listed, all are counted.

    `undecidable`: working copies too incomplete to be decided. `citing`: open cases that lean on the reading.
    `moves`, `stays`, `stranded`: how many of each fate, as far as a change of the province's rules is previewed.
    """

    on: date
    open_cases: int
    changed: int
    by_tenant: list[TenantCount]
    cases: list[CaseEffect]
    truncated: bool
    undecidable: int = 0
    citing: int = 0
    moves: int = 0
    stays: int = 0
    stranded: int = 0


class OverlayPreview(Struct, kw_only=True):
    """`rulebook_version` is what recording wants as `expected_version`; `_after` what it would then be."""

    rulebook_version: str
    rulebook_version_after: str
    effect: Effect


class InterpretationPreview(Struct, kw_only=True):
    """What a reading would change among open cases of all tenants."""

    rulebook_version: str
    effect: Effect


class InterpretationRecorded(Struct, kw_only=True):
    """The reading as recorded, and the open cases it changes from its first day on."""

    id: str
    interpretation: InterpretationVersion
    rulebook_version: str
    effect: Effect


# ---- the lines of a what-if stream ------------------------------------------------------------------------


class Moved(Struct, kw_only=True):
    """A project that would go another way."""

    id: str
    tenant: TenantNamed
    name: str
    project_class: str
    investment_yuan: str
    state: str
    decided_on: str
    route_before: str
    route_after: str


class Progress(Struct, tag_field="type", tag="progress", kw_only=True):
    """How far it is, and the projects that move in this chunk (10,000 are listed, all are counted)."""

    read: int
    total: int
    moved: int
    projects: list[Moved]


class Flow(Struct, kw_only=True):
    """Projects of one tenant and class that go from one route to another."""

    tenant: TenantNamed
    project_class: str
    route_before: str
    route_after: str
    count: int
    amount_yuan: str


class Work(Struct, kw_only=True):
    """The load of a route in one tenant and class, before and after."""

    tenant: TenantNamed
    project_class: str
    route: str
    count_before: int
    amount_before_yuan: str
    count_after: int
    amount_after_yuan: str


class FindingChange(Struct, kw_only=True):
    """How many projects of a tenant would get or lose a finding."""

    tenant: TenantNamed
    code: str
    gained: int
    lost: int


class Result(Struct, tag_field="type", tag="result", kw_only=True):
    """The last line. `not_as_recorded`: projects whose stored route today's rule book does not give for their day."""

    projects: int
    moved: int
    moved_amount_yuan: str
    listed: int
    flows: list[Flow]
    workload: list[Work]
    findings: list[FindingChange]
    not_as_recorded: int
    unreadable: int


class Failed(Struct, tag_field="type", tag="failed", kw_only=True):
    """The last line where the replay broke off."""

    status: Literal[503]
    code: str
    detail: str
