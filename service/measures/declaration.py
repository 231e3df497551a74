"""What a declaration must carry (art. 15), the seven negative cases (art. 17), priority (art. 16)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from service.characters.placeholders import says
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


def priority_items(facts: Facts, *, joint: bool) -> tuple[int, ...]:
    """Items of art. 16 the facts evidence: only item 3 (`joint`: several offices) or cross-level."""
    return (3,) if joint or facts.cross_level else ()


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
    """What the declarer has handed in so far; a draft may lack any of it."""

    resolution: Resolution = Resolution()
    basics: Basics = Basics()
    technical_plan: str = ""
    maintenance_plan: str = ""
    funding: tuple[FundingLine, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)


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


_BASICS = {
    "main_tasks": "主要任务",
    "location": "建设地点",
    "basis": "建设依据和必要性",
    "performance_goals": "绩效目标",
    "implementation": "拟采用的实施方式及原因",
}


def missing_materials(
    materials: Materials,
    *,
    kind: Kind,
    investment_fen: int,
    on: date | None = None,
    extra_required: Iterable[str] = (),
    pointer_prefix: str = "",
) -> list[Missing]:
    """Everything art. 15 still asks for, empty when complete; used before and at submission alike.

    `on`: day of submission, a resolution dated later is a fault. `extra_required`: names a city added
    through the rule book's `materials.extra`.
    """
    found = [
        *_resolution(materials.resolution, on),
        *_basics(materials.basics),
        *_plan(materials, kind),
        *_funding(materials.funding, investment_fen),
        *_extra(materials.extra, extra_required),
    ]
    return [Missing(pointer_prefix + row.pointer, row.code, row.detail, row.article) for row in found]


def _resolution(resolution: Resolution, on: date | None) -> list[Missing]:
    found = []
    if not says(resolution.body):
        found.append(Missing("/resolution/body", "resolution_required", "请填写审议本项目的会议名称"))
    if resolution.date is None:
        found.append(Missing("/resolution/date", "resolution_required", "请填写会议审议通过的日期"))
    elif on is not None and resolution.date > on:
        found.append(Missing("/resolution/date", "resolution_in_future", "会议日期晚于提交日期，请核对"))
    if not says(resolution.number):
        found.append(Missing("/resolution/number", "resolution_required", "请填写会议纪要或决议文号"))
    return found


def _basics(basics: Basics) -> list[Missing]:
    return [
        Missing(f"/basics/{key}", "basics_required", f"请填写{label}")
        for key, label in _BASICS.items()
        if not says(getattr(basics, key))
    ]


def _plan(materials: Materials, kind: Kind) -> list[Missing]:
    """Maintenance brings its own plan, every other kind the technical plan."""
    if kind is Kind.MAINTAIN:
        if not says(materials.maintenance_plan):
            return [Missing("/maintenance_plan", "plan_required", "运维类项目请提交运维实施方案")]
    elif not says(materials.technical_plan):
        return [Missing("/technical_plan", "plan_required", "建设类项目请提交技术方案")]
    return []


def _funding(lines: tuple[FundingLine, ...], investment_fen: int) -> list[Missing]:
    """The sources must be named and add up to the investment, to the fen. Where nothing is invested there is no
    source to name (art. 35): no line and a line of zero are taken alike, and a finding says so."""
    if not lines and investment_fen > 0:
        return [Missing("/funding", "funding_required", "请填写资金来源")]
    found = []
    for index, line in enumerate(lines):
        if not says(line.source):
            found.append(Missing(f"/funding/{index}/source", "funding_source", "请填写资金来源名称"))
        if line.amount_fen <= 0 < investment_fen:
            found.append(Missing(f"/funding/{index}/amount_yuan", "funding_amount", "金额应大于零"))
    if sum(line.amount_fen for line in lines) != investment_fen:
        found.append(Missing("/funding", "funding_sum", "各项资金之和与总投资不一致"))
    return found


def _extra(given: Mapping[str, str], required: Iterable[str]) -> list[Missing]:
    return [
        Missing("/extra", "extra_required", f"本市另行要求的材料尚未提交：{name}")
        for name in required
        if not says(given.get(name, ""))
    ]
