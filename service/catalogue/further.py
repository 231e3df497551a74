"""The part of a publiccode.yml that has no place of its own in an app: YAML again, looked at as the file was."""

from __future__ import annotations

import msgspec

from service.catalogue import publiccode_yaml
from service.kit.api import Call
from service.kit.errors import FieldError, ServiceError, invalid
from service.kit.text import clean_value
from service.measures.secrecy import is_classified
from service.projects.deciding import classified
from service.rulebook.book import RuleBooks


async def check(call: Call, text: str) -> None:
    """A mapping, decoded so that marks of secrecy hide behind no escape. 422 at `/further` for anything else."""
    if not text:
        return
    try:
        value = clean_value(publiccode_yaml.load(text), "/further")
    except ServiceError as error:
        raise invalid(
            [FieldError("/further", each.code, each.detail) for each in error.extensions["errors"]]
        ) from None
    if is_classified(msgspec.json.encode(value, enc_hook=str)):
        raise classified(call.service(RuleBooks))
    if not isinstance(value, dict):
        raise invalid([FieldError("/further", "malformed_yaml", "应为 YAML 的键值内容")])
