"""What goes over the wire of needs, rounds and the library."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from service.kit.coded import KindCode, ProjectClassCode, SlotCode
from service.kit.naming import By, DivisionNamed, TenantNamed
from service.kit.text import MOST_SAID, Cursor, Line, Note, Number, TenantCodes, prose
from service.projects.schemas import Kind, OpinionIn, Said
from service.projects.schemas_out import ProjectView

Tenant = Annotated[str, Meta(pattern=r"^[0-9A-Za-z]{2,16}$(?!\n)")]
Limit = Annotated[int, Meta(ge=1, le=200)]
Year = Annotated[int, Meta(ge=2023, le=2200)]
Item = Annotated[int, Meta(ge=1, le=3, description="第十六条重点支持的项次")]
Organ = Literal["general_office", "drc", "finance"]


class NoteIn(Struct, forbid_unknown_fields=True):
    """A covering note, if any."""

    note: Note = ""


class NeedGatekeepIn(NoteIn, forbid_unknown_fields=True):
    """A need passes; `opinions` on the claims of art. 16 that a paper shows, by the finding's code (R14)."""

    opinions: Annotated[list[OpinionIn], Meta(max_length=3)] = []


class WhyIn(Struct, forbid_unknown_fields=True):
    """Why it goes back or out."""

    reason: Said


class NeedReportIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """Reporting to the province. A late need cites a national or provincial deployment (law.md, trap 6)."""

    note: Note = ""
    deployment_citation: Annotated[str, prose(500)] = ""


class PriorityIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """One of art. 16's three classes with its evidence; the first two rest on a document.

    It counts when the first deciding desk has accepted the cited and attached paper (R14). `claimed` false takes the
    claim back.
    """

    item: Item
    evidence: Said
    document_number: Number | None = None
    issuer: Line | None = None
    document_date: date | None = None
    claimed: bool = True


class RoundIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """The joint notice of the three organs (art. 14). `closes` left out: the legal day, 30 June."""

    year: Year
    document_number: Number
    document_date: date
    issued_by: Annotated[list[Organ], Meta(min_length=3, max_length=3)]
    opens: date
    closes: date | None = None
    kinds: Annotated[list[Kind], Meta(min_length=1, max_length=5)]
    requirements: Said


class ReopenIn(Struct, forbid_unknown_fields=True):
    """The organs take needs in again: practice, not law."""

    until: date
    reason: Said


class NoticeView(Struct):
    """One announcement, amendment or reopening."""

    number: int
    action: str
    document_number: str
    document_date: date
    reason: str | None
    by: By
    at: datetime


class RoundView(Struct):
    """How a year's round stands. `version` goes into If-Match."""

    id: str
    year: int
    document_number: str
    document_date: date
    issued_by: list[SlotCode]
    opens: date
    closes: date
    kinds: list[KindCode]
    requirements: str
    reopened_from: date | None
    reopened_until: date | None
    reopening_reason: str | None
    reopening_basis: str | None
    open_today: bool
    articles: list[int]
    version: int
    announced_at: datetime


class RoundList(Struct):
    """The rounds, newest year first."""

    items: list[RoundView]


class RoundQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Rounds of one year only."""

    year: Year | None = None


class EnterIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """Entry into the library; the day is today unless told. `opinions`: on a department's claims of art. 16 (R14)."""

    entered_on: date | None = None
    note: Note = ""
    opinions: Annotated[list[OpinionIn], Meta(max_length=3)] = []


class EntryView(Struct):
    """An entry of the library. `valid_until` is the first day on which it no longer stands (R6)."""

    id: str
    project_id: str
    project_name: str
    owner_name: str
    tenant: TenantNamed
    division: DivisionNamed
    project_class: ProjectClassCode
    kind: KindCode
    investment_yuan: str
    year: int
    entered_on: date
    valid_until: date
    valid: bool
    in_plan: bool
    plan_item: dict[str, Any] | None
    priority: list[int]
    note: str
    removed_on: date | None
    removal_reason: str | None
    by: By
    at: datetime


class EntryList(Struct):
    """A page: plan items first, then priority projects, then by date."""

    items: list[EntryView]
    next_cursor: str | None


class EntryQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Filters of the library; `valid_on` leaves out what does not stand on that day."""

    tenant: TenantCodes | None = None
    year: Annotated[list[Year], Meta(max_length=MOST_SAID)] | None = None
    valid_on: date | None = None
    in_plan: bool | None = None
    cursor: Cursor | None = None
    limit: Limit = 50


class Entered(Struct):
    """The entered project with its entry."""

    entry: EntryView
    project: ProjectView
