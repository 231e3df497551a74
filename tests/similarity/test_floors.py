"""What is promised of the methods, on the parts of the published sets that nothing was tuned on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from service.cli.commands import main
from service.similarity.comparing import Project
from service.similarity.keys import keys
from service.similarity.trials import PRECISION, RECALL, RECALL_AT_10, try_pairs, try_search
from tests.similarity.make_pairs import DATA


def pairs(part: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / f"pairs_{part}.jsonl").read_text("utf-8").splitlines()]


def test_the_sets_are_as_large_as_promised_and_apart() -> None:
    tuning, held_out = pairs("tuning"), pairs("held_out")
    assert len(tuning) + len(held_out) == 300
    names = [{each[side]["name"] for each in part for side in "ab"} for part in (tuning, held_out)]
    assert not names[0] & names[1]
    assert {each["similar"] for each in held_out} == {True, False}
    asked = [
        json.loads((DATA / f"searches_{part}.json").read_text("utf-8")) for part in ("tuning", "held_out")
    ]
    queries = [[each["query"] for each in part["queries"]] for part in asked]
    assert len(queries[0]) + len(queries[1]) == len({*queries[0], *queries[1]}) == 200


def test_pairs_held_out() -> None:
    found = try_pairs(DATA / "pairs_held_out.jsonl")
    assert found.precision >= PRECISION and found.recall >= RECALL, str(found)


def test_hard_negatives_held_out_are_mostly_told_apart() -> None:
    from service.similarity.comparing import similarity

    hard = [each for each in pairs("held_out") if each["origin"] == "hand" and not each["similar"]]
    wrong = [each for each in hard if similarity(Project(**each["a"]), Project(**each["b"])).similar]
    assert len(hard) >= 15 and len(wrong) <= len(hard) // 2, [each["a"]["name"] for each in wrong]


def test_queries_held_out() -> None:
    found = try_search(DATA / "searches_held_out.json")
    assert found.recall >= RECALL_AT_10, str(found)


@pytest.mark.parametrize("part", ["tuning", "held_out"])
def test_similar_projects_share_keys_so_that_the_table_finds_them(part: str) -> None:
    alike = [each for each in pairs(part) if each["similar"]]
    shared = [set(keys(Project(**each["a"]))) & set(keys(Project(**each["b"]))) for each in alike]
    assert sum(1 for each in shared if each) >= 0.98 * len(alike)


def test_the_command_prints_the_figures(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "similarity", str(DATA / "pairs_held_out.jsonl")]) == 0
    assert capsys.readouterr().out.startswith("pairs=150 precision=0.")
    assert main(["check", "search", str(DATA / "searches_held_out.json")]) == 0
    assert capsys.readouterr().out.startswith("queries=120 apps=40 recall@10=")


def test_both_shapes_of_a_file_say_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = pairs("tuning")
    document = tmp_path / "pairs.json"
    document.write_text(json.dumps({"pairs": found}, ensure_ascii=False), "utf-8")
    assert try_pairs(document) == try_pairs(DATA / "pairs_tuning.jsonl")
    document.write_text(json.dumps(found), "utf-8")
    assert try_pairs(document) == try_pairs(DATA / "pairs_tuning.jsonl")
    whole = json.loads((DATA / "searches_tuning.json").read_text("utf-8"))
    lines = tmp_path / "searches.jsonl"
    records = [*({"app": app} for app in whole["apps"]), *whole["queries"]]
    lines.write_text("\n".join(json.dumps(each, ensure_ascii=False) for each in records), "utf-8")
    assert try_search(lines) == try_search(DATA / "searches_tuning.json")


@pytest.mark.parametrize(
    ("what", "text", "told"),
    [
        ("similarity", '{"a": "甲"}\n', "no b and no similar"),
        ("similarity", '[{"a": "甲", "b": {"main_tasks": "乙"}, "similar": true}]', "without a name"),
        ("similarity", '[{"a": "甲", "b": "乙", "similar": "perhaps"}]', "neither true nor false"),
        ("similarity", '{"a": "甲"\n{"b"', "line 1 is not JSON"),
        (
            "search",
            '{"apps": [{"id": "x", "name": "视频会议"}], "queries": [{"query": "开会", "relevant": ["y"]}]}',
            "relevant names y",
        ),
    ],
)
def test_a_file_of_another_shape_is_told_where(tmp_path: Path, what: str, text: str, told: str) -> None:
    file = tmp_path / "given"
    file.write_text(text, "utf-8")
    with pytest.raises(SystemExit, match=told):
        main(["check", what, str(file)])


def test_a_method_below_the_floor_is_a_failure(tmp_path: Path) -> None:
    file = tmp_path / "pairs.json"
    wrong = [
        {"a": "停车诱导系统", "b": "停车诱导系统", "similar": False},
        {"a": "公文系统", "b": "水库", "similar": True},
    ]
    file.write_text(json.dumps(wrong), "utf-8")
    assert main(["check", "similarity", str(file)]) == 1


def test_sets_written_by_somebody_who_had_not_seen_the_method() -> None:
    """Queries as county officials type them over the seeded apps; pairs of two short sentences each."""
    found = try_search(DATA / "searches_officials_held_out.jsonl")
    assert found.recall >= RECALL_AT_10, str(found)
    alike = try_pairs(DATA / "pairs_officials_held_out.jsonl")
    assert alike.precision >= PRECISION and alike.recall >= RECALL, str(alike)


def test_sets_in_the_words_of_many_departments_measured_after_the_last_change() -> None:
    """Names alone and whole texts, hard negatives; and a catalogue that says next to nothing of its apps."""
    alike = try_pairs(DATA / "pairs_departments_held_out.jsonl")
    assert alike.precision >= PRECISION and alike.recall >= RECALL, str(alike)
    found = try_search(DATA / "searches_departments_held_out.jsonl")
    assert found.recall >= RECALL_AT_10, str(found)
    terse = try_search(DATA / "searches_terse_held_out.json")
    assert terse.recall >= 0.9, str(terse)
