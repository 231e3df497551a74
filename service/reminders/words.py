"""The texts of reminders: how many things wait, never which; and where to look. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple


class Waiting(NamedTuple):
    """What waits for somebody; `capped`: counting stopped, there is at least this much."""

    number: int = 0
    today: int = 0
    late: int = 0
    capped: bool = False


def waiting(sums: Waiting) -> str:
    """您有 3 件待办，其中 1 件今日到期、1 件已逾期; empty where nothing waits."""
    if not sums.number:
        return ""
    said = f"您有{'至少' if sums.capped else ''} {sums.number} 件待办"
    parts = [(sums.today, "今日到期"), (sums.late, "已逾期")]
    of_them = "、".join(f"{many} 件{what}" for many, what in parts if many)
    return f"{said}，其中 {of_them}" if of_them else said


def digest(sums: Waiting, new: Iterable[str]) -> str:
    """The day's summary: what waits, and how many notices came since the last; empty where there is nothing to tell."""
    news = Counter(new)["news"]
    told = waiting(sums)
    if not told and not news:
        return ""
    if not told:
        return f"您有 {news} 条新消息。"
    return f"{told}；另有 {news} 条新消息。" if news else f"{told}。"


def at_once(sums: Waiting, new: Iterable[str]) -> str:
    """What came just now, and what waits in all."""
    came = Counter(new)
    parts = [(came["tasks"], "件待办"), (came["due"], "条期限提醒"), (came["news"], "条消息")]
    said = "、".join(f"{many} {what}" for many, what in parts if many)
    told = waiting(sums)
    return f"新到 {said}。{told}。" if told else f"新到 {said}。"


def code(digits: str, minutes: int) -> str:
    """What an address is proved by."""
    return f"验证码 {digits}，{minutes} 分钟内有效，用于核实接收提醒的地址。如非本人操作，请不要理会。"


def whole(body: str, link: str, *, sandbox: bool = False) -> str:
    """The text as it goes out; `link`: where to look, empty for a code."""
    return f"统建{'（沙箱）' if sandbox else ''}：{body}{link}"


def subject(purpose: str) -> str:
    """What stands above a mail: nothing that was not in its text."""
    return {"code": "统建：核实提醒地址", "digest": "统建：今日待办汇总"}.get(purpose, "统建：新的待办和消息")
