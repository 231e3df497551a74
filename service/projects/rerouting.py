"""A pending case goes the way that amended law gives it, at the desk that decides on it next (R21, R23)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.kit.api import Call
from service.kit.clock import legal_day
from service.measures.routing import Decision
from service.projects.case import Case
from service.projects.deciding import book_of, same_route
from service.projects.law import amended_law, causes, move
from service.rulebook.book import RuleBooks


def followed(call: Call, case: Case, decision: Decision, desk: str) -> dict[str, Any]:
    """The same, with the decision at hand; 409 `route_changed` where it was not the rule that changed."""
    book = book_of(call.service(RuleBooks), case)
    if causes(case.decision, decision) != ["rule"] or not amended_law(case, book, legal_day(call.now)):
        same_route(case, decision, desk, book)
    return move(case, decision)


def told(moved: Mapping[str, Any], decision: Decision) -> dict[str, Any]:
    """The sentence of an event that also took a case another way."""
    return {"message": f"规定修改，本项目改走另一程序：{decision.explanation}。"} if moved else {}
