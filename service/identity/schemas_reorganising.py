"""The end of an office on the wire: who takes over, what, and what becomes of the people."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from service.identity.schemas import Code, OfficeView, UserId
from service.kit.coded import HoldingCode, RoleCode
from service.kit.office_ids import OfficeId
from service.kit.text import Line

Goes = Literal["move", "end"]


class ReorganiseIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """An office ends: `successor_office_id` takes over all that is in hand, left out only where nothing is.

    `people`: everybody moves there or is disabled; `exceptions` by user. Who follows at desks that would be empty:
    `successor_id`, or by role in `successors`. `document`: number of the decision.
    """

    successor_office_id: OfficeId | None = None
    people: Annotated[Goes, Meta(description="人员的账号转入承接单位，或者停用")]
    exceptions: Annotated[dict[UserId, Goes], Meta(max_length=500)] = {}
    document: Line | None = None
    successor_id: UserId | None = None
    successors: dict[Code, UserId] = {}


class HeldView(Struct):
    """What an office holds of one kind: Chinese name, how many, and the first 100 ids (of cases and apps public)."""

    kind: HoldingCode
    name: str
    count: int
    ids: list[str]


class PersonGoes(Struct, kw_only=True):
    """A person of the office, and what becomes of the account."""

    id: str
    login: str
    name: str
    roles: list[RoleCode]
    goes: Goes


class Reorganisation(Struct, kw_only=True):
    """What is, or would be, handed over: to whom, what, and what becomes of the people."""

    office: OfficeView
    successor: OfficeView | None
    handed: list[HeldView]
    people: list[PersonGoes]
