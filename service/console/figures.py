"""The rule book's figures on pages: how a value is told, and how what an official writes becomes a value.

A figure is written as it is told: 500 万元, 10 天, 90%, 是, 6 月 30 日, a level by its name, a list line by line. What
does not fit is sent as it stands, and refused by the operation, which knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from service.console.amounts import NOTHING, in_wan, yuan
from service.measures.requirements import FIELDS
from service.measures.requirements import KEY as REQUIRED
from service.vocabulary import names

NAMES, LEVELS = names("figure"), names("figure_level")
LOCAL_CHECKS = "findings.extra"
_AMOUNT = re.compile(r"([0-9][0-9,，]*)(?:\.([0-9]+))?(亿|万|)元?")
_POWERS = {"": 0, "万": 4, "亿": 8}
_DAY = re.compile(r"([0-9]{1,2})(?:月|-)([0-9]{1,2})日?")
_WHOLE = re.compile(r"([0-9]{1,9})(?:%|天|日|个月|月|年|人|个|倍|分)?")


class Choice(NamedTuple):
    """A figure one may choose: its key, what it is called, what it is now, how it is written."""

    key: str
    label: str
    now: str
    article: int
    basis: str
    hint: str
    note: str


def told(unit: str, value: Any, key: str = "") -> str:
    """A value in words; `key` tells whether a list holds words or the names of what a declaration carries."""
    if value is None:
        return "按省里的规定"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        known = FIELDS if key == REQUIRED else {}
        said = (each["text"] if isinstance(each, Mapping) else known.get(each, each) for each in value)
        return "、".join(said) or "没有"
    match unit:
        case "yuan":
            exact = Decimal(value) < 10**8 or Decimal(value) % 100 == 0  # 亿元 with six decimals
            return in_wan(value) if exact else yuan(value)
        case "percent":
            return f"{value}%"
        case "days":
            return f"{value} 天"
        case "months":
            return f"{value} 个月"
        case "years":
            return f"{value} 年"
        case "level":
            return LEVELS.get(value, NOTHING)
        case "month_day":
            month, _, day = str(value).partition("-")
            return f"{int(month)} 月 {int(day)} 日"
    return str(value)


def hint_of(unit: str, scale: Iterable[str]) -> str:
    """How a value of the unit is written."""
    match unit:
        case "yuan":
            return "写作“500 万元”"
        case "flag":
            return "是或否"
        case "level":
            return "或".join(LEVELS[each] for each in scale if each in LEVELS)
        case "month_day":
            return "写作“6 月 30 日”"
        case "list":
            return "每行一项，写全"
        case "text":
            return "整句"
    return "整数"


def choices(entries: Iterable[Mapping[str, Any]]) -> list[Choice]:
    """The figures of an answer of the rule book, by article, those of law before practice."""
    found = [
        Choice(
            each["key"],
            NAMES.get(each["key"], "其他"),
            told(each["unit"], each["value"], each["key"]),
            each["article"],
            each["basis"],
            hint_of(each["unit"], each["scale"]),
            plain(each["note"]),
        )
        for each in entries
    ]
    return sorted(found, key=lambda one: (one.basis != "law", one.article, one.label))


class Group(NamedTuple):
    """Figures of one nature, told under one heading; `name` is its place on the page."""

    name: str
    label: str
    figures: list[Choice]


# By what a value is; whatever else there is stands last.
_NATURES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "amounts": ("限额和金额", ("yuan",)),
    "judging": ("怎么判定", ("flag", "level")),
    "periods": ("期限", ("days", "months", "years", "month_day")),
    "wording": ("定义、用语和清单", ("text", "list")),
    "others": ("比例、分值和个数", ()),
}
_NATURE = {unit: name for name, (_, units) in _NATURES.items() for unit in units}


def grouped(entries: Iterable[Mapping[str, Any]]) -> list[Group]:
    """All figures of an answer of the rule book by their nature, each group in the order of `choices`."""
    known = list(entries)
    nature = {each["key"]: _NATURE.get(each["unit"], "others") for each in known}
    told_all = choices(known)
    groups = [
        Group(name, label, [each for each in told_all if nature[each.key] == name])
        for name, (label, _) in _NATURES.items()
    ]
    return [each for each in groups if each.figures]


def plain(note: str) -> str:
    """A note of the files without the codes that it explains: `direct 直接批复` reads 直接批复."""
    return re.sub(r"(?<![A-Za-z_])[a-z]+(?:_[a-z]+)* (?=[\u4e00-\u9fff])", "", note)


def value_of(entry: Mapping[str, Any] | None, text: str) -> Any:
    """What an official wrote, as the wire has it."""
    said = text.strip()
    if entry is None or "unit" not in entry:
        return said
    match entry["unit"]:
        case "flag":
            return {"是": True, "否": False}.get(said, said)
        case "list":
            lines = [line.strip() for line in re.split(r"[\n、]", said) if line.strip()]
            codes = {name: code for code, name in FIELDS.items()} if entry["key"] == REQUIRED else {}
            return [codes.get(line, line) for line in lines]
        case "level":
            return next((code for code, name in LEVELS.items() if said in (code, name)), said)
        case "yuan":
            return _yuan(said)
        case "month_day":
            found = _DAY.fullmatch(said.replace(" ", ""))
            return f"{int(found[1]):02}-{int(found[2]):02}" if found else said
        case "text":
            return said
    found = _WHOLE.fullmatch(said.replace(" ", ""))
    return int(found[1]) if found else said


def _yuan(said: str) -> str:
    """500 万元 → 5000000; cents of yuan that do not come out even stay as they are and are refused."""
    found = _AMOUNT.fullmatch(said.replace(" ", ""))
    if found is None:
        return said
    whole, part, power = re.sub("[,，]", "", found[1]), found[2] or "", _POWERS[found[3]]
    moved = whole + part[:power].ljust(power, "0")
    rest = part[power:].rstrip("0")
    return f"{moved.lstrip('0') or '0'}{f'.{rest}' if rest else ''}"


def values_of(book: Mapping[str, Any], rows: Any) -> list[dict[str, Any]]:
    """The figures that a form sets, of its rows that name one, as their operation takes them."""
    return [
        {"key": row["key"], "value": value_of(book.get(row["key"]), str(row.get("value", "")))}
        for row in rows or []
        if isinstance(row, dict) and row.get("key")
    ]
