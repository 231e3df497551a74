"""The findings of a decision, one function per rule, each naming its article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from service.characters.keys import key
from service.characters.placeholders import says
from service.measures.amending import cited, documents
from service.measures.amounts import yuan_display
from service.measures.declaration import negative_present, negative_unchecked
from service.measures.facts import Facts, Kind, ProjectClass, ReuseCheck
from service.measures.figures import Asked
from service.measures.findings import Finding, Severity
from service.measures.local_checks import local_checks
from service.measures.offices import Tier
from service.measures.parameters import RuleBook
from service.measures.plausible import amounts
from service.measures.texts import visible


@dataclass(frozen=True, slots=True)
class Weighed:
    """Facts with what the routing made of them. `limit_fen` is None for provincial departments (art. 8).

    `settled`: under the limit by now, and decided by the province's leading group before (R22).
    """

    facts: Facts
    rulebook: RuleBook
    on: date
    provincial: bool
    several_offices: bool
    counted_fen: int
    limit_fen: int | None
    settled: bool = False

    @property
    def local(self) -> bool:
        """Declared by a city or county: arts 9 and 23 apply."""
        return self.facts.declarant.tier is not Tier.PROVINCE

    def limit(self) -> int:
        """The limit of the project's class in fen, asked of the book, so that it is noted."""
        return self.rulebook.number_on(f"limit.{self.facts.project_class.value}", self.on)


def other_offices(offices: Iterable[str], owner: str | None) -> frozenset[str]:
    """Participating offices besides the owner; placeholders, repetitions and the owner itself are no evidence."""
    names = {key(name): visible(name) for name in offices if says(name)}
    return frozenset(name for same, name in names.items() if same not in ("", key(owner or "")))


def all_findings(weighed: Weighed) -> Iterator[Finding]:
    """Every finding of one in-scope project, unordered; each names what amended the rules it asked for."""
    for check in (_reuse, _library, _negative, _label, _near_line, _maintenance, _amounts, _local):
        if not weighed.rulebook.amended:
            yield from check(weighed)
            continue
        asked = Asked.of(weighed.rulebook)
        for found in check(replace(weighed, rulebook=asked)):
            by = cited(documents(asked, weighed.on, asked.keys))
            yield replace(found, message=found.message + by) if by else found


def _reuse(weighed: Weighed) -> Iterator[Finding]:
    """Art. 23: the province builds, cities and counties use; a county explores featured scenarios only."""
    facts = weighed.facts
    if not weighed.local or facts.kind is not Kind.NEW:
        return
    if facts.declarant.tier is Tier.COUNTY and not facts.featured_county_scenario:
        yield Finding(
            "county_reuse_first",
            Severity.IN_PRINCIPLE,
            23,
            "县级新建项目：应先承接使用省、市已部署的应用；确需新建的，请说明理由",
        )
    if facts.reuse_check is not ReuseCheck.CHECKED:
        yield Finding(
            "reuse_not_checked", Severity.NOTICE, 23, "未检查：尚未在共性应用目录中查找可复用的应用"
        )


def _library(weighed: Weighed) -> Iterator[Finding]:
    """Art. 19: outside this year's library (R6) nothing is taken in, save cited deployments."""
    facts = weighed.facts
    if not weighed.provincial or facts.in_library:
        return
    if facts.national_or_provincial_deployment:
        yield Finding(
            "library_exception_deployment",
            Severity.NOTICE,
            19,
            "未列入年度重点项目库；按国家或省重大部署的例外受理，请附部署文件",
            reading="R6",
        )
    else:
        yield Finding(
            "not_in_library",
            Severity.IN_PRINCIPLE,
            19,
            "未列入年度重点项目库，原则上不受理；确需申报的，请说明理由",
            reading="R6",
        )


def _negative(weighed: Weighed) -> Iterator[Finding]:
    """Art. 17: seven cases not supported in principle; what nobody answered is no softer than a yes (R11)."""
    for case in negative_present(weighed.facts):
        yield Finding(case.code, Severity.IN_PRINCIPLE, 17, f"原则上不予支持：{case.message}", item=case.item)
    unchecked = negative_unchecked(weighed.facts)
    if unchecked:
        listed = "、".join(str(number) for number in unchecked)
        yield Finding(
            "negative_not_checked",
            Severity.IN_PRINCIPLE,
            17,
            f"未检查：不予支持情形第 {listed} 项；请逐项核对，或者说明没有核对的理由",
            reading="R11",
            items=unchecked,
        )


def _label(weighed: Weighed) -> Iterator[Finding]:
    """Art. 9, R4: the label "integration" doubles the limit, so it wants evidence."""
    facts = weighed.facts
    if not weighed.local or facts.project_class is not ProjectClass.INTEGRATION:
        return
    either = weighed.rulebook.flag_on("integration.either_suffices", weighed.on)
    proven = (
        (weighed.several_offices or facts.cross_level)
        if either
        else (weighed.several_offices and facts.cross_level)
    )
    if not proven:
        yield Finding(
            "label_without_evidence",
            Severity.NOTICE,
            9,
            "申报为跨部门跨层级集成类，但没有其他参建单位，也不跨层级，请核对类别",
            reading="R4",
        )


def _near_line(weighed: Weighed) -> Iterator[Finding]:
    """Art. 9: filed by the city, yet close under the limit (the share is administrative practice)."""
    if weighed.provincial or weighed.limit_fen is None:
        return
    percent, limit = weighed.rulebook.number_on("near_line.percent", weighed.on), weighed.limit()
    if weighed.counted_fen * 100 >= limit * percent:
        amount = yuan_display(weighed.counted_fen)
        yield Finding(
            "near_line",
            Severity.NOTICE,
            9,
            f"计入金额 {amount}，已达限额的 {percent}% 以上（管理惯例提示，非条文规定）",
        )


def _maintenance(weighed: Weighed) -> Iterator[Finding]:
    """Art. 9, R3: where maintenance is left out of the amount, say so, above all if it decided."""
    facts = weighed.facts
    if weighed.limit_fen is None or weighed.counted_fen == facts.investment_fen:
        return
    weighed.rulebook.flag_on(f"maintenance_excluded.{facts.project_class.value}", weighed.on)
    yield Finding(
        "maintenance_excluded",
        Severity.NOTICE,
        9,
        f"比较限额时已扣除运维费用 {yuan_display(facts.maintenance_fen)}",
        reading="R3",
    )
    if not weighed.provincial and facts.investment_fen >= weighed.limit():
        yield Finding(
            "under_line_by_maintenance",
            Severity.NOTICE,
            9,
            f"总投资 {yuan_display(facts.investment_fen)} 达到限额，仅因扣除运维费用而低于限额",
            reading="R3",
        )


def _amounts(weighed: Weighed) -> Iterator[Finding]:
    """Nothing invested, or an amount that looks like 万元 typed as 元; practice."""
    yield from amounts(weighed.facts, lambda key: weighed.rulebook.number_on(key, weighed.on))


def _local(weighed: Weighed) -> Iterator[Finding]:
    """Art. 5: what the city itself wants looked at or explained; practice, and said to be."""
    if not weighed.local:
        return
    for check in local_checks(weighed.rulebook, weighed.on):
        if check.concerns(weighed.facts.kind.value, weighed.facts.investment_fen):
            yield Finding(
                check.code, Severity(check.severity), 5, f"本市核对事项（管理惯例，非条文规定）：{check.text}"
            )
