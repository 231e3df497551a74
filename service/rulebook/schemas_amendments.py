"""Amendments of the rules over the wire (arts 44, 45): asked for by one person, put in force by another."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from service.kit.naming import By
from service.kit.text import Number, Said
from service.rulebook.schemas import TransitionView
from service.rulebook.schemas_runtime import Organ, SetIn, SetView, Version

DeskName = Literal["submitted", "gatekept", "with_province", "in_joint_review", "leading_group_decided"]


class TransitionIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """What becomes of cases taken in before. `stay`: the old rule; `next_desk`: decided anew at the next desk;
    `from_state`: decided anew from the named `state` on, and whoever left that state before the first day is spared.
    """

    mode: Literal["stay", "next_desk", "from_state"]
    state: DeskName | None = None


class AmendmentPreviewIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """An amendment before it is recorded. Without `transition` what was submitted stays, and drafts follow.

    `document_number`: where it is known already, the version that the amendment would give is told exactly.
    """

    effective_from: date
    entries: Annotated[list[SetIn], Meta(min_length=1, max_length=20)]
    transition: TransitionIn | None = None
    document_number: Number | None = None


class AmendmentIn(AmendmentPreviewIn, forbid_unknown_fields=True, kw_only=True):
    """An amendment as its document says it. `issued_by`: the organs of art. 44 that issued it."""

    document_number: Number
    document_date: date
    issued_by: Annotated[list[Organ], Meta(min_length=1, max_length=3)]
    reason: Said
    expected_version: Version


class AmendmentConfirmIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """`accepted` false refuses it. `expected_version`: the rule book's version the second person was shown."""

    accepted: bool
    expected_version: Version
    note: Said | None = None


class AmendmentView(Struct, kw_only=True):
    """One amendment. `status`: waiting for the second person, refused, coming (before its first day), or in force."""

    id: str
    number: int
    document_number: str
    document_date: date
    issued_by: list[str]
    reason: str
    effective_from: date
    entries: list[SetView]
    transition: TransitionView | None
    status: Literal["waiting", "refused", "coming", "in_force"]
    proposed_by: By
    proposed_at: datetime
    decided_by: By | None = None
    decided_at: datetime | None = None
    note: str | None = None
    digest: str


class AmendmentList(Struct):
    """All of them, the newest first."""

    items: list[AmendmentView]
