"""Every JSON answer that a test is given fits the document: `Caller` holds each against its response's schema.

So what is stored and lies outside an enumeration (erased texts, imported values, steps from nowhere) is found by
whichever test reads it, not only where requests are generated.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import httpx
import jsonschema_rs

from service.docs.document import COMMITTED

_DOCUMENT = "urn:tongjian:document"
_IN_PATH = re.compile(r"\{[^}]+\}")


@cache
def _document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(COMMITTED.read_bytes())
    return found


@cache
def _registry() -> jsonschema_rs.Registry:
    return jsonschema_rs.Registry([(_DOCUMENT, _document())], draft=jsonschema_rs.Draft202012)


def _place(path: str) -> tuple[int, str]:
    """What a path has in common with its template: how many parts, and the first behind the version."""
    parts = path.split("/")
    return len(parts), parts[3] if len(parts) > 3 else ""


@cache
def _paths() -> dict[tuple[int, str], list[tuple[re.Pattern[str], str]]]:
    """What is written out before what has a name in it, as the router takes them."""
    found: dict[tuple[int, str], list[tuple[re.Pattern[str], str]]] = {}
    for path in sorted(_document()["paths"], key=lambda path: (path.count("{"), path)):
        pattern = re.compile("[^/]+".join(map(re.escape, _IN_PATH.split(path))))
        found.setdefault(_place(path), []).append((pattern, path))
    return found


def _template(path: str) -> str | None:
    return next((each for pattern, each in _paths().get(_place(path), ()) if pattern.fullmatch(path)), None)


@cache
def _validator(template: str, method: str, status: str, media: str) -> Any:
    """None for an answer whose schema the document does not tell."""
    told = _document()["paths"][template].get(method, {}).get("responses", {}).get(status)
    if told is None:
        return None
    at = f"/paths/{_pointer(template)}/{method}/responses/{status}"
    if "$ref" in told:
        at = told["$ref"].removeprefix("#")
        told = _document()["components"]["responses"][told["$ref"].rpartition("/")[2]]
    if media not in told.get("content", {}):
        return None
    reference = {"$ref": f"{_DOCUMENT}#{at}/content/{_pointer(media)}/schema"}
    return jsonschema_rs.validator_for(reference, registry=_registry())


def _pointer(key: str) -> str:
    """A key as a part of a JSON pointer in a fragment."""
    return (
        key.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D").replace("+", "%2B")
    )


def misfits(answer: httpx.Response) -> list[str]:
    """Where an answer differs from the document: place and reason; nothing for what is no JSON of an operation."""
    media = answer.headers.get("content-type", "").partition(";")[0]
    whole = media == "application/json" or media.endswith("+json")  # lines of JSON are no one document
    template = _template(answer.request.url.path) if whole else None
    if template is None or not answer.content:
        return []
    validator = _validator(template, answer.request.method.lower(), str(answer.status_code), media)
    if validator is None:
        return []
    told, twice = _read(answer.content)
    if not twice and validator.is_valid(told):
        return []
    return [f"{key} stands twice" for key in twice] + [
        f"{answer.request.method} {template} {'/'.join(map(str, each.instance_path))}: {each.message[:300]}"
        for each in validator.iter_errors(told)
    ]


def _read(content: bytes) -> tuple[Any, list[str]]:
    """The document, and members that stand twice in one object, of which readers take this one or that."""
    twice: list[str] = []

    def paired(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) != len(pairs):
            keys = [key for key, _ in pairs]
            twice.extend(key for key in made if keys.count(key) > 1)
        return made

    return json.loads(content, object_pairs_hook=paired), twice
