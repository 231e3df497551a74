"""What a reading costs where the rules were amended: cases taken in alike are told their offers together (0298)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from service.kit.clock import legal_day, now
from service.projects import views
from service.rulebook.book import RuleBooks


async def test_cases_spared_the_same_rule_are_worked_out_once(
    app: Any, build: Any, as_user: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each was taken in at a moment of its own, which says nothing that the other's does not."""
    books = app.app.state.services.shelf[RuleBooks]
    cases = [await build().submitted() for _ in range(3)]
    today, told = legal_day(now()), now()
    limit = books.book.entry_on("limit.other", today)
    later = replace(
        limit, effective_from=today + timedelta(days=1), recorded_at=told, document="赣府厅发〔2099〕1号"
    )
    monkeypatch.setattr(books, "book", books.book.with_entries(later))
    worked_out: list[Any] = []

    def counted(*given: Any) -> Any:
        worked_out.append(given)
        return offers(*given)

    offers = views.offers
    monkeypatch.setattr(views, "offers", counted)
    keeper = as_user("360100", "gatekeeper")
    read = [(await keeper("GET", f"/projects/{case.id}")).json() for case in cases]
    assert len({case["dated"]["law"]["at"] for case in read}) == 3
    assert all(case["actions"] == read[0]["actions"] for case in read)
    assert len(worked_out) == 1
