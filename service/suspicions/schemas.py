"""What suspicions say over the wire. Amounts are yuan as text with two decimals; ids are `<tenant>-<uuid>`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from service.kit.coded import FoundCode, StateCode, SuspicionKindCode, SuspicionStateCode
from service.kit.naming import By, TenantNamed
from service.kit.text import MOST_SAID, Cursor, PublicRef, TenantCodes
from service.projects.schemas import Said

Kind = Literal["split", "label"]
State = Literal["open", "dismissed", "confirmed", "joined", "lapsed"]
Month = Annotated[str, Meta(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$(?!\n)")]
Tenant = Annotated[str, Meta(pattern=r"^[0-9A-Za-z]{2,16}$(?!\n)")]


class DecideIn(Struct, forbid_unknown_fields=True):
    """Why a suspicion is dismissed or confirmed."""

    reason: Said


class JoinIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """How the projects were joined; `joint_project` may be left out when only one of them is left."""

    reason: Said
    joint_project: PublicRef | None = None


class SuspicionQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Filters of the list, newest first."""

    tenant: TenantCodes | None = None
    kind: list[Kind] | None = None
    state: list[State] | None = None
    project_id: Annotated[list[PublicRef], Meta(max_length=MOST_SAID)] | None = None
    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class SuspicionView(Struct, kw_only=True):
    """A suspicion. `line_yuan` null: no threshold at all (art. 8); `sum_yuan` null: not all of it is yours to see.

    `beyond`: projects alike that were seen besides the `size` listed here, since a group lists 50 at most; they are in
    other groups. `sum_yuan` counts them too.
    """

    id: str
    tenant: TenantNamed
    kind: SuspicionKindCode
    state: SuspicionStateCode
    project_id: str
    project_name: str
    owner_name: str
    finding: FoundCode
    article: int
    line_yuan: str | None
    sum_yuan: str | None
    size: int
    beyond: int
    score: float
    phrases: list[str]
    reason: str | None
    joint_project: str | None
    decided_by: By | None
    decided_at: datetime | None
    found_at: datetime
    version: int


class Member(Struct, kw_only=True):
    """A project of the group; `amount_yuan` is what counts against the limit."""

    project_id: str
    name: str
    owner_name: str
    state: StateCode
    amount_yuan: str
    score: float
    declared_on: date


class SuspicionDetail(SuspicionView, kw_only=True):
    """With the members this reader may see."""

    members: list[Member]


class SuspicionList(Struct):
    """A page; the Link header leads to the next."""

    items: list[SuspicionView]
    next_cursor: str | None


class MonitorQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Months of declaration, inclusive; twelve up to now when left out."""

    tenant: Tenant | None = None
    month_from: Month | None = None
    month_to: Month | None = None


class Watched(Struct):
    """How many projects and their total investment."""

    count: int
    amount_yuan: str


class MonitorItem(Struct, kw_only=True):
    """One tenant's month. `maintenance_percent`: maintenance in the investment declared, null without any."""

    tenant: TenantNamed
    month: str
    declared: Watched
    near_line: Watched
    label_without_evidence: Watched
    under_line_by_maintenance: Watched
    maintenance_yuan: str
    maintenance_percent: float | None
    split_suspicions: int
    split_confirmed: int
    label_suspicions: int
    label_confirmed: int


class Monitors(Struct):
    """Ordered by month and tenant; withdrawn projects do not count."""

    month_from: str
    month_to: str
    items: list[MonitorItem]
