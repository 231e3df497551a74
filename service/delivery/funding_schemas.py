"""What goes over the wire of a project's money (arts 33-35, 38)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct

from service.delivery.building_schemas import Document, Note
from service.kit.text import Named, Stated
from service.projects.schemas import Amount, Id, Said

Source = Literal[
    "provincial_fiscal", "city_fiscal", "county_fiscal", "national", "social_capital", "own_funds"
]


class SourceLine(Struct, forbid_unknown_fields=True):
    """One source of money and its share of the approved total."""

    source: Source
    amount_yuan: Amount
    note: Note = ""


Lines = Annotated[list[SourceLine], Meta(min_length=1, max_length=50)]


class FundingIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """All sources at once; together they are the approved total (arts 33-35)."""

    lines: Lines
    document: Document | None = None


class PaymentIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """One payment through the treasury, for this project and nothing else (art. 38)."""

    treasury_document: Stated
    payee: Named
    paid_on: date
    amount_yuan: Amount
    purpose: Said
    contract: Id | None = None
    document: Document | None = None


class ReversalIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """A payment that came back or was recorded in error: a new record, nothing is changed."""

    payment: Id
    reversed_on: date
    treasury_document: Stated
    reason: Said


class SurplusIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """What was issued and not spent goes back, exactly (art. 38)."""

    amount_yuan: Amount
    returned_on: date
    treasury_document: Stated
    document: Document | None = None
