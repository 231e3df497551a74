"""Whether a working copy could be submitted as it stands: what submission would refuse is told among the actions.

The same code as submission (asking.py, deciding.py); what the request itself brings (reasons, materials sent along)
is not known before it is made.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from service.kit.api import Call
from service.kit.clock import legal_day
from service.kit.errors import ServiceError
from service.measures.facts import Kind
from service.measures.lifecycle_states import NEED_STATES, State
from service.projects.asking import asked_of, lacking, rounds_of
from service.projects.deciding import decide, in_scope, read_facts, with_library
from service.projects.reuse import KEY, demand_answers, told, with_check
from service.projects.schemas_out import ReuseView
from service.rulebook.book import RuleBooks

MOST_NAMED = 5


def why_not(
    call: Call,
    state: str,
    office: Mapping[str, Any],
    dated: Mapping[str, Any],
    text: Mapping[str, Any],
    slots: Collection[str],
    rounds: list[dict[str, Any]],
) -> str | None:
    """The sentence of the first refusal that the case knows; None when the text would be taken in.

    Of a need: when it would be submitted or reported (arts 8, 9).
    """
    books, today = call.service(RuleBooks), legal_day(call.now)
    book = books.of(office["tenant_id"])
    try:
        given = {
            name: value
            for name, value in (text.get("facts") or {}).items()
            if name not in ("on", "declarant")
        }
        facts = with_library(read_facts(books, given, dict(office), today), dict(dated), today)
        view = told(text.get(KEY)) if facts.kind is Kind.NEW else None
        if isinstance(view, ReuseView):
            facts = with_check(facts, view)
        in_scope(decide(books, facts, today, office["name"], book=book))
        asked = asked_of(facts, today, book, rounds_of(rounds))
        points = lacking(state, text, asked, frozenset(slots))
        if isinstance(view, ReuseView) and State(state) not in NEED_STATES:
            demand_answers(facts, view)
    except ServiceError as refusal:
        return refusal.detail
    if not points:
        return None
    named = "；".join(dict.fromkeys(point.detail for point in points[:MOST_NAMED]))
    if State(state) in NEED_STATES:
        return named
    more = f"等{len(points)}项" if len(points) > MOST_NAMED else ""
    return f"申报材料不完整：{named}{more}（第十五条）"
