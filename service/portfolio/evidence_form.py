"""The declaration's form as people read it: every member by its Chinese name, every word by its meaning."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.measures.form_plan import PARTS
from service.measures.form_words import CATEGORIES, COSTS, LABELS, MEMBERS, NETWORKS, PLATFORMS, SOURCES

_WORDS: Mapping[str, Mapping[str, str]] = {
    "category": CATEGORIES,
    "costs.item": COSTS,
    "yearly.source": SOURCES,
    "networks": NETWORKS,
    "project_codes.platform": PLATFORMS,
}


def rows(declared: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    """(name, value) of what a declaration's form and plan say; nothing for declarations without."""
    materials = (declared or {}).get("materials") or {}
    plan, form = materials.get("plan") or {}, materials.get("form") or {}
    found = [(f"技术方案：{part.name}", plan[key]) for key, part in PARTS.items() if plan.get(key)]
    for key in MEMBERS:
        if form.get(key) not in (None, "", [], {}):
            found.append((LABELS[key], _said(key, form[key])))
    return found


def _said(key: str, value: Any) -> str:
    if isinstance(value, list):
        return "；".join(_said(key, each) for each in value)
    if isinstance(value, Mapping):
        parts = [
            (LABELS.get(f"{key}.{name}", name), _said(f"{key}.{name}", each)) for name, each in value.items()
        ]
        return "，".join(f"{label} {text}" for label, text in parts if text)
    return _WORDS.get(key, {}).get(str(value), str(value))
