"""Yearly performance reports in two templates (art. 27), and the list of late ones."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

from service.delivery.building_schemas import Document
from service.kit.coded import StateCode
from service.kit.naming import TenantNamed
from service.kit.text import Cursor, Stated
from service.projects.schemas import Said


class TrialRunPart(Struct, forbid_unknown_fields=True):
    """What the trial run shows, and what goes wrong in it."""

    effects: Said
    problems: Said


class BuildReport(Struct, forbid_unknown_fields=True, kw_only=True, tag_field="template", tag="build"):
    """Building: progress, how the investment plan is carried out, and the trial run once there is one."""

    progress: Said
    investment_plan: Said
    trial_run: TrialRunPart | None = None


class ServiceReport(Struct, forbid_unknown_fields=True, kw_only=True, tag_field="template", tag="service"):
    """Maintenance and procured services: the work done, the stage's summary, the quality of service."""

    work_done: Said
    stage_summary: Said
    service_quality: Said


class UserOpinion(Struct, forbid_unknown_fields=True):
    """What a unit that uses the project says."""

    unit: Stated
    opinion: Said


class SupervisorOpinion(Struct, forbid_unknown_fields=True):
    """What the supervising company says."""

    company: Stated
    opinion: Said


class PerformanceIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """One report a year of building; a correction says why and takes the earlier one's place."""

    year: Annotated[int, Meta(ge=2000, le=2200)]
    goals: Said
    report: BuildReport | ServiceReport
    users: Annotated[list[UserOpinion], Meta(min_length=1, max_length=50)]
    supervisor: SupervisorOpinion | None = None
    serious_problems: bool
    statement: Said | None = None
    document: Document | None = None
    correction_reason: Said | None = None


class LateQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """The year reported on; the last one that is over when left out."""

    year: Annotated[int, Meta(ge=2000, le=2200)] | None = None
    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class LateItem(Struct):
    """A project whose report of the year is missing, or came after its day."""

    id: str
    tenant: TenantNamed
    name: str
    owner_name: str
    state: StateCode
    started_on: date
    year: int
    due: date
    reported_on: date | None


class LateList(Struct):
    """A page, the earliest due first; the Link header leads to the next."""

    items: list[LateItem]
    next_cursor: str | None
