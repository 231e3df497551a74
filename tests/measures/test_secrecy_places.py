"""Where a mark stands: pointers of plain names, the words, and nothing else of what was sent."""

from __future__ import annotations

import json

import pytest

from service.measures.secrecy import Verdict
from service.measures.secrecy_places import MOST, look_at_body, parameter


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ({"name": "甲 机密★10年 乙"}, [("/name", "机密★10年")]),
        (
            {"materials": {"basics": {"main_tasks": "甲", "basis": "密级：秘密"}}},
            [("/materials/basics/basis", "密级:秘密")],
        ),
        ({"reasons": [{"reason": "x"}, {"reason": "绝\u200b密★乙"}]}, [("/reasons/1/reason", "绝密★")]),
        (
            {"a": "机密★", "b": ["秘密★", "绝密★长期"]},
            [("/a", "机密★"), ("/b/0", "秘密★"), ("/b/1", "绝密★长期")],
        ),
        ({"密级": "机密", "x": 1}, [("", "密级:机密")]),
        ({"level": {"密级": "机密"}}, [("/level", "密级:机密")]),
        ({"保密资料机密★": 1}, [("", "机密★")]),
        ({"facts": {"classified": True}}, [("/facts/classified", "classified: true")]),
        ({"a": ["机", "密★10年"]}, [("", '机","密★10年')]),
        ([["机密★"] * 9], [(f"/0/{i}", "机密★") for i in range(MOST)]),
        ({"name": json.dumps({"x": "机密★"})}, [("/name", "机密★")]),
    ],
)
@pytest.mark.parametrize("ascii_only", [True, False])
def test_fields_and_words_are_told(body: object, places: list[tuple[str, str]], ascii_only: bool) -> None:
    told = look_at_body(json.dumps(body, ensure_ascii=ascii_only, separators=(",", ":")).encode())
    assert told.verdict is Verdict.MARKED
    assert [(pointer, words.replace(" ", "")) for pointer, words in told.places] == [
        (pointer, words.replace(" ", "")) for pointer, words in places
    ]


def test_of_two_members_with_one_name_neither_is_hidden() -> None:
    assert look_at_body('{"a":"机密★","a":"x"}'.encode()).places == (("/a", "机密★"),)


def test_forms_parameters_and_what_is_no_json() -> None:
    assert look_at_body(b"grant_type=x&username=%E6%9C%BA%E5%AF%86%E2%98%85").places == (
        ("username", "机密★"),
    )
    assert parameter("limit=2&text=机密★".encode()) == ("text", "机密★")
    assert parameter("机密★".encode()) is None
    assert look_at_body(b'{"a": "x"}') == (Verdict.CLEAN, ())
    assert look_at_body("{坏 机密★".encode()).places == (("", "机密★"),)
    assert look_at_body(("[" * 100_000 + '"机密★"').encode()).places == (("", "机密★"),)
