"""What goes over the wire of rectification orders and the measures after them (arts 39, 41)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from service.delivery.acceptance_schemas import Paper
from service.kit.coded import AreaCode, OrderStateCode
from service.kit.naming import By, TenantNamed
from service.kit.office_ids import OfficeId
from service.kit.text import MOST_SAID, Cursor, PublicRef, TenantCodes
from service.projects.schemas import Id, Said

Area = Literal[
    "construction",
    "procurement",
    "funds",
    "data_sharing",
    "cryptography",
    "network_security",
    "secrecy",
    "archives",
    "evaluation",
    "filing",
]


class OrderIn(Struct, forbid_unknown_fields=True):
    """What is to be put right, by when; the area must lie within the organ's duties (arts 4, 41)."""

    area: Area
    text: Said
    due: date


class AnswerOrderIn(Struct, forbid_unknown_fields=True):
    """What the owner did about it, with evidence (art. 39)."""

    order: Id
    answer: Said
    evidence: Annotated[list[Paper], Meta(max_length=20)] = []


class CloseOrderIn(Struct, forbid_unknown_fields=True):
    """Done, or rectified in vain (art. 41)."""

    order: Id
    done: bool
    opinion: Said


class MeasureIn(Struct, forbid_unknown_fields=True):
    """A measure after the order it names has lapsed (art. 41)."""

    order: Id
    reason: Said


class LiftIn(Struct, forbid_unknown_fields=True):
    """Why a measure ends."""

    reason: Said


class OrderView(Struct):
    """An order; `lapsed`: its day has passed without being closed, or it was answered in vain."""

    id: str
    project_id: str
    project_name: str
    owner_name: str
    tenant: TenantNamed
    organ: str
    organ_name: str
    area: AreaCode
    text: str
    issued_on: date
    due: date
    state: OrderStateCode
    lapsed: bool
    answer: str | None
    evidence: list[Paper] | None
    answered_on: date | None
    finding: str | None
    closed_on: date | None
    issued_by: By
    at: datetime


class OrderList(Struct):
    """A page, newest first."""

    items: list[OrderView]
    next_cursor: str | None


Organ = Annotated[str, Meta(pattern=r"^(city|province)\.[a-z_]{2,30}$(?!\n)")]


class OrderQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Filters. `status`: open (all that is not closed), lapsed (of these), closed."""

    tenant: TenantCodes | None = None
    status: Literal["open", "lapsed", "closed"] | None = None
    area: list[Area] | None = None
    organ: Annotated[list[Organ], Meta(max_length=MOST_SAID)] | None = None
    project_id: Annotated[list[PublicRef], Meta(max_length=MOST_SAID)] | None = None
    owner_office_id: Annotated[list[OfficeId], Meta(max_length=MOST_SAID)] | None = None
    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
