"""Figures that documents quote are those of the code: each sentence is made here of the constants it tells of."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from service.demo import queues
from service.documents import bench
from service.documents.forms import look
from service.identity import sessions
from service.kit import apart
from service.measures import secrecy_reading
from service.papers import codes as paper_codes
from service.papers import own_templates, press
from service.portfolio import retention
from service.reminders import codes, making, sending
from service.settings import Settings
from service.webhooks import signing
from tests.browser.stories import STORIES, WAYS

ROOT = Path(__file__).resolve().parent.parent
WORDS = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
WORDS += ("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty")
CHINESE = "零一二三四五六七八九十"


def _minutes(term: timedelta) -> str:
    return WORDS[found] if (found := int(term / timedelta(minutes=1))) < len(WORDS) else {30: "thirty"}[found]


def _hours(term: timedelta) -> str:
    return WORDS[int(term / timedelta(hours=1))]


def _open_cases() -> int:
    source = Path(queues.__file__).read_text(encoding="utf-8")
    return len(
        set(re.findall(r'"(open-\d+)": self\._\w+\(', source))
    )  # a call makes a case, a name asks for apps


_SHOWN = Settings()
_PAUSES = [int(each / timedelta(minutes=1)) for each in sending.PAUSES]
TOLD = [
    ("docs/console", f"leaves {WORDS[_open_cases()]} open cases"),
    ("docs/console", f"by keyboard alone, {len(STORIES) * len(WAYS)} ways"),
    ("docs/attachments", f"{apart.MEMORY >> 30} GiB and"),
    ("docs/attachments", f"the look itself stops after {look.SECONDS:.0f} s"),
    ("docs/attachments", f"waits up to {bench.WAIT_SECONDS:.0f} s"),
    ("docs/attachments", f"more than {bench.MAX_WAITING} waiting files or {bench.MAX_WAITING_BYTES >> 20} MB"),
    ("docs/secrecy", f"Bounds: {secrecy_reading.LAYERS} layers"),
    ("docs/reminders", f"good for {_minutes(codes.GOOD_FOR)} minutes and {WORDS[codes.TRIES]} tries"),
    ("docs/reminders", f"{WORDS[codes.A_DAY]} codes a day"),
    ("docs/reminders", f"after {', '.join(map(str, _PAUSES[:-1]))} and {_PAUSES[-1]} minutes"),
    ("docs/reminders", f"after {WORDS[sending.OPENS_AFTER]} in a row ({sending.FIRST_PAUSE:.0f} s"),
    ("docs/reminders", f"doubling to {sending.LONGEST_PAUSE / 60:.0f} min"),
    ("docs/reminders", f"given up after {_hours(making.GOOD_FOR)} hours"),
    ("docs/reminders", f"`TONGJIAN_REMINDERS_PER_HOUR` ({_SHOWN.reminders_per_hour}) a person"),
    ("docs/operations", f"stored replies {WORDS[retention.REPLIES.days]} days"),
    ("docs/operations", f"the feed {retention.EVENTS.days} days"),
    ("docs/papers", f"a code of {paper_codes.LENGTH} characters"),
    ("docs/papers", f"At most {press.MOST_TEMPLATE >> 20} MiB"),
    ("docs/papers", f"(the last {WORDS[own_templates.KEPT]}\nfiles)"),
    ("docs/security/inventory", f"{sessions.LONGEST / timedelta(hours=1):.0f} hours"),
    ("docs/security/inventory", f"{sessions.HANDED.seconds} seconds"),
    ("README.zh-CN", f"请求头合计 {_SHOWN.max_header_bytes >> 10} KB（431）"),
    ("README.zh-CN", f"未带有效令牌的请求内容 {_SHOWN.max_anonymous_body_bytes >> 10} KB，带令牌的 1 MB（413）"),
    ("openapi/GUIDE.zh-CN", f"约 {signing.LONGEST / timedelta(hours=1):.0f} 小时内重试{CHINESE[signing.ATTEMPTS]}次"),
    ("README.zh-CN", f"失败按约 {signing.LONGEST / timedelta(hours=1):.0f} 小时内{CHINESE[signing.ATTEMPTS]}次重试"),
]  # fmt: skip


@pytest.mark.parametrize(("document", "words"), TOLD, ids=str)
def test_a_figure_is_that_of_the_code(document: str, words: str) -> None:
    assert words in (ROOT / f"{document}.md").read_text(encoding="utf-8")
