"""Arts 13, 19, 20: what a change brings up "in principle" passes with a reason that is accepted by name."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from tests.delivery.changing import DRC, YES, money, today
from tests.delivery.sites import DOCUMENT, Site, provincially_approved

__all__ = ["today"]
CODE = "not_in_library"
BECAUSE = [{"code": CODE, "reason": "入库已过期，项目已开工建设"}]
TEXT = {"reason": "技术路线调整", "content": {"technical_plan": "改用国产数据库"}}
APPROVED = {**YES, "appraisal": DOCUMENT}


@pytest.fixture
async def expired(as_user: Any, door: Any, settings: Any) -> Site:
    """Approved while it stood in the library, which has let it go since."""
    site = await provincially_approved(as_user, door)
    connection = await asyncpg.connect(settings.database_url)
    gone = "DELETE FROM project_findings WHERE project_id::text = $1 AND code = $2"
    assert await connection.execute(gone, site.ref[7:], CODE) == "DELETE 1"
    await connection.close()
    return site


async def test_art_19_a_change_asks_for_the_reason_and_the_decision_accepts_it_by_name(expired: Site) -> None:
    problem = await expired.refused("changes", TEXT, 409, "reason_required", "/reasons")
    assert [each["code"] for each in problem["findings"]] == [CODE]
    strange = [*BECAUSE, {"code": "negative_17_1", "reason": "没有这一项"}]
    await expired.refused("changes", {**TEXT, "reasons": strange}, 422, "invalid_body", "/reasons")
    twice = [*BECAUSE, *BECAUSE]
    await expired.refused("changes", {**TEXT, "reasons": twice}, 422, "invalid_body", "/reasons")
    await expired.done("changes", {**TEXT, "reasons": BECAUSE})
    await expired.refused("changes/decide", APPROVED, 409, "opinion_required", "/opinions", by=DRC)
    no = {**APPROVED, "opinions": [{"code": CODE, "accepted": False}]}
    problem = await expired.refused("changes/decide", no, 409, "reason_refused", by=DRC)
    assert problem["refused"] == [CODE]
    more = {
        **APPROVED,
        "opinions": [{"code": CODE, "accepted": True}, {"code": "near_line", "accepted": True}],
    }
    await expired.refused("changes/decide", more, 422, "invalid_body", "/opinions", by=DRC)
    yes = {**APPROVED, "opinions": [{"code": CODE, "accepted": True, "note": "在建项目"}]}
    data = await expired.done("changes/decide", yes, DRC)
    finding = next(each for each in data["findings"] if each["code"] == CODE)
    assert (finding["reason"], finding["opinion"]) == (BECAUSE[0]["reason"], "accepted：在建项目")
    assert [f for f in (await expired.read())["findings"] if f["code"] == CODE] == [finding]
    sealed = (await expired.read("/versions/2"))["content"]
    assert sealed["reasons"][CODE] == BECAUSE[0]["reason"]
    asked = (await expired.records("request_change"))[0]["content"]
    assert asked["reasons"] == BECAUSE
    # Accepted once: the next change needs no more, and may not say it again.
    again = {**TEXT, "content": {"technical_plan": "改用国产中间件"}}
    await expired.refused("changes", {**again, "reasons": BECAUSE}, 422, "invalid_body", "/reasons")
    await expired.done("changes", again)
    await expired.done("changes/decide", APPROVED, DRC)


async def test_a_refused_change_takes_no_opinions_and_leaves_no_finding(expired: Site) -> None:
    await expired.done("changes", {**TEXT, "reasons": BECAUSE})
    said = {"approve": False, "reason": "缓办", "opinions": [{"code": CODE, "accepted": False}]}
    await expired.refused("changes/decide", said, 422, "invalid_body", "/opinions", by=DRC)
    del said["opinions"]
    data = await expired.done("changes/decide", said, DRC)
    assert CODE not in [each["code"] for each in data["findings"]]


async def test_trap_2_a_change_that_moves_the_route_wants_no_reasons(expired: Site) -> None:
    """It must be declared anew, and says them then."""
    await expired.done("changes", money("4000000.00"))
    await expired.refused("changes/decide", APPROVED, 409, "route_changed", by=DRC)
