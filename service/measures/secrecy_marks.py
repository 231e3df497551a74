"""What marks a text as a state secret, and what only talks about secrecy: rules on folded text (`fold`).

The forms are those of the rules on marking state secrets: level, star and term (密级★保密期限, 密级★解密时间,
密级★解密条件), the form field (密级：机密), the header line, and plain statements about this project or paper
(本项目为机密级项目). Lists of the levels, quotations of the law, forms that tick 非密 and slogans
(保守国家秘密★人人有责) mark nothing.

Every level that could be a mark is looked at once, with REACH characters on both sides; no pattern runs further.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from service.measures import secrecy_words as words
from service.measures.secrecy_tables import column


class Mark(NamedTuple):
    """Where a mark stands in the folded text."""

    start: int
    end: int


class TooMany(Exception):
    """More levels than are ever looked at."""


_OWN = re.compile("(?:项目|文件|系统|资料|材料|工程|平台|数据|信息|方案)的?$")
_BEFORE = '"“‘「『: '
_NEAR = 20
_CLAUSE_HEAD = re.compile('[\n",。;]')
_CLAUSE_END = re.compile('[\n",。;!]')


class _Place(NamedTuple):
    """A level and what stands around it."""

    level: str  # as it stands, such as 机 密
    before: str
    after: str

    @property
    def national(self) -> bool:
        """国家秘密 names no level."""
        return self.before.endswith("国家") and self.level[0] in "秘机" and not self.after.startswith("级")


# What a level that is part of a mark can be followed by, among ideographs.
_GOES_ON = frozenset(
    "级件文资材项工系平信数事载档图稿公电密国类课任保期解至到长永终无不年五角星启开考"
    "〇零一二三四五六七八九十百千廿半两以管"
)


def find(text: str, most: int) -> Mark | None:
    """The first mark in folded text. Raises TooMany after `most` places that had to be looked at.

    Texts that stand next to each other in one JSON object are also read as one, for marks with a star only.
    """
    mark = _find(text, most, starred_only=False) or _period(text, most) or _itself(text, most)
    if mark is None and (row := column(text, most)) is not None:
        return Mark(*row)
    if (
        mark is None
        and (joined := words.MEMBERS.sub("", text)) != text
        and _find(joined, most, starred_only=True)
    ):
        return Mark(0, 0)
    return mark


def _find(text: str, most: int, *, starred_only: bool) -> Mark | None:
    looked: set[_Place] = set()
    for number, anchor in enumerate(words.ANCHOR.finditer(text)):
        start, end = anchor.span()
        following = text[end : end + 1]
        if following not in _GOES_ON and following.isalpha() and not following.isascii():
            continue  # 机密性, 秘密的, 秘密共享, 机密计算
        place = _Place(anchor[0], text[max(0, start - words.REACH) : start], text[end : end + words.REACH])
        if place in looked and number <= 10 * most:
            continue
        looked.add(place)
        if len(looked) > most or number > 10 * most:
            raise TooMany
        if (
            _is_level(place)
            and (found := _starred(place) or (None if starred_only else _plain(place))) is not None
        ):
            return Mark(start - found[0], end + found[1])
    return None


def _is_level(place: _Place) -> bool:
    before, first = place.before.rstrip(" "), place.level[0]
    if before.endswith(words.PRIVATE_LEVELS.get(first, ())) or place.after[:1] in ("码", "钥"):
        return False
    if first == "机" and before.endswith(words.MACHINES):
        return False
    gap = place.level[1:-1]
    if not gap.strip():
        return True
    apart = first == "机" and before.endswith(words.APART)
    broken = any(char in ",、:" + words.ENDS for char in gap) and place.after[:1].isalpha()
    return not (apart or broken)


def _starred(place: _Place) -> tuple[int, int] | None:
    """A level with a star, before or behind it or inside; what else looks like a star needs a term too."""
    before, after = place.before, place.after
    if re.search(words.STAR, place.level) and words.WHOLE.match(after):
        return 0, 0
    if (found := words.STARRED.match(after)) and not _talk(place, after[: found.start(2)], found):
        return 0, found.end()
    if (found := words.WEAKLY.match(after)) and not _several(place):
        return 0, found.end()
    near = max(0, len(before) - _NEAR)  # where what belongs to the level can begin
    star, whole = words.STAR_BEFORE.search(before, near), words.WHOLE.match(after)
    if star and whole and not words.CHOICE_AFTER.match(after):
        return len(before) - star.start(), whole.end()
    star, termed = words.WEAK_BEFORE.search(before, near), words.TERMED.match(after)
    if star and termed and not _several(place):
        return len(before) - star.start(), termed.end()
    return None


def _talk(place: _Place, between: str, found: re.Match[str]) -> bool:
    """Whether the star belongs to what comes next: the end of a sentence, a list item, a slogan."""
    if found[4]:  # a term
        return False
    if any(char in words.ENDS for char in between):
        return True
    goes_on = place.after[found.end(2) :].lstrip(" \n★☆")[:1].isalnum()
    inside = place.before[-1:].isalpha()
    if place.national:
        return goes_on or place.before[-3:-2].isalpha()
    if goes_on and words.SLOGAN.search(place.before):
        return True
    return goes_on and inside and between[-1:].isspace()


def _several(place: _Place) -> bool:
    """Whether a neighbour of another level has a term too: the law's list of periods, not this paper's own."""
    level = place.level[0] + "密"
    around = words.OTHER_TERM.findall(place.before[-32:]) + words.OTHER_TERM.findall(place.after[:40])
    return any(other != level for other in around)


def _plain(place: _Place) -> tuple[int, int] | None:
    """A level stated without a star, as a mark of this project, paper or line."""
    before, after = place.before, place.after
    ticked = _ticked(place)
    if ticked is not None:
        return (1, 0) if ticked else None
    if _choice(place):
        return None
    stands = not before[-1:].isalpha()
    if (found := words.WITH_PERIOD.match(after)) and not place.national and not _several(place):
        return 0, found.end()
    if stands and (found := words.TERMED.match(after)) and not _several(place):
        return 0, found.end()
    if stands and ((found := words.URGENT_AFTER.match(after)) or words.URGENT_BEFORE.search(before)):
        return 0, found.end() if found else 0
    if (said := words.STANDS.match(after)) and (back := _labelled(place)) is not None:
        return back, said.end()
    return _stated(place) or _line(place)


def _choice(place: _Place) -> bool:
    """Whether the level is one of several: within its own field, since the items of a list are none of one another."""
    if words.ITEM_BEFORE.search(place.before) or (
        place.before.endswith(('"', "“")) and words.ITEM_AFTER.match(place.after)
    ):
        return True
    after, before = words.FIELD_ENDS.split(place.after)[0], words.FIELD_BEGINS.split(place.before)[-1]
    return bool(words.CHOICE_AFTER.match(after) or words.CHOICE_BEFORE.search(before[-_NEAR:]))


def _labelled(place: _Place) -> int | None:
    """How far back the label begins: 密级：机密, 密级为机密, {"密级": "机密"}."""
    before = place.before
    if found := words.FIELD.search(before, max(0, len(before) - 2 * _NEAR)):
        if found[2] and not words.NO_FIELD.search(found[2]):
            return len(before) - found.start()
        lead = before[: found.start()]
        if not found[2] and (not lead[-1:].isalpha() or _OWN.search(lead)):
            return len(before) - found.start()
    clause = words.CLAUSE.split(before.rstrip(_BEFORE))[-1]
    if (found := words.LABELLED.match(clause)) is None:
        return None
    subject = found[1]
    this = re.search(words.DEIXIS, subject) is not None
    if words.DOUBT.search(subject) or ("最高" in subject and not this):
        return None
    if this or not subject.strip() or _OWN.search(subject) or words.SETTLED.fullmatch(subject):
        return len(clause) - found.start(2)
    return None


def _stated(place: _Place) -> tuple[int, int] | None:
    """本项目为机密级项目, 该系统处理秘密级信息, 本件按机密级管理."""
    if place.national:
        return None
    clause = words.CLAUSE.split(place.before.rstrip(_BEFORE))[-1].lstrip()
    if (words.GRADED.match(place.after)) and words.BY_GRADE.fullmatch(clause):
        return len(clause), 1
    if words.DECIDED.fullmatch(clause) and place.after.startswith("级") and words.STANDS.match(place.after):
        return len(clause), 1
    if (found := words.STATED.match(clause)) is None or words.DOUBT.search(clause):
        return None
    verb, after = found[2], place.after
    if verb[0] in "按参以":
        managed = words.MANAGED.match(after)
        return (len(clause) - found.start(2), managed.end()) if managed else None
    said = words.STANDS.match(after)
    if said is None or (re.fullmatch(words.CARRIES, verb) and not after.startswith("级")):
        return None
    return len(clause) - found.start(2), said.end()


def _line(place: _Place) -> tuple[int, int] | None:
    """A line or field of its own: 【机密】…, 机密级文件, 关于…的报告（秘密）."""
    *rest, head = words.LINE.split(place.before)
    if not rest and len(place.before) == words.REACH:
        return None  # the line is longer than is looked at
    tail = words.LINE.split(place.after)[0]
    lead = head.strip()
    if any(level != place.level[0] + "密" for level in words.LEVEL.findall(place.before + place.after)):
        return None  # headings that explain the levels one by one
    if not lead and (words.ALONE.fullmatch(tail.strip()) or words.WARNED.match(tail)):
        return 0, min(len(tail), 6)
    closed = words.BRACKETED.match(tail)
    if closed is not None and words.NATIONAL_HEAD.search(lead):
        return 1, closed.end()
    if closed is None or lead[-1:] not in words.OPENS or not lead:
        return None
    if len(lead) == 1 or (not tail[closed.end() :].strip() and not words.GRADING.search(lead)):
        return 1, closed.end()
    return None


def _ticked(place: _Place) -> bool | None:
    """On a form's line of options: whether this level is the ticked one; None where there is no such line."""
    if not words.TICKING.search(place.before) and not words.TICKING.search(place.after):
        return None
    head = re.split('[\n":]', place.before)[-1]
    line = head + place.level[0] + "密" + words.LINE.split(place.after)[0]
    tokens = [(token.lastgroup or "", token.start()) for token in words.OPTION.finditer(line)]
    kinds = [kind for kind, _ in tokens]
    if kinds.count("level") < 2 or kinds.count("level") == len(kinds):
        return None
    first = kinds.index("level")
    boxes_follow = first == 0
    pairs = pairwise(tokens)
    ticks = {
        (a if boxes_follow else b)[1]: (b if boxes_follow else a)[0] == "tick"
        for a, b in pairs
        if (a[0] == "level" and b[0] != "level" if boxes_follow else a[0] != "level" and b[0] == "level")
    }
    mine = ticks.get(len(head))
    if mine is None or (mine and all(ticks.values())):
        return None if mine is None else False
    return mine


def _period(text: str, most: int) -> Mark | None:
    """保密期限10年 as a line or clause of its own, where nothing speaks of a contract."""
    for number, found in enumerate(words.PERIOD.finditer(text)):
        if number > most:
            raise TooMany
        start, end = found.span()
        before, after = text[max(0, start - words.REACH) : start], text[end : end + words.REACH]
        head = _CLAUSE_HEAD.split(before)[-1]
        of = words.PERIOD_OF.fullmatch(head)
        own = of and (of[1] or found[1] not in ("为", "是")) and words.PERIOD_ENDS.match(after)
        if own and not words.PRIVATE.search(before + after):
            return Mark(start, end)
    return None


def _itself(text: str, most: int) -> Mark | None:
    """This project or paper said to be secret without a level: 本项目为涉密项目, 是否涉密：是."""
    for number, found in enumerate(words.CONCERNED.finditer(text)):
        if number > most:
            raise TooMany
        start, end = max(0, found.start() - words.REACH), found.end() + words.REACH
        if (field := words.SECRET_FIELD.search(text, found.start() - min(8, found.start()), end)) is not None:
            return Mark(field.start(), field.end())
        tail = _CLAUSE_END.split(text[found.start() : end])[0]
        clause = _CLAUSE_HEAD.split(text[start : found.start()])[-1].lstrip() + tail.rstrip()
        if words.SECRET_ITSELF.match(clause) and not words.DOUBT.search(clause):
            return Mark(found.start(), found.end())
    return None
