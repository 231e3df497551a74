"""What is compared for splits, reuse, recusal and seats sees through how it was typed (arts 8, 11, 18, 23)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.catalogue.kept import kept
from service.catalogue.search import AppText, rank
from service.characters.cleaning import cleaned
from service.measures.experts import Expert, Subject, conflict, same_people
from service.measures.whatif import several_offices_in
from service.similarity.comparing import Project, similarity
from service.similarity.keys import keys
from service.similarity.owners import alike

NAME = "文旅市场在线监管平台"
TASKS = "对文化和旅游市场主体开展在线监管，归集投诉举报、执法检查和信用信息"
UNSEEN = ["\u200b", "\u200d", "\u00ad", "\ufeff", "\u2060", "\ufe0f", "\u200f", "\U000e0061"]


def spread(text: str, sign: str) -> str:
    return sign.join(text)


@pytest.mark.parametrize("sign", UNSEEN)
def test_signs_nobody_sees_hide_no_likeness(sign: str) -> None:
    plain, hidden = Project(f"{NAME}一期", TASKS), Project(spread(f"{NAME}二期", sign), spread(TASKS, sign))
    seen = Project(f"{NAME}二期", TASKS)
    assert similarity(plain, hidden) == similarity(plain, seen) and similarity(plain, seen).similar
    assert keys(hidden) == keys(seen)
    # And what comes in by the wire has none of them from the start.
    assert cleaned(hidden.name) == seen.name


@given(st.sets(st.sampled_from(sorted(set(TASKS)))), st.sampled_from(["", " ", "\u3000"]))
def test_radicals_widths_and_blanks_hide_no_likeness(some: set[str], blank: str) -> None:
    radicals = {"文": "⽂", "用": "⽤", "举": "举", "行": "⾏", "信": "信", "，": ",", "、": "､", "西": "⻄"}
    typed = blank.join(radicals.get(each, each) if each in some else each for each in TASKS)
    assert similarity(Project(NAME, TASKS), Project(NAME, typed)).similar


def test_the_catalogue_is_searched_by_what_is_seen() -> None:
    apps = [
        AppText("1", "智慧　水务平台", "供水调度"),
        AppText("2", "ＡＩ政务助手", "问答"),
        AppText("3", "电子证照", "证照"),
    ]
    for query, wanted in (
        ("智慧 水务", "1"),
        ("⽔务", "1"),
        ("水\u200b务", "1"),
        ("ai政务助手", "2"),
        ("电⼦证照", "3"),
    ):
        assert [hit.id for hit in rank(query, apps)][:1] == [wanted], query


def expert(key: str, name: str = "王伟", employer: str = "南昌市大数据局", **changes: str) -> Expert:
    return Expert(key, frozenset({"data"}), employer, None, date(2024, 1, 1), None, name=name, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "typed",
    ["南昌市 大数据局", "南昌市大数据局\u200b", "南昌市⼤数据局", "南昌市大数据局", "\u00a0南昌市大数据局"],
)
def test_who_works_for_the_owner_steps_aside_however_it_is_typed(typed: str) -> None:
    subject = Subject(frozenset(), "office", frozenset({"南昌市大数据局"}))
    assert conflict(expert("1", employer=typed), subject)
    assert not conflict(expert("1", employer="南昌市数据局"), subject)
    assert not several_offices_in([typed], "南昌市大数据局") and alike(typed, "南昌市大数据局")


def test_a_person_has_one_seat_under_all_accounts() -> None:
    pool = [
        expert("1"),
        expert("2", "王 伟"),
        expert("3", employer="另一局"),
        expert("4", told_apart="信息中心"),
    ]
    assert same_people(pool, {"1"}) == {"1", "2"}
    assert same_people(pool, {"4"}) == {"4"} and same_people(pool, ()) == frozenset()


def test_apps_stored_under_older_rules_are_still_shown() -> None:
    old = {
        "category": "map",
        "support": {"name": "值班\n室", "phone": "--", "email": ""},
        "functions": ["甲\t乙", "丙\ue001"],
        "cost": {"amount_yuan": "1.00", "basis": "按\u2028年 "},
    }
    shown = kept(old)
    assert (shown.support.name, shown.support.phone, shown.cost.basis) == ("值班 室", "", "按 年")
    assert shown.functions == ["甲 乙", "丙"]
