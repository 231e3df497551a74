"""What was to be done by when and when it was, on one line of time; money against what was approved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from markupsafe import Markup

from service.console.drawing import picture, svg

WIDE, _LEFT, _RIGHT, _TOP, _ROW = 1000, 216, 116, 34, 26
_STEPS = (1, 2, 3, 6, 12, 24, 60)  # months between two marks of the scale
_MOST_MARKS = 11
_PURSE, _NAME, _BAR = 560, 70, 320


class Span(NamedTuple):
    """One thing with a day to be done by. `told`: how it stands, in words; `tone`: done, late, wait or owed."""

    name: str
    since: date
    due: date
    done: date | None
    told: str
    tone: str
    practice: bool  # its day is a practice of administration, none of the Measures


def plan(of: Sequence[Span], today: date) -> Markup:
    """A row for each: its time as a bar, dashed where it is practice, and the day it was done on; today across all."""
    days = [day for each in of for day in (each.since, each.due, each.done) if day] + [today]
    first, last = min(days), max(days)
    foot = _TOP + _ROW * len(of)
    scale = _Scale(first, max((last - first).days, 1))
    parts = [*_marks(scale, first, last, foot)]
    for place, each in enumerate(of):
        parts += _row(each, scale, _TOP + place * _ROW, today)
    at = scale.x(today)
    parts.append(svg('<line class="today" x1="{}" x2="{}" y1="22" y2="{}"/>', at, at, foot))
    parts.append(svg('<text class="fill-ink" x="{}" y="14" text-anchor="middle">今天</text>', at))
    title = "；".join(f"{each.name}应在 {each.due} 前，{each.told}" for each in of)
    return picture(WIDE, foot + 8, title, parts, "plan-svg")


class _Scale(NamedTuple):
    """Days to places on the picture."""

    first: date
    days: int

    def x(self, day: date) -> int:
        return _LEFT + (WIDE - _LEFT - _RIGHT) * (day - self.first).days // self.days


def _marks(scale: _Scale, first: date, last: date, foot: int) -> list[Markup]:
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    step = next((each for each in _STEPS if months <= each * _MOST_MARKS), 120)
    parts = []
    for number in range(0, months, step):
        year, month = divmod(first.year * 12 + first.month - 1 + number, 12)
        day = max(date(year, month + 1, 1), first)
        at = scale.x(day)
        parts.append(svg('<line class="gridline" x1="{}" x2="{}" y1="{}" y2="{}"/>', at, at, _TOP - 6, foot))
        parts.append(svg('<text x="{}" y="{}">{}</text>', at + 3, _TOP - 2, f"{year}-{month + 1:02}"))
    return parts


def _row(of: Span, scale: _Scale, top: int, today: date) -> list[Markup]:
    middle, begin, end = top + _ROW // 2, scale.x(min(of.since, of.due)), scale.x(of.due)
    wide = max(end - begin, 3)
    tone = {"late": "fill-red", "owed": "fill-red", "done": "fill-ink"}.get(of.tone, "")
    kind = "by-practice" if of.practice else "by-law"
    parts = [
        svg('<line class="gridline" x1="0" x2="{}" y1="{}" y2="{}"/>', WIDE, top + _ROW, top + _ROW),
        svg(
            '<text class="fill-ink" x="{}" y="{}" text-anchor="end">{}</text>',
            _LEFT - 12,
            middle + 4,
            of.name,
        ),
        svg('<rect class="{}" x="{}" y="{}" width="{}" height="10"/>', kind, begin, middle - 5, wide),
    ]
    beyond = of.done if of.done is not None else today if of.tone == "owed" else None
    if beyond is not None and beyond > of.due:
        over = scale.x(beyond) - end
        parts.append(svg('<rect class="over" x="{}" y="{}" width="{}" height="4"/>', end, middle - 2, over))
    if of.done is not None:
        mark = "done-late" if of.tone == "late" else "done-well"
        parts.append(svg('<circle class="{}" cx="{}" cy="{}" r="6"/>', mark, scale.x(of.done), middle))
    parts.append(
        svg('<text class="{}" x="{}" y="{}" text-anchor="end">{}</text>', tone, WIDE - 2, middle + 4, of.told)
    )
    return parts


class Sum(NamedTuple):
    """An amount under its name, in yuan."""

    name: str
    yuan: str


def purse(approved: str, of: Sequence[Sum]) -> Markup:
    """Each amount as a bar in the width of what was approved, with its share in words."""
    whole, parts = Decimal(approved), list[Markup]()
    most = max([whole, *(Decimal(each.yuan) for each in of), Decimal(1)])
    full = int(_BAR * whole / most)
    for place, each in enumerate(of):
        middle, value = 16 + place * 28, Decimal(each.yuan)
        share = f"{value / 10_000:,.2f} 万元" + (f"　{100 * value / whole:.0f}%" if whole else "")
        parts += [
            svg('<text class="fill-ink" x="0" y="{}">{}</text>', middle + 4, each.name),
            svg('<rect class="track" x="{}" y="{}" width="{}" height="12"/>', _NAME, middle - 6, full),
            svg(
                '<rect class="fill-a" x="{}" y="{}" width="{}" height="12"/>',
                _NAME,
                middle - 6,
                int(_BAR * value / most),
            ),
            svg(
                '<text class="fill-ink" x="{}" y="{}" text-anchor="end">{}</text>', _PURSE, middle + 4, share
            ),
        ]
    told = "，".join(f"{each.name} {Decimal(each.yuan) / 10_000:,.2f} 万元" for each in of)
    title = f"批复 {whole / 10_000:,.2f} 万元：{told}"
    return picture(_PURSE, 10 + 28 * len(of), title, parts, "purse-svg")
