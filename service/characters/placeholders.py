"""What is written so that a field is not empty, and says nothing: 无, /, 暂无, N/A, 详见附件 alone and the like.

The words stand in one list, `policies/placeholders.toml`. They are compared as a reader takes them: width, blanks,
punctuation, capitals, traditional characters and repetition make no other word of them. A text that has anything of its
own beside them says something; how much, people judge.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from enum import Enum
from functools import cache
from pathlib import Path
from typing import NamedTuple

from service.characters.keys import key

FILE = Path(__file__).resolve().parents[2] / "policies" / "placeholders.toml"
_GLANCES = (32, 120)  # characters that mostly show enough
_FIRST = 32  # those among which nearly every text has two of its own
MOST = 2000  # characters that are looked at: what holds nothing so far holds nothing
# Traditional and variant characters of the words listed; names are compared without this (docs/text.md).
_SIMPLE = str.maketrans(
    "無沒暫詳見說後補寫項適資內該報單實際確關時請閱參問題書類頁號準圖錄電紙質掃為與這別據議紀復復錶測試續產對應稱應檔條傳編製標來"
    "冇旡",
    "无没暂详见说后补写项适资内该报单实际确关时请阅参问题书类页号准图录电纸质扫为与这别据议纪复复表测试续产对应称应档条传编制标来"
    "无无",
)
_SAME = re.compile(r"(\D)\1{2,}")  # one sign over and over
# A form's blanks, left as they were printed: XX局, 某某市某某局; beside them only what any office is called.
_SHORT = 32
_BLANK = "[x×某○〇o*_]"
_TEMPLATE = re.compile(rf"{_BLANK}{{2,}}")
_OF_ANY = re.compile("[局厅委办市县区省乡镇街道项目单位部门文件号第年月日]*")
# Of a number: no year or no serial (〔〕12号, 〔20XX〕12号, 〔2026〕号, 第XX号).
_UNFILLED = re.compile(
    rf"[〔\[(【][〕\])】]|[〔\[(【][0-9]*{_BLANK}+[0-9]*[〕\])】]"
    rf"|[0-9〇一二三四五六七八九]{{4}}[〕\])】]第?{_BLANK}*号|第{_BLANK}*号|{_BLANK}{{2,}}号"
)
_COUNT = frozenset("0123456789一二三四五六七八九十百abcde")  # 附件1, 附件一, 附件a


class Words(NamedTuple):
    """The list, spelt as texts are compared. `longest`: of all its words; `every`: all, and what counts."""

    alone: frozenset[str]
    refers: frozenset[str]
    places: frozenset[str]
    longest: int
    every: frozenset[str]


def spelt(text: str) -> str:
    """The key of a text in simplified characters, less whatever is no letter and no figure."""
    found = key(text).translate(_SIMPLE)
    return "".join(each for each in found if unicodedata.category(each)[0] in "LN")


@cache
def _listed() -> Words:
    given = tomllib.loads(FILE.read_text(encoding="utf-8"))
    parts = [frozenset({spelt(word) for word in given[name]} - {""}) for name in Words._fields[:3]]
    every = frozenset().union(*parts)
    alone, refers, places = parts
    return Words(alone, refers, places, max(map(len, every)), every | _COUNT)


class _Read(Enum):
    """What a text has been so far: placeholders only, a pointer that names no place yet, a place pointed at."""

    NOTHING = 0
    POINTING = 1
    PLACE = 2


_NUMBERED = frozenset({"附件", "附表", "附图"})  # need nothing that points at them


def _step(words: Words, read: _Read, word: str, *, first: bool) -> Iterator[_Read]:
    """What it may be after one more word; nothing where that word says something there, as 附件 does in 没有附件."""
    if word in words.refers:
        yield _Read.POINTING
    if word in words.places and (read is not _Read.NOTHING or (first and word in _NUMBERED)):
        yield _Read.PLACE
    if read is _Read.PLACE and word in _COUNT:
        yield _Read.PLACE
    if word in words.alone and read is not _Read.POINTING:
        yield _Read.NOTHING


def _cut(text: str) -> tuple[int, set[_Read]]:
    """How far words of the list lead one after the other, and what the text has been where they led to its end."""
    words = _listed()
    at: dict[int, set[_Read]] = {0: {_Read.NOTHING}}  # of a long text mostly the beginning alone
    reached = 0
    for start in range(len(text) + 1):
        if start > reached:
            break
        reads = at.get(start, set())
        for end in range(start + 1, min(len(text), start + words.longest) + 1) if reads else ():
            word = text[start:end]
            if word in words.every and (
                found := {to for read in reads for to in _step(words, read, word, first=not start)}
            ):
                at.setdefault(end, set()).update(found)
                reached = max(reached, end)
    return reached, at.get(len(text), set())


def _begins_with_more(text: str) -> bool:
    """Whether the beginning of a longer text shows already that it has something of its own.

    No word of the list reaches from where they ended to the last signs, which what follows might still change.
    """
    reached, _ = _cut(text)
    return len(set(text)) > 1 and reached + _listed().longest < len(text) - 2


def unfilled(number: str) -> bool:
    """Whether the year or the serial of a document's number was left blank, as in 〔2026〕XX号 or 〔〕 号."""
    return _UNFILLED.search(key(number[:MOST])) is not None


def _only_blanks(text: str) -> bool:
    """Whether a short text is a form's blanks and the words around them."""
    found = key(text) if len(text) <= _SHORT else ""
    rest, blanks = _TEMPLATE.subn("", found)
    return blanks > 0 and _OF_ANY.fullmatch(rest) is not None


@cache
def _own() -> frozenset[str]:
    """The characters of the language that stand in no placeholder, in no pointer and in no printed form."""
    told = {*"".join(_listed().every), *_OF_ANY.pattern, *_BLANK}
    chinese = map(chr, range(0x4E00, 0x9FA6))
    return frozenset(each for each in chinese if len(found := spelt(each)) == 1 and found not in told)


def _tells(text: str) -> bool:
    """Whether two different characters of one's own stand among the first, as in nearly all that people write.

    No row of listed words reaches over such a one, so that whoever finds two need not look at the rest.
    """
    return len(_own().intersection(text[:_FIRST])) > 1


def says_nothing(text: str) -> bool:
    """Whether a text is empty, only signs, or only placeholders; True for what nobody could read anything in."""
    if _tells(text):
        return False
    if any(len(text) > most and _begins_with_more(spelt(text[:most])) for most in _GLANCES):
        return False
    found = spelt(text[:MOST])
    if not found or _SAME.fullmatch(found) is not None or _only_blanks(text):
        return True
    reads = _cut(found)[1]
    return bool(reads) and reads != {_Read.POINTING}  # "依据" alone is a poor word, but it points nowhere


def says(text: str) -> bool:
    """Whether a text has something of its own."""
    return not says_nothing(text)


@cache
def _unsettled() -> frozenset[str]:
    given = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return frozenset(map(spelt, given["unsettled"]))


def settled(text: str) -> bool:
    """Whether a declaration says something here that is so already: 待上会 is no meeting, 待编号 no number of one."""
    return says(text) and spelt(text[:MOST]) not in _unsettled()


def worded(text: str) -> bool:
    """The same of what is no number and so stands in words: 111 names no task, no meeting and no source."""
    return settled(text) and not figures_alone(text)


def figures_alone(text: str) -> bool:
    """Whether a text is figures and blanks, as 111: a date (2026-03-01) or a share (80%) says what it is."""
    return "".join(key(text[:MOST]).split()).isdigit()


def unnamed(name: str) -> bool:
    """Whether a name only stands in for one; a word for a paper or a place (附件, 系统) may be a name."""
    return says_nothing(name) and _Read.PLACE not in _cut(spelt(name))[1]
