"""Where a client finds the token endpoint and what it takes (RFC 8414), so that nobody types addresses twice."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request, get
from litestar.handlers import HTTPRouteHandler
from litestar.response.base import ASGIResponse

from service.identity.api_tokens import JWKS_PATH, TAG
from service.identity.schemas_discovery import ServerMetadata
from service.identity.tokens import TOKEN_PATH
from service.identity.trying import CLIENT_CREDENTIALS, JWT_BEARER
from service.kit.api import Spec
from service.settings import Settings

METADATA_PATH = "/.well-known/oauth-authorization-server"
REVOKE_PATH = "/api/v1/oauth/revoke"
PROOFS = ["client_secret_basic", "client_secret_post"]
_METADATA = Spec(
    method="GET",
    path=METADATA_PATH,
    operation_id="oauth_metadata",
    summary="授权服务的地址和能力",
    tag=TAG,
    resource="",
    action="",
    status=200,
    answer=ServerMetadata,
    description="令牌、吊销和公钥的地址，以及支持的授权方式（RFC 8414）；issuer 与令牌的 iss 相同。",
)


def metadata(issuer: str) -> ServerMetadata:
    """What stands below the issuer's address; the issuer itself as it is in the tokens, to the letter."""
    base = issuer.rstrip("/")
    return ServerMetadata(
        issuer=issuer,
        token_endpoint=base + TOKEN_PATH,
        revocation_endpoint=base + REVOKE_PATH,
        jwks_uri=base + JWKS_PATH,
        response_types_supported=[],  # nobody is sent here to sign in: RFC 8414 wants the member all the same
        grant_types_supported=[CLIENT_CREDENTIALS, JWT_BEARER],
        token_endpoint_auth_methods_supported=PROOFS,
        revocation_endpoint_auth_methods_supported=PROOFS,
        service_documentation=base + "/docs",
        ui_locales_supported=["zh-CN"],
    )


@get(METADATA_PATH, opt={"spec": _METADATA, "root": True}, include_in_schema=False, name="oauth_metadata")
async def discovery(request: Request[Any, Any, Any]) -> ASGIResponse:
    """The same for everybody."""
    settings: Settings = request.app.state.services.shelf[Settings]
    return ASGIResponse(body=msgspec.json.encode(metadata(settings.issuer)), media_type="application/json")


ROOT_ROUTES: list[HTTPRouteHandler] = [discovery]  # outside /api/v1
