"""What a sheet's rows become: for each sheet the operation whose rights, body and function serve it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple, cast

import msgspec
from litestar.handlers import HTTPRouteHandler

from service.catalogue import requesting
from service.identity import actions_grants, actions_offices, actions_users
from service.identity.schemas import PersonIn
from service.kit.api import Call, Spec
from service.kit.asking import Asking
from service.kit.authz import check
from service.kit.command import act_of
from service.kit.db import Tx
from service.library import api_needs, imports, plans
from service.portfolio import importing, systems
from service.portfolio.schemas import ImportLine
from service.projects import api as projects
from service.projects import drafts
from service.reviews import experts
from service.sheets.api_imports import run as import_lines
from service.sheets.columns import Sheet
from service.sheets.declared import SHEETS


class Target(NamedTuple):
    """`spec`: the operation's; `act`: what it runs; `also`: further rights that all of it asks."""

    spec: Spec
    act: Callable[[Call, Tx], Awaitable[Any]]
    also: tuple[tuple[str, str], ...] = ()


def _spec(route: HTTPRouteHandler, **changes: Any) -> Spec:
    return msgspec.structs.replace(cast(Spec, route.opt["spec"]), **changes)


def _declared(route: HTTPRouteHandler) -> Target:
    return Target(_spec(route), act_of(route))


async def _need(call: Call, tx: Tx) -> Any:
    return await drafts.create(call, tx, "need_draft")


async def _draft(call: Call, tx: Tx) -> Any:
    return await drafts.create(call, tx, "draft")


TARGETS: Mapping[str, Target] = {
    "people": Target(
        _spec(actions_users.create, body=PersonIn), actions_grants.create_with_roles, (("grant", "manage"),)
    ),
    "offices": _declared(actions_offices.create),
    "systems": _declared(systems.create),
    "adoptions": _declared(requesting.request),
    "experts": _declared(experts.create),
    "needs": Target(_spec(api_needs.create), _need),
    "plan-items": _declared(plans.create),
    "library": Target(_spec(imports.import_entry), imports.enter),
    "projects": Target(_spec(import_lines, body=ImportLine, before=None), importing.take),
    "declarations": Target(_spec(projects.create), _draft),
}


def _rights(sheet: Sheet) -> tuple[tuple[str, str], ...]:
    target = TARGETS[sheet.name]
    return ((target.spec.resource, target.spec.action), *target.also)


def may(call: Asking, sheet: Sheet) -> bool:
    """Whether the caller may do what the sheet's rows become."""
    return all(call.services.policy.allowed(call.principal, *pair) for pair in _rights(sheet))


def ask(call: Call, sheet: Sheet) -> None:
    """403 unless the caller may do what the sheet's rows become."""
    for pair in _rights(sheet):
        check(call.services.policy, call.principal, *pair, f"导入{sheet.title}")


def mine(call: Asking) -> list[str]:
    """The sheets whose second person the caller may be."""
    return [name for name, sheet in SHEETS.items() if sheet.two_hands and may(call, sheet)]


def desks(call: Call, sheet: Sheet) -> list[str]:
    """The roles of the caller's tier whose people may do what the sheet's rows become."""
    return call.services.policy.holders(call.principal.tier, *_rights(sheet))
