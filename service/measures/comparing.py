"""What is decided against what was declared: a gap of orders of magnitude is told (practice, no article names it)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from service.measures.amending import cited, documents
from service.measures.amounts import yuan_display, yuan_text
from service.measures.findings import Finding, Severity, in_order
from service.measures.parameters import RuleBook
from service.measures.plausible import PRACTICE, UNUSUAL
from service.measures.routing import Decision

RATIO = "amount.unusual.ratio"


def compared(decision: Decision, book: RuleBook, on: date, declared_fen: int, decided_fen: int) -> Decision:
    """The decision with a notice where what is decided is a small part, or a multiple, of what was declared.

    The amount compared with is kept among the inputs, so that the decision can be worked out again.
    """
    low, high = sorted((declared_fen, decided_fen))
    if low == high or high < low * book.number_on(RATIO, on):
        return decision
    said = (
        f"金额 {yuan_display(decided_fen)} 与申报的 {yuan_display(declared_fen)} 相差悬殊；"
        f"金额以元填写，请核对是否误用了万元{PRACTICE}{cited(documents(book, on, (RATIO,)))}"
    )
    others = [finding for finding in decision.findings if finding.code != UNUSUAL]
    return replace(
        decision,
        findings=in_order([*others, Finding(UNUSUAL, Severity.NOTICE, 13, said)]),
        inputs={**decision.inputs, "declared_yuan": yuan_text(declared_fen)},
    )
