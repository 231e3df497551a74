"""Giving up an approved project: the owner's application and the answer of whoever approved it (arts 4, 20, 38)."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from service.delivery.building_schemas import Document
from service.delivery.changes_schemas import ApprovalDocument
from service.projects.schemas import Said


class EndIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """Why the project is not carried on, what becomes of what was built or contracted, and the owner's resolution."""

    reason: Said
    remains: Said
    document: Document
    papers: Annotated[list[Document], Meta(max_length=20)] = []


class AgreeEndIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """The approving organ agrees, by its document."""

    document: ApprovalDocument
    opinion: Said


class RefuseEndIn(Struct, forbid_unknown_fields=True):
    """Why the project goes on."""

    reason: Said
