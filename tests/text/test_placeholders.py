"""无, /, 详见附件 and the like are no content: one list, one function, every text that must say something."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.characters import placeholders
from service.characters.placeholders import says, says_nothing, settled, worded
from service.delivery.building_schemas import ResponsibleIn
from service.kit.decoding import decode_json
from service.kit.errors import ServiceError
from service.kit.saying import silent
from service.kit.text import Number, Said
from service.measures.checks import other_offices
from service.measures.completeness import Asked, missing_materials, missing_name
from service.measures.declaration import Basics, FundingLine, Materials, Resolution
from service.measures.facts import Kind
from service.measures.requirements import BASE, required
from service.measures.whatif import several_offices_in
from service.projects.schemas import ReturnIn, SubmitIn
from tests.factories import PLAN, draft, materials
from tests.text.test_every_field import all_strings

_GIVEN = (Path(__file__).parent / "placeholders.txt").read_text(encoding="utf-8")
NOTHING, SOMETHING = (part.split("\n")[1:] for part in _GIVEN.removesuffix("\n").split("# ")[1:])
NOTHING = [*(each for each in NOTHING if each), "", " ", "\u3000", "无\u200b", "无" * 3000, "见附件。" * 900]
SUBMIT = {"reasons": [{"code": "not_in_library", "reason": "暂无"}]}


@pytest.mark.parametrize("text", NOTHING)
def test_it_says_nothing(text: str) -> None:
    assert says_nothing(text) and not says(text)


@pytest.mark.parametrize("text", SOMETHING)
def test_it_says_something(text: str) -> None:
    assert says(text)


class Numbered(msgspec.Struct):
    number: Number


@pytest.mark.parametrize(
    "number",
    [
        "洪发改〔2026〕XX号",
        "洪发改〔2026〕 号",
        "洪发改〔2026〕号",
        "〔〕号",
        "洪发改〔20XX〕12号",
        "第  号",
        "会纪（2026）第××号",
    ],
)
def test_a_number_is_whole(number: str) -> None:
    """Arts 15, 20: a form's blanks are no number, wherever one is asked for."""
    assert placeholders.unfilled(number)
    with pytest.raises(ServiceError) as refused:
        decode_json(msgspec.json.encode({"number": number}), Numbered)
    assert [(each.pointer, "空着" in each.detail) for each in refused.value.extensions["errors"]] == [
        ("/number", True)
    ]


@pytest.mark.parametrize(
    "number",
    [
        "会纪〔2026〕3号",
        "国办发〔2019〕57号",
        "洪数（2026）第12号",
        "洪发改〔二〇二六〕十二号",
        "第12号",
        "党组会[3]号",
        "GB/T 40692",
    ],
)
def test_a_whole_number_is_taken(number: str) -> None:
    assert not placeholders.unfilled(number)


def test_every_text_that_must_say_something_is_looked_at() -> None:
    """Prose that must be given and numbers of documents carry the mark; nothing that may be empty does."""
    found = list(all_strings())
    must = [
        (at, extra.get("x-says"))
        for at, kind, extra in found
        if kind.min_length and extra.get("x-text") in ("prose", "number")
    ]
    assert len(must) > 130 and all(says for _, says in must), [at for at, mark in must if not mark]
    assert not [at for at, kind, extra in found if extra.get("x-says") and not kind.min_length]


@pytest.mark.parametrize("text", ["无无", "//", "详见附件", "暫無", "Ｎ／Ａ"])
@pytest.mark.parametrize(
    ("kind", "build", "at"),
    [
        (ReturnIn, lambda said: {"reason": said}, "/reason"),
        (
            SubmitIn,
            lambda said: {"reasons": [{"code": "x", "reason": "上级部署"}, {"code": "y", "reason": said}]},
            "/reasons/1/reason",
        ),
    ],
)
def test_a_request_that_says_nothing_is_refused_with_its_place(
    kind: Any, build: Any, at: str, text: str
) -> None:
    with pytest.raises(ServiceError) as refused:
        decode_json(msgspec.json.encode(build(text)), kind)
    assert refused.value.status == 422
    assert [(each.pointer, each.code) for each in refused.value.extensions["errors"]] == [
        (at, "says_nothing")
    ]
    assert decode_json(msgspec.json.encode(build("上级部署")), kind)


@pytest.mark.parametrize("name", ["无", "待定", "某某", "XX局", "/"])
def test_a_record_names_somebody(name: str) -> None:
    """Arts 24, 26, 31, 38: who answers, supervises, contracts, is paid; a record of nobody settles nothing."""
    named = {"implementing_body": "市数据中心", "person": "张三", "named_on": "2026-02-03"}
    for key in ("implementing_body", "person"):
        with pytest.raises(ServiceError) as refused:
            decode_json(msgspec.json.encode({**named, key: name}), ResponsibleIn)
        assert [each.pointer for each in refused.value.extensions["errors"]] == [f"/{key}"]
    assert decode_json(msgspec.json.encode(named), ResponsibleIn)


@pytest.mark.parametrize(
    ("text", "right"), [("111", False), ("１２ ３", False), ("3月", True), ("80%", True)]
)
def test_figures_alone_are_no_sentence(text: str, right: bool) -> None:
    """Of prose and names; a number, and what may be one, is figures alone as it likes."""
    raw = msgspec.json.encode({"reason": text})
    if right:
        assert decode_json(raw, ReturnIn)
        return
    with pytest.raises(ServiceError) as refused:
        decode_json(raw, ReturnIn)
    assert [each.pointer for each in refused.value.extensions["errors"]] == ["/reason"]
    assert decode_json(msgspec.json.encode({"number": text}), Numbered)


class One(msgspec.Struct, rename="camel"):
    what_is_said: Said


class All(msgspec.Struct):
    one: One
    many: list[One]
    named: dict[str, One | None]
    plain: str = ""


def test_the_walk_reaches_every_shape() -> None:
    value = All(One("无"), [One("建设"), One("/")], {"a/b": One("详见附件"), "c": None}, "无")
    assert [each.pointer for each in silent(value, All)] == [
        "/one/whatIsSaid",
        "/many/1/whatIsSaid",
        "/named/a~1b/whatIsSaid",
    ]


def _with(**changes: Any) -> Materials:
    base: dict[str, Any] = {
        "resolution": Resolution("局党组会议", date(2026, 1, 15), "会纪〔2026〕3号"),
        "basics": Basics("建设业务系统", "政务云", "年度要点", "时限减半", "政府采购"),
        "technical_plan": "依托政务云建设，接入共享平台",
        "maintenance_plan": "驻场运维",
        "funding": (FundingLine("市级财政", 100),),
        "extra": {"保密承诺书": "已签署，编号3"},
    }
    return Materials(**(base | changes))


@pytest.mark.parametrize("name", ["无", "/", "暂无", "待定", "XX项目", "测试", "……", "无\u200b"])
def test_a_project_is_called_something(name: str) -> None:
    """Art. 15 begins with the name; a thing may be called after papers and places."""
    assert [each.pointer for each in missing_name(name)] == ["/name"]
    for real in ("附件", "系统", "无人机巡检平台", "2026年度运维", "5G"):
        assert not missing_name(real)


@pytest.mark.parametrize("text", ["待上会", "111", "待编号", "2026", "没有附件"])
def test_what_is_not_so_yet_and_figures_alone_are_no_material(text: str) -> None:
    """Art. 15: 未上会 is a reason to return a declaration, and no meeting of one; a number may be figures alone."""
    assert not worded(text)
    assert settled(text) is text.isdigit()
    assert says(text)


@pytest.mark.parametrize("text", ["无", "/", "详见附件", "N/A"])
@pytest.mark.parametrize(
    ("pointer", "change"),
    [
        ("/resolution/body", lambda t: {"resolution": Resolution(t, date(2026, 1, 15), "会纪〔2026〕3号")}),
        ("/resolution/number", lambda t: {"resolution": Resolution("局党组会议", date(2026, 1, 15), t)}),
        *(
            (
                f"/basics/{name}",
                lambda t, name=name: {
                    "basics": Basics(
                        **{
                            "main_tasks": "建设",
                            "location": "政务云",
                            "basis": "要点",
                            "performance_goals": "减半",
                            "implementation": "采购",
                            name: t,
                        }
                    )
                },
            )
            for name in ("main_tasks", "location", "basis", "performance_goals", "implementation")
        ),
        ("/technical_plan", lambda t: {"technical_plan": t}),
        *((f"/plan/{name}", lambda t, name=name: {"plan": {**PLAN, name: t}}) for name in PLAN),
        ("/funding/0/source", lambda t: {"funding": (FundingLine(t, 100),)}),
        ("/extra", lambda t: {"extra": {"保密承诺书": t}}),
    ],
)
def test_no_material_is_filled_by_a_placeholder(pointer: str, change: Any, text: str) -> None:
    asked = Asked(Kind.NEW, 100, required(BASE, None, Kind.NEW, 100), city_extra=("保密承诺书",))
    found = missing_materials(_with(**change(text)), asked)
    assert pointer in [each.pointer for each in found]


@pytest.mark.parametrize("name", ["无", "/", "详见附件", "暂無", "南昌市 政府办公室", "南昌市政府办公室"])
def test_no_placeholder_and_no_owner_takes_part(name: str) -> None:
    owner = "南昌市政府办公室"
    assert not other_offices([name], owner) and not several_offices_in([name], owner)
    assert other_offices([name, "南昌市数据局"], owner) == {"南昌市数据局"} and several_offices_in(
        [name, "市数据局"], owner
    )


async def test_a_declaration_of_placeholders_is_not_submitted(as_user: Any) -> None:
    unit = as_user("360100", "unit")
    given = materials()
    given["resolution"]["body"] = given["technical_plan"] = given["basics"]["basis"] = "无"
    given["funding"][0]["source"] = "详见附件"
    made = await unit("POST", "/projects", draft(name="占位用语的项目", materials=given))
    assert made.status_code == 201, made.text  # a draft may wait for its content
    sent = await unit("POST", f"/projects/{made.json()['id']}/submit", {}, etag=made.headers["etag"])
    assert sent.status_code == 422
    assert {each["pointer"] for each in sent.json()["errors"]} >= {
        "/materials/resolution/body",
        "/materials/basics/basis",
        "/materials/technical_plan",
        "/materials/funding/0/source",
    }
    refused = await unit("POST", f"/projects/{made.json()['id']}/submit", SUBMIT, etag=made.headers["etag"])
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "says_nothing")


_WORDS = st.sampled_from(
    ["无", "无。", "详见附件", "附件1", " ", "\n", "/", "另建机房", "é", "e\u0301", "暂无", "见", "ａ"]
)


_MIXED = _WORDS | st.sampled_from([*"政务服务平台的XX某局〔〕，。1a "])


@given(st.lists(_WORDS, min_size=20, max_size=160) | st.lists(_MIXED, max_size=12))
def test_a_glance_at_the_beginning_says_what_the_whole_says(parts: list[str]) -> None:
    text = "".join(parts)
    whole, glance, first = placeholders.says_nothing(text), placeholders._GLANCES, placeholders._FIRST
    placeholders._GLANCES, placeholders._FIRST = (), 0
    try:
        assert whole == placeholders.says_nothing(text)
    finally:
        placeholders._GLANCES, placeholders._FIRST = glance, first


def test_what_follows_may_make_a_word_of_the_last_signs() -> None:
    """120 times the half of a word are no word yet; a text that is one to its end says nothing."""
    assert not says("无" * 119 + "详见附" + "件")
    assert says("无" * 119 + "详见附" + "近")
