"""The same project brought along twice: one office, one approval and one name are one project."""

from __future__ import annotations

import re

from sqlalchemy import Text, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from service.characters.keys import key
from service.characters.placeholders import spelt
from service.kit.db import Tx
from service.kit.errors import FieldError
from service.kit.statements import TENANT_ID, Statement, scope_ready
from service.kit.turns import take_turn
from service.projects.case import Case
from service.projects.models import projects

TAKEN = "already_registered"
_P = projects.c
_number = func.jsonb_extract_path_text(_P.dated, "approved", "number")
_BY_NUMBER = Statement(
    select(_P.office_id, _P.name, _number.label("number")).where(
        _P.tenant_id == TENANT_ID,
        _number.op("=")(func.any(bindparam("numbers", type_=ARRAY(Text)))),
        scope_ready(),
    )
)


async def twins(tx: Tx, tenant: str, cases: list[tuple[int, Case]]) -> list[FieldError]:
    """Lines whose project is there already, imported or declared here, or stands twice in the file."""
    if not cases:
        return []
    await take_turn(tx, f"import:{tenant}")
    numbers = sorted({typed for _, case in cases for typed in _typed(_approval(case))})
    rows = await tx.fetch(_BY_NUMBER, tenant_id=tenant, numbers=numbers)
    seen = {(row["office_id"], spelt(row["number"]), spelt(row["name"])) for row in rows}
    faults = []
    for number, case in cases:
        same = (case.office_id, spelt(_approval(case)), spelt(case.name))
        if same in seen:
            detail = "该单位已有名称和批复文号相同的项目，或在文件中重复；同一项目只登记一次"
            faults.append(FieldError(f"/{number}/name", TAKEN, detail))
        seen.add(same)
    return faults


def _approval(case: Case) -> str:
    return str(case.dated["approved"]["number"])


# The brackets that a year is typed in.
_BRACKETS = ("〔〕", "[]", "()", "【】", "［］", "（）", "﹝﹞", "〖〗")
_YEAR = re.compile(r"[〔\[(【﹝〖]([0-9]{4})[〕\])】﹞〗]")


def _typed(number: str) -> set[str]:
    """The number as it stands and as others type it: 〔2025〕, [2025], （2025）."""
    plain = key(number)
    return {number, *(_YEAR.sub(rf"{pair[0]}\1{pair[1]}", plain) for pair in _BRACKETS)}
