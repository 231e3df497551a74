"""Rows of the catalogue as answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

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
from service.kit.rows import of_row
from service.measures.adoption import MOVES, STATUS_NAMES, AppStatus


def working_view(app: Mapping[str, Any]) -> AppView:
    """The working copy with the statuses it may take."""
    status = AppStatus(app["status"])
    content = app["content"] if isinstance(app["content"], AppContent) else content_of(dict(app))
    project = app["source_project"]
    return of_row(
        AppView,
        app,
        id=str(Ref(app["tenant_id"], app["id"])),
        office_ids=list(app["offices"]),
        provider_office_id=app["office_id"],
        content=content,
        source_project=None if project is None else str(Ref(app["tenant_id"], project)),
        moves=[
            MoveView(move.target.value, move.reason, move.target is AppStatus.DEPRECATED, list(move.articles))
            for move in MOVES.values()
            if move.source is status
        ],
    )


class Succession(NamedTuple):
    """Names of the apps by id, and for those that took a place: the names of what stood there before."""

    names: dict[str, str]
    before: dict[str, list[str]]


def succession(rows: Iterable[Row]) -> Succession:
    """Which of these took whose place, told by what went before: a withdrawn app names its successor."""
    names, before = dict[str, str](), dict[str, list[str]]()
    for row in rows:
        names[public_id(row)] = row["name"]
        if row["successor"]:
            before.setdefault(row["successor"], []).append(row["name"])
    return Succession(names, {ref: sorted(of) for ref, of in before.items()})


def item(row: Row, hit: Hit | None, line_of: Succession) -> AppItem:
    """A row of ENTRIES as a line of the list. `line_of`: what takes whose place among all that the reader may see."""
    ref = public_id(row)
    return of_row(
        AppItem,
        row,
        id=ref,
        category_name=CATEGORIES[row["category"]],
        cost_yuan=yuan(row["cost_fen"]),
        used_by_offices=row["used_by"],
        score=None if hit is None else hit.score,
        phrases=[] if hit is None else list(hit.phrases),
        successor=row["successor"],
        successor_name=line_of.names.get(row["successor"] or ""),
        succeeds=line_of.before.get(ref, []),
    )


def entry_view(row: Row, users: Iterable[Row], today: date) -> EntryView:
    """A row of ENTRY with its users as a reader sees it."""
    content = kept(row["content"])
    used_by = [of_row(UsedBy, each, tenant=each["adopter_tenant"]) for each in users]
    return of_row(
        EntryView,
        row,
        id=public_id(row),
        category_name=CATEGORIES[row["category"]],
        status_name=STATUS_NAMES[AppStatus(row["status"])],
        content=content,
        certificates_expired=[each.number for each in content.certificates if each.valid_to < today],
        used_by=used_by,
        used_by_offices=sum(each.offices for each in used_by),
    )
