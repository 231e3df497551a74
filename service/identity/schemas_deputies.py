"""Deputies on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta, Struct

from service.identity.schemas import Code, Limit, Login
from service.kit.coded import RoleCode
from service.kit.naming import By
from service.kit.text import Cursor, Line


class DeputyIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """Who stands for whom at which desk, from day to day."""

    role: Annotated[Code, Meta(description="由其代办的角色，须为缺席人现有的角色。The role stood in for.")]
    deputy_login: Annotated[Login, Meta(description="代办人的登录名，须在本地区。Login of the deputy.")]
    person_login: Annotated[
        Login | None,
        Meta(description="缺席人的登录名，省略即本人；代他人指定的须为管理员。Login of the absent person."),
    ] = None
    from_day: Annotated[date, Meta(description="第一天，不早于今天。First day.")]
    until_day: Annotated[date, Meta(description="最后一天，至多九十二天。Last day, inclusive.")]
    note: Annotated[Line | None, Meta(description="事由，如出差、休假。Why.")] = None


class DeputyView(Struct, kw_only=True):
    """A deputation; `in_force` on the day it is read, ended by itself after `until_day` or earlier by somebody."""

    id: str
    role: RoleCode
    role_name: Annotated[str, Meta(description="角色名称。Name of the role.")]
    person: Annotated[By, Meta(description="缺席的人。Who is absent.")]
    deputy: Annotated[By, Meta(description="代办的人。Who stands for him.")]
    from_day: date
    until_day: date
    note: str | None
    in_force: Annotated[bool, Meta(description="今天是否在代办期间。Whether it counts today.")]
    named_by: By
    named_at: datetime
    ended_by: By | None
    ended_at: datetime | None


class DeputyQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Which page."""

    cursor: Cursor | None = None
    limit: Limit = 50


class DeputyList(Struct):
    """A page; the Link header leads to the next."""

    items: list[DeputyView]
    next_cursor: str | None
