"""SVG drawn here, from numbers to marks: printable, themed by the stylesheet's classes, without a script."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from markupsafe import Markup

WIDTH = 760
NARROW, _FOOT, _TALL = 460, 170, 140
_PARTS = ("fill-a", "fill-b")


def amount_line(counted: str, limit: str, earlier: str | None = None) -> Markup:
    """The counted amount against the limit, with the 90 per cent mark of practice; amounts in yuan."""
    here, line = Decimal(counted) / 10_000, Decimal(limit) / 10_000
    before = None if earlier is None else Decimal(earlier) / 10_000
    most = max(line * Decimal("1.3"), here * Decimal("1.08"), (before or 0) * Decimal("1.08"))

    def x(value: Decimal) -> int:
        return 20 + int(720 * value / most)

    at, cut, near = x(here), x(line), x(line * Decimal("0.9"))
    side = "end" if at > 600 else "start" if at < 120 else "middle"
    parts = [
        _svg('<rect class="seq2" x="20" y="40" width="{}" height="10"/>', cut - 20),
        _svg('<rect class="seq4" x="{}" y="40" width="{}" height="10"/>', cut, 740 - cut),
        _svg('<line class="limit" x1="{}" x2="{}" y1="28" y2="60"/>', cut, cut),
        _svg(
            '<text class="fill-ink" x="{}" y="22" text-anchor="middle">限额 {} 万元</text>', cut, _plain(line)
        ),
        _svg('<line class="near-line" x1="{}" x2="{}" y1="36" y2="54"/>', near, near),
    ]
    if before is not None and before != here:
        was = x(before)
        parts.append(_svg('<circle class="was" cx="{}" cy="45" r="6"/>', was))
        parts.append(_svg('<text x="{}" y="87" text-anchor="middle">上次 {}</text>', was, _plain(before)))
    parts.append(_svg('<circle class="is" cx="{}" cy="45" r="8"/>', at))
    parts.append(
        _svg(
            '<text class="fill-ink" x="{}" y="74" text-anchor="{}">计入 {} 万元</text>',
            at,
            side,
            _plain(here),
        )
    )
    title = f"计入金额 {_plain(here)} 万元，限额 {_plain(line)} 万元"
    return _picture(WIDTH, 92, title, parts, "line-svg")


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
        parts.append(_svg('<line class="{}" x1="34" x2="{}" y1="{}" y2="{}"/>', kind, NARROW, y, y))
        parts.append(_svg('<text x="26" y="{}" text-anchor="end">{}</text>', y + 4, n * step))
    wide = (NARROW - 40) // max(len(of), 1)
    for place, each in enumerate(of):
        parts += _column(each, 38 + place * wide, wide, step * 4)
    return _picture(NARROW, _FOOT + 28, title, parts, "columns-svg")


def _column(of: Column, left: int, wide: int, top: int) -> list[Markup]:
    y, middle, parts = _FOOT, left + wide // 2, []
    for part, value in enumerate(of.values):
        tall = _TALL * value // top
        y -= tall
        box = (left + wide // 6, y, wide * 2 // 3, tall)
        if tall:
            parts.append(
                _svg('<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>', _PARTS[part % 2], *box)
            )
    if total := sum(of.values):
        parts.append(
            _svg('<text class="fill-ink" x="{}" y="{}" text-anchor="middle">{}</text>', middle, y - 5, total)
        )
    parts.append(_svg('<text x="{}" y="{}" text-anchor="middle">{}</text>', middle, _FOOT + 18, of.name))
    return parts


def bar(share: float, tone: str = "fill-late") -> Markup:
    """A bar in a row, `share` of its whole width; decoration of the number beside it."""
    wide = max(1, min(60, int(60 * share)))
    return _svg(
        '<svg class="wait-svg" width="60" height="6" aria-hidden="true"><rect class="{}" width="{}" height="6"/></svg>',
        tone, wide,
    )  # fmt: skip


def step_of(value: int, most: int) -> int:
    """Which of the five shades a tile gets: 0 for none, 4 for the highest."""
    return 0 if value <= 0 else 1 + min(3, (value - 1) * 4 // max(most, 1))


def _plain(wan: Decimal) -> str:
    return f"{wan:,.2f}".rstrip("0").rstrip(".")


def _svg(text: str, *values: object) -> Markup:
    return Markup(text).format(*values)  # noqa: S704 - the texts stand in this file, values are escaped


def _picture(width: int, height: int, title: str, parts: Sequence[Markup], name: str) -> Markup:
    return _svg(
        '<svg class="{}" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        name, width, height, title, Markup().join(parts),
    )  # fmt: skip
