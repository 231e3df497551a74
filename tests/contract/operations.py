"""The operations of the committed document; every matrix of this package is derived from them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from service.docs.document import COMMITTED
from service.kit.roles import load_roles
from tests.matrix import load_matrix

DOCUMENT: dict[str, Any] = json.loads(COMMITTED.read_bytes())
MATRIX: dict[str, list[str]] = load_matrix()
EVERYBODY: list[str] = [f"{tier}.{role}" for tier, role in load_roles().valid]


@dataclass(frozen=True)
class Operation:
    """One operation as the document tells it."""

    id: str
    method: str
    path: str
    doc: dict[str, Any]

    def __str__(self) -> str:
        return self.id

    @property
    def permission(self) -> str | None:
        """`<resource>/<action>`; None for the token endpoint and the public keys."""
        return self.doc.get("x-permission")

    @property
    def may(self) -> list[str]:
        """Who may, by matrix.yaml."""
        return MATRIX[self.permission] if self.permission else []

    @property
    def parameters(self) -> list[dict[str, Any]]:
        return [resolved(each) for each in self.doc.get("parameters", ())]

    @property
    def path_names(self) -> list[str]:
        return [each["name"] for each in self.parameters if each["in"] == "path"]

    @property
    def query_names(self) -> list[str]:
        return [each["name"] for each in self.parameters if each["in"] == "query"]

    @property
    def conditional(self) -> bool:
        return any(each["name"] == "If-Match" for each in self.parameters)

    @property
    def unsafe(self) -> bool:
        """Whether it writes (and so takes an idempotency key)."""
        return any(each["name"] == "Idempotency-Key" for each in self.parameters)

    @property
    def example(self) -> Any:
        """The documented example of its JSON body."""
        content = self.doc.get("requestBody", {}).get("content", {})
        return content.get("application/json", {}).get("example")

    @property
    def is_file(self) -> bool:
        """Whether its body is taken as it is: a file, lines."""
        content = self.doc.get("requestBody", {}).get("content", {})
        return any(media.get("schema", {}).get("format") == "binary" for media in content.values())

    def codes(self) -> set[tuple[int, str]]:
        """(status, code) of every documented problem."""
        found = set()
        for status, answer in self.doc["responses"].items():
            told = resolved(answer).get("content", {}).get("application/problem+json", {}).get("schema", {})
            for each in told.get("anyOf", [told] if told else []):
                problem = resolved(each)["properties"]
                assert int(status) in problem["status"]["enum"]
                found.add((int(status), problem["code"]["const"]))
        return found


def resolved(value: dict[str, Any]) -> dict[str, Any]:
    reference = value.get("$ref")
    if reference is None:
        return value
    found: Any = DOCUMENT
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return dict(found)


OPERATIONS = [
    Operation(doc["operationId"], method.upper(), path, doc)
    for path, methods in DOCUMENT["paths"].items()
    for method, doc in methods.items()
]
BY_ID = {operation.id: operation for operation in OPERATIONS}
GUARDED = [operation for operation in OPERATIONS if operation.permission]
# Paths that name nobody's thing: the form of an operation is the same for all, a kind of draft is told to each office
# of its own template (tests/portfolio/test_draft_templates.py).
_SHARED = (["operation_id"], ["kind"])
OWNED = [operation for operation in GUARDED if operation.path_names and operation.path_names not in _SHARED]
LISTS = [operation for operation in GUARDED if operation.method == "GET" and not operation.path_names]
