"""What a declaration answers beyond amounts: the five unifications (art. 3), sharing (art. 11), proof of claims.

Whatever was not answered is not answered: None, never "no". A claim (arts 16, 17, 19, 23) stands on a paper: who issued
it, its number and day; the paper itself is attached in the claim's slot.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from service.characters.placeholders import says_nothing, unfilled
from service.measures.faults import ObjectReader
from service.measures.texts import has_surrogate
from service.vocabulary import names


class Claim(StrEnum):
    """What a declarer may say of himself that needs proof."""

    DEPLOYMENT = "deployment"
    FEATURED_SCENARIO = "featured_scenario"
    PREVIOUS_ACCEPTANCE = "previous_acceptance"
    CROSS_LEVEL = "cross_level"
    PARTICIPANTS = "participants"
    SHARING_EXEMPTION = "sharing_exemption"


# Where the paper is attached (measures/checklist.py).
SLOT: Mapping[Claim, str] = {
    Claim.DEPLOYMENT: "deployment_basis",
    Claim.FEATURED_SCENARIO: "featured_scenario_basis",
    Claim.PREVIOUS_ACCEPTANCE: "previous_acceptance",
    Claim.CROSS_LEVEL: "cross_level_basis",
    Claim.PARTICIPANTS: "participants_basis",
    Claim.SHARING_EXEMPTION: "sharing_exemption_basis",
}
# Art. 3 in its order; True: the project keeps to it.
UNIFICATIONS: Mapping[str, str] = names("unification")
_SHARING = ("exchange", "plan", "catalogue")
KEYS = ("unifications", "sharing", "evidence", "previous_project", "library_entry")
REFERENCE = re.compile(r"[0-9A-Za-z]{2,16}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LONG, _LINE, _ITEMS = 20000, 200, 500


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that proves a claim."""

    issuer: str
    number: str
    date: date

    def told(self) -> str:
        """As a reason reads it."""
        return f"{self.issuer}{self.number}（{self.date.isoformat()}）"


@dataclass(frozen=True, slots=True)
class Answers:
    """`exchange`: connected to the exchange platform (art. 11); `catalogue`: data items that are shared.

    `previous_project` and `library_entry` are public ids: an own case of before, an entry taken over (art. 8).
    """

    unifications: tuple[bool | None, ...] = (None,) * len(UNIFICATIONS)
    exchange: bool | None = None
    plan: str = ""
    catalogue: tuple[str, ...] = ()
    evidence: Mapping[Claim, Paper] = field(default_factory=dict)
    previous_project: str | None = None
    library_entry: str | None = None

    def as_dict(self) -> dict[str, object]:
        """The wire form; what was not answered is left out."""
        unified = {k: v for k, v in zip(UNIFICATIONS, self.unifications, strict=True) if v is not None}
        sharing: dict[str, object] = {} if self.exchange is None else {"exchange": self.exchange}
        sharing |= {"plan": self.plan} if self.plan else {}
        sharing |= {"catalogue": list(self.catalogue)} if self.catalogue else {}
        evidence = {
            claim.value: {"issuer": paper.issuer, "number": paper.number, "date": paper.date.isoformat()}
            for claim, paper in self.evidence.items()
        }
        plain: dict[str, object] = {
            "unifications": unified,
            "sharing": sharing,
            "evidence": evidence,
            "previous_project": self.previous_project,
            "library_entry": self.library_entry,
        }
        return {key: value for key, value in plain.items() if value}


NO_ANSWERS = Answers()


def read_answers(reader: ObjectReader, on: date | None) -> Answers:
    """The answers of a facts object; faults go to the reader. `on`: no paper is dated later."""
    unified = reader.child("unifications", tuple(UNIFICATIONS))
    sharing = reader.child("sharing", _SHARING)
    return Answers(
        unifications=tuple(unified.boolean(key) if unified else None for key in UNIFICATIONS),
        exchange=sharing.boolean("exchange") if sharing else None,
        plan=_text(sharing, "plan", _LONG) if sharing else "",
        catalogue=_items(sharing) if sharing else (),
        evidence=_evidence(reader, on),
        previous_project=_reference(reader, "previous_project"),
        library_entry=_reference(reader, "library_entry"),
    )


def _text(reader: ObjectReader, key: str, most: int, *, line: bool = False) -> str:
    value = reader.get(key)
    if not reader.has(key):
        return ""
    if not isinstance(value, str):
        reader.fault(key, "type", "此项应为文字")
    elif len(value) > most:
        reader.fault(key, "too_long", f"最多 {most} 个字")
    elif has_surrogate(value) or "\x00" in value or (line and ("\n" in value or "\t" in value)):
        reader.fault(key, "text_invalid", "含有不能使用的字符")
    else:
        return value
    return ""


def _items(reader: ObjectReader) -> tuple[str, ...]:
    value = reader.get("catalogue")
    if not reader.has("catalogue"):
        return ()
    if not isinstance(value, list | tuple) or len(value) > _ITEMS:
        reader.fault("catalogue", "type", f"数据目录应为列表，最多 {_ITEMS} 项")
        return ()
    items = ObjectReader(
        {str(n): each for n, each in enumerate(value)}, reader.path("catalogue"), reader.faults
    )
    return tuple(_text(items, str(number), _LINE, line=True) for number in range(len(value)))


def _evidence(reader: ObjectReader, on: date | None) -> dict[Claim, Paper]:
    child = reader.child("evidence", tuple(claim.value for claim in Claim))
    found: dict[Claim, Paper] = {}
    for claim in Claim if child else ():
        paper = child.child(claim.value, ("issuer", "number", "date")) if child else None
        read = None if paper is None else _paper(paper, on)
        if read is not None:
            found[claim] = read
    return found


def _paper(reader: ObjectReader, on: date | None) -> Paper | None:
    issuer, number = (_text(reader, key, _LINE, line=True) for key in ("issuer", "number"))
    for key, text in (("issuer", issuer), ("number", number)):
        if says_nothing(text) or (key == "number" and unfilled(text)):
            reader.fault(key, "says_nothing", "请写明依据文件的发文机关和完整的文号")
    day = _day(reader.get("date", required=True))
    if day is None:
        reader.fault("date", "date_format", "日期请按 年-月-日 填写，例如 2026-03-02")
    elif on is not None and day > on:
        reader.fault("date", "in_future", "文件日期晚于申报日期，请核对")
    return None if day is None else Paper(issuer, number, day)


def _day(value: object) -> date | None:
    if not isinstance(value, str) or _DAY.fullmatch(value) is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _reference(reader: ObjectReader, key: str) -> str | None:
    value = reader.get(key)
    if value is None and not reader.has(key):
        return None
    if not isinstance(value, str) or REFERENCE.fullmatch(value) is None:
        reader.fault(key, "reference", "应为本系统的编号")
        return None
    return value
