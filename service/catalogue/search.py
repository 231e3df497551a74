"""Ranking apps for a query in Chinese, in one place: `rank`. Pure: no I/O, no clock."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

CATEGORIES = {
    "government_service": "政务服务",
    "approval": "审批办理",
    "video": "视频",
    "map": "地图与时空信息",
    "identity": "身份认证",
    "seal": "电子印章",
    "payment": "支付缴费",
    "data_exchange": "数据共享交换",
    "message": "短信与消息",
    "certificate": "电子证照",
    "cloud": "政务云",
    "cryptography": "密码服务",
    "grid": "网格治理",
    "hotline": "政务热线",
    "office": "协同办公",
    "supervision": "监管执法",
    "portal": "门户与移动端",
    "ai": "智能服务",
    "other": "其他",
}
# How much a word counts by where it stands.
_WEIGHTS = {"name": 6.0, "category": 3.0, "functions": 3.0, "data": 2.0, "description": 1.0}


@dataclass(frozen=True, slots=True)
class AppText:
    """What is searched of an app; `category` is its Chinese name."""

    id: str
    name: str
    description: str
    functions: tuple[str, ...] = ()
    data_items: tuple[str, ...] = ()
    category: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """An app that matches, how well, and the phrases that made it match."""

    id: str
    score: float
    phrases: tuple[str, ...] = field(default=())


def plain(text: str) -> str:
    """For comparing: full-width forms folded, lower case, blanks and punctuation as one blank."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return " ".join("".join(char if char.isalnum() else " " for char in folded).split())


def grams(text: str) -> set[str]:
    """Pairs of neighbouring characters of each word; a word of one character stands for itself."""
    found: set[str] = set()
    for word in plain(text).split():
        found |= {word} if len(word) == 1 else {word[i : i + 2] for i in range(len(word) - 1)}
    return found


def rank(query: str, apps: Sequence[AppText]) -> list[Hit]:
    """The apps that match, best first; the same input gives the same order."""
    wanted, words = grams(query), plain(query).split()
    hits = [hit for app in apps if (hit := _match(app, wanted, words)) is not None] if wanted else []
    return sorted(hits, key=lambda hit: (-hit.score, hit.id))


def _match(app: AppText, wanted: set[str], words: list[str]) -> Hit | None:
    score, covered, phrases = 0.0, set[str](), list[str]()
    for name, text in _fields(app):
        here = wanted & grams(text)
        if not here:
            continue
        whole = sum(1 for word in words if word in plain(text))
        score += _WEIGHTS[name] * (len(here) / len(wanted) + whole / len(words))
        covered |= here
        if name != "description":
            phrases.append(text)
    # Half of what was asked must be there: one common pair of characters alone is chance.
    if len(covered) * 2 < len(wanted):
        return None
    return Hit(app.id, round(score * len(covered) / len(wanted), 6), tuple(dict.fromkeys(phrases))[:5])


def _fields(app: AppText) -> list[tuple[str, str]]:
    return [
        ("name", app.name),
        ("category", app.category),
        *(("functions", each) for each in app.functions),
        *(("data", each) for each in app.data_items),
        ("description", app.description),
    ]
