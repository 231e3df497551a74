"""What was reached of the indicators a project was declared with, told after acceptance (arts 15, 40)."""

from __future__ import annotations

from typing import Any

from tests.lives.said import PAPER

FORM = {
    "indicators": [
        {"name": "平均办理时限", "target": "3", "unit": "工作日", "current": "6"},
        {"name": "网上办理率", "target": "95", "unit": "%"},
    ]
}


async def test_an_indicator_is_told_by_its_declared_name_once(life: Any, day: Any) -> None:
    case = await life(materials={"form": FORM}).at("operating")
    day("2027-06-01")
    body = {"on": "2027-06-01", "summary": "运行良好", "report": PAPER}
    made_up = {**body, "indicators": [{"name": "满意度", "reached": "99"}]}
    await case.wrong("city.unit", "evaluate", made_up, "/indicators/0/name")
    twice = {
        **body,
        "indicators": [{"name": "网上办理率", "reached": "96"}, {"name": "网上 办理率", "reached": "97"}],
    }
    await case.wrong("city.unit", "evaluate", twice, "/indicators/1")
    told = {**body, "indicators": [{"name": "网上办理率", "reached": "96.5", "note": "按月统计"}]}
    await case.does("city.unit", "evaluate", told)
    (record,) = await case.records("evaluate")
    assert record["content"]["indicators"] == [
        {"name": "平均办理时限", "target": "3", "unit": "工作日", "reached": None, "note": ""},
        {"name": "网上办理率", "target": "95", "unit": "%", "reached": "96.5", "note": "按月统计"},
    ]
