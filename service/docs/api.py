"""/openapi.json and /docs: the reference, from vendored files only; nothing is fetched from anywhere else."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from litestar import Request, get
from litestar.handlers import HTTPRouteHandler
from litestar.response.base import ASGIResponse

from service.docs import document as openapi
from service.kit.errors import not_found

STATIC = Path(__file__).resolve().parent / "static"
SANDBOX = "（沙箱）"
# The only files that are served, each with its type.
FILES = {
    "docs.css": "text/css",
    "docs.js": "text/javascript",
    "icon.svg": "image/svg+xml",
    "old.js": "text/javascript",
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
}
# Swagger UI's stylesheet draws its icons from data: URLs; everything else is our own file.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"
)


@get("/openapi.json", include_in_schema=False, name="openapi_document")
async def document(request: Request[Any, Any, Any]) -> ASGIResponse:
    """The contract of exactly the routes that this process serves."""
    state = request.app.state
    if "openapi" not in state:
        routes = openapi.routes_of(request.app)
        state.openapi = await asyncio.to_thread(lambda: openapi.render(_told(routes, sandbox=state.sandbox)))
    return ASGIResponse(body=state.openapi, media_type="application/json")


def _told(routes: list[HTTPRouteHandler], *, sandbox: bool) -> dict[str, Any]:
    made = openapi.build(routes)
    if sandbox:
        made["info"]["title"] += SANDBOX
    return made


@get("/", include_in_schema=False, name="entrance")
async def entrance() -> ASGIResponse:
    """Whoever only knows the host is led to what describes it."""
    return ASGIResponse(body=b"", status_code=303, headers={"location": "/docs"})


@get("/docs", include_in_schema=False, name="docs")
async def page(request: Request[Any, Any, Any]) -> ASGIResponse:
    """The page; `docs.js` starts Swagger UI."""
    text = (STATIC / "index.html").read_text(encoding="utf-8")
    if request.app.state.sandbox:
        text = text.replace("接口文档<", f"接口文档{SANDBOX}<")
    return _sent(text.encode(), "text/html")


@get("/docs/static/{name:str}", include_in_schema=False, name="docs_static")
async def static(request: Request[Any, Any, Any]) -> ASGIResponse:
    """One of FILES."""
    name = str(request.path_params["name"])
    if name not in FILES:
        raise not_found()
    return _file(name, FILES[name])


def _file(name: str, media_type: str) -> ASGIResponse:
    return _sent((STATIC / name).read_bytes(), media_type)


def _sent(body: bytes, media_type: str) -> ASGIResponse:
    headers = {"content-security-policy": POLICY, "cross-origin-opener-policy": "same-origin"}
    return ASGIResponse(body=body, media_type=media_type, headers=headers)


ROUTES: list[HTTPRouteHandler] = [document, entrance, page, static]
