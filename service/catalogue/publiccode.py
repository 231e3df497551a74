"""One app as YAML after the manner of publiccode.yml: written by the export, read strictly by the import.

The standard's own keys carry what they can; what it has no word for stands under `tongjian`. Status and edition are
told (`developmentStatus`) but never taken: what is imported is a draft. Nothing in the text is executed, aliases and
repeated keys are refused, and its size is bounded by the request's schema.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

import msgspec
import yaml
from msgspec import Meta, Struct, field

from service.catalogue.schemas import (
    AppContent,
    Category,
    Certificate,
    Cost,
    DataItem,
    Interface,
    Level,
    Prose,
    ReachName,
    Release,
    Short,
    Summary,
    Support,
)
from service.kit.decoding import explain
from service.kit.errors import FieldError, invalid
from service.kit.text import Email, Name, Phone, line
from service.projects.schemas import Line

DEVELOPMENT = {
    "draft": "development", "pilot": "beta", "available": "stable", "deprecated": "obsolete", "retired": "obsolete",
}  # fmt: skip
_DEEPEST = 20
_BOOL = "tag:yaml.org,2002:bool"


class Chinese(Struct, forbid_unknown_fields=True, rename="camel", kw_only=True):
    """The description."""

    short_description: Summary = ""
    long_description: Prose = ""
    features: Annotated[list[Line], Meta(max_length=60)] = []


class Description(Struct, forbid_unknown_fields=True):
    """By language; ours is Chinese."""

    zh: Chinese


class Contact(Struct, forbid_unknown_fields=True):
    """Whom to turn to."""

    name: Short
    phone: Phone = ""
    email: Email = ""


class Maintenance(Struct, forbid_unknown_fields=True):
    """Who keeps it: the provider itself."""

    type: Literal["internal"] = "internal"
    contacts: Annotated[list[Contact], Meta(max_length=1)] = []


class Extension(Struct, forbid_unknown_fields=True, rename="camel", kw_only=True):
    """What the Measures ask for and the standard has no key for."""

    reach: Literal[ReachName] = "tenant"
    data_shared: Annotated[list[DataItem], Meta(max_length=100)] = []
    interfaces: Annotated[list[Interface], Meta(max_length=50)] = []
    security_level: Level | None = None
    certificates: Annotated[list[Certificate], Meta(max_length=20)] = []
    cost: Cost = field(default_factory=Cost)
    service_terms: Prose = ""
    versions: Annotated[list[Release], Meta(max_length=50)] = []


class PublicCode(Struct, forbid_unknown_fields=True, rename="camel", kw_only=True):
    """The file."""

    publiccode_yml_version: Literal["0.4"]
    name: Name
    software_version: Annotated[str, line(40, kind="number", empty=True)] = ""
    development_status: Literal["development", "beta", "stable", "obsolete"] = "development"
    categories: Annotated[list[Category], Meta(min_length=1, max_length=1)]
    description: Description
    maintenance: Maintenance = field(default_factory=Maintenance)
    tongjian: Extension = field(default_factory=Extension)


class _Loader(yaml.SafeLoader):
    """Safe, without aliases and repeated keys, not deeper than anybody writes; only true and false are booleans."""

    depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("alias")
        self.depth += 1
        if self.depth > _DEEPEST:
            raise yaml.YAMLError("too deep")
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        mapping = super().construct_mapping(node, deep=deep)
        if len(mapping) != len(node.value):
            raise yaml.YAMLError("repeated key")
        return mapping


_Loader.yaml_implicit_resolvers = {
    first: [pair for pair in pairs if pair[0] != _BOOL]
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(_BOOL, re.compile(r"^(?:true|false)$"), list("tf"))


class _Dumper(yaml.SafeDumper):
    """Safe, and true to every character: what plain YAML would fold into a blank is written escaped."""


def _quoted(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    plain = not set(text) & set("\x85\u2028\u2029\ufeff")
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if plain else '"')


_Dumper.add_representer(str, _quoted)


def load(text: str) -> Any:
    """The document as plain values; a fault at `/publiccode` for what is not safe YAML."""
    loader = None
    try:
        loader = _Loader(text)
        value = loader.get_single_data()
        msgspec.json.encode(value)  # an escape may write half a character, which nothing could ever store
        return value
    # A wrong tag (`!!int ''`, `!!bool maybe`, `!!timestamp x`) fails inside the library as whatever it stumbles over.
    except (yaml.YAMLError, ValueError, TypeError, LookupError, AttributeError, RecursionError):
        fault = FieldError(
            "/publiccode", "malformed_yaml", "不是有效的 YAML，或含有别名、重复的键、过深的层次、不合的标记"
        )
        raise invalid([fault]) from None
    finally:
        if loader is not None:
            loader.dispose()


def read(value: Any) -> PublicCode:
    """Checked strictly; pointers lead into the document below `/publiccode`."""
    try:
        return msgspec.convert(value, PublicCode, strict=True)
    except msgspec.ValidationError as error:
        fault = explain(str(error))
        raise invalid([FieldError(f"/publiccode{fault.pointer}", fault.code, fault.detail)]) from None


def content_of(code: PublicCode) -> AppContent:
    """What a draft takes of it."""
    zh, more = code.description.zh, code.tongjian
    contact = code.maintenance.contacts[0] if code.maintenance.contacts else Contact("")
    return AppContent(
        category=code.categories[0],
        summary=zh.short_description,
        description=zh.long_description,
        functions=zh.features,
        data_items=more.data_shared,
        interfaces=more.interfaces,
        security_level=more.security_level,
        certificates=more.certificates,
        cost=more.cost,
        service_terms=more.service_terms,
        support=Support(contact.name, contact.phone, contact.email),
        versions=more.versions,
    )


def dump(name: str, status: str, reach: str, content: AppContent) -> bytes:
    """The app as the import reads it."""
    latest = max(content.versions, key=lambda each: each.released_on).number if content.versions else ""
    contact = Contact(content.support.name, content.support.phone, content.support.email)
    code = PublicCode(
        publiccode_yml_version="0.4",
        name=name,
        software_version=latest,
        development_status=DEVELOPMENT[status],  # type: ignore[arg-type]
        categories=[content.category],
        description=Description(
            Chinese(
                short_description=content.summary,
                long_description=content.description,
                features=content.functions,
            )
        ),
        maintenance=Maintenance(contacts=[contact] if contact.name else []),
        tongjian=Extension(
            reach=reach,  # type: ignore[arg-type]
            data_shared=content.data_items,
            interfaces=content.interfaces,
            security_level=content.security_level,
            certificates=content.certificates,
            cost=content.cost,
            service_terms=content.service_terms,
            versions=content.versions,
        ),
    )
    plain = msgspec.to_builtins(code, builtin_types=())
    return yaml.dump(plain, Dumper=_Dumper, allow_unicode=True, sort_keys=False).encode()
