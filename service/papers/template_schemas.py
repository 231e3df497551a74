"""Templates of drafts over the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from service.documents.schemas import FileName
from service.kit.coded import DraftCode, DraftSourceCode, DraftTemplateActCode
from service.kit.naming import By


class DraftTemplateQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """What the file is called."""

    name: Annotated[FileName, Meta(description="文件名")] = "模板.docx"


class DraftFileQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Which of the office's own files; the one that stands, whosever it is, where none is named."""

    number: (
        Annotated[int, Meta(ge=1, le=1_000_000, description="本单位的第几次改动；不写即现在所用的")] | None
    ) = None


class DraftColumnView(Struct):
    """A member of each row of a list."""

    name: str
    label: str


class DraftFieldView(Struct):
    """What a template may name in double braces; a list has columns and is gone through by `{%tr for … %}`."""

    name: str
    label: str
    columns: list[DraftColumnView]


class DraftTemplateChange(Struct, kw_only=True):
    """One change: a file put in place, or the place given back. `kept`: the file can still be had."""

    number: int
    act: DraftTemplateActCode
    name: str | None
    digest: str | None
    size: int
    kept: bool
    by: By
    at: datetime


class DraftTemplateView(Struct, kw_only=True):
    """By what a kind of draft is filled in one's office now, and how that came. `version` goes up with each change."""

    kind: DraftCode
    kind_name: str
    source: DraftSourceCode
    version: int
    changes: list[DraftTemplateChange]


class DraftTemplateList(Struct):
    """The kinds that the caller may draft, and what a template may name."""

    items: list[DraftTemplateView]
    fields: list[DraftFieldView]
