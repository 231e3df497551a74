"""What the three organs ask of declarations besides art. 15, over the wire (art. 14)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from service.kit.coded import KindCode
from service.kit.naming import By
from service.kit.text import Line, Number, Said
from service.measures.requirements import ATTACHMENTS
from service.rulebook.schemas_runtime import Kind

AnnouncedField = Literal[
    "form.category",
    "form.credit_code",
    "form.period",
    "form.costs",
    "form.yearly",
    "form.contacts",
    "form.protection_level",
    "form.cloud",
    "form.networks",
    "form.users",
    "form.indicators",
    "form.project_codes",
    "form.drafter",
]
RoundYear = Annotated[int, Meta(ge=2023, le=2200)]
RoundStatus = Literal["proposed", "coming", "standing", "superseded", "refused"]
Kinds = Annotated[list[Kind], Meta(max_length=5, description="只对这些建设性质要求；不填为全部")]
AnnouncedSlot = Annotated[
    str,
    Meta(
        pattern="^(" + "|".join(ATTACHMENTS) + r")$(?!\n)",
        extra_json_schema={"enum": list(ATTACHMENTS)},
        description="须上传附件的位置",
    ),
]


class AskedField(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A member of the form that must be there."""

    field: AnnouncedField
    kinds: Kinds = []


class AskedSlot(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A slot that must hold a file."""

    slot: AnnouncedSlot
    kinds: Kinds = []


class AskedText(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A material by name, handed in as text under `materials.extra`."""

    name: Line
    kinds: Kinds = []


class RequirementsIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """What would be asked from a day on; it takes the place of what an earlier round asked, art. 15 always stands."""

    effective_from: date
    fields: Annotated[list[AskedField], Meta(max_length=40)] = []
    attachments: Annotated[list[AskedSlot], Meta(max_length=40)] = []
    extra: Annotated[list[AskedText], Meta(max_length=40)] = []


class DeclarationRoundIn(RequirementsIn, forbid_unknown_fields=True, kw_only=True):
    """The announced requirements of a year with their document."""

    year: RoundYear
    document_number: Number
    document_date: date
    note: Annotated[str, Meta(max_length=2000, extra_json_schema={"x-text": "prose"})] = ""


class RefuseRoundIn(Struct, forbid_unknown_fields=True):
    """Why the proposal is not confirmed, or taken back."""

    reason: Said


class AskedView(Struct):
    """One thing that is asked: its key, what it is called, where it stands in a declaration, of which projects."""

    key: str
    name: str
    pointer: str
    kinds: list[KindCode]
    article: int


class DeclarationRoundView(Struct, kw_only=True):
    """A round and how it stands today. `version` goes into If-Match."""

    id: str
    year: int
    document_number: str
    document_date: date
    issued_by: list[str]
    effective_from: date
    asked: list[AskedView]
    note: str
    status: RoundStatus
    proposed_by: By
    proposed_organ: str
    proposed_at: datetime
    decided_by: By | None
    decided_organ: str | None
    decided_at: datetime | None
    reason: str | None
    articles: list[int]
    version: int


class DeclarationRoundList(Struct):
    """Rounds, the newest first."""

    items: list[DeclarationRoundView]


class RequirementsQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """The day, today unless told."""

    on: date | None = None


class RequirementsView(Struct, kw_only=True):
    """Everything a declaration must carry on a day: what art. 15 asks, what the round in force asks besides."""

    on: date
    base: list[AskedView]
    announced: list[AskedView]
    document_number: str | None
    effective_from: date | None
