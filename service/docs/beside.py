"""What kit/naming writes beside codes, told to OpenAPI: `…_person` beside who acted, `…_name` beside places."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
_NAMED = {
    "tenant": "地方或省级的名称。Name of the tenant.",
    "division": "区划名称；自行登记的代码没有。Name of the division.",
}
_PERSON = {"$ref": "#/components/schemas/PersonView"}
_NULL = {"type": "null"}


def with_names(schema: Json) -> Json:
    """A schema of an object, with the members that its codes come with."""
    properties = schema.get("properties")
    if not isinstance(properties, dict):
        return schema
    for key, of in list(properties.items()):
        kind = _taken(of)
        if kind is None:
            continue
        name = f"{key}_person" if kind == "person" else f"{key}_name"
        empty = not isinstance(of.get("type"), str)
        if kind == "person":
            properties[name] = {"anyOf": [_PERSON, _NULL]} if empty else dict(_PERSON)
        else:
            properties[name] = {"anyOf": [{"type": "string"}, _NULL], "description": _NAMED[kind]}
        if key in schema.get("required", ()):
            schema["required"] = [*schema["required"], name]
    return schema


def _taken(value: Any) -> str | None:
    """Of what kind the code is, no longer said of it; None for what comes without a name."""
    if isinstance(value, list):
        return next(filter(None, map(_taken, value)), None)
    if not isinstance(value, dict):
        return None
    kind = value.pop("x-named", None)
    return kind or _taken(value.get("anyOf"))
