"""What a client proves itself with, and how it is refused (RFC 6749 sections 2.3.1 and 5.2)."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import unquote_plus

from service.kit.errors import ServiceError

_DETAILS = {
    "invalid_request": "令牌请求缺少必要的参数、参数重复或编码有误",
    "invalid_client": "客户端身份未获确认：client_id 或密钥不正确，或者客户端已停用",
    "invalid_grant": "授权未被接受：断言须由有效的客户端以登记的密钥签名，签发者、受众、主体、编号、有效期正确，"
    "且未曾使用；客户端须经安全管理员确认，并可代表该用户的角色；用户须有效、有角色，其单位在有效期内",
    "unsupported_grant_type": "不支持这种授权方式",
}


class Credentials(NamedTuple):
    """What a client proves itself with."""

    client_id: str
    secret: str


def refused(error: str) -> ServiceError:
    """An OAuth refusal (RFC 6749 section 5.2): the RFC's code as `error` and as our own code."""
    if error != "invalid_client":
        return ServiceError(400, error, _DETAILS[error], error=error)
    challenge = {"WWW-Authenticate": 'Basic realm="tongjian"'}
    return ServiceError(401, error, _DETAILS[error], error=error, headers=challenge)


def decode_basic(authorization: str | None) -> Credentials | None:
    """The credentials of a Basic header, each part form-encoded (RFC 6749 section 2.3.1)."""
    scheme, _, encoded = (authorization or "").partition(" ")
    if not scheme:
        return None
    try:
        if scheme.lower() != "basic":
            raise ValueError("not Basic")
        client_id, colon, secret = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
        if not colon:
            raise ValueError("no colon")
        return Credentials(unquote_plus(client_id, errors="strict"), unquote_plus(secret, errors="strict"))
    except ValueError:
        raise refused("invalid_client") from None


def credentials_of(form: Mapping[str, str], basic: Credentials | None) -> Credentials | None:
    """From the Basic header or the form; both at once is an error (RFC 6749 section 2.3)."""
    if "client_secret" not in form:
        if basic is not None and form.get("client_id", basic.client_id) != basic.client_id:
            raise refused("invalid_request")
        return basic
    if basic is not None or "client_id" not in form:
        raise refused("invalid_request")
    return Credentials(form["client_id"], form["client_secret"])
