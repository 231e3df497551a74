"""The console's own files, named by what is in them, so that a browser keeps them for a year."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, NamedTuple

from litestar import Request
from litestar.handlers import HTTPRouteHandler

from service.kit.errors import or_404
from service.kit.handler import Handler, Rendered

STATIC = Path(__file__).resolve().parent / "static"
TYPES = {
    "console.css": "text/css; charset=utf-8",
    "console.js": "text/javascript; charset=utf-8",
    "htmx.min.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}


class File(NamedTuple):
    """A file as it is served."""

    body: bytes
    media: str


def _named() -> tuple[dict[str, str], dict[str, File]]:
    addresses, files = {}, {}
    for name, media in TYPES.items():
        body = (STATIC / name).read_bytes()
        stem, _, ending = name.rpartition(".")
        hashed = f"{stem}.{hashlib.sha256(body).hexdigest()[:16]}.{ending}"
        addresses[name] = f"/console/static/{hashed}"
        files[hashed] = File(body, media)
    return addresses, files


ADDRESSES, _FILES = _named()


async def _file(request: Request[Any, Any, Any]) -> Rendered:
    found = or_404(_FILES.get(str(request.path_params["name"])))
    return Rendered(200, {"content-type": found.media}, found.body)


ROUTES: list[HTTPRouteHandler] = [
    Handler(
        "/console/static/{name:str}", http_method=["GET"], include_in_schema=False, name="console_static"
    )(_file)
]
