"""What goes over the wire of obligations, feeds and the calendar."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from service.kit.coded import DutyBasisCode, DutyCode, HaltCode, RoleCode, SeverityCode, StateCode, TierCode
from service.kit.naming import By, TenantNamed
from service.kit.office_ids import OfficeId
from service.kit.text import MOST_SAID, Cursor, TenantCodes, line, prose
from service.projects.schemas import Line

State = Literal["open", "lapsed", "done", "void"]


class DutyView(Struct):
    """Whose duty: the owner's office, or desks of a tier."""

    kind: str
    tier: TierCode
    roles: list[RoleCode]
    name: str


class PauseView(Struct):
    """Why the day moved or rests, as recorded on the project; `until` null: it lasts."""

    reason: HaltCode
    text: str
    since: date
    until: date | None
    article: int


class ObligationView(Struct):
    """One deadline. `days_left` is negative when late; `basis` law or practice, `ground` says it in words, with the
    documents (`amended_by`) that amended the figures it was worked out by."""

    id: str
    code: DutyCode
    title: str
    project_id: str
    project_name: str
    project_state: StateCode
    owner_name: str
    owner_office_id: str
    tenant: TenantNamed
    state: State
    due: date
    since: date
    days_left: int
    article: int
    basis: DutyBasisCode
    ground: str
    amended_by: list[str]
    severity: SeverityCode
    duty: DutyView
    escalates_to: DutyView
    paused: bool
    pauses: list[PauseView]
    done_on: date | None
    late: bool


class ObligationList(Struct):
    """A page, the earliest due first."""

    items: list[ObligationView]
    next_cursor: str | None


class ObligationQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Filters, all to be met; of several values of one, any. Without `state` what is owed: open and lapsed."""

    state: list[State] | None = None
    due_from: Annotated[date, Meta(description="到期日不早于这一天")] | None = None
    due_before: date | None = None
    article: Annotated[list[Annotated[int, Meta(ge=1, le=45)]], Meta(max_length=45)] | None = None
    code: list[DutyCode] | None = None
    late: (
        Annotated[bool, Meta(description="true 只列逾期的（含逾期后办结的），false 只列没有逾期的")] | None
    ) = None
    tenant: TenantCodes | None = None
    office: Annotated[list[OfficeId], Meta(max_length=MOST_SAID)] | None = None
    mine: bool = False
    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class ProjectObligations(Struct):
    """All of one project, kept and fallen away ones too, the earliest due first."""

    items: list[ObligationView]


class Count(Struct):
    """How many of one kind are open, late, resting, and due within thirty days."""

    code: DutyCode
    title: str
    open: int
    lapsed: int
    paused: int
    soon: int


class TenantCount(Struct):
    """One tenant's counts."""

    tenant: str
    tenant_name: str
    open: int
    lapsed: int
    paused: int
    soon: int
    codes: list[Count]


class Summary(Struct):
    """Per tenant, in the order of their codes."""

    on: date
    items: list[TenantCount]


class FeedIn(Struct, forbid_unknown_fields=True):
    """Which desk; a person of one office needs to say nothing."""

    role: Annotated[str, Meta(pattern=r"^[a-z_]{2,32}$(?!\n)")] | None = None


class FeedView(Struct):
    """A feed: of an office, or of a desk of the tenant. The address is shown once, when it is made."""

    id: str
    office_id: str | None
    role: RoleCode
    created_by: By
    created_at: datetime


class FeedMade(Struct):
    """The feed with its address; whoever has it can read the feed, so it is kept like a password."""

    feed: FeedView
    url: str | None


class FeedList(Struct):
    """The caller's own feeds."""

    items: list[FeedView]


class CalendarDay(Struct, forbid_unknown_fields=True):
    """A day that is not as its weekday says: a holiday, or a weekend day that is worked."""

    date: date
    working: bool
    note: Annotated[str, line(60, empty=True)] = ""


class DayView(Struct):
    """A special day with the year whose notice told it."""

    date: date
    working: bool
    note: str
    notice: int


class CalendarIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """One year's notice, whole: the days as JSON, or as CSV with the header `date,working,note` (working: 1 or 0).

    Days of the year before and the year after are taken as the notice has them. `replaces`: the version of the
    year's notice that is replaced, 0 for a year not entered yet.
    """

    year: Annotated[int, Meta(ge=2023, le=2100)]
    source: Line
    replaces: Annotated[int, Meta(ge=0, le=1000000)] = 0
    days: Annotated[list[CalendarDay], Meta(max_length=150)] | None = None
    csv: Annotated[str, prose(20000, kind="source")] | None = None


class CalendarYear(Struct):
    """A year as entered."""

    year: int
    source: str
    recorded_by: By
    recorded_at: datetime
    version: int


class NeighbourYear(Struct):
    """Days that a notice tells of the year before or after; `version`: of that year's own notice, 0 if not entered."""

    year: int
    version: int
    days: int


class CalendarMade(Struct):
    """A year as entered, and what the notice tells of its neighbours; their own notices stay as they are."""

    year: int
    source: str
    recorded_by: By
    recorded_at: datetime
    version: int
    neighbours: list[NeighbourYear]


class CalendarView(Struct):
    """The years entered, the special days of the year asked for, and how far the calendar reaches."""

    horizon: date
    days_left: int
    alarm: bool
    years: list[CalendarYear]
    days: list[DayView]


class CalendarQuery(Struct, forbid_unknown_fields=True):
    """The year whose days are shown, neighbours of notices included; this year by default."""

    year: Annotated[int, Meta(ge=2022, le=2101)] | None = None
