"""Answers that were recorded from a real run, put beside their schemas: by operation and status, problems by code.

`openapi/recorded.json` is written by `make examples` (tests/contract/record_examples.py); where it is not there, as in
an installation without the document, nothing is shown.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from service.docs.members import name_of
from service.kit.errors import PROBLEM_JSON

Json = dict[str, Any]
_PLACE = "#/components/examples/"
_CODE = "problem."


def shown(document: Json, file: Path) -> Json:
    """The document with an example in each answer that has been recorded."""
    told = _read(file)
    for methods in document["paths"].values():
        for operation in methods.values():
            for status, body in told["answers"].get(operation["operationId"], {}).items():
                media = operation["responses"].get(status, {}).get("content", {}).get("application/json")
                if media is not None:
                    media["example"] = body
            for status, answer in operation["responses"].items():
                _refused(answer, told["problems"], status)
    for name, answer in document["components"]["responses"].items():
        _refused(answer, told["problems"], name.split(".")[1])  # problems.component_name
    if told["problems"]:
        document["components"]["examples"] = {
            f"{_CODE}{code}": {"summary": body["title"], "value": body}
            for code, body in told["problems"].items()
        }
    return document


def _refused(answer: Json, problems: Json, status: str) -> None:
    """Of every refusal that it can be, the recorded one by reference: it stands once in the document."""
    media = answer.get("content", {}).get(PROBLEM_JSON)
    if media is None:
        return
    listed = media["schema"].get("anyOf", [media["schema"]])
    names = {str(each["$ref"]).rpartition("/")[2] for each in listed}
    found = {
        code: {"$ref": f"{_PLACE}{_CODE}{code}"}
        for code, body in problems.items()
        if name_of(code) in names and str(body["status"]) == status
    }
    if found:
        media["examples"] = found


@cache
def _read(file: Path) -> Json:
    if not file.exists():
        return {"answers": {}, "problems": {}}
    return dict(msgspec.json.decode(file.read_bytes()))
