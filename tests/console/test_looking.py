"""Pages that only tell: a calendar's address, what a meeting and a review have before them, a list looked through."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from service.caselist import listing, worded
from service.console.reviewing import _sums, _waiting
from service.kit import looking
from tests import factories
from tests.lives import good


async def test_a_calendars_address_is_told_once(visit: Callable[..., Any]) -> None:
    keeper, at = await visit("360100", "gatekeeper"), "/console/feeds"
    form = (await keeper.go(at)).form("obligations_make_feed")
    form.fields["_key"] = "feed-0001"
    made = await keeper.shown(at, form)
    assert made.status == 200 and "只显示这一次" in made.text and ".ics" in made.text and not made.codes
    again = await keeper.go(at)
    assert "只显示这一次" not in again.text and "设区市统筹把关人员" in again.text
    assert (await keeper.send(at, again.form("obligations_revoke_feed"))).status_code == 303
    assert "还没有订阅地址" in (await keeper.go(at)).text


def test_what_the_meeting_and_the_review_have_before_them_is_summed_up() -> None:
    items = [
        {"id": "a", "amount_yuan": "1500000.00", "reasons_to_judge": 2},
        {"id": "b", "amount_yuan": None, "reasons_to_judge": None},
    ]
    closed = {"closed_at": "2027-07-01T09:00:00+08:00", "agreed": True, "budget_yuan": "1200000.00"}
    latest = {"a": closed, "b": {**closed, "agreed": False, "budget_yuan": None}}
    assert _sums(items, latest) == {
        "declared": "1500000.00",
        "reviewed": "1200000.00",
        "agreed": 1,
        "reasons": 2,
    }
    waits = {"status": "open", "missing": ["drc", "finance"], "due_on": "2027-06-30"}
    whole = {"status": "open", "missing": [], "due_on": None}
    told = _waiting([waits, {**waits, "due_on": "2027-07-02"}, whole, None], "2027-07-01")
    assert told == {"answered": 1, "missing": 4, "cases": 2, "late": 1}


async def test_a_list_that_was_looked_through_in_part_says_so_and_goes_on(
    visit: Callable[..., Any], as_user: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of what is common nobody knows how far it is to the next: a page may be empty, and is not the last."""
    for name in ("一号平台", "二号平台"):
        good(
            await as_user("360100", "unit")("POST", "/projects", {**factories.draft("360100"), "name": name})
        )

    async def many(*_: Any) -> worded.Found:
        return worded.Found()

    monkeypatch.setattr(listing, "worded", many)
    monkeypatch.setattr(looking, "LOOK", 1)
    monkeypatch.setattr(looking, "SHARE", -1.0)
    unit = await visit("360100", "unit")
    first = await unit.go("/console/projects?text=一号平台")
    assert "后面还没有看完" in first.text and "没有符合这些条件" not in first.text
    (then,) = [
        href for tag, given in first.tags if tag == "a" and "cursor=" in (href := given.get("href") or "")
    ]
    assert "一号平台" in (await unit.go(then)).text
