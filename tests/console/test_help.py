"""What forms say beside their fields is for officials: no value of the wire, no English half of a description."""

from __future__ import annotations

import re
from collections.abc import Iterable

from service.app import API_ROUTES
from service.docs.forms import Forms
from service.docs.schemas_forms import FieldView

# Words that are what they are called in Chinese too: a file, a claim of another system, an example.
KNOWN = re.compile(
    "JWK|OKP|EdDSA|EC|RSA|PS|ES|SHA|SM|Ed|GB|Basic|YAML|publiccode|yml|openid|sub|https|sso|example|gov|cn|web|windows"
    "|linux|android|project|acr|amr|reason"
)
WORD = re.compile(r"[A-Za-z]{2,}")


def _said(fields: Iterable[FieldView]) -> Iterable[tuple[str, str]]:
    for each in fields:
        yield each.pointer, f"{each.label} {each.help} {' '.join(choice.label for choice in each.choices)}"
        yield from _said(each.fields)
        for variant in each.variants:
            yield from _said(variant.fields)


def test_no_help_of_a_form_speaks_code() -> None:
    forms = Forms(lambda: API_ROUTES)
    found = {
        (operation, pointer, word)
        for operation in forms.listed
        if operation != "batches_submit"  # asked by programs alone: its body is the API's own language
        for pointer, text in _said(getattr(forms.of(operation), "fields", []))
        for word in WORD.findall(text)
        if not KNOWN.fullmatch(word)
    }
    assert not found
