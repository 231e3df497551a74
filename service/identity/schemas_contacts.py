"""Telephones of desks on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from service.kit.coded import RoleCode
from service.kit.naming import By
from service.kit.text import LineOrNone, Phone


class ContactIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """How a desk is reached; what is left out or empty is taken away."""

    telephone: Annotated[
        Phone | None, Meta(description="岗位的联系电话，不是个人的。Telephone of the desk.")
    ] = None
    room: Annotated[LineOrNone | None, Meta(description="办公地点或其他联系方式。Room, or another way.")] = (
        None
    )


class ContactView(Struct, kw_only=True):
    """A desk: a role in an office."""

    office_id: Annotated[str, Meta(description="单位。The office.")]
    office_name: Annotated[str, Meta(description="单位名称。Name of the office.")]
    role: Annotated[RoleCode, Meta(description="岗位的角色。Role of the desk.")]
    role_name: Annotated[str, Meta(description="岗位名称。Name of the role.")]
    telephone: Annotated[str | None, Meta(description="联系电话。Telephone.")]
    room: Annotated[str | None, Meta(description="办公地点或其他联系方式。Room, or another way.")]


class ContactKept(ContactView, kw_only=True):
    """The same with who told it, for the office's own tenant."""

    by: Annotated[By, Meta(description="由谁登记。Who told it.")]
    at: Annotated[datetime, Meta(description="何时登记。When it was told.")]


class ContactList(Struct):
    """The desks of an office that have told how they are reached."""

    items: list[ContactKept]
