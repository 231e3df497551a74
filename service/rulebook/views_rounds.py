"""What a round asks, called by its names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from service.measures.checklist import SLOTS
from service.measures.facts import Kind
from service.measures.requirements import BASE, FIELDS
from service.rulebook.schemas_rounds import (
    AskedView,
)

_KIND_NAMES = {kind.value for kind in Kind}


def asked_views(content: Mapping[str, Any]) -> list[AskedView]:
    """What a round asks, called by its names."""
    found = [
        AskedView(
            row["field"],
            FIELDS[row["field"]],
            f"/materials/{row['field'].replace('.', '/')}",
            row.get("kinds", []),
            14,
        )
        for row in content.get("fields") or ()
    ]
    found += [
        AskedView(
            row["slot"],
            SLOTS[row["slot"]].name,
            f"/materials/attachments/{row['slot']}",
            row.get("kinds", []),
            14,
        )
        for row in content.get("attachments") or ()
    ]
    return found + [
        AskedView(row["name"], row["name"], "/materials/extra", row.get("kinds", []), 14)
        for row in content.get("extra") or ()
    ]


def base_views(keys: Iterable[str]) -> list[AskedView]:
    """What art. 15 asks, called by its names."""
    views = []
    for key in keys:
        pointer = "/materials/technical_plan" if key == "plan" else f"/materials/{key.replace('.', '/')}"
        kinds = sorted(_KIND_NAMES - {"maintain"}) if key.startswith("plan.") else []
        views += [AskedView(key, BASE.get(key, FIELDS.get(key, key)), pointer, kinds, 15)]
    return views
