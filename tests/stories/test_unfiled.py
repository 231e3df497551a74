"""One that was built before anybody filed it: asked about at once, ordered when the customary term is over, filed while
it is being built; beside it an approval that is raised after its filing and is filed anew (arts 13, 23, 39, 41)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.lives import APPROVAL, said
from tests.stories import chapters as c
from tests.stories.teller import Person, Story, Tools

pytestmark = pytest.mark.long  # whole lives over HTTP; the shorter ones stay in `make test`

CITY = "360800"
FILING = {"area": "filing", "text": "已批复的项目应当报备案", "due": "2026-03-20"}


async def approved(story: Story, title: str) -> None:
    """Declared and approved on 1 February."""
    story.on(date(2026, 2, 1))
    owner = story.as_(CITY, "unit")
    await c.drafted(story, owner, title)
    assert await c.submitted(story, owner) == []
    await c.gatekept(story)
    await c.city_approved(story, APPROVAL)


async def test_an_unfiled_approval_is_brought_in_by_an_order(tools: Tools) -> None:
    story = Story("批复后未备案即开工：询问、逾期告知、要求整改、补报备案", tools, owner=(CITY, "unit"))
    owner, keeper, office = story.as_(CITY, "unit"), story.as_(CITY, "gatekeeper"), story.province("office")
    await approved(story, "水利巡查调度系统")
    story.on(date(2026, 2, 5))
    await owner.does(
        "未备案先开工", "POST", "start", {"started_on": "2026-02-05"}, state="started", articles=(13, 24)
    )
    await _asked_and_answered(story, owner, keeper, office)
    order = await _ordered_after_the_term(story, keeper, office)
    await story.told(CITY, "gatekeeper", "order.issued", "2026-03-20")
    await story.told(CITY, "unit", "order.issued", "2026-03-20")
    filed = await keeper.does("开工后补报备案", "POST", "file", {}, articles=(23,))
    assert filed["project"]["state"] == "started"
    left = ["responsible_missing", "supervision_missing"]
    assert [each["code"] for each in filed["project"]["findings"]] == left
    await story.due("filing", date(2026, 2, 11), state="done")
    done = {"order": order, "done": True, "opinion": "已备案"}
    await office.does("整改办结", "POST", "close-order", done, articles=(41,))
    await office.refused(
        "已备案再要求", "POST", "order-rectification", FILING, "gate_shut", 23, gate="filing_overdue"
    )
    await keeper.refused("再次备案", "POST", "file", {}, "gate_shut", 23, gate="not_filed")
    story.tell()


async def _asked_and_answered(story: Story, owner: Person, keeper: Person, office: Person) -> None:
    """Arts 23, 39: unfiled, asked about, answered by the gatekeeper."""
    shown = {each["code"]: each["article"] for each in (await story.case())["findings"]}
    assert shown == {"started_before_filing": 23, "responsible_missing": 24, "supervision_missing": 26}
    unfiled = (await office.sees(f"/monitoring/unfiled?tenant={CITY}&limit=200"))["items"]
    assert story.ids["p"] in [each["id"] for each in unfiled]
    await office.refused(
        "惯例时限内要求整改", "POST", "order-rectification", FILING, "gate_shut", 23, gate="filing_overdue"
    )
    told = await office.does(
        "询问", "POST", "filing-query", {"question": "为何尚未备案？"}, articles=(39, 23)
    )
    (query,) = told["dated"]["filing_queries"]["asked"]
    await story.told(CITY, "gatekeeper", "filing.queried", "为何尚未备案")
    answer = {"query": query, "answer": "材料正在核对"}
    await owner.refused("项目单位代答", "POST", "answer-filing-query", answer, "forbidden", 39, status=403)
    await keeper.does("答复询问", "POST", "answer-filing-query", answer, articles=(39,))
    await keeper.refused(
        "再次答复", "POST", "answer-filing-query", answer, "gate_shut", 39, gate="query_waits"
    )


async def _ordered_after_the_term(story: Story, keeper: Person, office: Person) -> Any:
    """Arts 23, 41: not on the last day; once it lapsed, by the province."""
    story.on(date(2026, 2, 11))
    await story.due("filing", date(2026, 2, 11), article=23)
    await office.refused(
        "时限当日要求整改", "POST", "order-rectification", FILING, "gate_shut", 23, gate="filing_overdue"
    )
    story.on(date(2026, 2, 12))
    await story.due("filing", date(2026, 2, 11), state="lapsed")
    await story.told(CITY, "unit", "obligation.escalated", "管理惯例")
    await story.told("360000", "office", "obligation.escalated", "管理惯例")
    await keeper.refused(
        "由本市把关部门要求", "POST", "order-rectification", FILING, "invalid_body", 41, pointer="/area"
    )
    told = await office.does(
        "要求整改", "POST", "order-rectification", FILING, state="started", articles=(41, 40)
    )
    (order,) = told["dated"]["orders"]["open"]
    return order


async def test_an_approval_raised_after_its_filing_is_filed_anew(tools: Tools) -> None:
    story = Story("备案后批复金额调增：补充备案，首次回执不变", tools, owner=(CITY, "unit"))
    owner, keeper, office = story.as_(CITY, "unit"), story.as_(CITY, "gatekeeper"), story.province("office")
    await approved(story, "林长制信息管理系统")
    filed = await keeper.does("备案", "POST", "file", {}, state="filed", articles=(23,))
    first = filed["receipt"]
    await keeper.refused(
        "没有变更就补充备案", "POST", "file-supplement", {}, "gate_shut", 23, gate="supplement_owed"
    )
    paper = await _raised(story, owner, office, filed)
    told = await keeper.does("补充备案", "POST", "file-supplement", {}, articles=(23,))
    receipt = told["receipt"]
    assert receipt["number"] != first["filing_number"] == receipt["filing_number"]
    assert (receipt["approved_amount_yuan"], [each["number"] for each in receipt["changes"]]) == (
        "4800000.00",
        [paper["number"]],
    )
    await story.told("360000", "office", "filing.supplemented", "4800000.00")
    await story.due("supplementary_filing", date(2026, 4, 11), state="done")
    await keeper.refused(
        "再次补充备案", "POST", "file-supplement", {}, "gate_shut", 23, gate="supplement_owed"
    )
    assert (await office.sees(f"/filings/{filed['filing_id']}/receipt")) == first, (
        "the first receipt stays sealed"
    )
    listed = (await office.sees(f"/filings/{filed['filing_id']}/supplements"))["items"]
    assert listed == [receipt]
    rows = (await office.sees(f"/filings?tenant={CITY}&project_id={story.ids['p']}"))["items"]
    assert [
        (each["approved_amount_yuan"], each["supplements"], each["supplement_owed"]) for each in rows
    ] == [("4800000.00", 1, False)]
    story.tell()


async def _raised(story: Story, owner: Person, office: Person, filed: Any) -> Any:
    """Arts 13, 20, 24: the approval is raised, and a supplement is owed."""
    story.on(date(2026, 4, 1))
    raised = {
        "reason": "增加移动端",
        "facts": {"investment_yuan": "4800000.00"},
        "funding": [{"source": "city_fiscal", "amount_yuan": "4800000.00"}],
    }
    await owner.does("申请调增", "POST", "changes", raised, articles=(13, 24))
    paper = {"number": "洪发改〔2026〕60号", "date": "2026-04-01", "digest": said.DIGEST}
    agreed = {"approve": True, "document": paper}
    await story.as_(CITY, "approver").does("同意变更", "POST", "changes/decide", agreed, articles=(13, 20))
    await story.told("360000", "office", "delivery.change_decided", "4800000.00", "补充备案")
    await story.due("supplementary_filing", date(2026, 4, 11), article=23)
    row = await office.sees(f"/filings/{filed['filing_id']}")
    assert (row["approved_amount_yuan"], row["filed_amount_yuan"]) == ("4800000.00", "3900000.00")
    assert (row["supplements"], row["supplement_owed"]) == (0, True)
    return paper
