"""Arts 13, 19, 20: what a change brings up "in principle" passes with a reason that is accepted by name."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from tests.delivery.changing import DRC, YES, money, today
from tests.lives import Life
from tests.lives.reviews import to_approved
from tests.lives.said import PAPER

__all__ = ["today"]
CODE = "not_in_library"
BECAUSE = [{"code": CODE, "reason": "入库已过期，项目已开工建设"}]
TEXT = {"reason": "技术路线调整", "content": {"technical_plan": "改用国产数据库"}}
APPROVED = {**YES, "appraisal": PAPER}


@pytest.fixture
async def expired(life: Any, settings: Any) -> Life:
    """Approved while it stood in the library, which has let it go since."""
    site = await to_approved(life().world)
    connection = await asyncpg.connect(settings.database_url)
    gone = "DELETE FROM project_findings WHERE project_id::text = $1 AND code = $2"
    assert await connection.execute(gone, site.id[7:], CODE) == "DELETE 1"
    await connection.close()
    return site


async def test_art_19_a_change_asks_for_the_reason_and_the_decision_accepts_it_by_name(expired: Life) -> None:
    problem = await expired.refused("owner", "changes", TEXT, 409, "reason_required", pointer="/reasons")
    assert [each["code"] for each in problem["findings"]] == [CODE]
    strange = [*BECAUSE, {"code": "negative_17_1", "reason": "没有这一项"}]
    await expired.wrong("owner", "changes", {**TEXT, "reasons": strange}, "/reasons")
    twice = [*BECAUSE, *BECAUSE]
    await expired.wrong("owner", "changes", {**TEXT, "reasons": twice}, "/reasons")
    await expired.does("owner", "changes", {**TEXT, "reasons": BECAUSE})
    await expired.refused(DRC, "changes/decide", APPROVED, 409, "opinion_required", pointer="/opinions")
    no = {**APPROVED, "opinions": [{"code": CODE, "accepted": False}]}
    problem = await expired.refused(DRC, "changes/decide", no, 409, "reason_refused")
    assert problem["refused"] == [CODE]
    more = {
        **APPROVED,
        "opinions": [{"code": CODE, "accepted": True}, {"code": "near_line", "accepted": True}],
    }
    await expired.wrong(DRC, "changes/decide", more, "/opinions")
    yes = {**APPROVED, "opinions": [{"code": CODE, "accepted": True, "note": "在建项目"}]}
    data = await expired.does(DRC, "changes/decide", yes)
    finding = next(each for each in data["findings"] if each["code"] == CODE)
    assert (finding["reason"], finding["opinion"]) == (BECAUSE[0]["reason"], "accepted：在建项目")
    assert [f for f in (await expired.read())["findings"] if f["code"] == CODE] == [finding]
    sealed = (await expired.sees("versions/2"))["content"]
    assert sealed["reasons"][CODE] == BECAUSE[0]["reason"]
    asked = (await expired.records("request_change"))[0]["content"]
    assert asked["reasons"] == BECAUSE
    # Accepted once: the next change needs no more, and may not say it again.
    again = {**TEXT, "content": {"technical_plan": "改用国产中间件"}}
    await expired.wrong("owner", "changes", {**again, "reasons": BECAUSE}, "/reasons")
    await expired.does("owner", "changes", again)
    await expired.does(DRC, "changes/decide", APPROVED)


async def test_a_refused_change_takes_no_opinions_and_leaves_no_finding(expired: Life) -> None:
    await expired.does("owner", "changes", {**TEXT, "reasons": BECAUSE})
    said = {"approve": False, "reason": "缓办", "opinions": [{"code": CODE, "accepted": False}]}
    await expired.wrong(DRC, "changes/decide", said, "/opinions")
    del said["opinions"]
    data = await expired.does(DRC, "changes/decide", said)
    assert CODE not in [each["code"] for each in data["findings"]]


async def test_trap_2_a_change_that_moves_the_route_wants_no_reasons(expired: Life) -> None:
    """It must be declared anew, and says them then."""
    await expired.does("owner", "changes", money("4000000.00"))
    await expired.refused(DRC, "changes/decide", APPROVED, 409, "route_changed")
