"""What the API answers of a case. Amounts are yuan as text with two decimals; ids are `<tenant>-<uuid>`."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType

from service.kit.coded import (
    ActionCode,
    AdoptionStateCode,
    FoundCode,
    HolderCode,
    KindCode,
    OriginCode,
    ProjectClassCode,
    ReuseAnswerCode,
    RoleCode,
    RouteCode,
    SeverityCode,
    StateCode,
    TierCode,
)


class Owner(Struct):
    """The declaring office."""

    office_id: str
    name: str
    tier: TierCode
    division: str


class FindingView(Struct):
    """A finding of the last submission with the declarer's reason and the gatekeeper's opinion."""

    code: FoundCode
    severity: SeverityCode
    article: int | None
    reason: str | None
    opinion: str | None


class ActionView(Struct):
    """What could be done next, and if not, why not."""

    action: ActionCode
    allowed: bool
    why_not: str | None
    article: int | None


class Candidate(Struct, kw_only=True):
    """Something that could be used instead of a new build (art. 23), and in which words it matches.

    `strong`: going on needs an answer to it. `in_use`: how the office's own adoption of the app stands, if it has one.
    """

    kind: Literal["app", "project"]
    id: str
    name: str
    provider: str
    score: float
    strong: bool
    phrases: list[str]
    answer: ReuseAnswerCode | None = None
    reason: str | None = None
    in_use: AdoptionStateCode | None = None


class ReuseView(Struct):
    """`not_checked`: could not be looked up, never "nothing found". `unanswered`: strong ones without an answer."""

    status: Literal["checked", "not_checked", "not_applicable"]
    candidates: list[Candidate]
    unanswered: list[str]


class WarningView(Struct):
    """What the caller should know although the act was done: `desk_empty`, nobody is at the desk it went to."""

    code: Literal["desk_empty"]
    role: RoleCode
    detail: str


class ProjectView(Struct, kw_only=True):
    """A case as its reader may see it: working copy for its tenant, last declared text for the province."""

    id: str
    tenant: str
    external_ref: str | None
    name: str
    owner: Owner
    state: StateCode
    holder: HolderCode
    route: RouteCode | None
    facts: dict[str, Any]
    materials: dict[str, Any]
    investment_yuan: str
    approved_amount_yuan: str | None
    decision: dict[str, Any] | None
    findings: list[FindingView]
    actions: list[ActionView]
    dated: dict[str, Any]
    origin: OriginCode
    filing_number: str | None
    submissions: int
    created_by: str
    created_at: datetime
    updated_at: datetime
    submitted_at: datetime | None
    gatekept_at: datetime | None
    approved_at: datetime | None
    filed_at: datetime | None
    handed_over_at: datetime | None
    version: int
    warnings: list[WarningView] | UnsetType = UNSET  # of the act just done
    reuse: ReuseView | UnsetType = UNSET  # of a new build: what exists already, and the answers (art. 23)


class ProjectItem(Struct):
    """One line of a list."""

    id: str
    tenant: str
    external_ref: str | None
    name: str
    owner_name: str
    tier: TierCode
    division: str
    state: StateCode
    holder: HolderCode
    route: RouteCode | None
    project_class: ProjectClassCode
    kind: KindCode
    investment_yuan: str
    approved_amount_yuan: str | None
    created_at: datetime
    submitted_at: datetime | None
    filed_at: datetime | None
    version: int
    project_codes: list[str]


class ProjectList(Struct):
    """A page; the Link header leads to the next."""

    items: list[ProjectItem]
    next_cursor: str | None


class Preview(Struct):
    """The decision on facts or on a draft, what submission would still ask for, whose reasons, what to reuse."""

    decision: dict[str, Any]
    reasons_required: list[FoundCode]
    missing: list[dict[str, Any]]
    reuse: ReuseView
    existing_systems: int | None  # running systems of the office (art. 6); null: not checked
    requirements_document: str | None = (
        None  # the notice of art. 14 that `missing` was judged by, where one stands
    )


class TransitionView(Struct):
    """One step of the case's life."""

    action: ActionCode
    from_state: StateCode
    to_state: StateCode
    actor: str
    reason: str | None
    citation: dict[str, Any]
    details: dict[str, Any]
    at: datetime


class History(Struct):
    """All steps, oldest first, and the sealed versions."""

    transitions: list[TransitionView]
    versions: list[dict[str, Any]]


class VersionView(Struct):
    """What was submitted, as submitted (art. 39); the digest is SM3 over the canonical JSON of both."""

    number: int
    content: dict[str, Any]
    decision: dict[str, Any]
    digest: str
    submitted_by: str
    submitted_at: datetime
