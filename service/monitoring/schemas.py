"""The province's view on the wire. Amounts are yuan as text with two decimals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any

from msgspec import Meta, Struct

from service.kit.coded import (
    FoundChoice,
    FoundCode,
    KindCode,
    ProjectClassCode,
    RouteCode,
    SeverityCode,
    StateCode,
    TierCode,
)
from service.kit.csvout import Columns, Plain
from service.kit.naming import By, DivisionNamed, TenantNamed
from service.kit.text import MOST_SAID, Cursor, TenantCodes
from service.projects.export import state_label
from service.vocabulary import label

Limit = Annotated[int, Meta(ge=1, le=200)]


class UnfiledFilter(Struct, forbid_unknown_fields=True, kw_only=True):
    """Of one tenant, or of all."""

    tenant: TenantCodes | None = None


class UnfiledQuery(UnfiledFilter, kw_only=True, forbid_unknown_fields=True):
    """A page of it."""

    cursor: Cursor | None = None
    limit: Limit = 50


class Practice(Struct):
    """A term of administrative practice. The Measures set none, and nothing lapses with it."""

    days: int
    due_on: date
    days_over: int
    basis: str = "行政惯例，非办法规定的期限"


class WatchedProject(Struct, kw_only=True):
    """What every list of the province says of a project."""

    id: str
    tenant: TenantNamed
    name: str
    owner_name: str
    tier: TierCode
    division: DivisionNamed
    state: StateCode
    route: RouteCode | None
    project_class: ProjectClassCode
    kind: KindCode
    investment_yuan: str
    approved_amount_yuan: str | None


class Unfiled(WatchedProject, kw_only=True):
    """Approved by a city, not filed yet; days count from the document's date, `approved_at` is when it was recorded."""

    document_number: str
    document_date: date
    approved_at: datetime
    days_waiting: int
    practice: Practice | None


class UnfiledPage(Struct):
    """The oldest approval document first; the Link header leads to the next page."""

    items: list[Unfiled]
    next_cursor: str | None


class FindingFilter(Struct, forbid_unknown_fields=True, kw_only=True):
    """Withdrawn cases are left out unless asked for."""

    tenant: TenantCodes | None = None
    include_withdrawn: bool = False


class FindingQuery(FindingFilter, kw_only=True, forbid_unknown_fields=True):
    """A page of it."""

    cursor: Cursor | None = None
    limit: Limit = 50


class ReasonFilter(FindingFilter, kw_only=True, forbid_unknown_fields=True):
    """Reasons on one finding, or on all."""

    code: Annotated[list[FoundChoice], Meta(max_length=MOST_SAID)] | None = None


class ReasonQuery(ReasonFilter, kw_only=True, forbid_unknown_fields=True):
    """A page of it."""

    cursor: Cursor | None = None
    limit: Limit = 50


class WatchedFinding(WatchedProject, kw_only=True):
    """A finding of the last submission with its project; `opinion` is the gatekeeper's on the reason."""

    of_which_maintenance_yuan: str | None
    code: FoundCode
    severity: SeverityCode
    article: int | None
    reason: str | None
    opinion: str | None
    opinion_by: By | None
    submitted_at: datetime


class FindingPage(Struct):
    """Newest first; the Link header leads to the next page."""

    items: list[WatchedFinding]
    next_cursor: str | None


class FeedQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Goes on after a number of the feed."""

    after: Annotated[int, Meta(ge=0, le=2**53 - 1)] = 0
    limit: Annotated[int, Meta(ge=1, le=500)] = 100


class FeedItem(Struct):
    """One filing as its event told it."""

    seq: int
    event_id: str
    tenant: str
    at: datetime
    filing: dict[str, Any]
    project: dict[str, Any]


class Feed(Struct):
    """Ascending; ask again with `after` = `next_after`."""

    items: list[FeedItem]
    next_after: int


def _project_columns(names: Mapping[str, str]) -> Columns[Any]:
    return (
        ("项目编号", lambda p: p.id),
        ("地区", lambda p: names.get(p.tenant, p.tenant)),
        ("项目名称", lambda p: p.name),
        ("项目单位", lambda p: p.owner_name),
        ("状态", lambda p: state_label(p.state)),
        ("审批路径", lambda p: label("route", p.route)),
        ("总投资（元）", lambda p: Plain(p.investment_yuan)),
    )


def unfiled_columns(names: Mapping[str, str]) -> Columns[Unfiled]:
    """The CSV of what waits for its filing; `names` are the tenants'."""
    return (
        *_project_columns(names),
        ("批复金额（元）", lambda u: Plain(u.approved_amount_yuan or "")),
        ("批复文号", lambda u: u.document_number),
        ("批复日期", lambda u: u.document_date),
        ("批复登记时间", lambda u: u.approved_at),
        ("已等待（天）", lambda u: u.days_waiting),
        ("行政惯例期限（非办法规定）", lambda u: u.practice.due_on if u.practice else None),
    )


def finding_columns(names: Mapping[str, str]) -> Columns[WatchedFinding]:
    """The CSV of a list of findings; `names` are the tenants'."""
    return (
        *_project_columns(names),
        ("其中运维（元）", lambda f: Plain(f.of_which_maintenance_yuan or "")),
        ("情形", lambda f: f.code),
        ("条文", lambda f: f.article),
        ("申报理由", lambda f: f.reason),
        ("把关意见", lambda f: f.opinion),
        ("把关人", lambda f: f.opinion_by),
        ("申报时间", lambda f: f.submitted_at),
    )
