"""Which way a project goes, and why: the province reviews it or the city approves and files it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from service.measures.amending import amendments_told
from service.measures.amounts import yuan_display, yuan_text
from service.measures.checks import Weighed, all_findings, other_offices
from service.measures.citations import articles_label
from service.measures.declaration import priority_items, priority_open
from service.measures.facts import Facts, ProjectClass
from service.measures.findings import Finding, Severity, in_order
from service.measures.offices import ART_43_KINDS, TIER_NAMES, OfficeKind, Tier
from service.measures.parameters import RuleBook, UnknownParameter
from service.vocabulary import names


class Route(StrEnum):
    """The four answers; only the first two are procedures."""

    PROVINCIAL_REVIEW = "provincial_review"
    CITY_FILING = "city_filing"
    REFUSED_CLASSIFIED = "refused_classified"
    OUT_OF_SCOPE = "out_of_scope"


SETTLED = "leading_group.settles_route"
CLASS_NAMES: Mapping[str, str] = names("project_class")


@dataclass(frozen=True)
class Decision:
    """One explained answer. `articles` ascending; `readings` are ids; `inputs` lets it be recomputed.

    `priority` are items of art. 16 evidenced by the facts, `priority_open` those a person must settle.
    `taken_in` and `left_aside` (key@day): the day a case of before was taken in, and what later law it is spared.
    A classified refusal keeps nothing of the facts; its version is None before the first rule set.
    """

    route: Route
    explanation: str
    articles: tuple[int, ...]
    on: date | None
    rulebook_version: str | None
    findings: tuple[Finding, ...] = ()
    readings: tuple[str, ...] = ()
    inputs: Mapping[str, object] = field(default_factory=dict)
    priority: tuple[int, ...] = ()
    priority_open: tuple[int, ...] = ()
    taken_in: date | None = None
    left_aside: tuple[str, ...] = ()

    @property
    def in_scope(self) -> bool:
        """Whether one of the two procedures applies."""
        return self.route in (Route.PROVINCIAL_REVIEW, Route.CITY_FILING)

    def as_dict(self) -> dict[str, object]:
        """JSON-ready."""
        return {
            "route": self.route.value,
            "explanation": self.explanation,
            "articles": list(self.articles),
            "findings": [finding.as_dict() for finding in self.findings],
            "readings": list(self.readings),
            "rulebook": self._rules(),
            "inputs": dict(self.inputs),
            "priority": list(self.priority),
            "priority_open": list(self.priority_open),
        }

    def _rules(self) -> dict[str, object]:
        """What the decision was made by; with what it left aside, so that it can be worked out again."""
        on = None if self.on is None else self.on.isoformat()
        plain: dict[str, object] = {"version": self.rulebook_version, "date": on}
        if self.left_aside and self.taken_in is not None:
            plain |= {"taken_in": self.taken_in.isoformat(), "left_aside": list(self.left_aside)}
        return plain


def required_reasons(decision: Decision) -> tuple[str, ...]:
    """Codes the declarer must give a reason for: the in-principle findings (原则上)."""
    return tuple(f.code for f in decision.findings if f.severity is Severity.IN_PRINCIPLE)


def route(
    facts: Facts,
    rulebook: RuleBook,
    on: date,
    *,
    owner: str | None = None,
    settled_fen: int | None = None,
) -> Decision:
    """Decide by the rules of `on`; raises BeforeFirstRules for a date no rule set covers.

    `owner`: the declaring office's name, so that naming itself as a participant proves nothing. `settled_fen`: the
    amount at which the province's leading group decided the project; less than that stays with the province (R22).
    """
    if facts.classified:
        return refuse_classified(rulebook, on)
    rulebook.require_in_force(on)
    if not facts.fiscal_funds or facts.declarant.office_kind is OfficeKind.OTHER:
        return _out_of_scope(facts, rulebook, on)
    weighed = _weigh(facts, rulebook, on, owner, settled_fen)
    findings = in_order(all_findings(weighed))
    return Decision(
        route=Route.PROVINCIAL_REVIEW if weighed.provincial else Route.CITY_FILING,
        explanation=_explain(weighed) + amendments_told(rulebook, on, _bearing(weighed)),
        articles=_articles(facts, findings),
        on=on,
        rulebook_version=rulebook.version(on),
        findings=findings,
        readings=_readings(weighed, findings),
        inputs=_inputs(weighed),
        priority=priority_items(facts, several_offices=weighed.several_offices),
        priority_open=priority_open(facts),
        taken_in=rulebook.taken_in,
        left_aside=rulebook.left_aside(on),
    )


def refuse_classified(rulebook: RuleBook, on: date | None = None) -> Decision:
    """Art. 14: state secrets are kept out; the answer names the channel and keeps nothing of the input."""
    covered = on is not None and on >= rulebook.first_date
    return Decision(
        route=Route.REFUSED_CLASSIFIED,
        explanation="涉密项目不在本系统办理，未保存任何内容；请按保密规定联系本级保密行政管理部门（第十四条）",
        articles=(14,),
        on=on,
        rulebook_version=rulebook.version(on) if covered and on is not None else None,
    )


def _out_of_scope(facts: Facts, rulebook: RuleBook, on: date) -> Decision:
    """Art. 2: no fiscal money, or an office the Measures do not reach."""
    why = "申报单位不属于适用范围" if facts.fiscal_funds else "项目不使用财政性资金"
    return Decision(
        route=Route.OUT_OF_SCOPE,
        explanation=f"{why}，不适用本办法，无需在此申报（第二条）",
        articles=(2,),
        on=on,
        rulebook_version=rulebook.version(on),
        inputs={"facts": facts.as_dict()},
    )


def _bearing(weighed: Weighed) -> tuple[str, ...]:
    """The parameters that the route of this project hangs on."""
    if weighed.limit_fen is None:
        return ()
    name = weighed.facts.project_class.value
    return (f"limit.{name}", f"maintenance_excluded.{name}", "limit.figure_included")


def _weigh(facts: Facts, rulebook: RuleBook, on: date, owner: str | None, settled_fen: int | None) -> Weighed:
    """Arts 8, 9: the amount that counts against the limit of the class (R1, R3); what was decided stays so (R22)."""
    several_offices = bool(other_offices(facts.participating_offices, owner))
    if facts.declarant.tier is Tier.PROVINCE:
        return Weighed(facts, rulebook, on, True, several_offices, facts.investment_fen, None)
    name = facts.project_class.value
    excluded = rulebook.flag_on(f"maintenance_excluded.{name}", on)
    counted = facts.investment_fen - (facts.maintenance_fen if excluded else 0)
    limit = rulebook.number_on(f"limit.{name}", on)
    inclusive = rulebook.flag_on("limit.figure_included", on)
    provincial = counted >= limit if inclusive else counted > limit
    kept = not provincial and settled_fen is not None and _settled(facts, rulebook, on, settled_fen)
    return Weighed(facts, rulebook, on, provincial or kept, several_offices, counted, limit, kept)


def _settled(facts: Facts, rulebook: RuleBook, on: date, settled_fen: int) -> bool:
    """R22: decided at one amount and approved at no more, it stays where it was decided."""
    try:
        return rulebook.flag_on(SETTLED, on) and facts.investment_fen <= settled_fen
    except UnknownParameter:
        return False


def _articles(facts: Facts, findings: tuple[Finding, ...]) -> tuple[int, ...]:
    """Base citations by tier and kind of office, and the articles of the findings."""
    cited = {13} | ({8} if facts.declarant.tier is Tier.PROVINCE else {9, 23})
    if facts.declarant.office_kind in ART_43_KINDS:
        cited.add(43)
    return tuple(sorted(cited | {finding.article for finding in findings}))


def _readings(weighed: Weighed, findings: tuple[Finding, ...]) -> tuple[str, ...]:
    """The readings that bore on this decision: read otherwise, it could have come out differently."""
    facts = weighed.facts
    leaned = {finding.reading for finding in findings if finding.reading is not None}
    if weighed.settled:
        leaned.add("R22")
    if weighed.rulebook.left_aside(weighed.on):
        leaned.add("R21")
    if weighed.local:
        leaned.add("R2")
        if weighed.counted_fen == weighed.limit_fen:
            leaned.add("R1")
        if facts.maintenance_fen > 0:
            leaned.add("R3")
        if facts.project_class is ProjectClass.INTEGRATION and weighed.several_offices != facts.cross_level:
            leaned.add("R4")
    if not weighed.provincial:
        leaned.add("R5")
    elif facts.in_library:
        leaned.add("R6")
    return tuple(sorted(leaned, key=lambda reading: int(reading[1:])))


def _inputs(weighed: Weighed) -> dict[str, object]:
    """The facts and the amounts compared, as yuan strings (limit null: no threshold, art. 8)."""
    limit = weighed.limit_fen
    return {
        "facts": weighed.facts.as_dict(),
        "counted_yuan": yuan_text(weighed.counted_fen),
        "limit_yuan": None if limit is None else yuan_text(limit),
    }


def _explain(weighed: Weighed) -> str:
    """The decision in one sentence for the official, with its articles."""
    facts = weighed.facts
    who = f"{TIER_NAMES[facts.declarant.tier]}申报，{CLASS_NAMES[facts.project_class]}项目"
    if weighed.limit_fen is None:
        return f"{who}，不论金额，由省级论证评估和联合会审（{articles_label((8,))}）"
    amount = f"计入金额 {yuan_display(weighed.counted_fen)}"
    cited = articles_label((9, 23))
    if weighed.settled:
        return (
            f"{who}，{amount}，低于限额 {yuan_display(weighed.limit_fen)}；已由领导小组审定，金额减少不改变审批路径"
            f"（{articles_label((9, 20))}，解释口径 R22）"
        )
    if weighed.provincial:
        return f"{who}，{amount}，达到限额 {yuan_display(weighed.limit_fen)}，市级把关后报省（{cited}）"
    return f"{who}，{amount}，低于限额 {yuan_display(weighed.limit_fen)}，市级把关、批复后报省备案（{cited}）"
