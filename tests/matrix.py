"""Who may do what: every matrix*.yaml of policies/access, joined."""

from __future__ import annotations

import yaml

from service.kit.roles import ACCESS


def load_matrix() -> dict[str, list[str]]:
    """`<object>/<action>` → the `<tier>.<role>` that may; a row in two files is a mistake."""
    rows: dict[str, list[str]] = {}
    for file in sorted(ACCESS.glob("matrix*.yaml")):
        found = yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader) or {}
        assert not rows.keys() & found.keys(), f"{file.name}: {rows.keys() & found.keys()}"
        rows |= found
    return rows
