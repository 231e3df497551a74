"""The parts that art. 15 names of a technical plan, and whether a plan has each: as text, as a section, as a file."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from service.characters.placeholders import says, says_nothing
from service.measures.texts import visible
from service.vocabulary import names

LEAST = 4  # visible characters: fewer are no plan, whatever they are
_LEAST_PART = 4
_KNOWN = 128  # texts of late: the same one is looked at by each saving, preview and reading of a draft
_BREAKS = re.compile(r"[。；;！!？?\n，,、]+")
_NUMBERING = re.compile(r"^[(（第]*[一二三四五六七八九十0-9]+[)）章节部分条.:：．]*")
_MARKS = re.compile(r"[\W_0-9]+")
# What stands beside a part's name without saying anything of it: 等级保护按规定执行, 本章说明密码应用情况.
_EMPTY = re.compile(
    "本(?:章|节|方案|项目)|说明|情况|内容|部分|章节|考虑|满足|符合|要求|规定|标准|落实|执行|办理|按照?|严格|根据|相关|有关|具体"
    "|[(（][一二三四五六七八九十]+[)）]|有|均|已|并|的|等|及|和|与|应|将|另行|申报|进行|开展|做好|加强|予以"
)


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its key, what it is called, the checklist's slot for a file of its own."""

    key: str
    name: str
    slot: str
    parameter: str


PARTS: Mapping[str, Part] = {
    key: Part(key, names("plan_part")[key], slot, f"plan.terms.{key}")
    for key, slot in (
        ("intensive", "intensive_plan"),
        ("sharing", "sharing_plan"),
        ("security", "security_plan"),
        ("protection", "protection_plan"),
        ("crypto", "crypto_plan"),
        ("safe_products", "safe_products_plan"),
        ("work_secrets", "work_secrets_plan"),
    )
}
WORK_SECRETS = "work_secrets"  # asked for where work secrets are concerned


@lru_cache(maxsize=_KNOWN)
def is_plan(text: str) -> bool:
    """Whether a text can be a plan at all: one character, or one repeated, is none."""
    seen = visible(text)
    return len(seen) >= LEAST and len(set(seen)) > 2 and says(text)


@lru_cache(maxsize=_KNOWN)
def is_part(text: str) -> bool:
    """Whether a text says anything of a part."""
    seen = visible(text)
    return len(seen) >= _LEAST_PART and says(text)


def named_in(text: str, terms: Mapping[str, Collection[str]]) -> frozenset[str]:
    """The parts that a plan written in one piece has: a clause that says something of it, or a heading with its text.

    A list of the parts' names is none of them: what stands beside the names is what counts.
    """
    return _named_in(text, tuple((key, tuple(words)) for key, words in terms.items()))


@lru_cache(maxsize=_KNOWN)
def _named_in(text: str, terms: tuple[tuple[str, tuple[str, ...]], ...]) -> frozenset[str]:
    every = sorted({term for _, words in terms for term in words}, key=len, reverse=True)
    found: set[str] = set()
    heading = ""
    for line in filter(None, map(visible, text.split("\n"))):
        clauses = [clause for clause in _BREAKS.split(line) if clause]
        saying = [clause for clause in clauses if len(_beside(clause, every)) >= 2]
        if not saying:
            heading = line
            continue
        saying, heading = ([heading, *saying] if heading else saying), ""
        found |= {key for key, words in terms if any(w in clause for clause in saying for w in words)}
    return frozenset(found)


def _beside(clause: str, every: Sequence[str]) -> str:
    """What is left of a clause without numbering, marks, the parts' names and words that say nothing of them."""
    rest = _NUMBERING.sub("", clause)
    for term in every:
        rest = rest.replace(term, "")
    return "" if says_nothing(rest) else _MARKS.sub("", _EMPTY.sub("", rest))


def lacking(
    text: str,
    parts: Mapping[str, str],
    attached: Collection[str],
    asked: Collection[str],
    terms: Mapping[str, Collection[str]],
) -> list[Part]:
    """The asked parts that the plan does not have, in the order of art. 15."""
    named = named_in(text, terms)
    return [
        part
        for key, part in PARTS.items()
        if key in asked and key not in named and part.slot not in attached and not is_part(parts.get(key, ""))
    ]
