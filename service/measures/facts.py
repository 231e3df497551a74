"""The facts a decision rests on, read strictly: every fault is reported, nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from service.measures.amounts import yuan_text
from service.measures.answers import KEYS as ANSWER_KEYS
from service.measures.answers import NO_ANSWERS, Answers, read_answers
from service.measures.faults import FactsInvalid, Fault, ObjectReader
from service.measures.offices import Divisions, OfficeKind, Tier
from service.measures.texts import has_surrogate

__all__ = ["Declarant", "Facts", "FactsInvalid", "Fault", "Kind", "ProjectClass", "ReuseCheck", "parse_facts"]


class ProjectClass(StrEnum):
    """Art. 9: infrastructure and integration share one limit, every other class has its own."""

    INFRASTRUCTURE = "infrastructure"
    INTEGRATION = "integration"
    OTHER = "other"


class Kind(StrEnum):
    """Art. 13: 新建, 改建, 扩建, 迁移, 运维."""

    NEW = "new"
    REBUILD = "rebuild"
    EXPAND = "expand"
    MIGRATE = "migrate"
    MAINTAIN = "maintain"


class ReuseCheck(StrEnum):
    """Whether the catalogue of shared apps was searched before declaring (art. 23)."""

    CHECKED = "checked"
    NOT_CHECKED = "not_checked"


# Art. 17 items 1-6 in order; item 7 is `previous_project_accepted`.
NEGATIVE_KEYS = (
    "own_hardware",
    "leased_lines",
    "off_cloud",
    "not_safe_reliable",
    "crypto_or_security",
    "unclear_or_unshared",
)
_DECLARANT_KEYS = ("tier", "division", "office_kind")
_FLAGS = ("cross_level", "national_or_provincial_deployment", "featured_county_scenario", "in_library")
FACT_KEYS = (
    "on",
    "declarant",
    "project_class",
    "kind",
    "investment_yuan",
    "of_which_maintenance_yuan",
    "fiscal_funds",
    "classified",
    "participating_offices",
    *_FLAGS,
    "previous_project_accepted",
    "negative",
    "reuse_check",
    *ANSWER_KEYS,
)
MAX_OFFICES = 200
MAX_NAME = 200
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Declarant:
    """Who declares: tier, division or registered local code, kind of office."""

    tier: Tier
    division: str
    office_kind: OfficeKind = OfficeKind.ADMINISTRATIVE


@dataclass(frozen=True, slots=True)
class Facts:
    """One project's facts on a date. Amounts in fen; `negative` holds items 1-6, None = not checked."""

    on: date
    declarant: Declarant
    project_class: ProjectClass
    kind: Kind
    investment_fen: int
    maintenance_fen: int
    fiscal_funds: bool
    classified: bool
    participating_offices: tuple[str, ...] = ()
    cross_level: bool = False
    national_or_provincial_deployment: bool = False
    featured_county_scenario: bool = False
    in_library: bool = False
    previous_project_accepted: bool | None = None
    negative: tuple[bool | None, ...] = (None,) * len(NEGATIVE_KEYS)
    reuse_check: ReuseCheck = ReuseCheck.NOT_CHECKED
    answers: Answers = NO_ANSWERS

    def as_dict(self) -> dict[str, object]:
        """The wire form; parsing it again gives equal facts. What was not checked is left out."""
        plain: dict[str, object] = {
            "on": self.on.isoformat(),
            "declarant": {
                "tier": self.declarant.tier.value,
                "division": self.declarant.division,
                "office_kind": self.declarant.office_kind.value,
            },
            "project_class": self.project_class.value,
            "kind": self.kind.value,
            "investment_yuan": yuan_text(self.investment_fen),
            "of_which_maintenance_yuan": yuan_text(self.maintenance_fen),
            "fiscal_funds": self.fiscal_funds,
            "classified": self.classified,
            "participating_offices": list(self.participating_offices),
            **{key: getattr(self, key) for key in _FLAGS},
            "negative": {k: v for k, v in zip(NEGATIVE_KEYS, self.negative, strict=True) if v is not None},
            "reuse_check": self.reuse_check.value,
            **self.answers.as_dict(),
        }
        if self.previous_project_accepted is not None:
            plain["previous_project_accepted"] = self.previous_project_accepted
        return plain


def declares_classified(data: object) -> bool:
    """Art. 14, asked before anything else is read: `classified: true` stops the reading there."""
    return isinstance(data, Mapping) and data.get("classified") is True


def parse_facts(
    data: Mapping[str, object],
    divisions: Divisions,
    *,
    pointer_prefix: str = "",
    first_date: date | None = None,
) -> Facts:
    """Facts from decoded JSON; raises FactsInvalid with every fault.

    `first_date`: the rule book's first day; an earlier `on` is a fault here (else `route` raises).
    """
    if not isinstance(data, Mapping):
        raise FactsInvalid([Fault(pointer_prefix, "type", "事实应为一个对象")])
    faults: list[Fault] = []
    reader = ObjectReader(data, pointer_prefix, faults)
    reader.refuse_unknown(FACT_KEYS)
    facts = _read(reader, divisions, first_date)
    if facts is None or faults:
        raise FactsInvalid(faults)
    return facts


def _read(reader: ObjectReader, divisions: Divisions, first_date: date | None) -> Facts | None:
    # Every getter runs before any None is acted on: that is what collects all the faults.
    on = _date(reader, first_date)
    declarant = _declarant(reader, divisions, on)
    project_class = reader.choice("project_class", ProjectClass, required=True)
    kind = reader.choice("kind", Kind, required=True)
    investment = reader.fen("investment_yuan", required=True)
    maintenance = _maintenance(reader, kind, investment)
    fiscal_funds = reader.boolean("fiscal_funds", required=True)
    classified = reader.boolean("classified", required=True)
    offices = _offices(reader)
    flags = {key: reader.flag(key) for key in _FLAGS}
    previous = reader.boolean("previous_project_accepted")
    negative = _negative(reader)
    reuse = reader.choice("reuse_check", ReuseCheck) or ReuseCheck.NOT_CHECKED
    answers = read_answers(reader, on)
    if on is None or declarant is None or project_class is None or kind is None:
        return None
    if investment is None or maintenance is None or fiscal_funds is None or classified is None:
        return None
    return Facts(
        on=on,
        declarant=declarant,
        project_class=project_class,
        kind=kind,
        investment_fen=investment,
        maintenance_fen=maintenance,
        fiscal_funds=fiscal_funds,
        classified=classified,
        participating_offices=offices,
        previous_project_accepted=previous,
        negative=negative,
        reuse_check=reuse,
        answers=answers,
        **flags,
    )


def iso_date(text: object) -> date | None:
    """A date written YYYY-MM-DD and nothing else (fromisoformat alone would take 20260302 or 2026-W10-1)."""
    if not isinstance(text, str) or _ISO_DATE.fullmatch(text) is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _date(reader: ObjectReader, first_date: date | None) -> date | None:
    on = iso_date(reader.get("on", required=True))
    if on is None:
        if reader.has("on"):
            reader.fault("on", "date_format", "日期请按 年-月-日 填写，例如 2026-03-02")
    elif first_date is not None and on < first_date:
        reader.fault("on", "before_first_rules", f"该日期早于规则库的起始日 {first_date.isoformat()}")
    return on


def _declarant(reader: ObjectReader, divisions: Divisions, on: date | None) -> Declarant | None:
    child = reader.child("declarant", _DECLARANT_KEYS, required=True)
    if child is None:
        return None
    tier = child.choice("tier", Tier, required=True)
    code = child.get("division", required=True)
    office_kind = child.choice("office_kind", OfficeKind) or OfficeKind.ADMINISTRATIVE
    if not isinstance(code, str):
        if child.has("division"):
            child.fault("division", "type", "区划代码应为文字")
        return None
    division = divisions.get(code)
    if division is None:
        child.fault("division", "division_unknown", "没有登记这个区划代码或本地代码")
    elif tier is not None and division.tier is not tier:
        child.fault("division", "division_tier", "区划代码与申报单位层级不符")
    elif on is not None and not division.stands_on(on):
        child.fault("division", "division_not_in_force", "该区划代码在此日期未启用或已停用")
    return None if tier is None else Declarant(tier, code, office_kind)


def _maintenance(reader: ObjectReader, kind: Kind | None, investment: int | None) -> int | None:
    """The maintenance part (arts 9, 13): a pure maintenance project is maintenance as a whole."""
    share = reader.fen("of_which_maintenance_yuan")
    if not reader.has("of_which_maintenance_yuan"):
        return investment if kind is Kind.MAINTAIN else 0
    if share is None or investment is None:
        return share
    if share > investment:
        reader.fault("of_which_maintenance_yuan", "maintenance_exceeds", "其中运维费用不能大于总投资")
    elif kind is Kind.MAINTAIN and share < investment:
        reader.fault("of_which_maintenance_yuan", "maintain_share", "运维类项目的运维费用应等于总投资或不填")
    return share


def _offices(reader: ObjectReader) -> tuple[str, ...]:
    value = reader.get("participating_offices")
    if not reader.has("participating_offices"):
        return ()
    if not isinstance(value, list | tuple):
        reader.fault("participating_offices", "type", "参建单位应为列表")
        return ()
    if len(value) > MAX_OFFICES:
        reader.fault("participating_offices", "too_long", f"参建单位最多 {MAX_OFFICES} 个")
        return ()
    names = ObjectReader({}, reader.path("participating_offices"), reader.faults)
    for index, name in enumerate(value):
        if not isinstance(name, str):
            names.fault(str(index), "type", "单位名称应为文字")
        elif len(name) > MAX_NAME:
            names.fault(str(index), "too_long", f"单位名称最多 {MAX_NAME} 个字")
        elif has_surrogate(name) or any(bad in name for bad in "\x00\n\t"):
            names.fault(str(index), "text_invalid", "单位名称含有无法保存的字符")
    return tuple(name for name in value if isinstance(name, str))


def _negative(reader: ObjectReader) -> tuple[bool | None, ...]:
    child = reader.child("negative", NEGATIVE_KEYS)
    if child is None:
        return (None,) * len(NEGATIVE_KEYS)
    return tuple(child.boolean(key) for key in NEGATIVE_KEYS)
