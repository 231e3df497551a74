"""How pages say things: amounts in 万元, days and ages in words, labels for codes: the templates' filters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from markupsafe import Markup, escape
from msgspec.structs import replace

from service.console.amounts import NOTHING, cost, in_wan, wan, yuan
from service.console.steps import step_of
from service.docs.schemas_forms import FieldView, FormView
from service.kit import clock
from service.kit.clock import SHANGHAI, legal_day
from service.measures.citations import article_label
from service.vocabulary import VOCABULARIES

WEEKDAYS = "一二三四五六日"


def moment(text: str | None) -> datetime | None:
    """A moment of an answer, as the clocks of Jiangxi show it."""
    return None if not text else datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(SHANGHAI)


def day(text: str | None) -> str:
    """A day or a moment as 2026-07-01."""
    if not text:
        return NOTHING
    found = moment(text) if "T" in text else date.fromisoformat(text)
    return NOTHING if found is None else found.strftime("%Y-%m-%d")


def minute(text: str | None) -> str:
    """A moment as 2026-07-01 08:40."""
    found = moment(text)
    return NOTHING if found is None else found.strftime("%Y-%m-%d %H:%M")


def spoken(text: str | date | None) -> str:
    """A day in a sentence: 7 月 1 日; of another year 2025 年 7 月 1 日."""
    if not text:
        return NOTHING
    found = text if isinstance(text, date) else moment(text) if "T" in text else date.fromisoformat(text)
    if found is None:
        return NOTHING
    year = "" if found.year == legal_day(clock.now()).year else f"{found.year} 年 "
    return f"{year}{found.month} 月 {found.day} 日"


def month_day(text: str | None) -> str:
    """A day on a narrow place: 11-30, of another year 2025-11-30."""
    said = day(text)
    return said[5:] if said.startswith(f"{legal_day(clock.now()).year}-") else said


def today(now: datetime) -> str:
    """2026 年 7 月 1 日，星期三."""
    here = now.astimezone(SHANGHAI)
    return f"{here.year} 年 {here.month} 月 {here.day} 日，星期{WEEKDAYS[here.weekday()]}"


def left(days: int | None) -> str:
    """Days to a deadline: 逾期 2 天, 今天, 5 天."""
    if days is None:
        return NOTHING
    return f"逾期 {-days} 天" if days < 0 else "今天" if days == 0 else f"{days} 天"


def until(text: str | None) -> str:
    """A deadline as it is felt: 还有 20 天, 明天, 今天, 逾期 2 天."""
    if not text:
        return NOTHING
    days = -_days_since(text)
    return left(days) if days <= 0 else "明天" if days == 1 else f"还有 {days} 天"


def until_tone(text: str | None) -> str:
    """`late` from the last day on: it is to be done today, or should have been."""
    return "late" if text and _days_since(text) >= 0 else ""


def ago(text: str | None) -> str:
    """How long ago a day or moment was: 今天, 昨天, 12 天前, from two years on 3 年前; one to come: 3 天后."""
    if not text:
        return NOTHING
    days = _days_since(text)
    near = {0: "今天", 1: "昨天", -1: "明天"}
    told = f"{abs(days)} 天" if abs(days) < 730 else f"{abs(days) // 365} 年"
    return near.get(days) or f"{told}{'前' if days > 0 else '后'}"


def waited(days: int | None) -> str:
    """How long something has stood where it stands: 今天刚到, 12 天."""
    return NOTHING if days is None else "今天刚到" if days == 0 else f"{days} 天"


def _days_since(text: str) -> int:
    found = moment(text) if "T" in text else date.fromisoformat(text)
    then = found.date() if isinstance(found, datetime) else found
    return (legal_day(clock.now()) - then).days if then is not None else 0


def way(route: str | None) -> str:
    """Where a case goes, in a table's two characters: 备案, 报省."""
    return "报省" if route == "provincial_review" else "备案" if route == "city_filing" else NOTHING


def way_tone(route: str | None) -> str:
    """A case that leaves the city stands out."""
    return "go" if route == "provincial_review" else ""


def suspected(is_it: bool | None) -> str:
    """Whether something looks like parts of one project, or like a label chosen by the limit."""
    return "有疑点" if is_it else ""


def suspected_tone(is_it: bool | None) -> str:
    """It stands out where it is."""
    return "warn" if is_it else ""


def paused(is_it: bool | None) -> str:
    """Whether the days of a term are not counted at present."""
    return "暂停计算" if is_it else ""


def some(count: int | None) -> str:
    """A count in a table, where none is not worth a figure."""
    return str(count) if count else NOTHING


def short(text: str | None) -> str:
    """The beginning of a text, for a table."""
    return NOTHING if not text else text if len(text) < 41 else f"{text[:40]}…"


def article(number: int | None) -> str:
    """第二十三条."""
    return "" if not number else article_label(number)


def named(vocabulary: str) -> Callable[[str | None], str]:
    """The filter of one vocabulary: a code's label; what nobody knows is said to be unknown, never shown."""
    known = VOCABULARIES[vocabulary].names
    return lambda code: NOTHING if not code else known.get(code, "其他")


def tone(vocabulary: str) -> Callable[[str | None], str]:
    """The class a code's tag has, by its tone."""
    classes = {"done": "ok", "active": "go", "waiting": "go", "warning": "warn", "danger": "bad"}
    tones = {entry.code: classes.get(entry.tone, "") for entry in VOCABULARIES[vocabulary].entries}
    return lambda code: tones.get(code or "", "")


def who(person: Mapping[str, Any] | None) -> str:
    """Who acted: office and name, as the answers tell them beside each code."""
    told = (person.get("office_name"), person.get("name")) if person else ()
    return "　".join(part for part in told if part) or NOTHING


def level(number: int | None) -> str:
    """A level of protection: 三级."""
    return f"{'零一二三四五'[number]}级" if number and 0 < number < 6 else "未定级"


def marked(text: str, phrases: Iterable[str]) -> Markup:
    """The text with what was searched for marked; both are text, whatever they look like."""
    wanted = sorted({each for each in phrases if each}, key=len, reverse=True)
    if not wanted:
        return escape(text)
    parts = re.split("(" + "|".join(map(re.escape, wanted)) + ")", text, flags=re.IGNORECASE)
    return Markup().join(
        Markup("<mark>{}</mark>").format(part) if n % 2 else part for n, part in enumerate(parts)
    )


def opinion(text: str) -> str:
    """A gatekeeper's word on a reason, as the record spells it: 认可, 不认可, and the note."""
    for code, said in (("accepted", "认可"), ("rejected", "不认可"), ("refused", "不认可")):
        if text.startswith(code):
            return said + text[len(code) :]
    return text


def opinion_or_none(text: str | None) -> str:
    """The same where there may be none."""
    return opinion(text) if text else NOTHING


def spelt(text: str | None) -> Markup | str:
    """What is told letter by letter: a login, an address, a number of a record."""
    return Markup("<code>{}</code>").format(text) if text else NOTHING


def stand(said: Sequence[str] | None) -> str:
    """How a thing stands, where a page says it in its own words: (words, tone)."""
    return said[0] if said else ""


def stand_tone(said: Sequence[str] | None) -> str:
    """The class of that tag."""
    return said[1] if said else ""


def our_case(ref: str | None) -> str:
    """The link's words where a case of ours belongs to something."""
    return "看项目" if ref else NOTHING


def a_line_each(texts: Mapping[str, str] | None) -> str:
    """Name → text as they are typed: a line each, what goes on below begins with a blank (kit/formdata.py reads it)."""
    return "\n".join(
        f"{name}：{text.replace(chr(10), chr(10) + ' ')}" for name, text in (texts or {}).items()
    )


def rows_of(field: FieldView, at: str) -> FormView:
    """The members of a list's row as a form of their own: names begin with the row's pointer."""
    named = [replace(each, pointer=f"{at}/{each.name}") for each in field.fields]
    return FormView(
        operation_id="projects_reuse_check",
        label=field.label,
        help="",
        method="POST",
        path="",
        if_match=True,
        parameters=[],
        fields=named,
    )


def asked(pointer: str) -> str:
    """What a form calls the field of a fault, with its row in a list; empty where it has no name."""
    parts, known = pointer.split("/")[1:], VOCABULARIES["input"].names
    row = "".join(f"第 {int(each) + 1} 行" for each in parts if each.isdecimal())
    label = next((known[each] for each in reversed(parts) if each in known), "")
    return f"{label}{row}"


FILTERS: Mapping[str, Callable[..., Any]] = {
    "wan": wan,
    "in_wan": in_wan,
    "yuan": yuan,
    "day": day,
    "minute": minute,
    "spoken": spoken,
    "left": left,
    "article": article,
    "who": who,
    "cost": cost,
    "level_name": level,
    "marked": marked,
    "judged": opinion,
    "judged_or_none": opinion_or_none,
    "our_case": our_case,
    "step_of": step_of,
    "rows_of": rows_of,
    "asked": asked,
    "a_line_each": a_line_each,
    "month_day": month_day,
    "until": until,
    "ago": ago,
    "waited": waited,
    "way": way,
    "way_tone": way_tone,
    "some": some,
    "short": short,
    "paused": paused,
    "suspected": suspected,
    "suspected_tone": suspected_tone,
    "spelt": spelt,
    "stand": stand,
    "stand_tone": stand_tone,
    **{name: named(name) for name in VOCABULARIES},
    **{f"{name}_tone": tone(name) for name in VOCABULARIES},
}
