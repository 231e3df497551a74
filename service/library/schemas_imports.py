"""What goes over the wire of library entries of before the system (arts 8, 9; R15)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from service.kit.naming import By
from service.kit.text import Line, Name, Note, Number
from service.library.schemas import Limit, Tenant
from service.projects.schemas import Said
from service.projects.schemas_answers import Reference

ImportState = Literal["proposed", "confirmed", "refused"]


class DocumentIn(Struct, forbid_unknown_fields=True):
    """The document that put the project into the library."""

    issuer: Line
    number: Number
    date: date


class ImportIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """An entry of before the system: whose project, by which document, valid from when."""

    owner: Annotated[Reference, Meta(description="项目单位的 id")]
    project_name: Name
    document: DocumentIn
    entered_on: Annotated[date, Meta(description="文件所载的入库日，有效期自此起算")]
    note: Note = ""


class ImportDecisionIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """The second person's word; a refusal says why."""

    accepted: bool
    reason: Said | None = None


class ImportView(Struct):
    """An entry taken over. It counts once confirmed; `valid_until` is the first day on which it no longer stands."""

    id: str
    owner: str
    owner_name: str
    project_name: str
    document: DocumentIn
    entered_on: date
    valid_until: date
    note: str
    state: ImportState
    proposed_by: By
    proposed_at: datetime
    decided_by: By | None
    decided_at: datetime | None
    reason: str | None
    version: int


class ImportList(Struct):
    """The newest first."""

    items: list[ImportView]


class ImportQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Of one tenant, in one state."""

    tenant: Tenant | None = None
    state: ImportState | None = None
    limit: Limit = 50
