"""Whatever the service says with 第N条 beside it speaks of what article N speaks of (docs/law.md), or cites nothing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from service.measures.lifecycle_table import TRANSITIONS
from service.portfolio.step_names import STEP_NAMES
from tests.syntax import nodes, walked

ROOT = Path(__file__).parents[2]
_DIGITS = "一二三四五六七八九"
_CITED = re.compile(rf"第([{_DIGITS}十]+)条")
_CHINESE = re.compile(r"[\u4e00-\u9fff]{2}")
_ENGLISH = re.compile(r"[a-z]{3,} [a-z]{2,}")
# Said to be ours: what stands beside these words claims no law.
_OURS = ("管理惯例", "本系统规定")


def number(text: str) -> int:
    """二十九 → 29."""
    tens, _, ones = text.rpartition("十")
    ten = "十" in text
    head = (_DIGITS.index(tens) + 1 if tens else 1) * 10 if ten else 0
    return head + (_DIGITS.index(ones) + 1 if ones else 0)


def _rows(heading: str) -> list[list[str]]:
    part = (
        (ROOT / "docs" / "law.md")
        .read_text(encoding="utf-8")
        .partition(f"## {heading}\n")[2]
        .partition("\n## ")[0]
    )
    lines = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines() if line[:1] == "|"
    ]
    return lines[2:]


TOPICS = {int(row[0]): row[2].split(", ") for row in _rows("What each article speaks of")}
SILENT = [row[0] for row in _rows("Where the Measures are silent")]


def _strings(path: Path) -> Iterator[tuple[int, str]]:
    """Every literal of a file, formatted ones with … for what is filled in; an operation's with its summary."""
    taken: set[int] = set()
    for node in nodes(path):
        if isinstance(node, ast.JoinedStr):
            taken |= {id(part) for part in walked(node)} - {id(node)}
            parts = [str(p.value) if isinstance(p, ast.Constant) else "…" for p in node.values]
            yield node.lineno, "".join(parts)
        elif (
            isinstance(node, ast.AsyncFunctionDef)
            and node.decorator_list
            and (doc := ast.get_docstring(node))
        ):
            taken.add(id(node.body[0].value))  # type: ignore[attr-defined]
            called = [c for c in node.decorator_list if isinstance(c, ast.Call)]
            named = [
                k.value.value
                for c in called
                for k in c.keywords
                if k.arg == "summary" and isinstance(k.value, ast.Constant)
            ]
            yield node.lineno, "：".join([*map(str, named), doc])
    for node in nodes(path):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in taken:
            yield node.lineno, node.value


@cache
def _said() -> list[tuple[str, str]]:
    """Every Chinese text of the service that cites an article."""
    found = []
    for path in sorted((ROOT / "service").rglob("*.py")):
        for line, text in _strings(path):
            rest = _CITED.sub("", text).replace("管理惯例", "")
            if _CITED.search(text) and _CHINESE.search(rest) and not _ENGLISH.search(text):
                found.append((f"{path.relative_to(ROOT)}:{line}", text))
    return found


def wrong(text: str) -> list[int]:
    """Articles cited in a text that says nothing they speak of."""
    said = _CITED.sub("", text)
    return [n for n in map(number, _CITED.findall(text)) if not any(topic in said for topic in TOPICS[n])]


def overreaching(text: str) -> list[str]:
    """Words of ours that stand in one clause with an article, as if it were law."""
    clauses = re.split(r"[。；\n]", text)
    return [
        word
        for word in SILENT
        for clause in clauses
        if word in clause and _CITED.search(clause) and not any(ours in clause for ours in _OURS)
    ]


def test_the_table_has_every_article_once() -> None:
    assert list(TOPICS) == list(range(1, 46))
    assert all(topics and all(topics) for topics in TOPICS.values())
    assert [number(each) for each in ("三", "十", "十八", "二十", "四十五")] == [3, 10, 18, 20, 45]


def test_every_text_cites_what_the_article_speaks_of() -> None:
    said = _said()
    assert len(said) > 150
    assert {place: (wrong(text), text) for place, text in said if wrong(text)} == {}


def test_what_is_our_own_rule_claims_no_law() -> None:
    assert {place: text for place, text in _said() if overreaching(text)} == {}


@pytest.mark.parametrize(
    "text",
    [
        "已停用的应用不能修改（第三条）",
        "须由另一人确认清除（第十四条）",
        "评分已经提交，不能更改（第十八条）",
        "不同意变更须说明理由（第二十条）",
        "提出整改要求（第四十条）",
        "数据共享须经另一部门核对（第九条）",
    ],
)
def test_texts_that_were_wrong_are_seen(text: str) -> None:
    assert wrong(text) or overreaching(text)


# Led by an article that stands behind the step without naming it: the draft of what an article asks for (8, 14, 15), a
# city's own steps after the province's model (5), what a return or an approval rests on (18), upkeep of one whole (3),
# an approval that is changed (13), what contracts and operation presuppose (13, 30), maintenance by its report (27).
BEHIND = {
    ("edit", 8), ("edit", 15), ("delete", 8), ("withdraw", 8), ("withdraw", 9), ("apply_end", 4),
    ("refuse_end", 20), ("agree_end", 20), ("gatekeep_return", 5),
    ("province_return", 18), ("province_approve", 18), ("retire", 3), ("request_change", 13), ("decide_change", 13),
    ("record_contract", 13), ("record_operation", 30), ("end_term", 27), ("evaluate", 27),
}  # fmt: skip


def test_the_article_that_orders_a_step_leads_its_refusals() -> None:
    """A refused step names the first article of its row: it speaks of that step, or stands behind it as listed."""
    leading = {(row.action.value, row.articles[0]) for row in TRANSITIONS.values()}
    unnamed = {(a, n) for a, n in leading if not any(topic in STEP_NAMES[a] for topic in TOPICS[n])}
    assert unnamed == BEHIND
    assert {("order_rectification", 41), ("confirm_data", 30), ("confirm_crypto", 30)} <= leading
