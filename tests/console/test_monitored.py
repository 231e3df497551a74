"""The monitor's tables: each column orders them both ways, each row's twelve months are told in figures too."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from service.console.drawing import spark
from service.console.monitor import BY, ORDERS, _ordered
from tests.console.test_case import submitted
from tests.worlds import Caller

_UNSAID = ("—", "未报送")
_ROW = re.compile(r"<tr><td>(?:<a[^>]*>)?([^<]+)(?:</a>)?</td>(.*?)</tr>", re.S)


def _rows(html: str, place: str) -> list[tuple[str, list[str]]]:
    """The named rows of a table with the text of their cells."""
    body = html.partition(f'id="{place}"')[2].partition("<tbody>")[2].partition("</tbody>")[0]
    return [
        (
            name,
            [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td[^>]*>(.*?)</td>", rest, re.S)],
        )
        for name, rest in _ROW.findall(body)
    ]


def _number(text: str) -> float:
    return float(text.replace(",", "").rstrip("%"))


def test_every_column_orders_its_table_both_ways() -> None:
    """What a row does not say stands last, whichever way."""
    for names in (ORDERS, BY):
        for name, _ in names:
            rows = [{name: figure, "n": n} for n, figure in enumerate((3, None, 1, 2))]
            for up, places in (("", [0, 3, 2, 1]), ("_up", [2, 3, 0, 1])):
                visit: Any = SimpleNamespace(query={"order": f"{name}{up}"})
                told = _ordered(visit, "order", names, rows, lambda row, name: row[name])
                assert [row["n"] for row in told] == places, (name, up)
            nothing: Any = SimpleNamespace(query={"order": "nonsense"})
            assert _ordered(nothing, "order", names, rows, lambda row, name: row[name]) == rows


async def test_the_address_orders_the_pages_tables(
    as_user: Callable[..., Caller], visit: Callable[..., Any]
) -> None:
    await submitted(as_user, "4600000.00", "排列用的系统")
    office = await visit("360000", "office")
    for name, by in (("declared", "done"), ("near", "percent")):
        for up in ("", "_up") if name == "declared" else ("",):
            for address, place, column in (
                (f"/console/monitor?order={name}{up}", "cities", [each.name for each in ORDERS].index(name)),
                (f"/console/monitor/needs?by={by}{up}", "needs", [each.name for each in BY].index(by)),
            ):
                shown = await office.go(address)
                assert shown.html.count(f'aria-sort="{"ascending" if up else "descending"}"') == 1
                assert not shown.codes
                rows = _rows(shown.html, place)
                told = [_number(cells[column]) for _, cells in rows if cells[column] not in _UNSAID]
                assert len(rows) == 13 and told == sorted(told, reverse=not up), (name, by, up, told)
    shown = await office.go("/console/monitor")
    assert "这些数怎么算" in shown.text and "谁报了需求" in shown.text and "逐地查看" in shown.text
    own = await (await visit("360100", "gatekeeper")).go("/console/monitor/needs")
    assert own.status == 200 and len(_rows(own.html, "needs")) == 1


async def test_the_small_columns_say_their_figures_and_stand_in_a_table_too(
    as_user: Callable[..., Caller], visit: Callable[..., Any]
) -> None:
    await submitted(as_user, "4600000.00", "本月的系统")
    shown = await (await visit("360000", "office")).go("/console/monitor")
    told = dict(re.findall(r'aria-label="(\S+)近十二个月申报 ([\d、]+)"', shown.html))
    assert len(told) == 13 and int(told["南昌市"].split("、")[-1]) > 0
    table = dict(
        _rows(
            shown.html.partition("各月申报以表格查看")[2].replace("<table", '<table id="months"', 1), "months"
        )
    )
    assert {name: "、".join(cells) for name, cells in table.items()} == told
    drawn = str(spark([0, 3, 1], "近三个月"))
    assert re.findall(r'height="(\d+)"/>', drawn) == ["1", "20", "6"] and drawn.count('class="now"') == 1


async def test_nobody_is_offered_what_is_refused_to_them(visit: Callable[..., Any]) -> None:
    """A city's page leads to its suspicions whoever may list them."""
    for login, offered in (("office", True), ("finance", False)):
        reader = await visit("360000", login)
        shown = await reader.go("/console/monitor/360100")
        to = "/console/suspicions?tenant=360100"
        assert (f'href="{to}"' in shown.html) is offered
        assert (await reader.go(to)).status == (200 if offered else 403)
