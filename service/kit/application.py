"""From the gate to an operation: Litestar finds the way, and of what it would do there only what ours need is done.

Its own walk passes two handlers of errors, a cache of answers, a stack of dependencies and a look for forms; an
operation of ours has guards, an endpoint and an answer. All else (unknown paths and methods, others' handlers) is its.
"""

from __future__ import annotations

import re
from typing import Any

from litestar import Litestar, Request
from litestar.exceptions import HTTPException
from litestar.types import Receive, Send
from litestar.utils import normalize_path

from service.kit.handler import Handler

_PLAIN = re.compile(rb"[0-9A-Za-z.:\-]*")  # of hosts; whether others are any, Litestar judges


class Application(Litestar):
    """Litestar's, with a shorter way to our handlers. `exception_handlers` by class, the first that fits."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """One request; what begins and ends the application goes to Litestar as well."""
        handler = self._found(scope) if scope["type"] == "http" else None
        if handler is None:
            await super().__call__(scope, receive, send)
            return
        request: Request[Any, Any, Any] = Request(scope, receive, send)
        try:
            await handler.authorize_connection(request)
            await (await handler.fn(request))(scope, receive, send)
        except Exception as error:
            if scope.get("tj.begun"):  # half an answer is sent: the server ends the connection
                raise
            await self._told(request, error, receive, send)

    def _found(self, scope: dict[str, Any]) -> Handler | None:
        """The operation of a request, its path's parameters put on the scope; None for what Litestar is to answer."""
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        if scope.get("root_path") or not all(map(_PLAIN.fullmatch, hosts)):
            return None
        try:
            _, handler, path, params, template = self.asgi_router.handle_routing(
                path=normalize_path(scope["path"]), method=scope["method"]
            )
        except HTTPException:
            return None
        if not isinstance(handler, Handler):
            return None
        scope |= {"path": path, "path_params": params, "path_template": template, "route_handler": handler}
        scope["app"] = scope["litestar_app"] = self
        scope.setdefault("state", {})
        return handler

    async def _told(
        self, request: Request[Any, Any, Any], error: Exception, receive: Receive, send: Send
    ) -> None:
        """Answers for an error."""
        answers = self.exception_handlers.items()
        say: Any = next(say for kind, say in answers if isinstance(kind, type) and isinstance(error, kind))
        response = say(request, error).to_asgi_response(app=None, request=request)
        await response(request.scope, receive, send)
