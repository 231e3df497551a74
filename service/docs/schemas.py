"""Component schemas: one per Struct in use, called by its name, with what names and types say of each value.

A generated client has a class per component and finds it by `title`; so every component's title is its name, and no
property has one. Times, days and amounts are told by their names (`…_at`, `…_on`, `…_yuan`), since many answers are
rendered by PostgreSQL and their Structs say `str`; the contract tests hold every answer to what is told here.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from service.docs import events, events_data, problems
from service.docs.beside import with_names
from service.docs.codes import Codes
from service.docs.named import NAMED, STRUCTS, kept, stored
from service.kit.api import Spec
from service.kit.naming import PersonView
from service.projects import schemas as project_schemas

Json = dict[str, Any]
TEMPLATE = "#/components/schemas/{name}"
MOMENT: Json = {
    "format": "date-time",
    "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$",
}
DAY: Json = {"format": "date"}
MONEY: Json = {"pattern": r"^-?\d{1,16}\.\d{2}$", "maxLength": 20}
_SNAKE = re.compile("(?<=[a-z])(?=[A-Z])")
_TIMES, _DAYS = re.compile(r"(?:.*_)?at|as_of|timestamp"), re.compile(r"(?:.*_)?(?:on|day|date)|due")
# Named like a time or a day, and none.
_NOT = frozenset({"based_on"})
_SAID = frozenset({"format", "pattern", "enum", "const", "x-text", "x-vocabulary", "maxLength"})


class Schemas:
    """Component schemas of all Structs in use; two Structs of one name are told apart by their feature."""

    def __init__(self, listed: list[tuple[str, Spec]]) -> None:
        self._kinds: list[Any] = [
            project_schemas.FactsIn,
            project_schemas.PreviewFactsIn,
            PersonView,
            *STRUCTS,
            *events_data.STRUCTS,
        ]
        for _, spec in listed:
            self._kinds += [kind for kind in (spec.body, spec.query, spec.answer) if kind is not None]
        answers, raw = msgspec.json.schema_components(self._kinds, ref_template=TEMPLATE)
        # A StrEnum is called what its vocabulary is called, which then takes its place.
        self._names = {name: _short(name) + ("Code" if "enum" in of else "") for name, of in raw.items()}
        self._schemas = [self._clean(answer) for answer in answers]
        self.codes = Codes()
        own = {self._names[name]: self._clean(schema) for name, schema in raw.items()}
        own |= {"FieldError": problems.FIELD_ERROR} | problems.components(listed)
        own["DatedFact"]["additionalProperties"] = True  # each kind of them tells something of its own
        own |= stored() | events.components(MOMENT)
        asked = _reached(own, [self.of(of) for _, spec in listed for of in (spec.body, spec.query) if of])
        self.components: Json = {
            name: self.codes.told(shaped(name, schema, asked=name in asked), name, _snake(name))
            for name, schema in own.items()
        }
        self.components |= self.codes.components
        self.components |= kept(self.components)

    def of(self, kind: Any) -> Json:
        """The schema of a type that a Spec names."""
        found: Json = self._schemas[next(i for i, each in enumerate(self._kinds) if each is kind)]
        return found

    def _clean(self, value: Any) -> Any:
        """Our names in references, `x-struct` resolved, patterns as ECMA-262 writes them."""
        if isinstance(value, list):
            return [self._clean(each) for each in value]
        if not isinstance(value, dict):
            return value
        if "x-struct" in value:
            return {"$ref": TEMPLATE.format(name=value["x-struct"])}
        made = with_names({key: self._clean(each) for key, each in value.items()})
        if isinstance(made.get("$ref"), str):
            head, _, name = made["$ref"].rpartition("/")
            made["$ref"] = f"{head}/{self._names.get(name, name)}"
        if isinstance(made.get("pattern"), str):
            made["pattern"] = made["pattern"].replace(r"$(?!\n)", "$")
        return made


def shaped(component: str, schema: Json, *, asked: bool) -> Json:
    """A component with its name as title and, at its properties, what their names say; `asked`: requests use it."""
    made = {**schema, "title": component}
    if "properties" in made:
        made["properties"] = {
            name: NAMED.get(f"{component}.{name}") or _value(name, of, asked=asked)
            for name, of in made["properties"].items()
        }
    return made


def _value(name: str, schema: Json, *, asked: bool) -> Json:
    made = {key: of for key, of in schema.items() if key != "title"}
    for key in ("anyOf", "oneOf"):
        if key in made:
            made[key] = [_value(name, each, asked=asked) for each in made[key]]
    if isinstance(made.get("items"), dict):
        made["items"] = _value("", made["items"], asked=asked)
    if made.get("type") == "array":
        made.setdefault("items", {})
    if made.get("type") == "object" and not {"properties", "additionalProperties"} & made.keys():
        made["additionalProperties"] = True  # whatever was stored: said, so that nobody takes it for nothing
    if isinstance(made.get("additionalProperties"), dict):
        made["additionalProperties"] = _value("", made["additionalProperties"], asked=asked)
    if isinstance(made.get("properties"), dict):  # an object told on the spot
        made["properties"] = {
            inner: _value(inner, of, asked=asked) for inner, of in made["properties"].items()
        }
    if made.get("type") == "integer" and "format" not in made:
        made["format"] = "int64"
    if made.get("type") == "string" and not _SAID & made.keys() and name not in _NOT:
        if _TIMES.fullmatch(name):
            made |= {"format": "date-time"} if asked else MOMENT
        elif _DAYS.fullmatch(name):
            made |= DAY
        elif name.endswith("_yuan") and not asked:
            made |= MONEY
    elif made.get("format") == "date-time" and not asked:
        made |= MOMENT
    return made


def _reached(components: Json, roots: list[Json]) -> set[str]:
    """The names of all components that these schemas lead to."""
    found: set[str] = set()
    waiting: list[Any] = list(roots)
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            waiting += value.values()
            name = str(value.get("$ref", "")).rpartition("/")[2]
            if name in components and name not in found:
                found.add(name)
                waiting.append(components[name])
    return found


def used(components: Json, *roots: Any) -> Json:
    """Those components that something refers to: the Structs of queries, for one, stand in their parameters."""
    reached = _reached(components, list(roots))
    return {name: schema for name, schema in components.items() if name in reached}


def _snake(name: str) -> str:
    return _SNAKE.sub("_", name.removesuffix("Code")).lower()


def _short(name: str) -> str:
    """`service.audit.schemas.FindingView` (msgspec's name for the second of a name) as `AuditFindingView`."""
    parts = name.split(".")
    return name if len(parts) == 1 else f"{parts[1].title()}{parts[-1]}"
