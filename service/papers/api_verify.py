"""POST /verify and /verify/file: anybody may ask whether a paper is what was issued. Counted as strangers are."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, cast

from litestar import Request
from litestar.handlers import HTTPRouteHandler

from service.kit.api import Error
from service.kit.call import Services, Spec
from service.kit.decoding import decode_body
from service.kit.errors import ServiceError
from service.kit.handler import Handler, Rendered
from service.kit.refusals import reading
from service.kit.wire import encode
from service.papers.schemas import Verified, VerifyIn
from service.papers.verifying import by_code, by_file

PDF = "application/pdf"
PAGE_FILE, API_FILE = "/verify/file", "/api/v1/verify/file"  # where anybody may send a file
NO_PDF = Error(422, "invalid_body", "内容不是 PDF 文件")
Ask = Callable[[Services, "Request[Any, Any, Any]", bytes], Awaitable[Verified]]

_BY_CODE = Spec(
    method="POST",
    path="/verify",
    operation_id="papers_verify",
    summary="核验文书",
    tag="papers",
    resource="",
    action="",
    status=200,
    unsafe=False,
    body=VerifyIn,
    answer=Verified,
    description="凭文书上的核验码、编号和金额，问是否与出具的一致；不需要令牌。核验码、编号、金额任何一项不符，答复都一样。",
)
_BY_FILE = Spec(
    method="POST",
    path="/verify/file",
    operation_id="papers_verify_file",
    summary="核验文书的 PDF 文件",
    tag="papers",
    resource="",
    action="",
    status=200,
    unsafe=False,
    upload=PDF,
    answer=Verified,
    errors=(NO_PDF,),
    description="请求内容即 PDF 文件本身，至多 2 MiB，不保存；不需要令牌。出具以后有过改动的答 altered；经打印、转换"
    "或另存的已不是原件，请凭核验码、编号和金额核验。PDF 和 OFD 自带的电子签名不在核验之列。",
)


async def _code(services: Services, request: Request[Any, Any, Any], raw: bytes) -> Verified:
    headers = request.headers
    asked = decode_body(
        raw,
        headers.get("content-type", ""),
        VerifyIn,
        encoding=headers.get("content-encoding", ""),
        labels=services.labels,
    )
    return await by_code(services, asked)


async def _file(services: Services, _request: Request[Any, Any, Any], raw: bytes) -> Verified:
    if not raw.startswith(b"%PDF-"):
        raise ServiceError(NO_PDF.status, NO_PDF.code, NO_PDF.meaning)
    return await by_file(services, raw)


def _route(spec: Spec, ask: Ask) -> HTTPRouteHandler:
    async def endpoint(request: Request[Any, Any, Any]) -> Rendered:
        raw = cast(bytes, request.scope.get("tj.body", b""))
        with reading():
            found = await ask(request.app.state.services, request, raw)
        return Rendered(200, {"content-type": spec.media_type}, encode(found))

    endpoint.__name__ = spec.operation_id
    return Handler(
        spec.path,
        http_method=["POST"],
        status_code=200,
        opt={"spec": spec},
        include_in_schema=False,
        name=spec.operation_id,
    )(endpoint)


ROUTES: list[HTTPRouteHandler] = [_route(_BY_CODE, _code), _route(_BY_FILE, _file)]
