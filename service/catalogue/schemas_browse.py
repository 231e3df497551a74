"""What goes over the wire when apps are browsed, searched and compared."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from service.catalogue.schemas import AppContent, Category, Level, PublicId, Published
from service.kit.coded import (
    AppCategoryCode,
    AppCertificateCode,
    AppLineCode,
    AppStatusCode,
    ReachCode,
    TierCode,
)
from service.kit.text import Cursor, Needle

Text = Needle
Succession = Literal["succeeded", "succeeds"]


class AppItem(Struct, kw_only=True):
    """One app of the list; `score` and `phrases` where a text was searched.

    `successor`: the app that takes its place, named where the reader may see it; `succeeds`: names of what it takes
    the place of.
    """

    id: str
    name: str
    summary: str
    category: AppCategoryCode
    category_name: str
    provider_name: str
    provider_tier: TierCode
    status: AppStatusCode
    security_level: int
    cost_yuan: str
    used_by_offices: int
    score: float | None = None
    phrases: list[str] = []
    successor: str | None = None
    successor_name: str | None = None
    succeeds: list[str] = []


class Facet(Struct):
    """How many of the visible apps carry a value, the other filters standing."""

    value: str
    label: str
    count: int


class AppList(Struct):
    """A page, and the facets over everything that matches."""

    items: list[AppItem]
    total: int
    facets: dict[str, list[Facet]]
    next_cursor: str | None


class UsedBy(Struct):
    """A tenant that uses the app, and how many of its offices."""

    tenant: str
    tenant_name: str
    offices: int


class EntryView(Struct, kw_only=True):
    """A published app, as its reader sees it."""

    id: str
    name: str
    category_name: str
    provider_tenant: str
    provider_tenant_name: str
    provider_name: str
    provider_tier: TierCode
    status: AppStatusCode
    status_name: str
    reach: ReachCode
    successor: str | None
    content: AppContent
    certificates_expired: list[AppCertificateCode]
    used_by: list[UsedBy]
    used_by_offices: int
    edition: int
    published_at: datetime
    updated_at: datetime


class BrowseQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Search words and filters; retired apps only where asked for."""

    text: Text | None = None
    status: Published | None = None
    tier: Literal["province", "city"] | None = None
    security_level: Level | None = None
    free: bool | None = None
    category: Category | None = None
    succession: Annotated[Succession, Meta(description="已有接替应用的，或接替了其他应用的")] | None = None
    order: (
        Annotated[
            Literal["used"],
            Meta(description="used 按使用单位的多少排列；不给出则按相关度，没有检索词的按名称"),
        ]
        | None
    ) = None
    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 20


class SuggestQuery(Struct, forbid_unknown_fields=True):
    """The beginning of what the caller looks for."""

    text: Text


class Suggestions(Struct):
    """Names and functions of visible apps that contain the text."""

    items: list[str]


class CompareQuery(Struct, forbid_unknown_fields=True):
    """Two apps."""

    left: PublicId
    right: PublicId


class Row(Struct):
    """One line of a comparison: both values as text."""

    field: AppLineCode
    label: str
    left: str
    right: str
    same: bool


class Shared(Struct):
    """What both have, and what only one has."""

    both: list[str]
    left_only: list[str]
    right_only: list[str]


class Comparison(Struct):
    """Two apps side by side."""

    left: EntryView
    right: EntryView
    rows: list[Row]
    functions: Shared
    data_items: Shared
