"""Forms of operations, derived from their wire structs: what a page asks for, with bounds, choices and labels.

`Forms.of(operation_id)` is the one source of the console's forms and of `GET /operations/{operation_id}/form`. It
reads the same schemas as the OpenAPI document, so that neither can say what the decoder does not hold.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.docs import document as openapi
from service.docs.input_types import one_of, text_type
from service.docs.schemas_forms import ChoiceView, FieldView, FormView, VariantView
from service.kit.api import Spec
from service.vocabulary import label, names

Json = dict[str, Any]
_LABELS = names("input")
_BOUNDS = {
    "minimum": "min",
    "maximum": "max",
    "minLength": "min_length",
    "maxLength": "max_length",
    "minItems": "min_items",
    "maxItems": "max_items",
}
# A description may end with the same in English, for readers of the document.
_ENGLISH = re.compile(r"(?<=[。）])[A-Z][ -~]*$")


class Forms:
    """The forms of all unsafe operations that are somebody's to call; worked out when first asked for."""

    def __init__(self, routes: Callable[[], Iterable[HTTPRouteHandler]]) -> None:
        self._routes = routes
        self._known: dict[str, FormView] = {}

    def of(self, operation_id: str) -> FormView | None:
        """The form of an operation; None for a read, for a token endpoint and for what is none."""
        found = self._known.get(operation_id)
        if found is None and operation_id in self.listed:
            found = self._known[operation_id] = self._form(*self.listed[operation_id])
        return found

    @cached_property
    def listed(self) -> dict[str, tuple[str, Spec]]:
        """By operation id the path and all that is known of it."""
        every = openapi.specs(self._routes())
        return {spec.operation_id: (path, spec) for path, spec in every if spec.unsafe and spec.resource}

    @cached_property
    def _schemas(self) -> openapi.Schemas:
        return openapi.Schemas(openapi.specs(self._routes()))

    def _form(self, path: str, spec: Spec) -> FormView:
        fields = [] if spec.body is None else self._members(self._schemas.of(spec.body), "")
        if spec.upload:
            media = spec.upload.split(", ")
            fields = [
                FieldView(
                    pointer="",
                    name="",
                    type="file",
                    label=label("input_type", "file"),
                    required=True,
                    media_types=media,
                )
            ]
        return FormView(
            operation_id=spec.operation_id,
            label=spec.summary,
            help=inspect.cleandoc(spec.description),
            method=spec.method,
            path=path,
            if_match=spec.if_match,
            parameters=[] if spec.query is None else self._members(self._schemas.of(spec.query), ""),
            fields=fields,
        )

    def _members(self, schema: Json, at: str) -> list[FieldView]:
        """The fields of an object, in the order of its struct, those that must be there as such."""
        return self._listing(*self._resolved(schema), at)

    def _listing(self, component: str, schema: Json, at: str) -> list[FieldView]:
        required = frozenset(schema.get("required", ()))
        return [
            self._field(component, name, of, f"{at}/{name}", required=name in required)
            for name, of in schema.get("properties", {}).items()
        ]

    def _resolved(self, schema: Json) -> tuple[str, Json]:
        """The schema behind a reference, with what is said beside it, and the component's name."""
        name = ""
        while "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            beside = {key: of for key, of in schema.items() if key in ("description", "default")}
            schema = {**self._schemas.components[name], **({"description": ""} | beside)}
        return name, schema

    def _field(self, component: str, name: str, schema: Json, pointer: str, *, required: bool) -> FieldView:
        said = schema.get("description", "")
        chosen, nullable = one_of(schema)
        shown = _LABELS.get(f"{component}.{name}") or _LABELS[name]
        made = FieldView(
            pointer=pointer, name=name, type="json", label=shown, required=required, nullable=nullable
        )
        if chosen is not None:
            of, resolved = self._resolved(chosen)
            self._shape(made, resolved, of or component)
            said = said or resolved.get("description", "")
        elif "discriminator" in schema:
            self._variants(made, schema["discriminator"])
        default = schema.get("default")
        if default or default is False:
            made.default = default
        told = _ENGLISH.sub("", said).removeprefix(shown).lstrip("。：；，")
        made.help = "" if made.type in ("money", "reference") else told
        return made

    def _shape(self, made: FieldView, schema: Json, component: str = "") -> None:
        """Type, bounds, choices and members of what a schema, that of a component, describes."""
        for key, name in _BOUNDS.items():
            setattr(made, name, schema.get(key))
        if "x-enum-labels" in schema:
            _choose(made, "choice", schema)
        elif schema.get("type") == "array":
            self._rows(made, schema["items"])
        elif schema.get("type") == "object":
            self._object(made, schema, component)
        elif schema.get("type") == "string":
            made.type, made.of = text_type(made.name, schema)
            made.pattern = (
                schema.get("pattern", "") if schema.get("x-text") in (None, "telephone", "email") else ""
            )
        else:
            made.type = {"integer": "number", "boolean": "boolean"}.get(schema.get("type", ""), "json")

    def _rows(self, made: FieldView, items: Json) -> None:
        """A list: of choices, of objects with their members, or of single values."""
        chosen, _ = one_of(items)
        if chosen is None:
            return
        _, schema = self._resolved(chosen)
        if "x-enum-labels" in schema:
            _choose(made, "choices", schema)
            return
        made.type = "list"
        if "properties" in schema:
            made.fields = self._members(chosen, f"{made.pointer}/-")
            return
        one = FieldView(
            pointer=f"{made.pointer}/-", name=made.name, type="json", label=made.label, required=True
        )
        self._shape(one, schema)
        made.fields = [one]

    def _object(self, made: FieldView, schema: Json, component: str) -> None:
        """An object with members, one whose keys are chosen, one with keys of any name, or any JSON."""
        if "properties" in schema:
            made.type = "object"
            made.fields = self._listing(component, schema, made.pointer)
            return
        values = schema.get("additionalProperties")
        if not isinstance(values, dict):
            return
        _, keys = self._resolved(schema.get("propertyNames", {}))
        _, values = self._resolved(values)
        if "x-enum-labels" in keys:
            made.type = "object"
            made.fields = [
                FieldView(pointer=f"{made.pointer}/{code}", name=code, type="json", label=said["zh"])
                for code, said in keys["x-enum-labels"].items()
            ]
            for each in made.fields:
                self._shape(each, values)
            return
        made.type = "map"
        key = FieldView(pointer="", name="key", type="text", label=_LABELS["name"], required=True)
        value = FieldView(
            pointer=f"{made.pointer}/-", name="value", type="json", label=made.label, required=True
        )
        self._shape(key, {"type": "string", **keys})
        self._shape(value, values)
        made.fields = [key, value]

    def _variants(self, made: FieldView, discriminator: Json) -> None:
        """An object of several shapes, told by one of its members."""
        made.type, made.discriminator = "variant", discriminator["propertyName"]
        for code, ref in discriminator["mapping"].items():
            members = self._members({"$ref": ref}, made.pointer)
            tag = next(each for each in members if each.name == made.discriminator)
            made.vocabulary = tag.vocabulary
            shown = next(each.label for each in tag.choices if each.code == code)
            rest = [each for each in members if each is not tag]
            made.variants.append(VariantView(code, shown, rest))


def _choose(made: FieldView, kind: str, schema: Json) -> None:
    made.type, made.vocabulary = kind, schema["x-vocabulary"]
    made.choices = [ChoiceView(code, said["zh"]) for code, said in schema["x-enum-labels"].items()]
