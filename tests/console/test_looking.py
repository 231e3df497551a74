"""Pages that only tell: a calendar's address, what a meeting and a review have before them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from service.console.reviewing import _sums, _waiting


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
