"""Who holds the pen, what other desks may do and what is one's own later; and what a decision was made from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from service.kit.moment import Moment
from tests.console.test_case import submitted
from tests.console.trips import TRIPS
from tests.worlds import Caller


async def test_a_case_tells_whose_turn_it_is_and_how_that_desk_is_reached(
    as_user: Callable[..., Caller], visit: Callable[..., Any]
) -> None:
    ref = await submitted(as_user, "4600000.00", "轮到谁系统")
    admin = as_user("360100", "administrator")
    office = (await admin("GET", "/offices", params={"name": "南昌市数据局"})).json()["items"][0]["id"]
    told = await admin(
        "PUT", f"/offices/{office}/desks/gatekeeper", {"telephone": "0791-88880001", "room": "三楼"}
    )
    assert told.status_code == 200, told.text
    unit, keeper = await visit("360100", "unit"), await visit("360100", "gatekeeper")
    case = await unit.go(f"/console/projects/{ref}")
    address = next(given["hx-get"] for _, given in case.tags if given.get("id") == "pen")
    shown = await unit.go(address)
    assert shown.status == 200 and not shown.codes and 'href="tel:0791-88880001"' in shown.html
    assert "三楼" in shown.text and "别的岗位现在可以" in shown.text and "统筹把关通过" in shown.text
    assert "上传附件" not in shown.text
    mine = await keeper.go(address)
    assert "以后由您办的" in mine.text and "须待“" in mine.text and "第四十一条" in mine.text
    assert (await (await visit("360200", "unit")).go(address)).status == 404


async def test_a_decision_shows_all_that_it_was_made_from(
    as_user: Callable[..., Caller], visit: Callable[..., Any]
) -> None:
    ref = await submitted(as_user, "4600000.00", "全部输入系统")
    shown = await (await visit("360100", "gatekeeper")).go(f"/console/projects/{ref}")
    inputs = shown.text.partition("判定用的全部输入")[2].partition("要您表态")[0]
    assert all(
        each in inputs for each in ("4,600,000.00 元", "5,000,000.00 元", "设区市", "适用的限额", "新建")
    )
    assert not shown.codes


async def test_a_citys_page_tells_its_place_and_how_it_was_before(
    as_user: Callable[..., Caller], visit: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    await submitted(as_user, "4600000.00", "一市的系统")
    office, reads, fetch = await visit("360000", "office"), list[Moment](), Moment.fetch

    async def counted(self: Moment, *asked: Any) -> Any:
        reads[:] = [self]
        return await fetch(self, *asked)

    await office.go("/console/monitor/360100")  # derives what was changed last, which is no reading
    monkeypatch.setattr(Moment, "fetch", counted)
    shown = await office.go("/console/monitor/360100")
    assert shown.status == 200 and not shown.codes and "由多到少第" in shown.text
    for each in ("与各地相比", "与上期相比", "居中的地方", "申报趋势"):
        assert each in shown.text, each
    assert reads[0].reads <= TRIPS, reads[0].reads
    address = next(given["hx-get"] for _, given in shown.tags if given.get("id") == "before")
    then = await office.go(address)
    assert "期限按期率" in then.text and "增减" in then.text and not then.codes
    assert reads[0].reads <= TRIPS, reads[0].reads
    assert 'href="/console/monitor/360100"' in (await office.go("/console/monitor")).html
    for nowhere in ("369999", "x", "360121"):
        assert (await office.go(f"/console/monitor/{nowhere}")).status == 404, nowhere
    own = await (await visit("360100", "gatekeeper")).go("/console/monitor/360100")
    assert own.status == 404
