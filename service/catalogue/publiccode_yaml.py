"""YAML as a publiccode.yml may be written, and nothing else of YAML.

Nothing in the text is executed; aliases and repeated keys are refused, and its size is bounded by the request's
schema. Versions, dates and numbers stay the text they are written as: `1.10` is a version, not the number 1.1.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec
import yaml

from service.kit.errors import FieldError, invalid

_DEEPEST = 20
_TAG = "tag:yaml.org,2002:"


class _Loader(yaml.SafeLoader):
    """Safe, without aliases and repeated keys, not deeper than anybody writes; plain values are text or a boolean."""

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


_Loader.yaml_implicit_resolvers = {}
_Loader.add_implicit_resolver(f"{_TAG}bool", re.compile(r"^(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver(f"{_TAG}null", re.compile(r"^(?:~|null)?$"), ["~", "n", ""])


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
    except (
        yaml.YAMLError,
        ValueError,
        ArithmeticError,
        TypeError,
        LookupError,
        AttributeError,
        RecursionError,
    ):
        fault = FieldError(
            "/publiccode", "malformed_yaml", "不是有效的 YAML，或含有别名、重复的键、过深的层次、不合的标记"
        )
        raise invalid([fault]) from None
    finally:
        if loader is not None:
            loader.dispose()


def written(plain: Any) -> str:
    """Plain values as YAML, in their own order."""
    return yaml.dump(plain, Dumper=_Dumper, allow_unicode=True, sort_keys=False)
