"""Makes data/pairs_*.jsonl from the hand-made themes: `python -m tests.similarity.make_pairs`.

Positives: two tellings of one theme (by hand), and one telling split in two as a declarer would (made). Negatives:
themes of one field, and themes of any field under the same boilerplate. Even themes tune, odd themes are held out.
"""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
FIELDS = ("name", "main_tasks", "goals", "technical_plan")
PLACES = ("南昌市", "赣州市", "九江市", "上饶市", "丰城市", "婺源县", "红谷滩区", "")
SPLITS = (
    ("（一期）", "（二期）"),
    ("软件开发", "配套硬件采购"),
    ("（市本级）", "（县区延伸）"),
    ("前端部分", "后台部分"),
)
PLANS = (
    "依托全市统一政务云部署，采用微服务架构和国产化软硬件环境，接入数据共享交换平台，按等保三级和密码应用要求建设安全体系。",
    "利用政务外网和统一身份认证，基于大数据、人工智能技术，建设数据中台、业务中台，提供移动端和大屏展示，满足网络安全等级保护要求。",
    "充分利旧现有资源，遵循统一顶层架构，软硬件产品安全可靠，数据通过共享平台交换，系统分层解耦，支持弹性扩展。",
)
GOALS = (
    "实现业务全流程线上办理，提升管理效率和服务水平，群众满意度明显提高。",
    "推动数据共享和业务协同，实现一网统管、一屏统览，提升治理能力现代化水平。",
)


def themes() -> list[tuple[str, list[dict[str, str]]]]:
    """(field, tellings) of every block."""
    found: list[tuple[str, list[dict[str, str]]]] = []
    for line in (DATA / "themes.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            found.append((line[3:], []))
        elif line and not line.startswith("#"):
            found[-1][1].append(dict(zip(FIELDS, (part.strip() for part in line.split("|")), strict=True)))
    return found


def _dressed(telling: dict[str, str], rng: random.Random, plan: str | None = None) -> dict[str, str]:
    """With a place before the name and boilerplate behind the plan, as declarations have them."""
    made = {**telling, "name": rng.choice(PLACES) + telling["name"]}
    if plan is not None or rng.random() < 0.5:
        made["technical_plan"] += "。" + (plan or rng.choice(PLANS))
    if plan is not None or rng.random() < 0.3:
        made["goals"] += "。" + rng.choice(GOALS)
    return made


def _split(telling: dict[str, str], rng: random.Random) -> tuple[dict[str, str], dict[str, str]]:
    """One undertaking declared as two: same name but for a tail, the tasks dealt out."""
    clauses = [part for part in re.split("[，、。]", telling["main_tasks"]) if part]
    rng.shuffle(clauses)
    half = max(1, len(clauses) // 2)
    tails, place = rng.choice(SPLITS), rng.choice(PLACES)
    first = {**telling, "name": place + telling["name"] + tails[0], "main_tasks": "，".join(clauses[:half])}
    second = {**telling, "name": place + telling["name"] + tails[1], "main_tasks": "，".join(clauses[half:])}
    second["goals"] = rng.choice(GOALS)
    return first, second


def make(
    part: list[tuple[str, list[dict[str, str]]]], rng: random.Random, count: int
) -> list[dict[str, Any]]:
    """Labelled pairs of one part's themes."""
    pairs: list[dict[str, Any]] = []

    def add(a: dict[str, str], b: dict[str, str], similar: bool, origin: str) -> None:
        pairs.append({"a": a, "b": b, "similar": similar, "origin": origin})

    for _field, tellings in part:
        add(_dressed(tellings[0], rng), _dressed(tellings[1], rng), True, "hand")
        add(*_split(rng.choice(tellings), rng), True, "split")
    near = [(i, j) for i in range(len(part)) for j in range(i) if part[i][0] == part[j][0]]
    far = [(i, j) for i in range(len(part)) for j in range(i) if part[i][0] != part[j][0]]
    rng.shuffle(near)
    rng.shuffle(far)
    for i, j in near[: (count - len(pairs)) // 2]:
        add(_dressed(part[i][1][0], rng), _dressed(part[j][1][1], rng), False, "same field")
    for i, j in far[: count - len(pairs)]:
        add(
            *(_dressed(part[k][1][n], rng, PLANS[i % len(PLANS)]) for n, k in enumerate((i, j))),
            False,
            "boilerplate",
        )
    return pairs


def by_hand() -> list[dict[str, Any]]:
    """The pairs of hand.txt."""
    found = []
    for line in (DATA / "hand.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith(("+", "-")):
            a, b = (
                dict(zip(FIELDS, (part.strip() for part in side.split("|")), strict=False))
                for side in line[1:].split("||")
            )
            found.append({"a": a, "b": b, "similar": line[0] == "+", "origin": "hand"})
    return found


def main() -> None:
    """Writes both parts, 150 pairs each."""
    rng = random.Random(20261123)
    found, hand = themes(), by_hand()
    for name, part, given in (("tuning", found[::2], hand[::2]), ("held_out", found[1::2], hand[1::2])):
        pairs = [*given, *make(part, rng, 150 - len(given))]
        lines = [json.dumps(pair, ensure_ascii=False) for pair in pairs]
        (DATA / f"pairs_{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
