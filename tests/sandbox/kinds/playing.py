"""Whoever a recipe asks something of is played by the portal: its call goes through /sandbox/play and no other way."""

from __future__ import annotations

import base64
import re
from typing import Any
from urllib.parse import parse_qsl

import httpx

from tests.conftest import Caller
from tests.contract.operations import OPERATIONS, Operation
from tests.lives import World

_ROUTES = sorted(
    (
        (re.compile(re.sub(r"\{([a-z_]+)\}", r"(?P<\1>[^/]+)", each.path)), each)
        for each in OPERATIONS
        if each.path.startswith("/api/v1/")
    ),
    key=lambda route: route[1].path.count("{"),
)


def found(method: str, path: str) -> tuple[Operation, dict[str, str]]:
    """The operation that answers there, and the parts of its path."""
    for pattern, operation in _ROUTES:
        match = pattern.fullmatch(path)
        if match is not None and operation.method == method:
            return operation, match.groupdict()
    raise LookupError(f"{method} {path}")


class Played:
    """A caller who is somebody else, as far as the portal may play him."""

    def __init__(self, portal: Caller, by: str) -> None:
        self.portal, self.by = portal, by

    def other(self, login: str) -> Played:
        """A colleague of the same tenant."""
        return Played(self.portal, f"{self.by.partition('/')[0]}/{login}")

    async def __call__(
        self, method: str, path: str, body: Any = None, *, etag: str | None = None, **more: Any
    ) -> httpx.Response:
        url, _, asked = path.partition("?")
        url = url if url.startswith("/api") else f"/api/v1{url}"
        operation, parts = found(method, url)
        query = {
            **dict(parse_qsl(asked)),
            **{name: str(value) for name, value in more.get("params", {}).items()},
        }
        given: dict[str, Any] = {"act": operation.id, "by": self.by, "parts": parts, "query": query}
        if etag is not None and operation.conditional:
            given["version"] = int(etag.strip('"'))
        if body is not None:
            given["body"] = body
        if more.get("content") is not None:
            given["file"] = base64.b64encode(more["content"]).decode()
        answer = await self.portal("POST", "/sandbox/play", given)
        if not answer.is_success:
            return answer
        told = answer.json()
        headers = {name: told[name] for name in ("etag", "location") if name in told}
        content = {"json": told["body"]} if "body" in told else {}
        if "file" in told:
            content = {"content": base64.b64decode(told["file"])}
        return httpx.Response(
            told["status"], headers=headers, request=httpx.Request(method, f"http://played{url}"), **content
        )


class Portal(World):
    """A world of which the portal has nothing but its client, the sandbox's calls and the worker that runs anyway."""

    async def forgotten(self) -> None:
        """Nothing is forgotten here: whatever was caused is carried."""

    async def tidied(self, *tables: str) -> None:
        """No table is emptied: endpoints are deleted as a portal has it done."""
        if "webhook_endpoints" in tables:
            admin = self.by("city.administrator")
            for each in (await admin("GET", "/webhooks")).json()["items"]:
                await admin("DELETE", f"/webhooks/{each['id']}", etag=f'"{each["version"]}"')
