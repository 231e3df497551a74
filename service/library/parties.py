"""Who settles a framework (art. 12): the information centre that leads it, the owner and the participants.

The centre is the deciding tier's (arts 5, 12, R48): the city's own where the city approves and files, the province's
where the province reviews. Participants sign who have an office in the project's tenant; of others the declaration's
own paper tells (R16).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from service.characters.keys import key
from service.kit.db import Tx
from service.kit.errors import FieldError, ServiceError, invalid
from service.kit.outbox import Recipient
from service.library.queries_collaboration import OFFICES, OFFICES_NAMED
from service.measures.checks import other_offices
from service.measures.lifecycle import procedure_of
from service.measures.offices import Tier
from service.measures.organs import ROLES, SLOT_NAMES, Slot, deciding_tier
from service.projects.case import Case
from service.projects.submission import PROVINCE

CENTRE = ROLES[Tier.PROVINCE][Slot.INFO_CENTRE]


def leading_tier(case: Case) -> Tier:
    """Whose information centre leads the framework of a case."""
    procedure = procedure_of(case.route, case.declarer)
    return Tier.PROVINCE if procedure is None else deciding_tier(procedure)


def centre_name(row: Mapping[str, Any]) -> str:
    """What the leading centre of a framework is called."""
    return SLOT_NAMES[Tier(row["led_by"])][Slot.INFO_CENTRE]


def party_names(row: Mapping[str, Any]) -> dict[str, str]:
    """Everybody who signs, by party: the centre first."""
    return {CENTRE: centre_name(row), **row["party_names"]}


def desks(row: Mapping[str, Any]) -> list[Recipient]:
    """The offices that sign."""
    role = "department" if row["tenant_id"] == PROVINCE else "unit"
    return [Recipient(row["tenant_id"], role, party) for party in row["parties"]]


def centre_desk(row: Mapping[str, Any]) -> Recipient:
    """The leading centre."""
    return Recipient(PROVINCE if row["led_by"] == Tier.PROVINCE.value else row["tenant_id"], CENTRE)


def participants(case: Case) -> frozenset[str]:
    """The other offices that the declaration names (arts 9, 12)."""
    declared = ((case.declared or {}).get("facts") or {}).get("participating_offices") or []
    return other_offices(declared, case.owner_name)


def demand_participants(case: Case) -> None:
    """409 for a project that nobody else takes part in."""
    if not participants(case):
        raise ServiceError(409, "not_joint", "没有其他参建部门的项目无需框架方案（第十二条）", article=12)


async def _registered(tx: Tx, case: Case, on: date) -> dict[str, str]:
    """The declared participants that have an office in the tenant that stands on the day: name by id. Nobody could sign
    for one that is closed."""
    keys = sorted({key(name) for name in participants(case)})
    rows = await tx.fetch(OFFICES_NAMED, tenant_id=case.tenant_id, names=keys, day=on)
    return {row["id"]: row["name"] for row in rows if row["id"] != case.office_id}


async def named(tx: Tx, case: Case, wanted: list[str], on: date) -> dict[str, str]:
    """The owner and the named offices, by id; every declared participant that has an office must be among them."""
    ids = list(dict.fromkeys([case.office_id, *wanted]))
    found = await tx.fetch(OFFICES, tenant_id=case.tenant_id, ids=ids, day=on)
    names = {row["id"]: row["name"] for row in found}
    faults = [
        FieldError(f"/participants/{index}", "unknown_office", "没有这个单位")
        for index, each in enumerate(wanted)
        if each not in names
    ]
    registered = await _registered(tx, case, on)
    for office, name in registered.items():
        if office not in ids:
            detail = f"申报的参建部门“{name}”未列入（第十二条）"
            faults.append(FieldError("/participants", "participant_missing", detail))
    # Where none of those declared has an office here, owner and centre sign: the others are shown by paper (R48).
    if len(ids) < 2 and not faults and not participants(case):
        faults.append(FieldError("/participants", "participant_missing", "除项目单位外至少还有一个参建部门"))
    if faults:
        raise invalid(faults)
    return {each: names[each] for each in ids}


async def demand_named(tx: Tx, case: Case, row: Mapping[str, Any], on: date) -> None:
    """409 when the text was drawn up for other participants, or by another centre, than decide now (art. 12)."""
    if row["led_by"] != leading_tier(case).value:
        now = centre_name({"led_by": leading_tier(case).value})
        detail = f"审批路径已变，框架方案须由{now}修改后重新会签（第十二条）"
        raise ServiceError(409, "framework_changed", detail, article=12, edition=row["edition"])
    registered = await _registered(tx, case, on)
    lacking = [name for office, name in registered.items() if office not in row["parties"]]
    if lacking:
        detail = f"申报的参建部门{'、'.join(lacking)}未列入框架方案，请修改后重新会签（第十二条）"
        raise ServiceError(409, "participant_missing", detail, article=12, missing=lacking)
