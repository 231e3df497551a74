"""What goes over the wire of maintenance: plans (art. 22), yearly proposals and their money (arts 30, 36, 37)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from service.delivery.acceptance_schemas import Paper
from service.kit.coded import MaintenancePlanStateCode, SlotCode
from service.kit.naming import By
from service.kit.office_ids import OfficeId
from service.kit.text import MOST_SAID, Cursor, FindingCode, Name, Note, PublicRef, Remark
from service.projects.schemas import Amount, Id, ReasonIn, Said

Year = Annotated[int, Meta(ge=2024, le=2100)]


class PlanIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """The maintenance plan of common projects; `network` is asked first: 电子政务内网 is not carried here."""

    network: Literal["extranet", "intranet"]
    name: Name
    year: Year
    content: Said
    cost_yuan: Amount
    projects: Annotated[list[PublicRef], Meta(min_length=1, max_length=100)]
    papers: Annotated[list[Paper], Meta(max_length=20)] = []
    supersedes: Id | None = None


class PlanReviewIn(Struct, forbid_unknown_fields=True):
    """What one of the two organs says to a plan (art. 22)."""

    agreed: bool
    opinion: Said


class PlanReviewView(Struct):
    """An organ's review."""

    slot: SlotCode
    organ_name: str
    agreed: bool
    opinion: str
    by: By
    at: datetime


class PlanView(Struct):
    """A plan: under_review, reviewed (both agree), returned (one does not) or superseded."""

    id: str
    name: str
    year: int
    content: str
    cost_yuan: str
    projects: list[dict[str, Any]]
    papers: list[dict[str, Any]]
    supersedes: str | None
    state: MaintenancePlanStateCode
    reviews: list[PlanReviewView]
    compiled_by: By
    at: datetime


class PlanList(Struct):
    """A page, newest first."""

    items: list[PlanView]
    next_cursor: str | None


class PlanQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Filters of the plans."""

    year: Annotated[list[Year], Meta(max_length=MOST_SAID)] | None = None
    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class WatchIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """What monitoring saw (art. 36); left out: not looked at, which never reads as passed."""

    data_shared: bool | None = None
    collects_twice: bool | None = None
    crypto_and_security_met: bool | None = None
    serious_hazard: bool | None = None
    on_government_network: bool | None = None
    on_government_cloud: bool | None = None
    note: Note = ""


class ProposeIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """One line of next year's proposal (art. 36); reasons answer the cases of art. 37."""

    year: Year
    amount_yuan: Amount
    workload: Said
    watch: WatchIn
    reasons: Annotated[list[ReasonIn], Meta(max_length=10)] = []


class MoneyOpinion(Struct, forbid_unknown_fields=True):
    """The organ of the money accepts or refuses the reason of one finding, by its code (art. 37)."""

    code: FindingCode
    accepted: bool
    note: Remark = ""


class ArrangeIn(Struct, forbid_unknown_fields=True):
    """What is arranged for the line; nothing while a reason is refused (arts 36, 37)."""

    arranged_yuan: Amount
    opinions: Annotated[list[MoneyOpinion], Meta(max_length=10)] = []
    note: Remark = ""


class ProposalView(Struct):
    """A line of the proposal. `late`: told to the organ of the money after 31 August (practice: taken, marked)."""

    id: str
    project_id: str
    project_name: str
    owner_name: str
    year: int
    amount_yuan: str
    workload: str
    score: str | None
    watch: dict[str, Any]
    findings: list[dict[str, Any]]
    late: bool
    on: date
    organ: str
    proposed_by: By
    arranged_yuan: str | None
    opinions: list[dict[str, Any]] | None
    note: str | None
    decided_by: By | None
    decided_at: datetime | None


class ProposalList(Struct):
    """A page, newest first."""

    items: list[ProposalView]
    next_cursor: str | None


class ProposalQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Filters of the lines of one's own tier."""

    year: Annotated[list[Year], Meta(max_length=MOST_SAID)] | None = None
    undecided: bool | None = None
    owner_office_id: Annotated[list[OfficeId], Meta(max_length=MOST_SAID)] | None = None
    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class ProposalExportQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """The year whose lines are exported."""

    year: Year
