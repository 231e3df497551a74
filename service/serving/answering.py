"""What a serving process answers where an operation did not: refusals in our form, defects by type and place."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException

import service.setup.schema  # noqa: F401 - every process knows every table
from service.console.front import Console
from service.kit.errors import PROBLEM_JSON, ServiceError
from service.kit.gate import SANDBOX
from service.kit.handler import allow
from service.kit.refusals import away, unavailable
from service.kit.telemetry import Telemetry


def _answer(request: Request[Any, Any, Any], error: ServiceError) -> Response[bytes]:
    if (console := request.app.state.services.shelf[Console]).owns(request.scope["path"]):
        return console.response(request, error)  # type: ignore[no-any-return]
    told = error.body(request.scope.get("tj.request_id"))  # type: ignore[arg-type]
    body = msgspec.json.encode({**told, **(SANDBOX if request.app.state.sandbox else {})})
    return Response(body, status_code=error.status, headers=error.headers, media_type=PROBLEM_JSON)


def problem(request: Request[Any, Any, Any], error: ServiceError) -> Response[bytes]:
    return _answer(request, error)


def framework(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """Litestar's own refusals (unknown path, method) in our form; its texts may echo input and are dropped."""
    known = {
        404: ServiceError(404, "not_found", "未找到该记录，或当前身份不可见"),
        405: ServiceError(405, "method_not_allowed", "该地址不支持此方法"),
    }
    problem = known.get(error.status_code) or ServiceError(error.status_code, "bad_request", "请求有误")
    for name, value in (error.headers or {}).items():
        if name.lower() == "allow":
            problem.headers["allow"] = allow(value.split(", "))
    return _answer(request, problem)


def unexpected(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """A defect: logged by type and place, never with the request's content. A database that is away is none."""
    if away(error):  # on the routes that are no operations: calendars by secret address, tokens, health
        return _answer(request, unavailable())
    telemetry: Telemetry = request.app.state.services.shelf[Telemetry]
    trace, where = error.__traceback__, ""
    while trace is not None:
        where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
        trace = trace.tb_next
    telemetry.log.error(
        "unexpected", error=type(error).__name__, where=where, request_id=request.scope.get("tj.request_id")
    )
    return _answer(request, ServiceError(500, "internal", "服务内部错误，已记录，请稍后重试"))
