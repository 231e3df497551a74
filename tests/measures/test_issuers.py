"""Arts 11, 16, 19: which organ a paper is of, by its name as officials write it."""

from __future__ import annotations

import pytest

from service.measures.issuers import above_the_cities, of_centre, unfit_for_priority

CENTRE = ["国务院办公厅", "国务院", "中共中央", "中共中央办公厅", "中办、国办", "全国人大常委会"]
ABOVE = [
    "省委办公厅",
    "江西省委",
    "中共江西省委",
    "江西省人民政府",
    "省政府办公厅",
    "省发展改革委",
    "江西省发展和改革委员会",
    "江西省市场监督管理局",
    "省领导小组办公室",
    "国家数据局",
    "国家市场监督管理总局",
    "市场监管总局",
    "住房城乡建设部",
    "公安部",
    "农业农村部",
    "江西省自然资源厅",
]
LOCAL = [
    "南昌市人民政府",
    "江西省南昌市人民政府",
    "中共南昌市委",
    "市政府",
    "市委办",
    "县政府办公室",
    "赣江新区管委会",
    "青云谱区人民政府",
    "南昌市发改委",
    "南昌市发展和改革委员会",
    "洪城镇人民政府",
    "市大数据中心",
    "九江市数据局",
]


@pytest.mark.parametrize("issuer", CENTRE + ABOVE)
def test_the_state_and_the_province(issuer: str) -> None:
    assert above_the_cities(issuer, "南昌市数据局")
    assert of_centre(issuer, "第1号") == (issuer in CENTRE)


@pytest.mark.parametrize("issuer", LOCAL)
def test_cities_and_below(issuer: str) -> None:
    assert not above_the_cities(issuer, None) and not of_centre(issuer, "洪府发〔2025〕1号")


def test_nobody_deploys_to_himself_and_a_number_tells_the_centre() -> None:
    assert not above_the_cities("江西省 教育厅", "江西省教育厅")
    for forwarder in ("南昌市人民政府（转发国务院办公厅）", "省委办公厅转发中办"):
        assert not of_centre(forwarder, "洪府厅字〔2025〕8号")
    assert of_centre("办公厅", "国办发〔2019〕57号") and not of_centre("办公厅", "赣府厅字〔2026〕5号")


def test_priority_by_a_city_is_no_priority_of_the_province() -> None:
    """Art. 16: items 1 and 2 name who ordered it; item 3 does not."""
    assert unfit_for_priority(1, "南昌市人民政府", None) and unfit_for_priority(2, "南昌市人民政府", None)
    assert unfit_for_priority(3, "南昌市人民政府", None) is None
    assert unfit_for_priority(2, "省委办公厅", "南昌市数据局") is None
