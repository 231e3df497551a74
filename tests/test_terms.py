"""A stranger who knows the Measures finds each legal term by names alone (docs/law.md, glossary)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LAW = (ROOT / "docs" / "law.md").read_text(encoding="utf-8")
ROWS = re.findall(
    r"^\| (?P<term>[^|]+?) \| (?P<english>[^|]+?) \| [^|]+ \| (?P<where>`[^|]+`) \|$",
    LAW.partition("## Glossary")[2],
    re.M,
)
# What nobody would look a file up for: words for how the Measures speak.
NOT_A_PLACE = {"原则上", "五统一", "管理惯例"}
# Looked for once by somebody who had never seen the code: half of them were not found then.
LOOKED_FOR = (
    "需求",
    "重点支持",
    "论证评估",
    "联合会审",
    "领导小组审定",
    "批复",
    "财政承受能力评估",
    "预算下达",
    "备案",
    "责任人",
    "监理",
    "开工",
    "收回资金",
    "重大问题报告",
    "试运行、终验",
    "结余资金",
)


def words(english: str) -> set[str]:
    """The beginnings of its words, by which a file's name may say it: appraisal, appraising."""
    return {word.removesuffix("y")[:5].lower() for word in re.findall(r"[a-zA-Z]{4,}", english)}


@pytest.mark.parametrize(("term", "english", "where"), ROWS, ids=[row[0] for row in ROWS])
def test_a_terms_place_says_its_name(term: str, english: str, where: str) -> None:
    places = re.findall(r"`([^`]+)`", where)
    assert all((ROOT / place).exists() for place in places), places
    if term not in NOT_A_PLACE:
        first = places[0].rpartition("/")[2]
        assert any(word in first for word in words(english)), f"{first} does not say {english}"


def test_what_was_looked_for_is_in_the_glossary() -> None:
    assert set(LOOKED_FOR) <= {row[0] for row in ROWS} - NOT_A_PLACE
    assert len(LOOKED_FOR) == 16
