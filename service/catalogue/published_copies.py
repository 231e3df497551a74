"""A published app as the row each reader's tenant holds; an older copy never overwrites a newer one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert

from service.catalogue.models import app_entries
from service.catalogue.schemas import AppContent
from service.catalogue.search import CATEGORIES, AppText
from service.kit.db import Row
from service.kit.ids import Ref
from service.kit.money import fen, yuan
from service.kit.statements import Statement

_KEY = ("tenant_id", "provider_tenant", "app_id")
_FIXED = (*_KEY, "provider_tier", "published_at")
_insert = insert(app_entries).values(
    {column.name: bindparam(column.name, type_=column.type) for column in app_entries.columns}
)
# The copy and the provider's own entry are written by the same statement.
COPY = Statement(
    _insert.on_conflict_do_update(
        index_elements=list(_KEY),
        set_={
            column.name: _insert.excluded[column.name]
            for column in app_entries.columns
            if column.name not in _FIXED
        },
        where=app_entries.c.revision < _insert.excluded.revision,
    )
)
_MOMENTS = ("published_at", "updated_at")


def entry_of(app: Mapping[str, Any], content: AppContent, provider: Mapping[str, Any]) -> dict[str, Any]:
    """The row without its reader. `app`: the columns of `apps`; `provider`: office, tier and tenant names."""
    return {
        "provider_tenant": app["tenant_id"],
        "app_id": app["id"],
        "provider_tier": provider["tier"],
        "provider_tenant_name": provider["tenant_name"],
        "provider_name": provider["name"],
        "name": app["name"],
        "category": content.category,
        "status": app["status"],
        "reach": app["reach"],
        "offices": list(app["offices"]),
        "security_level": content.security_level or 1,
        "cost_fen": fen(content.cost.amount_yuan),
        "content": content,
        "successor": app["successor"],
        "edition": app["edition"],
        "revision": app["version"],
        "published_at": app["published_at"],
        "updated_at": app["updated_at"],
    }


def carried(entry: Mapping[str, Any], tenant: str) -> dict[str, Any]:
    """An entry out of an event as the row of one reader."""
    moments = {name: datetime.fromisoformat(str(entry[name])) for name in _MOMENTS}
    kept = {name: value for name, value in entry.items() if name != "cost_yuan"}
    # Events of before told the cost in fen.
    cost = fen(entry["cost_yuan"]) if "cost_yuan" in entry else entry["cost_fen"]
    return {**kept, **moments, "cost_fen": cost, "tenant_id": tenant}


def carrying(entry: Mapping[str, Any]) -> dict[str, Any]:
    """An entry as an event carries it: amounts in yuan, as on every wire."""
    return {k: v for k, v in entry.items() if k != "cost_fen"} | {"cost_yuan": yuan(entry["cost_fen"])}


def public_id(row: Row) -> str:
    return str(Ref(row["provider_tenant"], row["app_id"]))


def text_of(row: Row) -> AppText:
    """A row of ENTRIES as the ranking reads it."""
    content = row["content"]
    return AppText(
        public_id(row),
        row["name"],
        f"{content.get('summary', '')} {content.get('description', '')}",
        tuple(content.get("functions", ())),
        tuple(each["name"] for each in content.get("data_items", ())),
        CATEGORIES[row["category"]],
    )
