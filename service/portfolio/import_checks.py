"""What a line of an import cannot be: dates that contradict the order of the Measures, amounts that do not sum."""

from __future__ import annotations

from datetime import date

from service.kit.errors import FieldError, invalid
from service.kit.money import fen
from service.measures.citations import article_label
from service.measures.importing import ARTICLES, NAMES, not_reached, out_of_order, required_facts
from service.measures.lifecycle import State
from service.measures.periods import EARLIEST
from service.portfolio.schemas import ImportLine


def check_line(line: ImportLine, state: State, days: dict[str, date], today: date, declared: int) -> None:
    """Dates that are missing, lie ahead, or contradict the order of the Measures; amounts that cannot be."""
    faults = [
        FieldError(
            f"/dated/{name}",
            "missing_date",
            f"处于该状态须有{NAMES[name]}日期（{article_label(ARTICLES[name])}）",
        )
        for name in required_facts(state)
        if name not in days
    ]
    faults += [
        FieldError(f"/dated/{name}", "date_in_future", f"{NAMES[name]}日期晚于今天")
        for name, day in days.items()
        if day > today
    ]
    faults += [
        FieldError(f"/dated/{name}", "date_order", f"{NAMES[name]}日期不能早于 {EARLIEST.isoformat()}")
        for name, day in days.items()
        if day < EARLIEST
    ]
    faults += [
        FieldError(f"/dated/{late}", "date_order", f"{NAMES[late]}日期早于{NAMES[early]}日期")
        for late, early in out_of_order(days)
    ]
    faults += [
        FieldError(
            f"/dated/{name}",
            "not_reached",
            f"处于该状态不应已有{NAMES[name]}日期（{article_label(ARTICLES[name])}）",
        )
        for name in not_reached(state, days)
    ]
    faults += _amounts(line, state, declared)
    if line.source.date > today:
        faults.append(FieldError("/source/date", "date_in_future", "来源文件日期晚于今天"))
    if faults:
        raise invalid(faults)


def _amounts(line: ImportLine, state: State, declared: int) -> list[FieldError]:
    """Amounts that cannot be: nothing is paid that was not issued (art. 38), nothing issued beyond the approval."""
    total, faults = fen(line.approved_amount_yuan), []
    issued = fen(line.budget_issued_yuan) if line.budget_issued_yuan is not None else None
    paid = fen(line.paid_yuan) if line.paid_yuan is not None else 0
    if total <= 0 < declared:
        faults.append(FieldError("/approved_amount_yuan", "amount_range", "批复金额应大于零"))
    if issued is None and (paid > 0 or state is State.BUDGETED):
        detail = "已下达预算或已有支付的，须填写已下达的预算（第二十条、第三十八条）"
        faults.append(FieldError("/budget_issued_yuan", "required", detail))
    if issued is not None and issued > total:
        detail = "已下达预算大于批复金额（第二十条）"
        faults.append(FieldError("/budget_issued_yuan", "amounts_do_not_sum", detail))
    if paid > (total if issued is None else issued):
        faults.append(FieldError("/paid_yuan", "amounts_do_not_sum", "已支付大于已下达预算（第三十八条）"))
    return faults
