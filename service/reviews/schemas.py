"""What comes over the wire to the review: experts, appraisals, joint review, leading group, approval, money."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from service.kit.office_ids import ExpertRef, OfficeId, UserRef
from service.kit.text import Cursor, Name, Named, Note, Number, line
from service.projects.approving import ApprovalIn
from service.projects.schemas import Amount, Line, OpinionIn, Said

Field = Literal[
    "architecture",
    "data",
    "security",
    "protection_level",
    "investment",
    "cryptography",
    "safe_reliable",
    "business",
]
Criterion = Literal[
    "necessity",
    "integration_sharing",
    "security",
    "protection_level",
    "investment_estimate",
    "cryptography",
    "safe_reliable",
]
Verdict = Literal["pass", "revise", "fail"]
SlotName = Literal[
    "general_office",
    "drc",
    "finance",
    "info_centre",
    "cyber",
    "public_security",
    "crypto",
    "data",
    "secrecy",
    "archives",
]
Invitable = Literal["info_centre", "cyber", "public_security", "crypto", "data", "secrecy", "archives"]
Fields = Annotated[list[Field], Meta(min_length=1, max_length=8, description="专业领域")]
DocumentDigest = Annotated[
    str, Meta(pattern=r"^(sm3:)?[0-9a-f]{64}$(?!\n)", description="文件的 SM3 或 SHA-256 摘要，小写十六进制")
]


class DocumentIn(Struct, forbid_unknown_fields=True):
    """A document by its digest: what is said can be held against the paper."""

    name: Name
    digest: DocumentDigest


class IssuedIn(Struct, forbid_unknown_fields=True):
    """An official document: number, date, digest."""

    number: Number
    date: date
    digest: DocumentDigest


ToldApart = Annotated[
    str,
    line(
        100,
        empty=True,
        told="同一单位另有同名专家时写明以何区分，如所在部门；否则同名同单位即为同一人",
    ),
]

# ---- the pool ------------------------------------------------------------------------------------------


class ExpertIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """A new expert of one's own pool. `user_id`: the login that scores; who has none is not drawn."""

    name: Name
    title: Line
    fields: Fields
    employer_name: Name
    told_apart: ToldApart = ""
    employer_office_id: OfficeId | None = None
    user_id: UserRef | None = None
    valid_from: date
    valid_to: date | None = None


class ExpertEdit(Struct, forbid_unknown_fields=True, kw_only=True):
    """What is given is changed; `valid_to` is the first day the appointment no longer stands."""

    name: Name | UnsetType = UNSET
    title: Line | UnsetType = UNSET
    fields: Fields | UnsetType = UNSET
    employer_name: Name | UnsetType = UNSET
    told_apart: ToldApart | UnsetType = UNSET
    employer_office_id: OfficeId | None | UnsetType = UNSET
    user_id: UserRef | None | UnsetType = UNSET
    valid_from: date | UnsetType = UNSET
    valid_to: date | None | UnsetType = UNSET


class ReasonIn(Struct, forbid_unknown_fields=True):
    """Why."""

    reason: Said


class ExpertQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Filters of the pool."""

    field: list[Field] | None = None
    standing: Literal["valid", "suspended", "ended"] | None = None
    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


# ---- appraisal -----------------------------------------------------------------------------------------


class CommissionIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """The commission: which office of one's own tenant appraises, what expertise it needs, by when."""

    agency_office_id: OfficeId
    fields: Fields
    task: Said
    due_on: date | None = None
    opinions: Annotated[
        list[OpinionIn], Meta(max_length=40, description="省直部门申报项目：逐条表明是否认可所述理由和依据")
    ] = []


class DirectedIn(Struct, forbid_unknown_fields=True):
    """An expert named instead of drawn; the reason stays on record."""

    expert_id: ExpertRef
    reason: Said


class DrawIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """The panel: an odd number of experts, drawn but for those named with a reason."""

    count: Annotated[int, Meta(ge=1, le=15)] | None = None
    directed: Annotated[list[DirectedIn], Meta(max_length=15)] = []


class CriterionIn(Struct, forbid_unknown_fields=True):
    """One focus point of art. 18: points of a hundred, and why."""

    criterion: Criterion
    score: Annotated[int, Meta(ge=0, le=100)]
    opinion: Said


class ScoreIn(Struct, forbid_unknown_fields=True):
    """An expert's sheet: every criterion once, a recommendation, an opinion. Given once, then unchangeable."""

    scores: Annotated[list[CriterionIn], Meta(min_length=1, max_length=10)]
    recommendation: Verdict
    opinion: Said


class ConcludeIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """The agency's report; a verdict that the majority of the experts does not share needs a reason."""

    verdict: Verdict
    text: Said
    report: DocumentIn
    reason: Said | None = None


class AssignmentQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Which of one's own assignments."""

    open: bool | None = None
    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


# ---- joint review and decision ---------------------------------------------------------------------------


class OpenReviewIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """Whom to invite beside the three organs; for a department's project, the office's answer to each reason."""

    invited: Annotated[list[Invitable], Meta(max_length=7)] = []
    task: Note = ""
    due_on: date | None = None
    opinions: Annotated[list[OpinionIn], Meta(max_length=40)] = []


class SlotOpinionIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """The opinion of one organ, by who holds its slot; a later one replaces it until the review is closed."""

    slot: SlotName
    opinion: Literal["agree", "conditional", "disagree"]
    text: Said
    plan: Note | None = None
    funds_yuan: Amount | None = None


class CloseReviewIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """What comes of the opinions: agreed or not, construction plan and funds for the leading group."""

    agreed: bool
    summary: Said
    plan: Said
    budget_yuan: Amount
    reason: Said | None = None


class LeadingGroupIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """The leading group's decision as its secretary records it."""

    decision: Literal["approve", "return"]
    meeting_date: date
    number: Number
    note: Note = ""


class ProvinceApproveIn(ApprovalIn, forbid_unknown_fields=True, kw_only=True):
    """The approval of art. 20."""


# ---- money -------------------------------------------------------------------------------------------------


class BudgetLineIn(Struct, forbid_unknown_fields=True):
    """Money of one source."""

    source: Literal["provincial", "city", "county", "other"]
    amount_yuan: Amount


class BudgetIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """A budget document and its lines; several may follow each other up to the approved amount."""

    document: IssuedIn
    lines: Annotated[list[BudgetLineIn], Meta(min_length=1, max_length=20)]


class AffordabilityIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """Whether this is a major government investment and, where assessed, with what result (art. 9)."""

    major: bool
    passed: bool | None = None
    assessed_on: date | None = None
    assessor: Named | None = None
    document: DocumentIn | None = None
