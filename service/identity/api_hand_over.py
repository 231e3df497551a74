"""A portal hands a person it has signed in over to the console: an assertion in, an address good once out.

The assertion is the one portals sign for tokens (RFC 7523) and is burnt; it never passes through a browser. What does
is a code of 256 random bits, good for a minute, whose digest is kept with person, client and roles.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, cast
from urllib.parse import quote

import asyncpg
import msgspec
from litestar import Request, post
from litestar.handlers import HTTPRouteHandler
from litestar.response.base import ASGIResponse
from msgspec import Meta, Struct, UnsetType

from service.identity import powers
from service.identity.api_tokens import TAG, decode_form, trying
from service.identity.credentials import credentials_of, decode_basic, refused
from service.identity.sessions import HANDED, Sessions
from service.identity.tokens import TokenService
from service.identity.trying import HAND_OVER
from service.identity.visitors import Came
from service.kit.address import Hop
from service.kit.api import Error, Services, Spec
from service.kit.errors import ServiceError
from service.kit.limits import Limits
from service.kit.text import Secret
from service.settings import Settings


class HandOverForm(Struct, kw_only=True):
    """The form: the portal's assertion, and where to go on; other parameters are ignored, repeated ones refused."""

    assertion: Annotated[Secret, Meta(description="断言，与获取令牌的相同（RFC 7523），只用一次")]
    client_id: Secret | UnsetType = msgspec.UNSET
    client_secret: Secret | UnsetType = msgspec.UNSET
    to: (
        Annotated[Secret, Meta(description="进入后打开的页面，以 /console 开头；不填则为待办")] | UnsetType
    ) = msgspec.UNSET


class HandOver(Struct):
    """Where the portal sends the person's browser; good once, for `expires_in` seconds."""

    address: Annotated[str, Meta(description="一次性的进入地址")]
    expires_in: Annotated[int, Meta(description="有效秒数")]


_SPEC = Spec(
    method="POST",
    path="/oauth/hand-over",
    operation_id="oauth_hand_over",
    summary="把已登录的人员转入工作台",
    tag=TAG,
    resource="",
    action="",
    status=200,
    body=HandOverForm,
    form=True,
    answer=HandOver,
    unsafe=False,
    errors=(
        Error(400, "invalid_request", "缺少必要的参数、参数重复，或不是表单编码"),
        Error(400, "invalid_grant", "断言或用户未被接受，不区分原因"),
        Error(401, "invalid_client", "客户端身份未获确认，不区分原因"),
    ),
    description="表单编码，由门户的服务器调用。断言与 jwt-bearer 相同，用过即废；答复的地址 60 秒内只能用一次，"
    "请立即让本人的浏览器打开，不要记录或转发。能用的岗位以登记给该客户端的为限。",
)


@post(
    "/oauth/hand-over",
    status_code=200,
    opt={"spec": _SPEC},
    include_in_schema=False,
    name="oauth_hand_over",
)
async def hand_over(request: Request[Any, Any, Any]) -> ASGIResponse:
    """One assertion, one address."""
    services: Services = request.app.state.services
    raw = cast(bytes, request.scope.get("tj.body", b""))
    limits: Limits = services.shelf[Limits]
    try:
        form = decode_form(raw, request.headers.get("content-type", ""))
        basic = decode_basic(request.headers.get("authorization"))
    except ServiceError:
        await limits.anonymous(cast(Hop, request.scope["tj.address"]))  # type: ignore[typeddict-item]
        raise
    tokens: TokenService = services.shelf[TokenService]
    sessions: Sessions = services.shelf[Sessions]
    async with trying(request, form, basic) as tried:
        credentials = credentials_of(form, basic)
        client, claims = await tokens.asserted(form, credentials, tried)
        rules = services.policy.roles
        may = powers.vouched(client, [*client["vouch_roles"], *rules.alone], claims.sub, rules)
        came = Came(
            HAND_OVER,
            may,
            client=client["id"],
            handed=True,
            cut=client["cut"],
            burnt=(client["id"], claims.jti, datetime.fromtimestamp(claims.exp, UTC)),
        )
        try:
            code = await sessions.begin(client["tenant_id"], claims.sub, came, tried)
        except asyncpg.UniqueViolationError:
            raise refused("invalid_grant") from None
    base = services.shelf[Settings].issuer.rstrip("/")
    onward = f"&to={quote(form['to'], safe='/')}" if form.get("to", "").startswith("/console") else ""
    answer = HandOver(f"{base}/console/hand-over?code={code}{onward}", int(HANDED.total_seconds()))
    return ASGIResponse(body=msgspec.json.encode(answer), media_type="application/json")


ROUTES: list[HTTPRouteHandler] = [hand_over]
