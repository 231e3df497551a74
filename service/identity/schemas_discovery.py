"""The authorization server's description over the wire (RFC 8414 section 2)."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct


class ServerMetadata(Struct):
    """Names are the RFC's."""

    issuer: Annotated[str, Meta(description="签发者，与令牌的 iss 相同")]
    token_endpoint: Annotated[str, Meta(description="获取令牌的地址")]
    revocation_endpoint: Annotated[str, Meta(description="吊销令牌的地址")]
    jwks_uri: Annotated[str, Meta(description="公钥的地址")]
    response_types_supported: Annotated[list[str], Meta(description="没有交互式授权，恒为空")]
    grant_types_supported: Annotated[list[str], Meta(description="支持的授权方式")]
    token_endpoint_auth_methods_supported: Annotated[
        list[str], Meta(description="获取令牌时证明客户端身份的方式")
    ]
    revocation_endpoint_auth_methods_supported: Annotated[
        list[str], Meta(description="吊销令牌时证明客户端身份的方式")
    ]
    service_documentation: Annotated[str, Meta(description="接口文档的地址")]
    ui_locales_supported: Annotated[list[str], Meta(description="说明文字的语言")]
