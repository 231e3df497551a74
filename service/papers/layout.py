"""What stands on each paper: plain data for the template (templates/paper.typ), made of what the system holds.

Every paper has `title`, `number`, whom it is addressed `to`, `opening` paragraphs, `fields` (name, value), `parts` with
tables, the `organ` and `day` it is signed with, its `code` and what is said beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from service.delivery.acceptance_schemas import AcceptanceReceipt
from service.filings.schemas import ChangeDocument, Receipt, SupplementReceipt
from service.kit.clock import SHANGHAI
from service.kit.fonts import Fonts
from service.kit.money import fen
from service.papers.codes import marked
from service.papers.words import both_spellings, spoken

_UNSEALED = "本件由系统出具，不加盖印章；内容以系统登记为准。"


class Paper(NamedTuple):
    """A paper before it has its code: what it says, and what checking it will ask."""

    kind: str
    number: str
    organ: str
    on: date
    amount_fen: int | None
    tells: datetime
    data: dict[str, Any]


def drawn(paper: Paper, code: str, address: str, fonts: Fonts) -> dict[str, Any]:
    """The template's data, with the code and where to check it."""
    asked = "核验码和编号" if paper.amount_fen is None else "核验码、编号和金额（元）"
    closing = [f"核验：打开 {address}/verify，提交本文件，或填写{asked}。", _UNSEALED]
    at = paper.tells.astimezone(SHANGHAI)
    made = {name: getattr(at, name) for name in ("year", "month", "day", "hour", "minute", "second")}
    return {
        **paper.data,
        "mark": marked(paper.number, code),
        "code": code,
        "closing": closing,
        "made": made,
        "organ": paper.organ,
        "day": spoken(paper.on),
        "fonts": {"title": list(fonts.title), "body": list(fonts.body)},
    }


def receipt(told: Receipt) -> Paper:
    """The receipt of the first filing (art. 23)."""
    opening = [
        f"下列项目的批复已于{spoken(told.filed_at)}备案。本回执证明批复已经备案，不是许可，也不代替批复文件（第二十三条）。"
    ]
    fields = [
        ["项目名称", told.project_name], ["项目单位", told.owner_name], ["项目编号", told.project_id],
        ["批复金额", both_spellings(fen(told.approved_amount_yuan))],
        ["批复文件", f"{told.document_number}，{spoken(told.document_date)}"],
        ["批复文件摘要（SM3）", grouped(told.document_digest)],
    ]  # fmt: skip
    return _filed("receipt", "数字化项目备案回执", told.filing_number, told, opening, fields)


def supplement(told: SupplementReceipt) -> Paper:
    """The receipt of a supplementary filing, beside the first."""
    opening = [
        f"下列项目备案后经批准的变更，已于{spoken(told.filed_at)}补充备案。首次备案的回执保持原样，"
        "现行的批复金额以本回执为准（第二十三条）。"
    ]
    fields = [
        ["项目名称", told.project_name], ["项目单位", told.owner_name], ["项目编号", told.project_id],
        ["首次备案编号", told.filing_number or "—"],
        ["现行批复金额", both_spellings(fen(told.approved_amount_yuan))],
    ]  # fmt: skip
    return _filed("supplement", "数字化项目补充备案回执", told.number, told, opening, fields)


def acceptance(told: AcceptanceReceipt, city: str) -> Paper:
    """The receipt of an acceptance filed with the leading group's office (art. 32), addressed to the filing city."""
    opening = [
        f"下列项目的竣工验收结果已于{spoken(told.filed_at)}备案。本回执证明验收结果已经备案，"
        "不是许可，也不代替竣工验收意见（第三十二条）。"
    ]
    fields = [
        ["项目名称", told.project_name], ["项目单位", told.owner_name], ["项目编号", told.project_id],
        ["竣工验收", spoken(told.accepted_on)], ["验收文件", told.document_number or "—"],
        *([["备注", told.note]] if told.note else []),
        ["备案时间", minute(told.filed_at)], ["回执摘要（SM3）", grouped(told.digest)],
    ]  # fmt: skip
    data = {
        "title": "数字化项目竣工验收备案回执",
        "number": f"备案编号：{told.number}",
        "to": city,
        "opening": opening,
        "fields": fields,
        "parts": [],
    }
    on = told.filed_at.astimezone(SHANGHAI).date()
    return Paper("acceptance_receipt", told.number, told.filed_with, on, None, told.filed_at, data)


def _filed(
    kind: str,
    title: str,
    number: str,
    told: Receipt | SupplementReceipt,
    opening: list[str],
    fields: list[list[str]],
) -> Paper:
    fields += [
        [f"变更文件之{at}" if len(told.changes) > 1 else "变更文件", _change(each)]
        for at, each in enumerate(told.changes, 1)
    ]
    if told.note:
        fields.append(["备注", told.note])
    fields += [["备案时间", minute(told.filed_at)], ["回执摘要（SM3）", grouped(told.digest)]]
    data = {
        "title": title,
        "number": f"备案编号：{number}",
        "to": told.tenant_name,
        "opening": opening,
        "fields": fields,
        "parts": [],
    }
    amount, on = fen(told.approved_amount_yuan), told.filed_at.astimezone(SHANGHAI).date()
    return Paper(kind, number, told.filed_with, on, amount, told.filed_at, data)


def _change(told: ChangeDocument) -> str:
    return f"{told.number}，{spoken(told.date)}；摘要（SM3）{grouped(told.digest)}"


def part(
    heading: str, heads: Iterable[str], widths: Iterable[int], rows: Iterable[Iterable[Any]], *words: str
) -> Mapping[str, Any]:
    """A heading with what is said under it and a table. `widths`: millimetres of each column, 0 for what is left."""
    cells = [[str(cell) for cell in row] for row in rows]
    return {
        "heading": heading,
        "heads": list(heads),
        "widths": list(widths),
        "rows": cells,
        "words": list(words),
    }


def grouped(digest: str) -> str:
    """A digest as one can compare it by eye."""
    return " ".join(digest[at : at + 16] for at in range(0, len(digest), 16))


def minute(at: datetime) -> str:
    """2026年11月30日 09:05, in Jiangxi."""
    there = at.astimezone(SHANGHAI)
    return f"{spoken(there.date())} {there:%H:%M}"
