"""Whether what the form says can be: sums that add up, years inside the period, codes with their check digit.

The form is read as it is stored ({member: value}, amounts as yuan texts); what is not there is no fault here. All
faults are told at once, each with its pointer below the form. No article names these checks: they find slips.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from service.characters.placeholders import says
from service.measures.amounts import parse_yuan, yuan_display
from service.measures.credit_code import is_credit_code
from service.measures.texts import visible

BACK, AHEAD = "form.years_back", "form.years_ahead"
_INVESTMENT_CODE = re.compile(r"20[0-9]{2}-[0-9]{6}-[0-9]{2}-[0-9]{2}-[0-9]{6}")
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Slip:
    """One fault: `pointer` is relative to the form."""

    pointer: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Against:
    """What a form is checked against: the facts' amounts, the day, how many years back and ahead are plausible."""

    investment_fen: int
    maintenance_fen: int
    on: date
    years_back: int
    years_ahead: int

    def plausible(self, year: int) -> bool:
        """Whether a year can belong to a project declared on the day."""
        return self.on.year - self.years_back <= year <= self.on.year + self.years_ahead


def slips(form: Mapping[str, Any], against: Against) -> list[Slip]:
    """Every fault of what is given."""
    found: list[Slip] = []
    for check in (_codes_of_units, _period, _costs, _yearly, _contacts, _cloud, _indicators, _project_codes):
        found += check(form, against)
    return found


def _codes_of_units(form: Mapping[str, Any], _: Against) -> Iterator[Slip]:
    given = {
        "/credit_code": form.get("credit_code"),
        "/drafter/credit_code": (form.get("drafter") or {}).get("credit_code"),
    }
    for pointer, code in given.items():
        if code and not is_credit_code(code):
            yield Slip(pointer, "credit_code_check", "统一社会信用代码的校验码不符，请核对")


def _months(form: Mapping[str, Any]) -> tuple[int, int] | None:
    """First and last year of the building period, None while it is not whole."""
    period = form.get("period") or {}
    ends = [_MONTH.fullmatch(period.get(key) or "") for key in ("from_month", "to_month")]
    if None in ends:
        return None
    first, last = (int(each[1]) for each in ends if each is not None)
    return first, last


def _period(form: Mapping[str, Any], against: Against) -> Iterator[Slip]:
    period = form.get("period") or {}
    if not period:
        return
    for key, label in (("from_month", "起始"), ("to_month", "结束")):
        month = _MONTH.fullmatch(period.get(key) or "")
        if month is None:
            yield Slip(f"/period/{key}", "period_incomplete", f"请填写建设期的{label}月份，例如 2026-03")
        elif not against.plausible(int(month[1])):
            yield Slip(f"/period/{key}", "year_implausible", f"建设期的{label}年份与申报日相差过大，请核对")
    if _months(form) is not None and period["from_month"] > period["to_month"]:
        yield Slip("/period/to_month", "date_order", "建设期的结束月份早于起始月份")


def _amounts(rows: Sequence[Mapping[str, Any]], at: str, investment_fen: int) -> Iterator[Slip]:
    for index, row in enumerate(rows):
        if parse_yuan(row["amount_yuan"]) <= 0 < investment_fen:
            yield Slip(f"{at}/{index}/amount_yuan", "amount_zero", "金额应大于零")


def _twice(
    rows: Sequence[Mapping[str, Any]], at: str, said: str, key: Callable[[Mapping[str, Any]], Any]
) -> Iterator[Slip]:
    """Later rows with the key of an earlier one."""
    seen = set()
    for index, row in enumerate(rows):
        if (mine := key(row)) in seen:
            yield Slip(f"{at}/{index}", "duplicate", said)
        seen.add(mine)


def _sum(rows: Sequence[Mapping[str, Any]]) -> int:
    return sum(parse_yuan(row["amount_yuan"]) for row in rows)


def _costs(form: Mapping[str, Any], against: Against) -> Iterator[Slip]:
    rows = form.get("costs") or []
    if not rows:
        return
    yield from _amounts(rows, "/costs", against.investment_fen)
    for index, row in enumerate(rows):
        if row["item"] == "other" and not says(row.get("name", "")):
            yield Slip(f"/costs/{index}/name", "name_required", "费用类别为“其他”的，请填写费用名称")
    yield from _twice(
        rows, "/costs", "同一费用重复填写", lambda row: (row["item"], visible(row.get("name", "")))
    )
    if (total := _sum(rows)) != against.investment_fen:
        said = f"投资构成合计 {yuan_display(total)}，与总投资 {yuan_display(against.investment_fen)} 不一致"
        yield Slip("/costs", "costs_sum", said)
    running = _sum([row for row in rows if row["item"] == "maintenance"])
    if running != against.maintenance_fen < against.investment_fen:
        said = f"运维费用合计 {yuan_display(running)}，与其中运维费用 {yuan_display(against.maintenance_fen)} 不一致"
        yield Slip("/costs", "costs_maintenance", said)


def _yearly(form: Mapping[str, Any], against: Against) -> Iterator[Slip]:
    rows = form.get("yearly") or []
    if not rows:
        return
    years = _months(form)
    for index, row in enumerate(rows):
        if years is not None and not years[0] <= row["year"] <= years[1]:
            yield Slip(f"/yearly/{index}/year", "year_outside_period", "该年度不在建设期内")
        elif years is None and not against.plausible(row["year"]):
            yield Slip(f"/yearly/{index}/year", "year_implausible", "该年度与申报日相差过大，请核对")
    yield from _amounts(rows, "/yearly", against.investment_fen)
    yield from _twice(
        rows, "/yearly", "同一年度的同一类资金重复填写", lambda row: (row["year"], row["source"])
    )
    if (total := _sum(rows)) != against.investment_fen:
        said = f"分年度资金合计 {yuan_display(total)}，与总投资 {yuan_display(against.investment_fen)} 不一致"
        yield Slip("/yearly", "yearly_sum", said)


def _contacts(form: Mapping[str, Any], _: Against) -> Iterator[Slip]:
    rows = form.get("contacts") or []
    for index, row in enumerate(rows):
        if not row.get("phone") and not row.get("email"):
            yield Slip(f"/contacts/{index}/phone", "contact_reach", "请填写联系人的电话或电子邮箱")
    yield from _twice(rows, "/contacts", "同一联系人重复填写", lambda row: visible(row["name"]))


def _cloud(form: Mapping[str, Any], _: Against) -> Iterator[Slip]:
    cloud = form.get("cloud") or {}
    if cloud and not any(cloud.values()):
        yield Slip("/cloud", "cloud_empty", "请填写所需的云资源数量；不需要云资源的，请在说明中写明原因")


def _indicators(form: Mapping[str, Any], _: Against) -> Iterator[Slip]:
    rows = form.get("indicators") or []
    yield from _twice(rows, "/indicators", "同一指标重复填写", lambda row: visible(row["name"]))


def _project_codes(form: Mapping[str, Any], _: Against) -> Iterator[Slip]:
    rows = form.get("project_codes") or []
    for index, row in enumerate(rows):
        at = f"/project_codes/{index}"
        if row["platform"] == "investment" and _INVESTMENT_CODE.fullmatch(row["code"]) is None:
            said = "投资项目代码的格式为 年份-区划-行业-类型-序号，例如 2026-360100-65-01-123456"
            yield Slip(f"{at}/code", "project_code_format", said)
        if row["platform"] == "other" and not says(row.get("name", "")):
            yield Slip(f"{at}/name", "name_required", "请填写平台名称")
    yield from _twice(
        rows, "/project_codes", "同一项目代码重复填写", lambda row: (row["platform"], visible(row["code"]))
    )


def codes_of(form: Mapping[str, Any]) -> list[str]:
    """The project's codes on other platforms, in order, each once: what a case is found by."""
    return list(dict.fromkeys(row["code"] for row in form.get("project_codes") or []))
