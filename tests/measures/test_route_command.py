"""`tongjian route`: what goes in as bytes, what comes out as JSON, and the exit code."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.rulebook import route_command


def run(content: bytes) -> tuple[int, Any]:
    out = io.StringIO()
    code = route_command.run("-", io.BytesIO(content), out)
    return code, json.loads(out.getvalue())


def errors(content: bytes) -> list[tuple[str, str]]:
    code, answer = run(content)
    assert code == 2
    assert set(answer) == {"errors"}
    assert all(set(row) == {"pointer", "code", "detail"} for row in answer["errors"])
    return [(row["pointer"], row["code"]) for row in answer["errors"]]


def test_an_object_gives_a_decision(plain: dict[str, Any]) -> None:
    code, answer = run(json.dumps(plain).encode())
    assert code == 0
    assert {"route", "articles", "findings", "readings", "rulebook"} <= set(answer)
    assert answer["rulebook"]["source"] == "base"
    assert answer["rulebook"]["date"] == "2026-03-02"
    assert all(
        {"code", "severity", "article", "item", "reading", "message"} <= set(f) for f in answer["findings"]
    )
    assert answer["inputs"]["counted_yuan"] == "3000000.00"
    assert answer["inputs"]["limit_yuan"] == "5000000.00"


def test_a_list_gives_a_list(plain: dict[str, Any]) -> None:
    assert run(b"[]") == (0, [])
    code, answer = run(json.dumps([plain, {**plain, "investment_yuan": 5000000}]).encode())
    assert code == 0
    assert [row["route"] for row in answer] == ["city_filing", "provincial_review"]


def test_faults_of_a_list_begin_with_the_index(plain: dict[str, Any]) -> None:
    wrong = [plain, {**plain, "kind": "buy"}, 7, {**plain, "negative": {"x": True}}]
    assert errors(json.dumps(wrong).encode()) == [
        ("/1/kind", "not_allowed"),
        ("/2", "type"),
        ("/3/negative/x", "unknown_key"),
    ]


@pytest.mark.parametrize("key", ["flag", "why", "expected_route", "expected_articles", "name"])
def test_what_is_for_people_is_never_read(plain: dict[str, Any], key: str) -> None:
    assert errors(json.dumps({**plain, key: "x"}).encode()) == [(f"/{key}", "unknown_key")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "invalid_json"),
        (b"{", "invalid_json"),
        (b"NaN", "invalid_json"),
        (b"[Infinity]", "invalid_json"),
        (b"\xff\xfe{\x00", "not_utf8"),
        (b'{"on": "\xd6\xd0"}', "not_utf8"),
        (b"[" * 200_000, "too_deep"),
        (b'{"a":' * 200_000, "too_deep"),
        (b'"x"', "type"),
        (b"null", "type"),
        (b"1e999", "type"),
        (b"9" * 10_000, "type"),
    ],
)
def test_what_is_no_input_at_all(content: bytes, code: str) -> None:
    assert errors(content) == [("", code)]


def test_numbers_json_allows_and_amounts_do_not(plain: dict[str, Any]) -> None:
    text = json.dumps({**plain, "investment_yuan": "AMOUNT"})
    for number, code in (
        (b"5000000.0", "amount_float"),
        (b"5e6", "amount_float"),
        (b"1e999", "amount_float"),
        (b"9" * 5000, "amount_too_large"),
        (b"-" + b"9" * 5000, "amount_format"),
        (b"-0", None),
    ):
        content = text.encode().replace(b'"AMOUNT"', number)
        if code is None:
            assert run(content)[0] == 0
        else:
            assert errors(content) == [("/investment_yuan", code)]


def test_repeated_keys_are_faults_however_deep(plain: dict[str, Any]) -> None:
    text = json.dumps(plain)
    twice = text[:-1] + ', "kind": "new", "negative": {"off_cloud": true, "off_cloud": false}}'
    assert errors(f"[{twice}]".encode()) == [
        ("/0/kind", "duplicate_key"),
        ("/0/negative/off_cloud", "duplicate_key"),
    ]


def test_classified_is_refused_before_anything_is_validated(plain: dict[str, Any]) -> None:
    for change in ({}, {"on": "x"}, {"on": "2001-01-01"}, {"odd": "机密★"}, {"investment_yuan": 1.5}):
        content = json.dumps({**plain, **change, "classified": True})
        code, answer = run(content.encode())
        assert code == 0
        assert answer["route"] == "refused_classified"
        assert answer["articles"] == [14]
        assert answer["inputs"] == {}
        assert "机密" not in json.dumps(answer, ensure_ascii=False)
    both = json.dumps({**plain, "classified": True})[:-1] + ', "classified": false}'
    assert run(both.encode())[1]["route"] == "refused_classified"


def test_a_date_before_the_first_rule_set_names_on(plain: dict[str, Any]) -> None:
    found = errors(json.dumps({**plain, "on": "2023-09-27", "kind": "buy"}).encode())
    assert found == [("/on", "before_first_rules"), ("/kind", "not_allowed")]


def test_files_and_text_streams(tmp_path: Path, plain: dict[str, Any]) -> None:
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(plain), encoding="utf-8")
    out = io.StringIO()
    assert route_command.run(str(path), io.BytesIO(), out) == 0
    for missing in (tmp_path / "none.json", tmp_path, "\x00"):
        out = io.StringIO()
        assert route_command.run(str(missing), io.BytesIO(), out) == 2
        assert json.loads(out.getvalue())["errors"][0]["code"] == "unreadable"
    out = io.StringIO()
    assert route_command.run("-", io.StringIO(json.dumps(plain)), out) == 0


def test_a_terminal_without_utf8_still_gets_json(plain: dict[str, Any]) -> None:
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="ascii")
    assert route_command.run("-", io.BytesIO(json.dumps(plain).encode()), out) == 0
    out.flush()
    assert json.loads(raw.getvalue())["route"] == "city_filing"


@given(st.binary(max_size=200) | st.text(max_size=100).map(lambda text: json.dumps({text: text}).encode()))
@settings(max_examples=80, deadline=None)
def test_arbitrary_bytes_never_crash(content: bytes) -> None:
    code, answer = run(content)
    assert code in (0, 2)
    assert isinstance(answer, list | dict)
