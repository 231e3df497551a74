"""Attachments on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal, get_args

from msgspec import Meta, Struct

from service.kit.coded import DocumentNoteCode, FaultCode, MaterialPhaseCode, MaterialSlotCode
from service.kit.naming import By
from service.measures.checklist import SLOTS

FileName = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=200,
        pattern=r"^[^/\\\x00-\x1f]*[^/\\\x00-\x1f\s.][^/\\\x00-\x1f]*$(?!\n)",
        extra_json_schema={"x-text": "file"},
    ),
]
SlotName = Annotated[
    str, Meta(pattern="^(" + "|".join(SLOTS) + r")$(?!\n)", extra_json_schema={"enum": list(SLOTS)})
]
Checked = Literal["clean", "not_checked"]
CHECKED = get_args(Checked)


class UploadQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Where the file belongs, and what it is called."""

    slot: SlotName
    name: FileName


class NoteView(Struct):
    """What of a file was not read; `detail` is the sentence for people."""

    code: DocumentNoteCode
    detail: str


class SignaturesView(Struct):
    """The electronic signatures that a file carries: seen, never verified. `signers`: what they say of themselves.

    `detail` is the sentence for people; whether a signature is genuine or in force is not looked at here.
    """

    count: int
    signers: list[str]
    detail: str


class DocumentView(Struct):
    """One attachment. `checked`: `clean` when everything a reader can see was read and carries no secrecy mark;
    `not_checked` when something was not read, and `notes` say what (none for files handed in before they were kept).
    `signatures`: null where nobody could look (a form without any, an encrypted or broken file, one of earlier days).
    """

    id: str
    project_id: str
    slot: MaterialSlotCode
    slot_name: str
    name: str
    media_type: str
    size: int
    digest: str
    checked: Checked
    notes: list[NoteView]
    signatures: SignaturesView | None
    uploaded_by: By
    at: datetime


class DocumentList(Struct):
    """The attachments of a case, oldest first."""

    items: list[DocumentView]


class SlotView(Struct):
    """One line of the checklist: whether this project must fill it, when that is asked, and what fills it.

    What the text says fills a slot as well as a file does. `asked_at`: submission, acceptance, null: nobody asks.
    """

    slot: MaterialSlotCode
    name: str
    article: int
    phase: MaterialPhaseCode
    needed: bool
    documents: list[str]
    filled: bool
    asked_at: Literal["submission", "acceptance"] | None


class MissingView(Struct):
    """One thing that submission, or the application for acceptance, would refuse: where, why, by which article."""

    pointer: str
    code: FaultCode
    detail: str
    article: int


class NamedPaper(Struct):
    """A paper that a deed rests on, and the attachment with the same SM3 digest, where one lies here.

    `record`: the id of the record that names it, null for the approval. A digest of another algorithm meets none.
    """

    kind: str
    record: str | None
    on: date
    name: str
    digest: str
    document: str | None


class Checklist(Struct):
    """The checklist of a case; `missing`: slots that the next act would refuse for, `named`: what its deeds rest on.

    `open`: word for word what submission (of a need: its report) would refuse today, and after the final inspection
    what an application for acceptance that names nothing besides would be. `checked` false: the facts cannot be read
    by the rules of today, so nothing is said of them. `requirements_document`: the notice in force (art. 14), if any.
    """

    items: list[SlotView]
    missing: list[MaterialSlotCode]
    named: list[NamedPaper]
    checked: bool
    open: list[MissingView]
    requirements_document: str | None
