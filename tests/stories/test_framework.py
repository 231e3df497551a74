"""A department builds together with another: 省信息中心 leads one framework that all sign; two cities join
with projects of their own, the lead sets the standards, each city approves its part at home (art. 12)."""

from __future__ import annotations

from datetime import date

from service.setup.seed import office_id
from tests.lives import reviews, said
from tests.stories import chapters as c
from tests.stories.teller import PROVINCE, Person, Story, Tools

CITIES = {"jiujiang": "360400", "xinyu": "360500"}
POLICE = office_id(PROVINCE, PROVINCE, "省公安厅")
TEXT = {"participants": [POLICE], "goals": "一网协同", "content": "共建数据底座"}
TASK = "承担本市数据归集和应用推广"


async def test_a_framework_with_two_cities(tools: Tools) -> None:
    story = Story("跨部门框架方案会签，两市以各自项目加入", tools, owner=(PROVINCE, "department"))
    owner, centre = story.province("department"), story.province("info_centre")
    story.owners |= {name: (tenant, "unit") for name, tenant in CITIES.items()}
    await _declared(story, owner)
    await _signed(story, owner, centre)
    await _invited(story, owner)
    for name, amount in (("jiujiang", "3900000.00"), ("xinyu", "2500000.00")):
        await _at_home(story, name, amount)
    await _reported(story, owner)
    await _decided(story)
    story.tell()


async def _declared(story: Story, owner: Person) -> None:
    """Arts 8, 12, 13: together with 省公安厅, and across levels."""
    story.on(date(2028, 3, 1))
    facts = {
        "project_class": "integration",
        "investment_yuan": "16000000.00",
        "cross_level": True,
        "participating_offices": ["省公安厅"],
    }
    body = c.declaration("全省一网协同平台", PROVINCE, "department", **facts)
    await owner.does("起草申报", "POST", "/projects", body, new="p", state="draft")
    await owner.refused(
        "未报出先邀请", "POST", "links", {"child_tenant": "360400", "task": TASK}, "lead_not_declared", 12
    )
    codes = story.reasons["p"] = await c.reasoned(story, owner)
    assert "not_in_library" in codes, "art. 19 asks for a reason"
    why = said.because(*codes)
    await owner.does("说明未入库理由后提交", "POST", "submit", why, state="with_province", articles=(13,))
    await c.appraised(story, c.PROVINCIAL)
    office = story.province("office")
    await office.refused(
        "框架方案未会签先会审",
        "POST",
        "joint-review",
        said.accepting(*codes),
        "gate_shut",
        12,
        gate="framework_agreed",
    )


async def _signed(story: Story, owner: Person, centre: Person) -> None:
    """Art. 12: one text, signed by everybody; another text is signed anew."""
    path = "framework"
    alone = {**TEXT, "participants": [office_id(PROVINCE, PROVINCE, "省档案局")]}
    await centre.refused("漏列参建部门", "POST", path, alone, "invalid_body", 12, pointer="/participants")
    await centre.does("提出框架方案", "POST", path, TEXT)
    police = story.province("department@省公安厅")
    await centre.does("省信息中心会签", "POST", f"{path}/sign", {"edition": 1})
    await owner.does("牵头部门会签", "POST", f"{path}/sign", {"edition": 1})
    await centre.refused(
        "未全部会签先确定", "POST", f"{path}/conclude", {"edition": 1}, "signatures_missing", 12
    )
    await centre.does("修改建设目标", "PATCH", path, {"goals": "一网协同、全省贯通"}, of=path)
    await police.refused("会签旧稿", "POST", f"{path}/sign", {"edition": 1}, "framework_changed", 12)
    for person, what in (
        (centre, "省信息中心会签第二稿"),
        (owner, "牵头部门会签第二稿"),
        (police, "省公安厅会签第二稿"),
    ):
        await person.does(what, "POST", f"{path}/sign", {"edition": 2})
    await police.refused("重复会签", "POST", f"{path}/sign", {"edition": 2}, "already_signed", 12)
    await centre.does(
        "确定框架方案", "POST", f"{path}/conclude", {"edition": 2}, state="with_province", articles=(12,)
    )
    opinions = said.accepting(*story.reasons["p"])
    await c.jointly_reviewed(story, c.PROVINCIAL, "16000000.00", ("info_centre",), opinions)


async def _invited(story: Story, owner: Person) -> None:
    """Art. 12: the lead sets the standards; later ones reach everybody."""
    for tenant in CITIES.values():
        await owner.does("邀请设区市参与", "POST", "links", {"child_tenant": tenant, "task": TASK})
    standard = {"text": "统一数据标准第一版", "document_number": "赣数据〔2028〕1号", "on": "2028-03-01"}
    future = {**standard, "on": "2028-03-02"}
    await owner.refused(
        "标准日期在未来", "POST", "links/standards", future, "invalid_body", 12, pointer="/on"
    )
    await owner.does("发布标准规范", "POST", "links/standards", standard)
    await story.tools.relay()


async def _at_home(story: Story, name: str, amount: str) -> None:
    """Arts 12, 23: each city joins with a project of its own and approves it by its own procedure."""
    tenant = CITIES[name]
    unit, keeper = (story.as_(tenant, each) for each in ("unit", "gatekeeper"))
    asked = next(each for each in (await keeper.sees("/link-invitations"))["items"] if each["task"] == TASK)
    assert [each["text"] for each in asked["standards"]] == ["统一数据标准第一版"]
    facts = {"investment_yuan": "4000000.00", "cross_level": True, "project_class": "integration"}
    body = c.declaration("一网协同市级分平台", tenant, "unit", **facts)
    await unit.does("起草本市项目", "POST", "/projects", body, new=name, state="draft")
    answer = f"/link-invitations/{asked['id']}/answer"
    joins = {"join": True, "project_id": story.ids[name]}
    stranger = {"join": True, "project_id": story.ids["p"]}
    await keeper.refused("以牵头项目加入", "POST", answer, stranger, "invalid_body", pointer="/project_id")
    await unit.does("以本市项目加入", "POST", answer, joins)
    await keeper.refused("重复答复邀请", "POST", answer, joins, "already_answered", 12)
    hidden = await keeper.call("GET", f"/projects/{story.ids['p']}")
    assert hidden.status_code == 404, "the lead's case is not the city's to read"
    assert await c.submitted(story, unit, name) == []
    await c.gatekept(story, name)
    await c.city_approved(story, reviews.approval(amount), name)
    await c.filed(story, name)


async def _reported(story: Story, owner: Person) -> None:
    """The lead hears how far each is; more than that is not its business."""
    await story.tools.relay()
    links = (await owner.sees("links"))["as_lead"]
    told = {
        each["child_tenant"]: (
            each["state"],
            each["summary"]["state"],
            each["summary"]["approved_amount_yuan"],
        )
        for each in links
    }
    assert told == {"360400": ("joined", "filed", "3900000.00"), "360500": ("joined", "filed", "2500000.00")}
    for name, tenant in CITIES.items():
        foreign = await story.as_(tenant, "unit").call(
            "GET", f"/projects/{story.ids['xinyu' if name == 'jiujiang' else 'jiujiang']}"
        )
        assert foreign.status_code == 404
    story.note("省直部门申报人员", "查看各市进展", "、".join(f"{each[2]}元已备案" for each in told.values()))
    again = {"text": "统一数据标准第二版", "on": "2028-03-01"}
    await owner.does("发布第二版标准", "POST", "links/standards", again)
    await story.tools.relay()
    for tenant in CITIES.values():
        got = (await story.as_(tenant, "gatekeeper").sees("/link-invitations"))["items"][0]
        assert [each["number"] for each in got["standards"]] == [1, 2]


async def _decided(story: Story) -> None:
    """The lead's own approval is the province's; the cities' parts go on without waiting for it."""
    story.on(date(2028, 4, 10))
    secretary, drc = story.province("leading_group_secretary"), story.province("drc")
    await secretary.does(
        "领导小组没有同意", "POST", "leading-group", c.meeting("return"), state="leading_group_decided"
    )
    await drc.refused(
        "未获同意仍批复",
        "POST",
        "province-approve",
        reviews.approval("16000000.00"),
        "gate_shut",
        20,
        gate="leading_group_agreed",
    )
    office = story.province("office")
    await office.does(
        "省级退回", "POST", "province-return", {"reason": "压减投资"}, state="returned", holder="owner"
    )
    jiujiang = story.as_("360400", "unit")
    await jiujiang.does("确定责任人", "POST", "/projects/{jiujiang}/responsible", c.responsible())
    await jiujiang.does(
        "本市先行开工",
        "POST",
        "/projects/{jiujiang}/start",
        {"started_on": "2028-04-10"},
        state="started",
        articles=(13,),
    )
    owner = story.province("department")
    await owner.does(
        "撤回申报", "POST", "withdraw", {"reason": "并入下一年度"}, state="withdrawn", articles=(14,)
    )
