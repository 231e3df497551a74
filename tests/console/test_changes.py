"""Overlays, amendments, requirements and what-if by forms: seen first, recorded then, confirmed by another person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.console.test_case import submitted
from tests.console.test_rules import CITY, HOSTILE, PROVINCE, day
from tests.worlds import Caller


async def test_a_city_sets_its_own_figure_and_ends_it(visit: Callable[..., Any]) -> None:
    keeper, at = await visit(CITY, "gatekeeper"), "/console/overlays?key=gatekeeping.practice_days"
    drawn = await keeper.go(at)
    assert drawn.status == 200 and not drawn.codes and "10 天" in drawn.text and "更低" in drawn.text
    form = drawn.form("rulebook_overlay_record")
    form.fields |= {"/value": "20 天", "/effective_from": day(50), "/reason": HOSTILE, "_step": "preview"}
    wrong = await keeper.shown(at, form)
    assert wrong.status == 422 and "只能低于" in wrong.text and "<img" not in wrong.html
    assert wrong.form("rulebook_overlay_record").fields["/value"] == "20 天"
    form.fields |= {"/value": "6 天"}
    seen = await keeper.shown(at, form)
    assert seen.status == 200 and "登记以后会怎样" in seen.text and not seen.codes
    kept = seen.form("rulebook_overlay_record")
    kept.fields |= {"_step": "record", "_key": "overlay-0001"}
    done = await keeper.send(at, kept)
    assert done.status_code == 303, done.text
    one = await keeper.go(done.headers["location"])
    assert "6 天" in one.text and "待生效" in one.text and not one.codes and "<img" not in one.html
    ending = one.form("rulebook_overlay_end")
    ending.fields |= {"/effective_from": day(60), "/reason": "恢复", "_step": "preview"}
    ending = (await keeper.shown(one.response.url.path, ending)).form("rulebook_overlay_end")
    ending.fields |= {"_step": "record", "_key": "overlay-0002"}
    assert (await keeper.send(one.response.url.path, ending)).status_code == 303
    seen_by = await (await visit(PROVINCE, "office")).go("/console/overlays")
    assert "统筹把关时限" in seen_by.text and not seen_by.codes and "登记本市设置" not in seen_by.text


async def test_what_was_written_outlives_its_session_with_the_pages_address(
    visit: Callable[..., Any],
) -> None:
    keeper, at = await visit(CITY, "gatekeeper"), "/console/overlays?key=gatekeeping.practice_days"
    form = (await keeper.go(at)).form("rulebook_overlay_record")
    form.fields |= {"/value": "7 天", "/effective_from": day(80), "/reason": "失而复得", "_step": "preview"}
    again = await keeper.shown(at, _marked(form, "0" * 64))
    assert again.status in (401, 403)
    kept = next(each for each in again.forms if each.fields.get("/reason") == "失而复得")
    back = await keeper.shown("/console/overlays", kept)
    assert back.status == 200 and "登记以后会怎样" in back.text
    assert back.form("rulebook_overlay_record").fields["/value"] == "7 天"


def _marked(form: Any, mark: str) -> Any:
    form.fields["_csrf"] = mark
    return form


async def test_a_citys_own_check_needs_no_code(visit: Callable[..., Any]) -> None:
    keeper, at = await visit(CITY, "gatekeeper"), "/console/overlays?key=findings.extra"
    form = (await keeper.go(at)).form("rulebook_overlay_record")
    form.fields |= {
        "/checks/0/text": "是否已接入市级一体化平台",
        "/checks/0/severity": "notice",
        "/checks/0/from_yuan": "100 万元",
        "/effective_from": day(55),
        "/reason": "本市要求",
        "_step": "preview",
    }
    form = (await keeper.shown(at, form)).form("rulebook_overlay_record")
    form.fields |= {"_step": "record", "_key": "overlay-0003"}
    done = await keeper.send(at, form)
    assert done.status_code == 303, done.text
    one = await keeper.go(done.headers["location"])
    assert "是否已接入市级一体化平台" in one.text and "100 万元" in one.text and not one.codes


async def test_an_amendment_is_seen_by_both_persons_and_strands_nobody(
    as_user: Callable[..., Caller], visit: Callable[..., Any]
) -> None:
    await submitted(as_user, "4600000.00", "规定修改试算系统")
    office, at = await visit(PROVINCE, "office"), "/console/amendments"
    form = (await office.go(at)).form("rulebook_amendment_propose")
    form.fields |= {
        "/entries/0/key": "limit.other",
        "/entries/0/value": "400 万元",
        "/effective_from": day(70),
        "/document_number": "赣府厅发〔2026〕99 号",
        "/document_date": day(),
        "/issued_by:each": "general_office",
        "/reason": HOSTILE,
        "/transition/mode": "next_desk",
        "_step": "preview",
    }
    seen = await office.shown(at, form)
    assert seen.status == 200 and not seen.codes, (seen.codes, seen.text[:900])
    assert "规定修改试算系统" in seen.text and "改按新规定" in seen.text and "<img" not in seen.html
    drawn = seen.form("rulebook_amendment_propose")
    assert drawn.fields["/transition/mode"] == "next_desk" and drawn.fields["/entries/0/value"] == "400 万元"
    drawn.fields |= {"/issued_by:each": "general_office", "_step": "record", "_key": "amendment-0001"}
    if "不能登记" in seen.text:  # somebody else's case would be stranded: the page offers no button
        assert 'value="record"' not in seen.html
        drawn.fields |= {"/transition/mode": "stay", "_step": "preview"}
        drawn = (await office.shown(at, drawn)).form("rulebook_amendment_propose")
        drawn.fields |= {"/issued_by:each": "general_office", "_step": "record", "_key": "amendment-0001"}
    done = await office.send(at, drawn)
    assert done.status_code == 303, done.text
    place = done.headers["location"]
    await _confirmed_by_another(visit, office, place)


async def _confirmed_by_another(visit: Callable[..., Any], office: Any, place: Any) -> None:
    """The proposer may not; another office sees what will be, and agrees; a city reads it."""
    mine = await office.go(place)
    refused = await office.shown(place, _said(mine.form("rulebook_amendment_confirm"), "true", "own"))
    assert refused.status in (403, 409) and 'role="alert"' in refused.html
    other = await visit(PROVINCE, "drc")
    shown = await other.go(place)
    assert (
        "确认以后会怎样" in shown.text
        and "500 万元" in shown.text
        and "400 万元" in shown.text
        and not shown.codes
    )
    agreed = _said(shown.form("rulebook_amendment_confirm"), "true", "other")
    assert (await other.send(place, agreed)).status_code == 303
    after = await other.go(place)
    assert "待施行" in after.text and not after.codes and "<img" not in after.html
    city = await (await visit(CITY, "unit")).go(place)
    assert city.status == 200 and "400 万元" in city.text and "没有要您办的" in city.text


def _said(form: Any, accepted: str, key: str) -> Any:
    form.fields |= {"/accepted:boolean": accepted, "_key": f"amendment-confirm-{key}"}
    return form


async def test_what_if_tells_who_would_go_another_way(
    as_user: Callable[..., Caller], visit: Callable[..., Any]
) -> None:
    await submitted(as_user, "4700000.00", "推演系统")
    for who, sees in (((PROVINCE, "office"), True), ((CITY, "gatekeeper"), True), ((CITY, "unit"), False)):
        browser = await visit(*who)
        shown = await browser.go("/console/what-if")
        assert shown.status == (200 if sees else 403), who
        if not sees:
            continue
        assert "现在是这样定的" in shown.text and "500 万元" in shown.text
        chosen = await browser.go("/console/what-if?key=limit.other")  # as the list of figures links it
        form = next(each for each in chosen.forms if "/changes/0/key" in each.fields)
        assert form.fields["/changes/0/key"] == "limit.other"
        form.fields |= {"/changes/0/key": "limit.other", "/changes/0/value": "400 万元"}
        found = await browser.shown("/console/what-if", form)
        assert found.status == 200 and not found.codes, (found.codes, found.text[:600])
        assert "推演系统" in found.text and "改走另一条路" in found.text
        beside = found.text.partition("原来和改后")[2].partition("落在哪些地方")[0]
        assert "市级批复并备案" in beside and "省级论证评估和联合会审" in beside
        assert "\n+" in beside and "\n-" in beside
        form.fields["/changes/0/value"] = "四百万"
        wrong = await browser.shown("/console/what-if", form)
        assert wrong.status == 422 and "四百万" in wrong.html and "应为不带符号的数字" in wrong.text


async def test_requirements_are_seen_proposed_and_confirmed_by_another_organ(
    visit: Callable[..., Any],
) -> None:
    drc, at = await visit(PROVINCE, "drc"), "/console/requirements"
    first = await drc.go(at)
    assert "要有这些" in first.text and "会议" in first.text and not first.codes
    form = first.form("rounds_declaration_propose")
    form.fields |= {
        "/year:number": day(30)[:4],
        "/document_number": "赣发改〔2026〕77 号",
        "/document_date": day(),
        "/effective_from": day(30),
        "/fields/0/field": "form.credit_code",
        "/extra/0/name": "资金承诺函",
        "_step": "preview",
    }
    seen = await drc.shown(at, form)
    assert seen.status == 200 and "还缺" in seen.text and not seen.codes, (seen.codes, seen.text[:900])
    form = seen.form("rounds_declaration_propose")
    form.fields |= {"_step": "record", "_key": "round-0001"}
    done = await drc.send(at, form)
    assert done.status_code == 303, done.text
    place = done.headers["location"]
    finance = await visit(PROVINCE, "finance")
    shown = await finance.go(place)
    assert "资金承诺函" in shown.text and "哪些项目还缺" in shown.text and not shown.codes
    refusal = shown.form("rounds_declaration_refuse")
    refusal.fields |= {"/reason": "待商", "_key": "round-0002"}
    assert (await finance.send(place, refusal)).status_code == 303
    assert "未予确认" in (await finance.go(place)).text
    assert (await (await visit(CITY, "unit")).go(place)).status == 404
