"""Rows of the catalogue as answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from service.catalogue.kept import content_of, kept
from service.catalogue.published_copies import public_id
from service.catalogue.schemas import AppContent, AppView, MoveView
from service.catalogue.schemas_browse import (
    AppItem,
    EntryView,
    UsedBy,
)
from service.catalogue.search import CATEGORIES, Hit
from service.kit.db import Row
from service.kit.ids import Ref
from service.kit.money import yuan
from service.measures.adoption import MOVES, STATUS_NAMES, AppStatus


def working_view(app: Mapping[str, Any]) -> AppView:
    """The working copy with the statuses it may take."""
    status = AppStatus(app["status"])
    content = app["content"] if isinstance(app["content"], AppContent) else content_of(dict(app))
    project = app["source_project"]
    return AppView(
        id=str(Ref(app["tenant_id"], app["id"])),
        name=app["name"],
        status=app["status"],
        reach=app["reach"],
        office_ids=list(app["offices"]),
        provider_office_id=app["office_id"],
        content=content,
        successor=app["successor"],
        source_project=None if project is None else str(Ref(app["tenant_id"], project)),
        edition=app["edition"],
        moves=[
            MoveView(move.target.value, move.reason, move.target is AppStatus.DEPRECATED, list(move.articles))
            for move in MOVES.values()
            if move.source is status
        ],
        created_by=app["created_by"],
        created_at=app["created_at"],
        updated_at=app["updated_at"],
        published_at=app["published_at"],
        version=app["version"],
    )


def item(row: Row, hit: Hit | None) -> AppItem:
    """A row of ENTRIES as a line of the list."""
    return AppItem(
        id=public_id(row),
        name=row["name"],
        summary=row["summary"],
        category=row["category"],
        category_name=CATEGORIES[row["category"]],
        provider_name=row["provider_name"],
        provider_tier=row["provider_tier"],
        status=row["status"],
        security_level=row["security_level"],
        cost_yuan=yuan(row["cost_fen"]),
        used_by_offices=row["used_by"],
        score=None if hit is None else hit.score,
        phrases=[] if hit is None else list(hit.phrases),
    )


def entry_view(row: Row, users: Iterable[Row], today: date) -> EntryView:
    """A row of ENTRY with its users as a reader sees it."""
    content = kept(row["content"])
    used_by = [UsedBy(each["adopter_tenant"], each["tenant_name"], each["offices"]) for each in users]
    return EntryView(
        id=public_id(row),
        name=row["name"],
        category_name=CATEGORIES[row["category"]],
        provider_tenant=row["provider_tenant"],
        provider_tenant_name=row["provider_tenant_name"],
        provider_name=row["provider_name"],
        provider_tier=row["provider_tier"],
        status=row["status"],
        status_name=STATUS_NAMES[AppStatus(row["status"])],
        reach=row["reach"],
        successor=row["successor"],
        content=content,
        certificates_expired=[each.number for each in content.certificates if each.valid_to < today],
        used_by=used_by,
        used_by_offices=sum(each.offices for each in used_by),
        edition=row["edition"],
        published_at=row["published_at"],
        updated_at=row["updated_at"],
    )
