"""What the API answers of a case. Amounts are yuan as text with two decimals; ids are `<tenant>-<uuid>`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from service.identity.schemas_contacts import ContactView
from service.kit.coded import (
    ActionCode,
    AdoptionStateCode,
    FoundCode,
    HolderCode,
    KindCode,
    ObstacleCode,
    OriginCode,
    ProjectClassCode,
    ReuseAnswerCode,
    RoleCode,
    RouteCode,
    SeverityCode,
    StateCode,
    SuspicionStateCode,
    TierCode,
)
from service.kit.naming import By, DivisionNamed, TenantNamed


class Owner(Struct):
    """The declaring office. `division_name` null: a code that a zone registered for itself."""

    office_id: str
    name: str
    tier: TierCode
    division: str
    division_name: str | None = None


class FindingView(Struct):
    """A finding of the last submission with the declarer's reason and the gatekeeper's opinion."""

    code: FoundCode
    severity: SeverityCode
    article: int | None
    reason: str | None
    opinion: str | None


class PenView(Struct):
    """Who holds the pen now, and how these desks are reached."""

    holder: Annotated[HolderCode, Meta(description="现在由哪一方办理。Whose turn it is.")]
    contacts: Annotated[
        list[ContactView], Meta(description="办理岗位的联系方式，未登记的不列。Desks by telephone.")
    ]


class ActionView(Struct):
    """An act of the reader's desk on this case: open now, or what is in its way.

    `article`: which article says so; `articles`: those that order the act. What it is asked:
    `GET /operations/{operation_id}/form`.
    """

    action: ActionCode
    allowed: bool
    why_not: str | None
    article: int | None
    label: Annotated[str, Meta(description="事项名称。What the act is called.")]
    blocked_by: Annotated[ObstacleCode, Meta(description="不能办理的原因。What is in its way.")] | None
    articles: Annotated[list[int], Meta(description="所依据的条款。Articles that order it.")]
    operation_id: Annotated[str, Meta(description="办理所用的接口。The operation that does it.")]
    ask: Annotated[
        PenView | UnsetType,
        Meta(description="案卷在他人手上的，由谁办理、怎样联系；只在读取事项时给出。Whom to ask instead."),
    ] = UNSET


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
    tenant_name: str | None = None
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
    created_by: By
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
    tenant: TenantNamed
    external_ref: str | None
    name: str
    owner_name: str
    tier: TierCode
    division: DivisionNamed
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
    amount_yuan: Annotated[str, Meta(description="已批复的为批复金额，未批复的为总投资，元")]
    updated_at: datetime
    since: Annotated[datetime, Meta(description="何时进入当前状态")]
    days_waiting: Annotated[int | None, Meta(description="在当前状态停留的天数；已终结的为空")]
    filing_number: str | None
    document_number: Annotated[str | None, Meta(description="批复文号")]
    finding_codes: list[FoundCode]
    reasons_to_judge: Annotated[int, Meta(description="还没有表明意见的理由的条数")]
    near_line: Annotated[bool, Meta(description="接近限额")]
    suspicion: Annotated[SuspicionStateCode | None, Meta(description="拆分或类别的疑点；无权知悉的为空")]
    due: Annotated[date, Meta(description="最早一项未办期限的到期日；只在 order=due 时给出")] | UnsetType = (
        UNSET
    )


class ProjectList(Struct):
    """A page; the Link header leads to the next, which there is as long as `next_cursor` is told, however few items a
    page has. `total` where `count` was asked: of 1,000 at most; `more`: it was not counted to the end.
    """

    items: list[ProjectItem]
    next_cursor: str | None
    total: (
        Annotated[int, Meta(description="符合的件数，数到一千为止；只在 count=true 时给出")] | UnsetType
    ) = UNSET
    more: Annotated[bool, Meta(description="没有数完：实际可能多于 total")] | UnsetType = UNSET


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
    actor: By
    reason: str | None
    citation: dict[str, Any]
    details: dict[str, Any]
    at: datetime


class VersionLine(Struct):
    """A sealed version without its content."""

    number: int
    digest: str
    submitted_by: By
    submitted_at: datetime


class History(Struct):
    """All steps, oldest first, and the sealed versions."""

    transitions: list[TransitionView]
    versions: list[VersionLine]


class VersionView(Struct):
    """What was submitted, as submitted (art. 39); the digest is SM3 over the canonical JSON of both."""

    number: int
    content: dict[str, Any]
    decision: dict[str, Any]
    digest: str
    submitted_by: By
    submitted_at: datetime
