"""What goes over the wire of three-year plans (arts 7, 10)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from service.kit.coded import PlanGroundCode, PlanStateCode
from service.kit.naming import TenantNamed
from service.kit.text import Number, PublicRef
from service.library.schemas import Year
from service.projects.schemas import Amount, Line, ProjectClass, Said

Key = Annotated[
    str, Meta(pattern=r"^[0-9A-Za-z][0-9A-Za-z.-]{0,19}$(?!\n)", description="条目编号，跨版本不变")
]


class PlanItem(Struct, forbid_unknown_fields=True, kw_only=True):
    """One planned project; `alignment` says how it fits the national and provincial plans (art. 10)."""

    key: Key
    title: Line
    owner: Line
    project_class: ProjectClass
    estimated_yuan: Amount
    years: Annotated[list[Year], Meta(min_length=1, max_length=3)]
    alignment: Said


Items = Annotated[list[PlanItem], Meta(min_length=1, max_length=500)]


class PlanIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """A draft plan; it runs three years from `first_year`."""

    title: Line
    first_year: Year
    items: Items


class PlanEdit(Struct, forbid_unknown_fields=True, kw_only=True):
    """What is given replaces what was there; an appraisal of the earlier text falls away."""

    title: Line | UnsetType = UNSET
    items: Items | UnsetType = UNSET


class AssessIn(Struct, forbid_unknown_fields=True):
    """The assessment of a draft or of a change (art. 7)."""

    on: date
    note: Said
    passed: bool


class DecideIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """The leading group's decision as its secretary records it."""

    decision: Literal["adopt", "return"]
    number: Number
    on: date
    reason: Said | None = None


class ReviseIn(Struct, forbid_unknown_fields=True):
    """Why an adopted plan is changed (art. 7): nothing else is a ground."""

    ground: Literal["environment", "national_requirement"]
    reason: Said


class PlanView(Struct):
    """One version of a plan. `in_force`: the adopted version that no later one has replaced."""

    id: str
    plan: str
    tenant: TenantNamed
    number: int
    title: str
    first_year: int
    last_year: int
    items: list[dict[str, Any]]
    state: PlanStateCode
    in_force: bool
    ground: PlanGroundCode | None
    reason: str | None
    appraisal: dict[str, Any] | None
    decision: dict[str, Any] | None
    articles: list[int]
    updated_at: datetime
    version: int


class PlanList(Struct):
    """Every version the reader may see, newest plan and version first."""

    items: list[PlanView]


class PlanQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Only what is in force, if asked."""

    in_force: bool | None = None


class PlanLinkIn(Struct, forbid_unknown_fields=True):
    """The item of an adopted plan that a project stands on."""

    plan: PublicRef
    item: Key
