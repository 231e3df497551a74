"""What goes over the wire of adoptions, provisions, usage and coverage."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from service.catalogue.schemas import Category, PublicId
from service.kit.coded import (
    AdoptionActionCode,
    AdoptionHolderCode,
    AdoptionStateCode,
    AppCategoryCode,
    ReachCode,
)
from service.kit.naming import By, DivisionNamed, TenantNamed
from service.kit.text import Cursor, Remark, TenantCodes
from service.projects.schemas import Line, Said

State = Literal["requested", "confirmed", "active", "suspended", "ended", "refused", "declined", "withdrawn"]
Month = Annotated[str, Meta(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$(?!\n)", description="年月，如 2026-10")]
Count = Annotated[int, Meta(ge=0, le=10**12)]
Tenant = Annotated[str, Meta(pattern=r"^[0-9A-Za-z]{2,16}$(?!\n)")]


class RequestIn(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """An office asks for an app: how many will use it, for what, and which data it needs."""

    app_id: PublicId
    users: Annotated[int, Meta(ge=1, le=10_000_000)]
    scope: Said
    data_needs: Annotated[list[Line], Meta(max_length=50)] = []
    instead_of: (
        Annotated[PublicId, Meta(description="改为采用后不再需要的申报草稿，随申请一并删除")] | None
    ) = None


class NoteIn(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A word on a step that needs none."""

    reason: Said | None = None


class ReasonIn(Struct, forbid_unknown_fields=True):
    """Why."""

    reason: Said


class FeedbackIn(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """The adopter's score and words; a later one replaces it."""

    score: Annotated[int, Meta(ge=1, le=5)]
    text: Remark = ""


class UsageIn(Struct, forbid_unknown_fields=True):
    """A month's use, as its provider counts it; a later report of the same month corrects it."""

    month: Month
    active_users: Count
    calls: Count


class Possibility(Struct):
    """What could be done next, and if not, why not."""

    action: AdoptionActionCode
    allowed: bool
    article: int
    why_not: str | None


class AdoptionView(Struct, kw_only=True):
    """An adoption on its adopter's side."""

    id: str
    tenant: TenantNamed
    app_id: str
    app_name: str
    provider_tenant: TenantNamed
    provider_name: str
    office_id: str
    adopter_name: str
    division: DivisionNamed
    users: int
    scope: str
    data_needs: list[str]
    state: AdoptionStateCode
    state_name: str
    holder: AdoptionHolderCode
    automatic: bool
    reason: str | None
    actions: list[Possibility]
    score: int | None
    feedback: str | None
    requested_by: By
    requested_at: datetime
    confirmed_at: datetime | None
    activated_at: datetime | None
    ended_at: datetime | None
    updated_at: datetime
    version: int


class AdoptionList(Struct):
    """A page, the newest request first."""

    items: list[AdoptionView]
    next_cursor: str | None


class AdoptionQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Filters of the list."""

    tenant: TenantCodes | None = None
    state: list[State] | None = None
    app_id: PublicId | None = None
    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class StepView(Struct):
    """One step of an adoption; the request comes from no state."""

    action: AdoptionActionCode
    from_state: AdoptionStateCode | None
    to_state: AdoptionStateCode
    actor: By
    actor_tenant: TenantNamed
    reason: str | None
    citation: dict[str, Any]
    at: datetime


class UsageView(Struct):
    """A month's use; `revision` above 1 means it was corrected."""

    month: str
    active_users: int
    calls: int
    revision: int
    reported_at: datetime


class AdoptionHistory(Struct):
    """All steps, oldest first, and the months reported."""

    steps: list[StepView]
    usage: list[UsageView]


class ProvisionView(Struct, kw_only=True):
    """The same adoption on its provider's side."""

    id: str
    adoption_id: str
    app_id: str
    app_name: str
    adopter_tenant: TenantNamed
    adopter_name: str
    division: DivisionNamed
    users: int
    scope: str
    data_needs: list[str]
    state: AdoptionStateCode
    state_name: str
    reason: str | None
    actions: list[Possibility]
    score: int | None
    feedback: str | None
    confirmed_at: datetime | None
    activated_at: datetime | None
    ended_at: datetime | None
    updated_at: datetime
    version: int


class ProvisionList(Struct):
    """A page, the last changed first."""

    items: list[ProvisionView]
    next_cursor: str | None


class ProvisionQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Filters of the provider's list."""

    state: list[State] | None = None
    app_id: PublicId | None = None
    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class UsageList(Struct):
    """The months reported, oldest first."""

    items: list[UsageView]


class County(Struct):
    """A column of the matrix."""

    division: str
    name: str
    tenant: TenantNamed


class CoverageRow(Struct):
    """An app: in which counties it is in use or on its way (division → state), and where it is missing."""

    app_id: str
    app_name: str
    category: AppCategoryCode
    provider_name: str
    reach: ReachCode
    cells: dict[str, str]
    active: int
    gaps: list[str]


class Coverage(Struct):
    """App × county."""

    counties: list[County]
    items: list[CoverageRow]


class CoverageQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """One tenant's counties, one category of apps."""

    tenant: Tenant | None = None
    category: Category | None = None
