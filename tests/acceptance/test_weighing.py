"""Art. 40, R49: what came of a project is told where its owner asks for the next money, and where money is given."""

from __future__ import annotations

from typing import Any

from service.setup.seed import office_id
from tests.lives import Life, builder
from tests.lives import reviews as steps
from tests.notifications.events import query

CODE = "owner_poorly_evaluated"


async def previewed(case: Life, of: Life) -> list[dict[str, Any]]:
    """What the preview says of a project's result; other tests leave results in the same office."""
    found = (await case.preview())["decision"]["findings"]
    return [each for each in found if each["code"] == CODE and of.id in each["message"]]


async def test_a_poor_result_is_told_at_the_owners_next_declaration(life: Any, day: Any) -> None:
    done = await life().at("evaluated")
    await done.score(59)
    on = (await done.read())["dated"]["scored"]["on"]
    case = await life().at("drafted")
    (told,) = await previewed(case, done)
    assert (told["severity"], told["article"], told["reading"]) == ("notice", 40, "R49")
    assert f"{done.id}（59.00分）" in told["message"]
    for other in (
        await life(tenant="360200").at("drafted"),
        await life(owner_office_id=office_id("360100", "360100", "南昌市公安局")).at("drafted"),
    ):
        assert await previewed(other, done) == [], "another office's result"
    await case.submit()
    assert CODE in [each["code"] for each in case.data["findings"]]
    # By the system, on the case: the gatekeeper need not look for it, and nobody needs a reason for it.
    assert case.codes == []
    await case.gatekeep()
    assert CODE in [each["code"] for each in case.data["findings"]]
    await done.score(60)
    better = await life().at("drafted")
    assert await previewed(better, done) == [], "the line itself is good enough"
    assert CODE in [each["code"] for each in (await case.read())["findings"]], "as it was declared"
    await done.score(59)
    year = int(on[:4])
    day(f"{year + 1}-12-31")
    assert await previewed(better, done)
    day(f"{year + 2}-01-01")
    assert await previewed(better, done) == [], "it weighed in the year after it"


async def test_who_gives_money_is_told_as_of_that_day(life: Any, day: Any) -> None:
    """The budget's record and message name results that came after the declaration too."""
    waiting = await life().at("filed")
    done = await life().at("evaluated")
    await done.score(40)
    on = (await done.read())["dated"]["scored"]["on"]
    await waiting.issue_budget("100.00", "2027-03-02")
    (kept,) = await waiting.records("issue_budget")
    mine = [each for each in kept["content"]["poorly_evaluated"] if each["project"] == done.id]
    assert mine == [{"project": done.id, "score": "40.00", "on": on}]
    await done.score(80)
    await waiting.issue_budget("100.00", "2027-03-02")
    kept = (await waiting.records("issue_budget"))[0]
    assert done.id not in [each["project"] for each in kept["content"]["poorly_evaluated"]]


async def test_who_proposes_money_is_told_too(
    life: Any, day: Any, as_user: Any, door: Any, settings: Any
) -> None:
    """At the close of the province's joint review, as the province sees the city's cases; in record and message."""
    done = await life().at("evaluated")
    await done.score(40)
    world = builder(as_user, door, settings)()
    world.above = "90000000.00"  # years later the limit may be another (tests/amended.py)
    case = await steps.to_reviewed(world)
    said = f"{done.id}（40.00分）"
    path = f"/projects/{case.id}/records?kind=close_joint_review"
    (kept,) = (await world.by("province.office")("GET", path)).json()["items"]
    mine = [each for each in kept["content"]["poorly_evaluated"] if each["project"] == done.id]
    assert [each["score"] for each in mine] == ["40.00"]
    assert [said in told for told in await messages(settings, case.id, "review.joint_review_closed")] == [
        True
    ]
    case = await steps.decided(world, case)
    case = await world.step(case, "province.drc", "province-approve", steps.approval())
    line = steps.budget(("provincial", "5000000.00"))
    await world.step(case, "province.finance", "budget", line)
    assert [said in told for told in await messages(settings, case.id, "review.budget_issued")] == [True]


async def messages(settings: Any, case: str, kind: str) -> list[str]:
    """What the desks of a case were told with one kind of event."""
    statement = (
        "SELECT snapshot ->> 'message' AS said FROM outbox"
        " WHERE kind = $1 AND snapshot -> 'project' ->> 'id' = $2"
    )
    return [row["said"] for row in await query(settings.database_url, statement, kind, case)]
