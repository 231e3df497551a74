"""What kind of control a text wants, by what its schema says of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.kit.office_ids import OfficeId
from service.projects.schemas_form import Amount, Month

Json = dict[str, Any]
_ENDS = "$(?!\n)", r"$(?!\n)"
_ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
_REF = "^[0-9A-Za-z]{2,16}-[0-9a-f-]{36}$"
# What a member's id refers to; other ids refer to a record of the same case.
_OBJECTS: Mapping[str, str] = {
    "project_id": "project",
    "previous_project": "project",
    "instead_of": "project",
    "joint_project": "project",
    "app_id": "app",
    "successor": "app",
    "expert_id": "expert",
    "user_id": "user",
    "successor_id": "user",
    "successors": "user",
    "library_entry": "library_entry",
    "plan": "plan",
    "document_id": "document",
    "owner": "office",
    "agency_office_id": "office",
    "projects": "project",
}


def _pattern(kind: Any) -> str:
    """A text's pattern as ECMA-262 writes it."""
    found: str = kind.__metadata__[0].pattern
    return found.replace(_ENDS[1], "$")


_AMOUNT, _MONTH, _OFFICE = _pattern(Amount), _pattern(Month), _pattern(OfficeId)


def one_of(schema: Json) -> tuple[Json | None, bool]:
    """The one shape of a schema that people fill in, None where there are several; and whether null is taken.

    An amount may be sent as a number too; a form writes it as text.
    """
    shapes = schema.get("anyOf")
    if shapes is None:
        return schema, False
    kept = [each for each in shapes if each != {"type": "null"}]
    nullable = len(kept) < len(shapes)
    amounts = [each for each in kept if each.get("pattern") == _AMOUNT]
    if len(kept) == 1 or amounts:
        return {**(amounts or kept)[0]}, nullable
    return None, nullable


def text_type(name: str, schema: Json) -> tuple[str, str]:
    """(type, what it refers to) of a text."""
    form, kind, pattern = schema.get("format"), schema.get("x-text"), schema.get("pattern", "")
    if form in ("date", "date-time"):
        return form.replace("-", "_"), ""
    if pattern == _AMOUNT:
        return "money", ""
    if pattern.endswith("-(0[1-9]|1[0-2])$"):
        return "month", ""
    if pattern == _OFFICE and name not in _OBJECTS:
        return "reference", "office"
    if pattern == _REF or pattern.endswith(_ID) or (kind == "opaque" and name in _OBJECTS):
        return "reference", _OBJECTS.get(name, "record")
    if kind == "secret":
        return "secret", ""
    if kind in ("prose", "source"):
        return "prose", ""
    return "text", ""
