"""An iCalendar file (RFC 5545) of what is due: one whole-day event per deadline, folded and escaped by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from service.obligations.schemas import ObligationView

MEDIA_TYPE = "text/calendar; charset=utf-8"
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


def escape(text: str) -> str:
    """A TEXT value (section 3.3.11); other control characters have no place in one."""
    clean = "".join(each for each in text if each >= " " or each == "\n")
    return clean.translate(_ESCAPES)


def fold(line: str) -> bytes:
    """Content lines of at most 75 octets, never cut inside a character (section 3.1)."""
    rows, row = [], b""
    for character in line:
        octets = character.encode()
        if len(row) + len(octets) > 75:
            rows.append(row)
            row = b" "
        row += octets
    return b"\r\n".join([*rows, row]) + b"\r\n"


def _event(owed: ObligationView, stamp: str) -> list[str]:
    late = "【已逾期】" if owed.state == "lapsed" else "【暂停计时】" if owed.paused else ""
    said = (
        f"{owed.owner_name}“{owed.project_name}”：{owed.title}（{owed.ground}）。责任方：{owed.duty.name}。"
    )
    return [
        "BEGIN:VEVENT",
        f"UID:{owed.id}@tongjian",
        f"DTSTAMP:{stamp}",
        f"DTSTART;VALUE=DATE:{owed.due:%Y%m%d}",
        *([] if owed.due == date.max else [f"DTEND;VALUE=DATE:{owed.due + timedelta(days=1):%Y%m%d}"]),
        f"SUMMARY:{escape(f'{late}{owed.title}：{owed.project_name}')}",
        f"DESCRIPTION:{escape(said)}",
        f"CATEGORIES:{owed.code}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def render(items: Sequence[ObligationView], title: str, now: datetime) -> bytes:
    """The file."""
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Tongjian//Obligations//ZH",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escape(title)}",
        *(line for each in items for line in _event(each, stamp)),
        "END:VCALENDAR",
    ]
    return b"".join(map(fold, lines))
