"""Identity over the wire. Ids are `<tenant>-<uuid>`, clients `<tenant>.<id>`; secrets go out once, never in."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from service.kit.coded import OfficeKindCode, RoleCode, TierCode
from service.kit.naming import By, DivisionNamed
from service.kit.office_ids import OfficeId
from service.kit.text import MOST_SAID, Cursor, Line, Needle, Secret, opaque
from service.kit.text import Name as Name

# `$(?!\n)`: Python's `$` alone would let a trailing line feed through.
Code = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,39}$(?!\n)")]
Login = Annotated[
    str, Meta(pattern=r"^[a-z0-9][a-z0-9._-]{1,62}[a-z0-9]$(?!\n)", description="小写，地区内唯一")
]
ClientId = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{0,38}[a-z0-9]$(?!\n)")]
UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
UserId = Annotated[
    str, Meta(pattern=rf"^([0-9A-Za-z]{{2,16}}-)?{UUID}$(?!\n)", description="用户的 id，可省略地区前缀")
]
DivisionCode = Annotated[str, Meta(pattern=r"^[0-9A-Z]{6}$(?!\n)")]
LocalCode = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{2}(?=[0-9A-Z]*[A-Z])[0-9A-Z]{4}$(?!\n)",
        description="两位数字加四位数字或大写字母，至少一个字母，不与国家代码相撞",
    ),
]
TierName = Literal["province", "city", "county"]
OfficeKindName = Literal[
    "administrative",
    "authorised",
    "party",
    "congress",
    "cppcc",
    "supervision",
    "court",
    "procuratorate",
    "mass_body",
    "other",
]
Limit = Annotated[int, Meta(ge=1, le=200)]


class OfficeIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """A new office: in a division, or (a zone) with a local code that it registers."""

    name: Name
    tier: TierName
    division: DivisionCode | None = None
    local_code: LocalCode | None = None
    office_kind: OfficeKindName
    organ: Code | None = None
    valid_from: date
    valid_to: date | None = None


class OfficeEdit(Struct, forbid_unknown_fields=True, kw_only=True):
    """What is given is changed; `valid_to` is the first day the office no longer stands. One that holds cases, apps
    or duties is not ended here but handed over (POST /offices/{id}/reorganise).

    Who follows at desks that would be empty then: `successor_id`, or by role in `successors`.
    """

    name: Name | UnsetType = UNSET
    organ: Code | None | UnsetType = UNSET
    valid_from: date | UnsetType = UNSET
    valid_to: date | None | UnsetType = UNSET
    people: Annotated[Literal["end"] | None, Meta(description="终止单位时停用其人员的账号")] = None
    successor_id: UserId | None = None
    successors: dict[Code, UserId] = {}


class OfficeView(Struct, kw_only=True):
    """`office_id` is what projects take as `owner_office_id`; `successor`: the office that took over when it ended."""

    id: str
    office_id: str
    name: str
    tier: TierCode
    division: DivisionNamed
    local_code: str | None
    office_kind: OfficeKindCode
    organ: str | None
    valid_from: date
    valid_to: date | None
    successor: str | None
    version: int


class OfficeList(Struct):
    """A page; the Link header leads to the next."""

    items: list[OfficeView]
    next_cursor: str | None


class OfficeQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Filters; `name` is looked for anywhere in the name."""

    tier: list[TierName] | None = None
    division: Annotated[list[DivisionCode], Meta(max_length=MOST_SAID)] | None = None
    name: Needle | None = None
    valid_on: date | None = None
    cursor: Cursor | None = None
    limit: Limit = 50


class UserIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """A new user, without roles."""

    login: Login
    name: Name
    office_id: OfficeId


class PersonIn(UserIn, forbid_unknown_fields=True, kw_only=True):
    """A new user with the roles that he gets at once: one row of a workbook."""

    roles: list[Code] = []


class UserEdit(Struct, forbid_unknown_fields=True, kw_only=True):
    """What is given is changed; disabling and moving end the user's tokens.

    Who follows at desks that would be empty then: `successor_id`, or by role in `successors`.
    """

    name: Name | UnsetType = UNSET
    office_id: OfficeId | UnsetType = UNSET
    disabled: bool | UnsetType = UNSET
    successor_id: UserId | None = None
    successors: dict[Code, UserId] = {}


class WithdrawQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Who follows when the role would be held by nobody."""

    successor_id: UserId | None = None


class LockIn(Struct, forbid_unknown_fields=True):
    """Why; it stands in the audit trail."""

    reason: Line


class DeskView(Struct):
    """A desk nobody is at: role, Chinese name, and the office for a role bound to one."""

    role: RoleCode
    name: str
    office_id: str | None


class UserView(Struct, kw_only=True):
    """A user with office and roles."""

    id: str
    login: str
    name: str
    office: str
    office_name: str
    tier: TierCode
    division: DivisionNamed
    roles: list[RoleCode]
    created_at: datetime
    disabled_at: datetime | None
    locked_at: datetime | None
    version: int


class UserLocked(Struct, kw_only=True):
    """The locked user, and the desks that nobody is at now: administrator, owners and the province are told."""

    user: UserView
    empty_desks: list[DeskView]


class UserList(Struct):
    """A page; the Link header leads to the next."""

    items: list[UserView]
    next_cursor: str | None


class GrantView(Struct):
    """One role: its Chinese name, and who granted it when."""

    role: RoleCode
    name: str
    granted_by: By
    granted_at: datetime


class GrantList(Struct):
    """All roles of one user; `grantable` are those that exist for people in the tier of the office."""

    items: list[GrantView]
    grantable: list[RoleCode]


class UserQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Filters of the users."""

    office_id: Annotated[list[OfficeId], Meta(max_length=MOST_SAID)] | None = None
    login: Annotated[str, opaque(128)] | None = None
    name: Needle | None = None
    role: Annotated[list[Code], Meta(max_length=MOST_SAID)] | None = None
    disabled: bool | None = None
    cursor: Cursor | None = None
    limit: Limit = 50


class TenantView(Struct):
    """The caller's tenant."""

    id: str
    name: str
    division: DivisionNamed


class MeOffice(Struct):
    """The user's office; `bound`: sees only this office's projects."""

    id: str
    office_id: str
    name: str
    division: DivisionNamed
    bound: bool


class StandingView(Struct):
    """A role that the caller holds for somebody absent (/deputies)."""

    role: Annotated[RoleCode, Meta(description="代办的角色。The role.")]
    person: Annotated[
        By, Meta(description="所代的人；不同岗位都可办理时，以 Acting-For: 登录名 选择代其办理。For whom.")
    ]


class Me(Struct, kw_only=True):
    """Who the token says the caller is. A client alone has neither login nor office.

    `roles` has those held for somebody absent too; `standing` tells which.
    """

    tenant: TenantView
    tier: TierCode
    office: MeOffice | None
    roles: list[RoleCode]
    standing: Annotated[list[StandingView], Meta(description="正在代办的角色。Roles held for others.")]
    user: str | None
    login: str | None
    name: str | None
    client: str | None
    expires_at: datetime


class TokenForm(Struct, kw_only=True):
    """The form of the token endpoint (RFC 6749); other parameters are ignored, repeated ones refused."""

    grant_type: Secret
    client_id: Secret | UnsetType = UNSET
    client_secret: Secret | UnsetType = UNSET
    assertion: Secret | UnsetType = UNSET
    username: Secret | UnsetType = UNSET


class RevokeForm(Struct, kw_only=True):
    """The form of the revocation endpoint (RFC 7009); other parameters are ignored, repeated ones refused."""

    token: Secret | UnsetType = UNSET
    client_id: Secret | UnsetType = UNSET
    client_secret: Secret | UnsetType = UNSET


class TokenAnswer(Struct):
    """An access token (RFC 6749 section 5.1); `expires_in` in seconds."""

    access_token: str
    token_type: str
    expires_in: int


class Jwks(Struct):
    """Public keys (RFC 7517)."""

    keys: list[dict[str, Any]]
