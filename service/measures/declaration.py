"""What a declaration carries (art. 15; what is missing: completeness.py), arts 16 and 17 as its facts answer them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from service.measures.facts import NEGATIVE_KEYS, Facts, Kind


@dataclass(frozen=True, slots=True)
class NegativeCase:
    """One item of art. 17: `key` is the fact that answers it, `message` our wording."""

    item: int
    key: str
    message: str

    @property
    def code(self) -> str:
        """The stable finding code."""
        return f"negative_17_{self.item}"


_NEGATIVE_MESSAGES = (
    "自行建设或扩建机房、云平台、公共支撑等，或自行采购服务器、存储等硬件，应改用全省统一资源",
    "自行租用互联网出口或未并入政务内网、外网的专线",
    "未部署或未迁移到政务云",
    "未采用安全可靠的软硬件产品",
    "密码应用、网络安全或保密方面不合要求，或有重大隐患",
    "需求或绩效目标不清，内部整合或数据共享没有落实",
    "原项目还没有通过竣工验收就申请升级改造",
)
PREVIOUS_KEY = "previous_project_accepted"
NEGATIVE_CASES = tuple(
    NegativeCase(number, key, message)
    for number, (key, message) in enumerate(
        zip((*NEGATIVE_KEYS, PREVIOUS_KEY), _NEGATIVE_MESSAGES, strict=True), start=1
    )
)
UPGRADES = frozenset({Kind.REBUILD, Kind.EXPAND})


def negative_present(facts: Facts) -> list[NegativeCase]:
    """The cases of art. 17 the facts say yes to; item 7 concerns upgrades only."""
    answers = [*facts.negative, _item_7(facts)]
    return [case for case, answer in zip(NEGATIVE_CASES, answers, strict=True) if answer is True]


def negative_unchecked(facts: Facts) -> tuple[int, ...]:
    """Items of art. 17 nobody answered: "not checked", never "passed"."""
    answers = [*facts.negative, _item_7(facts)]
    return tuple(case.item for case, answer in zip(NEGATIVE_CASES, answers, strict=True) if answer is None)


def _item_7(facts: Facts) -> bool | None:
    """Whether art. 17 item 7 applies; None = an upgrade whose previous project was not looked at."""
    if facts.kind not in UPGRADES:
        return False
    accepted = facts.previous_project_accepted
    return None if accepted is None else not accepted


def priority_items(facts: Facts, *, several_offices: bool) -> tuple[int, ...]:
    """Items of art. 16 the facts evidence: only item 3 (several offices) or cross-level."""
    return (3,) if several_offices or facts.cross_level else ()


def priority_open(facts: Facts) -> tuple[int, ...]:
    """Items of art. 16 that may apply but need a person: one fact covers both kinds of deployment."""
    return (1, 2) if facts.national_or_provincial_deployment else ()


@dataclass(frozen=True, slots=True)
class Resolution:
    """The leadership meeting's resolution (art. 15)."""

    body: str = ""
    date: date | None = None
    number: str = ""


@dataclass(frozen=True, slots=True)
class Basics:
    """The basics of art. 15 item 1 beyond name and owner."""

    main_tasks: str = ""
    location: str = ""
    basis: str = ""
    performance_goals: str = ""
    implementation: str = ""


@dataclass(frozen=True, slots=True)
class FundingLine:
    """One source of money and its amount in fen."""

    source: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Materials:
    """What the declarer has handed in so far; a draft may lack any of it.

    `plan`: the technical plan's parts by key; `form`: what the form asks besides, as stored; `attached`: the slots of
    the checklist in which a file lies.
    """

    resolution: Resolution = Resolution()
    basics: Basics = Basics()
    technical_plan: str = ""
    maintenance_plan: str = ""
    funding: tuple[FundingLine, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)
    plan: Mapping[str, str] = field(default_factory=dict)
    work_secrets: bool = False
    form: Mapping[str, Any] = field(default_factory=dict)
    attached: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing missing before submission; `pointer` is relative to the materials object."""

    pointer: str
    code: str
    detail: str
    article: int = 15

    def as_dict(self) -> dict[str, object]:
        """JSON-ready."""
        return {"pointer": self.pointer, "code": self.code, "detail": self.detail, "article": self.article}
