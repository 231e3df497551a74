"""A case by forms alone: judged reason by reason, passed once, faults told; every audience sees its side of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from tests.console.test_frame import AUDIENCES
from tests.lives import builder
from tests.worlds import Caller

HOSTILE = "<img src=x onerror=alert(1)>{{ 7*7 }}"


async def submitted(as_user: Callable[..., Caller], amount: str, name: str) -> str:
    """A case that waits for its gatekeeper; one that goes to the province gives its reason."""
    unit = builder(as_user)("city.unit")
    return (await unit.life(name=name, facts={"investment_yuan": amount}).at("submitted")).id


async def test_a_case_is_judged_and_passed_by_its_form(
    as_user: Callable[..., Caller], visit: Callable[..., Any]
) -> None:
    ref = await submitted(as_user, "5300000.00", f"城管执法业务系统{HOSTILE}")
    at = f"/console/projects/{ref}"
    keeper = await visit("360100", "gatekeeper")
    shown = await keeper.go(at)
    assert shown.status == 200 and not shown.codes and "计入 530 万元" in shown.text
    assert "<img src=x" not in shown.html and "&lt;img src=x" in shown.html and "49" not in shown.text[:200]
    form = shown.form("projects_gatekeep_pass")
    assert form.fields["_version"] and form.fields["_key"]

    unjudged = await keeper.send(at, form)
    assert unjudged.status_code in (409, 422) and 'role="alert"' in unjudged.text
    # The radio buttons stand beside the reason and belong to this form.
    form.fields |= {
        "/opinions/0/code": "not_in_library",
        "/opinions/0/accepted:boolean": "true",
        "/opinions/0/note": "理由成立",
        "_key": "judged-0001",
    }
    passed = await keeper.send(at, form)
    assert passed.status_code == 303, passed.text
    assert (await keeper.send(at, form)).status_code == 303  # sent twice, done once
    after = await keeper.go(at)
    assert "统筹把关通过" in after.text and "认可" in after.text and not after.codes
    stale = await keeper.send(at, _another(form))
    assert stale.status_code in (409, 412) and 'role="alert"' in stale.text


def _another(form: Any) -> Any:
    form.fields["_key"] = "somebody-else-0001"
    return form


async def test_every_audience_sees_its_side_of_a_case_or_that_there_is_none(
    as_user: Callable[..., Caller], visit: Callable[..., Any]
) -> None:
    ref = await submitted(as_user, "4600000.00", "公共卫生监测系统")
    for who in AUDIENCES:
        browser = await visit(*who)
        for at in (f"/console/projects/{ref}", "/console/projects", "/console/projects?state=submitted"):
            shown = await browser.go(at)
            assert shown.status in (200, 403, 404), (who, at, shown.text[-300:])
            assert not shown.codes, (who, at, shown.codes)
        if who == ("360100", "approver"):
            one = await browser.go("/console/projects?text=公共卫生监测系统")
            assert one.status in (200, 303)


async def test_the_province_sees_all_cities_and_a_table_beside_the_chart(visit: Callable[..., Any]) -> None:
    office = await visit("360000", "office")
    for kind in ("unfiled", "declared", "near", "late", "nonsense"):
        shown = await office.go(f"/console/monitor?show={kind}")
        assert shown.status == 200 and not shown.codes, (kind, shown.text)
        assert (
            shown.html.count('class="tile ') == 13 and "以表格查看" in shown.text and "赣江新区" in shown.text
        )
    assert (await office.go("/console/files/totals.csv")).status == 200
    assert (await (await visit("360100", "360121.user")).go("/console/monitor")).status == 403


async def test_a_city_sees_itself_and_is_told_nothing_of_others(visit: Callable[..., Any]) -> None:
    """Of other cities its desks know nothing: none is shown with noughts."""
    desk = await visit("360100", "gatekeeper")
    for kind in ("unfiled", "near", "late"):
        shown = await desk.go(f"/console/monitor?show={kind}")
        assert shown.status == 200 and not shown.codes, (kind, shown.text)
        assert "本市监测" in shown.text and "全省" not in shown.text
        assert "南昌市" in shown.text and "九江市" not in shown.text


async def test_a_draft_is_written_kept_and_changed_by_forms_and_told_what_it_lacks(
    visit: Callable[..., Any],
) -> None:
    unit = await visit("360100", "unit")
    form = (await unit.go("/console/projects/new")).form("projects_create")
    assert "/facts/investment_yuan" in form.fields and "/materials/funding/0/amount_yuan" in form.fields
    empty = await unit.send("/console/projects/new", form)
    assert empty.status_code == 422 and "缺少必填项" in empty.text
    form.fields |= {
        "_key": "draft-0001",
        "/name": "养老服务管理系统",
        "/facts/project_class": "other",
        "/facts/kind": "new",
        "/facts/investment_yuan": "1800000.00",
        "/facts/fiscal_funds:boolean": "true",
        "/facts/classified:boolean": "false",
        "/materials/technical_plan": "依托政务云\n不另建机房",
        "/materials/funding/0/source": "市级财政",
        "/materials/funding/0/amount_yuan": "1800000.00",
    }
    made = await unit.send("/console/projects/new", form)
    assert made.status_code == 303, made.text
    at = made.headers["location"].partition("/edit")[0]
    case = await unit.go(at)
    assert case.status == 200 and "离提交还差" in case.text and not case.codes
    edit = (await unit.go(f"{at}/edit")).form("projects_edit")
    assert (
        edit.fields["/name"] == "养老服务管理系统" and edit.fields["/facts/investment_yuan"] == "1800000.00"
    )
    assert (
        edit.fields["/facts/fiscal_funds:boolean"] == "true"
        and "不另建机房" in edit.fields["/materials/technical_plan"]
    )
    edit.fields["/name"] = "养老服务管理平台"
    assert (await unit.send(f"{at}/edit", edit)).status_code == 303
    kept = await unit.go(at)
    assert "养老服务管理平台" in kept.text and "离提交还差" in kept.text and "请填写建设地点" in kept.text
    assert "还不能办" in kept.text and "申报材料不完整" in kept.text
    assert (await (await visit("360100", "360121.user")).go("/console/projects/new")).status == 404


async def test_the_queue_leads_to_the_case_and_passes_many_at_once(
    as_user: Callable[..., Caller], visit: Callable[..., Any]
) -> None:
    refs = [await submitted(as_user, "900000.00", f"档案数字化系统{n}{HOSTILE}") for n in range(2)]
    keeper = await visit("360100", "gatekeeper")
    queue = await keeper.go("/console?queue=gatekeeping")
    assert queue.status == 200 and not queue.codes and "<img src=x" not in queue.html
    assert all(f'href="/console/projects/{ref}?from=' in queue.html for ref in refs)
    peek = await keeper.go(f"/console?queue=gatekeeping&peek={refs[1]}")
    assert 'id="peek"' in peek.html and "计入金额" in peek.text
    form = next(
        each for each in queue.forms if "_key" in each.fields and each.action and "queue" in each.action
    )
    boxes = [given["value"] for tag, given in queue.tags if tag == "input" and given.get("name") == "pick"]
    chosen = [("pick", box) for box in boxes if box.partition("|")[0] in refs]
    assert len(chosen) == 2
    sent = [*form.fields.items(), *chosen, ("pick", f"{refs[0]}|9|过时的")]
    done = await keeper.client.post(
        "/console?queue=gatekeeping",
        content=urlencode(sent),
        headers={"content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin"},
    )
    assert done.status_code == 200 and "办结 2 件" in done.text and "未办 1 件" in done.text, done.text[:3000]
    for ref in refs:
        assert (await as_user("360100", "gatekeeper")("GET", f"/projects/{ref}")).json()[
            "state"
        ] == "gatekept"
    assert (await keeper.go("/console/messages")).status == 200


async def test_papers_of_a_case_are_a_link_away(
    as_user: Callable[..., Caller], visit: Callable[..., Any]
) -> None:
    """Whoever may have a paper sees its link, and the link gives it; others see none."""
    ref = await submitted(as_user, "4000000.00", "文书业务系统")
    at = f"/console/projects/{ref}"
    keeper = await visit("360100", "gatekeeper")
    shown = await keeper.go(at)
    links = {
        str(given["href"])
        for tag, given in shown.tags
        if tag == "a" and f"{at}/paper/" in str(given.get("href"))
    }
    assert links == {f"{at}/paper/evidence", f"{at}/paper/rectification"}
    for address, first in ((f"{at}/paper/evidence", b"%PDF-"), (f"{at}/paper/rectification", b"PK")):
        given = await keeper.client.get(address)
        assert given.status_code == 200 and given.content.startswith(first), given.text[:300]
    for nothing in ("receipt", "supplement-1", "else"):
        assert (await keeper.client.get(f"{at}/paper/{nothing}")).status_code == 404
    unit = await visit("360100", "unit")
    assert "送审稿" not in (await unit.go(at)).html
