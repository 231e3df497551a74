"""Clients over the wire. Their ids are `<tenant>.<id>`; secrets go out once, never in."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from service.identity.schemas import ClientId, Code, Limit, Login
from service.kit.coded import RoleCode
from service.kit.naming import By
from service.kit.text import Cursor, Line, Name

VouchRoles = Annotated[
    list[Code], Meta(max_length=40, description="断言可以代表的角色；管理员和安全管理员不在其内")
]
Jwk = Annotated[
    dict[str, Any],
    Meta(
        description="公钥 JWK：OKP/Ed25519（EdDSA）、EC/P-256（ES256）或 3072 至 4096 位 RSA（PS256），不得含私钥；"
        "只能用 2048 位 RSA 的，另写 reason 一项说明理由，供确认的人判断"
    ),
]


class ClientIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """A new client; with a public key it may also act for the tenant's users (RFC 7523) in the roles it lists."""

    id: ClientId
    name: Name
    public_jwk: Jwk | None = None
    vouch_roles: VouchRoles = []


class ClientEdit(Struct, forbid_unknown_fields=True, kw_only=True):
    """What is given is changed: at once where it takes power away, after a confirmation where it gives any."""

    name: Name | UnsetType = UNSET
    public_jwk: Jwk | None | UnsetType = UNSET
    second_jwk: (
        Annotated[
            Jwk | None,
            Meta(
                description="更换公钥期间的另一把公钥，两把都可用；之后把现用的公钥置空，由这一把接替"
                "。The other key while keys change."
            ),
        ]
        | UnsetType
    ) = UNSET
    vouch_roles: VouchRoles | UnsetType = UNSET
    sign_in: Annotated[dict[Login, Jwk], Meta(max_length=50)] | UnsetType = UNSET
    disabled: bool | UnsetType = UNSET


class ConfirmIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """Whether what waits comes into force, and a note."""

    accepted: bool = True
    note: Line | None = None


class RotateIn(Struct, forbid_unknown_fields=True):
    """For how many hours old secrets in use still work after the confirmation; 0 ends them and all tokens now."""

    keep_old_hours: Annotated[int, Meta(ge=0, le=168)] = 24


class SecretView(Struct):
    """When a secret was made and when it ends; never the secret."""

    created_at: datetime
    expires_at: datetime | None


class PendingView(Struct):
    """What waits for the security administrator: which members, asked for by whom, and the public ones' new values."""

    changes: list[Literal["client", "public_jwk", "second_jwk", "vouch_roles", "secret", "enable", "sign_in"]]
    proposed_by: By
    proposed_at: datetime
    public_jwk: dict[str, Any] | None = None
    second_jwk: dict[str, Any] | None = None
    vouch_roles: list[RoleCode] | None = None
    sign_in: dict[str, dict[str, Any]] | None = None


class ClientView(Struct, kw_only=True):
    """A client as administrators see it; `id` is the `client_id` of the token endpoint.

    Until `confirmed_at` it opens nothing. While its key changes it has two, `second_jwk` beside `public_jwk`. `sign_in`
    (login → key) stands on the client made at bootstrap only.
    """

    id: str
    name: str
    public_jwk: dict[str, Any] | None
    second_jwk: dict[str, Any] | None
    vouch_roles: list[RoleCode]
    sign_in: dict[str, dict[str, Any]] | None
    confirmed_at: datetime | None
    confirmed_by: By | None
    pending: PendingView | None
    secrets: list[SecretView]
    created_at: datetime
    disabled_at: datetime | None
    version: int


class ClientSecret(Struct, kw_only=True):
    """The new secret, shown once. A replayed answer has none (`secret_shown: false`): rotate instead."""

    client: ClientView
    secret: str | None
    secret_shown: bool


class ClientList(Struct):
    """A page; the Link header leads to the next."""

    items: list[ClientView]
    next_cursor: str | None


class ClientQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Paging only."""

    cursor: Cursor | None = None
    limit: Limit = 50
