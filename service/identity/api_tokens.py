"""The token endpoint (RFC 6749, RFC 7523), revocation (after RFC 7009) and our public keys.

Nobody has a Principal here yet, so these are plain routes; `opt["spec"]` documents them all the same.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, cast
from urllib.parse import parse_qsl

import msgspec
from litestar import Request, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.response.base import ASGIResponse

from service.identity.credentials import Credentials, decode_basic, refused
from service.identity.schemas import Jwks, RevokeForm, TokenAnswer, TokenForm
from service.identity.tokens import TokenService
from service.identity.trying import Try, claimed
from service.kit.address import Hop
from service.kit.api import Error, Services, Spec
from service.kit.errors import ServiceError
from service.kit.limits import Limits
from service.kit.refusals import refusals

TAG = "oauth"
FORM = "application/x-www-form-urlencoded"
JWKS_PATH = "/.well-known/jwks.json"


def _service(request: Request[Any, Any, Any]) -> TokenService:
    services: Services = request.app.state.services
    return cast(TokenService, services.shelf[TokenService])


def decode_form(raw: bytes, content_type: str) -> dict[str, str]:
    """The form's parameters; `invalid_request` for another media type, bad encoding or a repeated parameter."""
    if content_type.partition(";")[0].strip().lower() != FORM:
        raise refused("invalid_request")
    try:
        pairs = parse_qsl(raw.decode("ascii"), keep_blank_values=True, max_num_fields=20, errors="strict")
    except ValueError:
        raise refused("invalid_request") from None
    form = dict(pairs)
    if len(form) != len(pairs) or any("\x00" in value for value in form.values()):
        raise refused("invalid_request")
    return {name: value for name, value in form.items() if value}  # empty = omitted (RFC 6749 section 3.2)


_TOKEN = Spec(
    method="POST",
    path="/oauth/token",
    operation_id="oauth_token",
    summary="获取访问令牌",
    tag=TAG,
    resource="",
    action="",
    status=200,
    body=TokenForm,
    form=True,
    answer=TokenAnswer,
    unsafe=False,
    errors=(
        Error(400, "invalid_request", "缺少必要的参数、参数重复，或不是表单编码"),
        Error(400, "invalid_grant", "断言或用户未被接受，不区分原因"),
        Error(400, "unsupported_grant_type", "不支持这种授权方式"),
        Error(401, "invalid_client", "客户端身份未获确认，不区分原因"),
    ),
    description="表单编码。client_credentials：门户自身；jwt-bearer：门户代表本地区的用户，断言由登记的密钥签名，只用一次。",
)
_REVOKE = Spec(
    method="POST",
    path="/oauth/revoke",
    operation_id="oauth_revoke",
    summary="吊销令牌",
    tag=TAG,
    resource="",
    action="",
    status=200,
    unsafe=False,
    body=RevokeForm,
    form=True,
    errors=(
        Error(400, "invalid_request", "参数重复，或不是表单编码"),
        Error(400, "invalid_grant", "令牌是发给其他客户端的"),
        Error(401, "invalid_client", "未说明由谁吊销：须携带客户端凭据，或本客户端有效的 Bearer"),
        Error(503, "unavailable", "吊销未能写入，请稍后重试"),
    ),
    description="表单的 token 在五秒内于各处失效；"
    "不带 token 时吊销 Bearer 自身。已经无效的令牌同样答复 200（RFC 7009）。",
)
_JWKS = Spec(
    method="GET",
    path=JWKS_PATH,
    operation_id="oauth_jwks",
    summary="公钥",
    tag=TAG,
    resource="",
    action="",
    status=200,
    answer=Jwks,
    media_type="application/jwk-set+json",
    description="验证访问令牌的公钥（RFC 7517）；轮换期间新旧并存。",
)


def _try_of(request: Request[Any, Any, Any], named: str) -> Try:
    hop = cast(Hop, request.scope["tj.address"])  # type: ignore[typeddict-item]
    return Try(hop.text, cast(str, request.scope.get("tj.request_id", "")), named)


@asynccontextmanager
async def trying(
    request: Request[Any, Any, Any], form: Mapping[str, str], basic: Credentials | None
) -> AsyncIterator[Try]:
    """One try of a client's credential: counted, and as a failure where it was a guess."""
    tried = _try_of(request, claimed(form, basic))
    hop = cast(Hop, request.scope["tj.address"])  # type: ignore[typeddict-item]
    limits: Limits = request.app.state.services.shelf[Limits]
    async with limits.attempt("token", tried.claimed, hop) as attempt:
        with refusals():
            try:
                yield tried
            except ServiceError as error:
                guess = error.code in ("invalid_client", "invalid_grant") and not tried.proven
                attempt.passed = False if guess else None
                raise
        attempt.passed = True


@post(
    "/oauth/token",
    status_code=200,
    opt={"spec": _TOKEN},
    include_in_schema=False,
    name="oauth_token",
)
async def token(request: Request[Any, Any, Any]) -> ASGIResponse:
    """One grant, one token."""
    raw = cast(bytes, request.scope.get("tj.body", b""))
    hop = cast(Hop, request.scope["tj.address"])  # type: ignore[typeddict-item]
    limits: Limits = request.app.state.services.shelf[Limits]
    try:
        form = decode_form(raw, request.headers.get("content-type", ""))
        basic = decode_basic(request.headers.get("authorization"))
    except ServiceError:
        await limits.anonymous(hop)  # no try of a credential, and not for nothing either
        raise
    async with trying(request, form, basic) as tried:
        answer = await _service(request).grant(form, basic, tried)
    return ASGIResponse(body=msgspec.json.encode(answer), media_type="application/json")


@post(
    "/oauth/revoke",
    status_code=200,
    opt={"spec": _REVOKE},
    include_in_schema=False,
    name="oauth_revoke",
)
async def revoke(request: Request[Any, Any, Any]) -> ASGIResponse:
    """200 also for what is no token; 503 when the revocation could not be written."""
    raw = cast(bytes, request.scope.get("tj.body", b""))
    form = decode_form(raw, request.headers.get("content-type", "")) if raw else {}
    given = request.headers.get("authorization")
    if given is None and "token" not in form:  # names nothing, so it would end nothing: 200 would be a lie
        raise refused("invalid_client")
    if (given or "").partition(" ")[0].lower() == "bearer" or "token" not in form:
        with refusals():  # counted by the gate
            await _service(request).revoke(form, given, _try_of(request, ""))
    else:  # a secret can be guessed here as well
        async with trying(request, form, decode_basic(given)) as tried:
            await _service(request).revoke(form, given, tried)
    return ASGIResponse(body=b"", status_code=200)


@get(JWKS_PATH, opt={"spec": _JWKS, "root": True}, include_in_schema=False, name="oauth_jwks")
async def jwks(request: Request[Any, Any, Any]) -> ASGIResponse:
    """The keys of the file as it is now."""
    return ASGIResponse(
        body=msgspec.json.encode(_service(request).jwks), media_type="application/jwk-set+json"
    )


ROUTES: list[HTTPRouteHandler] = [token, revoke]
ROOT_ROUTES: list[HTTPRouteHandler] = [jwks]  # outside /api/v1
