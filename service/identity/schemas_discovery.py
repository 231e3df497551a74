"""The authorization server's description over the wire (RFC 8414 section 2)."""

from __future__ import annotations

from msgspec import Struct


class ServerMetadata(Struct):
    """Names are the RFC's."""

    issuer: str
    token_endpoint: str
    revocation_endpoint: str
    jwks_uri: str
    response_types_supported: list[str]
    grant_types_supported: list[str]
    token_endpoint_auth_methods_supported: list[str]
    revocation_endpoint_auth_methods_supported: list[str]
    service_documentation: str
    ui_locales_supported: list[str]
