"""SVG drawn here, from numbers to marks: printable, themed by the stylesheet's classes, without a script."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from markupsafe import Markup

WIDTH, ASIDE = 760, 320
NARROW, _FOOT, _TALL = 460, 170, 140
_PARTS = ("fill-a", "fill-b")


def amount_line(
    counted: str,
    limit: str,
    earlier: Sequence[tuple[str, str]] = (),
    ways: tuple[str, str] | None = None,
    wide: int = WIDTH,
) -> Markup:
    """The counted amount against the limit, with the 90 per cent mark of practice; amounts in yuan.

    `earlier`: what was declared or approved before, each (what it is called, amount); `ways`: where a case goes that
    stays below the limit, and one that reaches it; `wide`: of the picture, whose letters keep their size.
    """
    here, line = _wan(counted), _wan(limit)
    before = [(words, _wan(amount)) for words, amount in earlier if _wan(amount) != here]
    most = max(
        line * Decimal("1.3"), *(each * Decimal("1.08") for each in (here, *(amount for _, amount in before)))
    )

    def x(value: Decimal) -> int:
        return 20 + int((wide - 40) * value / most)

    cut, near = x(line), x(line * Decimal("0.9"))
    labels = _Labels(wide)
    parts = [
        *_scale(cut, near, line, wide),
        *(svg('<circle class="was" cx="{}" cy="45" r="6"/>', x(amount)) for _, amount in before),
        svg('<circle class="is" cx="{}" cy="45" r="8"/>', x(here)),
        labels.put(x(here), f"计入 {_plain(here)} 万元", "fill-ink"),
        *(labels.put(x(amount), f"{words} {_plain(amount)}") for words, amount in before),
        labels.put(near, f"{_plain(line * Decimal('0.9'))} 起提示接近限额（惯例）"),
    ]
    if ways is not None and cut - 20 > _wide(ways[0]) + 80:
        parts.append(svg('<text x="{}" y="33" text-anchor="middle">{}</text>', (20 + cut) // 2, ways[0]))
    if ways is not None and wide - 20 - cut > _wide(ways[1]) + 60:
        parts.append(svg('<text x="{}" y="33" text-anchor="end">{}</text>', wide - 20, ways[1]))
    told = "".join(f"，{words} {_plain(amount)} 万元" for words, amount in before)
    title = f"计入金额 {_plain(here)} 万元，限额 {_plain(line)} 万元{told}"
    return picture(wide, labels.foot, title, parts, "line-svg")


def _scale(cut: int, near: int, line: Decimal, wide: int) -> list[Markup]:
    return [
        svg('<rect class="seq2" x="20" y="40" width="{}" height="10"/>', cut - 20),
        svg('<rect class="seq4" x="{}" y="40" width="{}" height="10"/>', cut, wide - 20 - cut),
        svg('<line class="limit" x1="{}" x2="{}" y1="28" y2="60"/>', cut, cut),
        _middle(cut, 20, f"限额 {_plain(line)} 万元", "fill-ink", wide),
        svg('<line class="near-line" x1="{}" x2="{}" y1="36" y2="54"/>', near, near),
    ]  # fmt: skip


class _Labels:
    """Labels below the line, each in the first row where it covers no other."""

    def __init__(self, wide: int) -> None:
        self._on = wide
        self._taken: list[tuple[int, int, int]] = []
        self.foot = 0

    def put(self, x: int, text: str, tone: str = "") -> Markup:
        half = _wide(text) // 2 + 6
        at, row = _within(x, text, self._on), 0
        while any(row == its and at - half < end and at + half > start for its, start, end in self._taken):
            row += 1
        self._taken.append((row, at - half, at + half))
        y = 74 + row * 19
        self.foot = max(self.foot, y + 12)
        return _middle(x, y, text, tone, self._on)


def _middle(x: int, y: int, text: str, tone: str, wide: int) -> Markup:
    """A label below or above its mark, moved so far that it stays on the picture."""
    at = _within(x, text, wide)
    return svg('<text class="{}" x="{}" y="{}" text-anchor="middle">{}</text>', tone, at, y, text)


def _within(x: int, text: str, wide: int) -> int:
    half = _wide(text) // 2 + 10
    return min(max(x, half), wide - half)


def _wide(text: str) -> int:
    """About how wide a label is, also where narrow screens draw it larger."""
    return sum(14 if ord(letter) > 255 else 8 for letter in text)


def _wan(yuan: str) -> Decimal:
    return Decimal(yuan) / 10_000


class Column(NamedTuple):
    """One column of stacked numbers under its name."""

    name: str
    values: Sequence[int]


def columns(of: Sequence[Column], title: str) -> Markup:
    """Stacked columns, lowest part first; the page gives the same numbers as a table beside it."""
    most = max([sum(each.values) for each in of] + [1])
    step = -(-most // 4)
    parts = []
    for n in range(5):
        y = _FOOT - _TALL * n // 4
        kind = "gridline" if n else "base"
        parts.append(svg('<line class="{}" x1="34" x2="{}" y1="{}" y2="{}"/>', kind, NARROW, y, y))
        parts.append(svg('<text x="26" y="{}" text-anchor="end">{}</text>', y + 4, n * step))
    wide = (NARROW - 40) // max(len(of), 1)
    for place, each in enumerate(of):
        parts += _column(each, 38 + place * wide, wide, step * 4)
    return picture(NARROW, _FOOT + 28, title, parts, "columns-svg")


def _column(of: Column, left: int, wide: int, top: int) -> list[Markup]:
    y, middle, parts = _FOOT, left + wide // 2, []
    for part, value in enumerate(of.values):
        tall = _TALL * value // top
        y -= tall
        box = (left + wide // 6, y, wide * 2 // 3, tall)
        if tall:
            parts.append(
                svg('<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>', _PARTS[part % 2], *box)
            )
    if total := sum(of.values):
        parts.append(
            svg('<text class="fill-ink" x="{}" y="{}" text-anchor="middle">{}</text>', middle, y - 5, total)
        )
    parts.append(svg('<text x="{}" y="{}" text-anchor="middle">{}</text>', middle, _FOOT + 18, of.name))
    return parts


def bar(share: float, tone: str = "fill-late") -> Markup:
    """A bar in a row, `share` of its whole width; decoration of the number beside it."""
    wide = max(1, min(60, int(60 * share)))
    return svg(
        '<svg class="wait-svg" width="60" height="6" aria-hidden="true"><rect class="{}" width="{}" height="6"/></svg>',
        tone,
        wide,
    )


def spark(values: Sequence[int], told: str) -> Markup:
    """Small columns in a row of a table, the last one marked; the numbers stand in its label. `told`: of what."""
    most, parts = max([*values, 1]), []
    for place, value in enumerate(values):
        tall = max(1, 20 * value // most)
        kind = "now" if place == len(values) - 1 else "then"
        parts.append(
            svg(
                '<rect class="{}" x="{}" y="{}" width="5" height="{}"/>', kind, 1 + place * 7, 22 - tall, tall
            )
        )
    label = f"{told} {'、'.join(map(str, values))}"
    wide = 2 + len(values) * 7
    return svg(
        '<svg class="spark" width="{}" height="22" viewBox="0 0 {} 22" role="img" aria-label="{}">{}</svg>',
        wide,
        wide,
        label,
        Markup().join(parts),
    )


def step_of(value: int, most: int) -> int:
    """Which of the five shades a tile gets: 0 for none, 4 for the highest."""
    return 0 if value <= 0 else 1 + min(3, (value - 1) * 4 // max(most, 1))


def _plain(wan: Decimal) -> str:
    return f"{wan:,.2f}".rstrip("0").rstrip(".")


def svg(text: str, *values: object) -> Markup:
    return Markup(text).format(*values)  # noqa: S704 - the texts stand in this file, values are escaped


def picture(width: int, height: int, title: str, parts: Sequence[Markup], name: str) -> Markup:
    return svg(
        '<svg class="{}" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        name,
        width,
        height,
        title,
        Markup().join(parts),
    )
