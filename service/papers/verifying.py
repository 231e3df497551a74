"""Checking a paper: whether what somebody holds is what was issued. Says nothing that the asker did not bring.

One look-up for every question, whatever is wrong with it, and one answer for every wrong code, number or amount: nobody
learns which of them it was. A file is hashed and searched for its mark, never opened.
"""

from __future__ import annotations

import hmac
import re

from service.kit.call import Services
from service.kit.db import Row, tenant_scope
from service.kit.digest import sm3
from service.kit.money import fen
from service.kit.rows import of_row
from service.papers.codes import code_digest, mark_of, plain
from service.papers.queries import CHECKED
from service.papers.schemas import Verified, VerifyIn
from service.vocabulary import label

_TENANT = re.compile(r"[0-9A-Za-z]{2,16}")
_NOBODY = "0"  # a tenant that there never is
_DIFFERS = Verified(
    False,
    "differs",
    "与出具的文书不符。请核对核验码、编号和金额；经打印、转换或另存的文件，请改用这三项核验。",
)
_TOLD = {
    "agrees": "与出具的文书一致。",
    "superseded": "与出具的文书一致；其后另有补充备案，现行内容以最近一次补充备案的回执为准。",
    "owed": "与出具的文书一致；但其后批复另有变更或更正，尚未补充备案，现行内容请向出具机构核实。",
}


async def by_code(services: Services, asked: VerifyIn) -> Verified:
    """Code, number and amount, as they stand on the paper."""
    row = await _issued(services, asked.number)
    amount = None if asked.amount_yuan is None else str(fen(asked.amount_yuan))
    issued = None if row is None or row["amount_fen"] is None else str(row["amount_fen"])
    same = hmac.compare_digest(amount or "-", issued or "-")
    return _told(row, coded=_coded(row, asked.code), same=same)


async def by_file(services: Services, raw: bytes) -> Verified:
    """The file as it was fetched."""
    digest, mark = sm3(raw), mark_of(raw)
    row = await _issued(services, mark.number if mark else "")
    same = hmac.compare_digest(digest, row["digest"] if row is not None else "-" * 64)
    coded = _coded(row, mark.code if mark else "")
    if coded and not same and row is not None and row["withdrawn_at"] is None:
        return Verified(False, "altered", "核验码确为本系统所发，但文件内容与出具时不同：出具以后有过改动。")
    return _told(row, coded=coded, same=same)


async def _issued(services: Services, number: str) -> Row | None:
    tenant = number.partition("-")[0]
    tenant = tenant if _TENANT.fullmatch(tenant) else _NOBODY
    return await services.door.row(
        tenant_scope(tenant), CHECKED, share_of=_NOBODY, tenant_id=tenant, number=number
    )


def _coded(row: Row | None, code: str) -> bool:
    issued = row["code_digest"] if row is not None else "-" * 64
    return hmac.compare_digest(code_digest(code), issued) and bool(plain(code))


def _told(row: Row | None, *, coded: bool, same: bool) -> Verified:
    if row is None or not (coded and same):
        return _DIFFERS
    if row["withdrawn_at"] is not None:
        return Verified(False, "withdrawn", "该文书所据的案卷已按规定清除，文书不再有效，内容不再提供。")
    later = "owed" if row["owed"] else "superseded" if row["superseded"] else "agrees"
    outcome = "agrees" if later == "agrees" else "superseded"
    kind = label("paper", row["kind"])
    return of_row(Verified, row, agrees=True, outcome=outcome, message=_TOLD[later], kind_name=kind)
