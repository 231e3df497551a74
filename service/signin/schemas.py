"""Identity providers over the wire. Their ids are `<tenant>.<id>`; no secret ever stands in them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from service.identity.schemas import ClientId, Code, Limit, Login
from service.kit.naming import By
from service.kit.text import Cursor, Line, Name

_PRINTED = {"extra_json_schema": {"x-text": "opaque"}}
Address = Annotated[
    str,
    Meta(
        pattern=r"^https?://[!-~]{1,200}$(?!\n)",
        description="签发者地址，与其自述完全一致，例如 https://sso.example.gov.cn",
    ),
]
Word = Annotated[str, Meta(pattern=r"^[!-~]{1,120}$(?!\n)")]
ClaimName = Annotated[str, Meta(pattern=r"^[A-Za-z][A-Za-z0-9_:./-]{0,119}$(?!\n)")]
Value = Annotated[
    str, Meta(min_length=1, max_length=200, pattern=r"^[^\s](?:[^\n\t]*[^\s])?$(?!\n)", **_PRINTED)
]


class RoleOf(Struct, forbid_unknown_fields=True, kw_only=True):
    """What a value of the role claim stands for: roles that whoever has it may use here, if they hold them."""

    value: Annotated[Value, Meta(description="声明中的取值")]
    roles: Annotated[list[Code], Meta(min_length=1, max_length=20, description="对应的岗位")]


class ClaimWanted(Struct, forbid_unknown_fields=True, kw_only=True):
    """A claim that must be there with this value: what tells a tenant's people from others of a shared provider."""

    claim: Annotated[ClaimName, Meta(description="声明的名称")]
    value: Annotated[Value, Meta(description="必须等于的取值")]


class Manager(Struct, forbid_unknown_fields=True, kw_only=True):
    """An administrator or security administrator, named together with the one subject that may sign in as them."""

    login: Login
    subject: Annotated[Value, Meta(description="身份系统中此人的 sub")]


class IssuerSettings(Struct, forbid_unknown_fields=True, kw_only=True):
    """All that decides who may come in as whom."""

    name: Annotated[Name, Meta(description="登录页上显示的名称")]
    issuer: Address
    client_id: Annotated[Word, Meta(description="统建在该身份系统登记的客户端编号")]
    authentication: Annotated[
        Literal["private_key_jwt", "client_secret_basic", "client_secret_post"],
        Meta(description="如何证明自己：用本系统的密钥签名，或者用部署环境中的密钥"),
    ] = "private_key_jwt"
    scopes: Annotated[list[Word], Meta(max_length=10, description="openid 之外另要的范围")] = []
    login_claim: Annotated[ClaimName, Meta(description="哪个声明是这里的登录名；该系统不得改派给他人")] = (
        "sub"
    )
    roles: Annotated[
        list[Code], Meta(min_length=1, max_length=40, description="经此登录可以使用的岗位，以本人持有为限")
    ]
    role_claim: Annotated[ClaimName | None, Meta(description="哪个声明列出岗位；不填则不再收窄")] = None
    role_map: Annotated[list[RoleOf], Meta(max_length=60, description="声明的取值各对应哪些岗位")] = []
    required: Annotated[list[ClaimWanted], Meta(max_length=10, description="必须具备的声明")] = []
    managers: Annotated[
        list[Manager], Meta(max_length=50, description="可以由此登录的管理员和安全管理员，逐人指名")
    ] = []
    acr: Annotated[
        list[Word],
        Meta(max_length=10, description="登录级别（acr）须为其中之一，并向该系统提出；不填则不核对"),
    ] = []
    amr: Annotated[
        list[Word],
        Meta(max_length=10, description="鉴别方式（amr）须全部具备；不填则不核对"),
    ] = []
    plain_logout: Annotated[bool, Meta(description="退出通知没有写明自己类型的，是否也接受")] = False
    short_keys: Annotated[
        Line | None,
        Meta(description="该系统用不足 3072 位的 RSA 密钥签名的，填写理由；不填则不接受这样的签名"),
    ] = None


class IssuerIn(IssuerSettings, forbid_unknown_fields=True, kw_only=True):
    """A new identity provider; it lets nobody in until the security administrator confirms it."""

    id: ClientId


class IssuerEdit(Struct, forbid_unknown_fields=True, kw_only=True):
    """Other settings, which wait for the security administrator; off at once, on again only with a confirmation."""

    settings: IssuerSettings | UnsetType = UNSET
    disabled: bool | UnsetType = UNSET


class IssuerPending(Struct):
    """What waits: the new settings, or to be used again; asked for by whom."""

    settings: IssuerSettings | None
    enable: bool
    proposed_by: By
    proposed_at: datetime


class IssuerView(Struct, kw_only=True):
    """An identity provider. `redirect_uri`, `logout_uri` and `jwks_uri` are to be registered with it."""

    id: str
    settings: IssuerSettings | None
    pending: IssuerPending | None
    redirect_uri: str
    logout_uri: str
    jwks_uri: str
    secret_known: bool
    created_at: datetime
    disabled_at: datetime | None
    confirmed_at: datetime | None
    confirmed_by: By | None
    version: int


class IssuerList(Struct):
    """A page; the Link header leads to the next."""

    items: list[IssuerView]
    next_cursor: str | None


class IssuerQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Paging only."""

    cursor: Cursor | None = None
    limit: Limit = 50
