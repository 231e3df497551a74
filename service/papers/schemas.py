"""What goes over the wire of papers."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

from service.kit.coded import PaperIssuedCode, PaperOutcomeCode
from service.projects.schemas import Amount


class VerifyIn(Struct, forbid_unknown_fields=True):
    """What stands on a paper: its verification code, its number, and the amount (left out where it names none)."""

    code: Annotated[str, Meta(pattern=r"^[0-9A-Za-z -]{4,40}$(?!\n)")]
    number: Annotated[str, Meta(pattern=r"^[0-9A-Za-z-]{3,60}$(?!\n)")]
    amount_yuan: Amount | None = None


class Verified(Struct):
    """Whether it is what was issued. The last four only where it agrees: they stand on the paper as well."""

    agrees: bool
    outcome: PaperOutcomeCode
    message: str
    kind: PaperIssuedCode | None = None
    kind_name: str | None = None
    organ: str | None = None
    made_on: date | None = None
