"""What a declarer says of himself, held against what the system knows and what papers prove (law.md, trap 15).

A claim is settled in one of three ways: the system knows it (an entry valid on the day, an own case accepted, a link
of another level, a registered office); a paper proves it, which the first deciding desk accepts by name; or it counts
as not made, and what it would have softened stands. What was not answered is never softer than an honest yes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from service.characters.keys import key
from service.characters.placeholders import says
from service.measures.answers import SLOT, UNIFICATIONS, Claim
from service.measures.checks import other_offices
from service.measures.declaration import UPGRADES
from service.measures.facts import Facts, Kind
from service.measures.findings import Finding, Severity, in_order
from service.measures.issuers import unfit
from service.measures.known import Known
from service.measures.offices import Tier
from service.measures.routing import Decision
from service.vocabulary import names

_ASKED = Severity.IN_PRINCIPLE
SHARING_SLOT = "sharing_plan"
_SLOT_NAMES = names("material_slot")
DEPLOYMENT = "library_exception_deployment"


def proven(facts: Facts, known: Known, claim: Claim, owner: str | None = None) -> bool:
    """Whether a paper is cited for a claim, of an organ that can give what it is cited for, and lies in its slot."""
    paper = facts.answers.evidence.get(claim)
    return paper is not None and SLOT[claim] in known.papers and unfit(claim, paper, owner) is None


def settled(facts: Facts, known: Known, owner: str | None, *, entry: bool) -> Facts:
    """The facts as they count. `entry`: a library entry of this project is valid on the day (R6)."""
    others = facts.participating_offices
    if not proven(facts, known, Claim.PARTICIPANTS):
        others = tuple(name for name in others if key(name) in known.registered)
    return replace(
        facts,
        in_library=entry,
        national_or_provincial_deployment=facts.national_or_provincial_deployment
        and proven(facts, known, Claim.DEPLOYMENT, owner),
        featured_county_scenario=facts.featured_county_scenario
        and proven(facts, known, Claim.FEATURED_SCENARIO),
        cross_level=facts.cross_level and (known.linked or proven(facts, known, Claim.CROSS_LEVEL)),
        participating_offices=others,
        previous_project_accepted=_previous(facts, known),
    )


def dated_papers(facts: Facts, known: Known) -> Iterator[tuple[str, date]]:
    """What a declaration dates: the resolution, the papers that its claims rest on."""
    if known.meeting is not None:
        yield "集体审议的会议日期", known.meeting
    for paper in facts.answers.evidence.values():
        yield f"依据文件{paper.number}的日期", paper.date


def begun(facts: Facts, known: Known) -> Iterator[Finding]:
    """Art. 13: nothing is built before its approval, so building does not begin before it is declared either."""
    if facts.kind is not Kind.MAINTAIN and known.begins and known.begins < f"{facts.on:%Y-%m}":
        said = f"申报的建设期自{known.begins}起，早于申报；未经批复不得建设，请核对"
        yield Finding("period_before_declaration", Severity.NOTICE, 13, said)


def entered(known: Known) -> Iterator[Finding]:
    """Art. 19: an entry admits the project that it names; one that is called otherwise may be another."""
    if known.entered:
        said = f"所引的入库记录中项目名称为“{known.entered}”，与申报的名称不同，请核对是否同一项目"
        yield Finding("library_entry_other_name", Severity.NOTICE, 19, said)


def _previous(facts: Facts, known: Known) -> bool | None:
    """Art. 17 item 7: an own case decides; else a paper; a bare yes is none. None: nobody answered."""
    if facts.answers.previous_project is not None:
        return known.previous
    if facts.previous_project_accepted is not True:
        return facts.previous_project_accepted
    return proven(facts, known, Claim.PREVIOUS_ACCEPTANCE)


def told(decision: Decision, facts: Facts, known: Known, owner: str | None, *, entry: bool) -> Decision:
    """The decision on settled facts with what is to be said of the claims, of arts 3 and 11, and of files not read.

    `facts`: as declared. What is out of scope stays as it is.
    """
    if not decision.in_scope:
        return decision
    found = {finding.code: finding for finding in decision.findings}
    extra = [*_claims(facts, known, owner, entry), *_unified(facts), *_sharing(facts, known), *_unread(known)]
    if DEPLOYMENT in found:  # the exception counts when the desk has accepted its paper by name (R14)
        extra.append(replace(found[DEPLOYMENT], severity=_ASKED, message=_EXCEPTION))
    return with_findings(decision, extra)


def with_findings(decision: Decision, extra: Iterable[Finding]) -> Decision:
    """The decision with further findings, or others of the same code; their articles and readings join its own."""
    extra = tuple(extra)
    found = {finding.code: finding for finding in (*decision.findings, *extra)}
    readings = {*decision.readings, *(each.reading for each in extra if each.reading)}
    return replace(
        decision,
        findings=in_order(found.values()),
        articles=tuple(sorted({*decision.articles, *(each.article for each in extra)})),
        readings=tuple(sorted(readings, key=lambda reading: int(reading[1:]))),
    )


_EXCEPTION = "未列入年度重点项目库；已附国家或省重大部署的文件，经把关人员核对认可后作为例外受理"
_OF_CODE: Mapping[str, Claim] = {
    DEPLOYMENT: Claim.DEPLOYMENT,
    "featured_scenario_evidenced": Claim.FEATURED_SCENARIO,
    "previous_acceptance_evidenced": Claim.PREVIOUS_ACCEPTANCE,
    "cross_level_evidenced": Claim.CROSS_LEVEL,
    "participants_evidenced": Claim.PARTICIPANTS,
    "sharing_exempt": Claim.SHARING_EXEMPTION,
}


def own_reasons(decision: Decision, facts: Facts, known: Known) -> dict[str, str]:
    """Reasons that need nobody to write them: the paper a claim stands on, the files that were not read."""
    reasons = {
        code: f"依据：{facts.answers.evidence[claim].told()}"
        for code, claim in _OF_CODE.items()
        if claim in facts.answers.evidence
    }
    if known.unread:
        reasons["attachments_not_read"] = f"系统没有读全：{'、'.join(known.unread)}"[:4000]
    codes = {finding.code for finding in decision.findings}
    return {code: reason for code, reason in reasons.items() if code in codes}


def _claims(facts: Facts, known: Known, owner: str | None, entry: bool) -> Iterator[Finding]:
    if facts.in_library and not entry:
        yield Finding(
            "library_claim_unfounded",
            Severity.NOTICE,
            19,
            "申报称已纳入重点项目库，本系统没有当日有效的入库记录，按未入库办理",
            reading="R6",
        )
    if facts.national_or_provincial_deployment and not proven(facts, known, Claim.DEPLOYMENT, owner):
        said, paper = "申报称属于国家或省重大部署", facts.answers.evidence.get(Claim.DEPLOYMENT)
        why = unfit(Claim.DEPLOYMENT, paper, owner)
        yield _unproven("deployment", 19, said, Claim.DEPLOYMENT, "R14", why=why)
    if facts.declarant.tier is Tier.COUNTY and facts.kind is Kind.NEW and facts.featured_county_scenario:
        claim, said = Claim.FEATURED_SCENARIO, "申报称属于县域特色应用场景"
        yield _weighed("featured_scenario", 23, said, claim, proven(facts, known, claim), "R14")
    if facts.kind in UPGRADES and facts.previous_project_accepted is True and not known.previous:
        claim, said = Claim.PREVIOUS_ACCEPTANCE, "申报称原项目已经竣工验收"
        shown = proven(facts, known, claim) and facts.answers.previous_project is None
        yield _weighed("previous_acceptance", 17, said, claim, shown, "R14", item=7)
    if facts.cross_level and not known.linked:
        claim, said = Claim.CROSS_LEVEL, "申报称跨层级"
        yield _weighed("cross_level", 12, said, claim, proven(facts, known, claim), "R16")
    strange = [
        name
        for name in sorted(other_offices(facts.participating_offices, owner))
        if key(name) not in known.registered
    ]
    if strange:
        claim, said = Claim.PARTICIPANTS, f"参建单位未在本系统登记：{'、'.join(strange)[:400]}"
        yield _weighed("participants", 12, said, claim, proven(facts, known, claim), "R16")


def _weighed(
    name: str, article: int, said: str, claim: Claim, shown: bool, reading: str, *, item: int | None = None
) -> Finding:
    if not shown:
        return _unproven(name, article, said, claim, reading, item=item)
    message = f"{said}，已附依据文件，须经把关人员核对认可"
    return Finding(f"{name}_evidenced", _ASKED, article, message, item=item, reading=reading)


def _unproven(
    name: str,
    article: int,
    said: str,
    claim: Claim,
    reading: str,
    *,
    item: int | None = None,
    why: str | None = None,
) -> Finding:
    place = _SLOT_NAMES[SLOT[claim]]
    message = f"{said}，但没有可核对的依据，不予采信；请填写依据文件的发文机关、文号、日期，并上传到“{place}”"
    if why is not None:
        message = f"{said}，但{why}，不予采信"
    return Finding(f"{name}_unproven", Severity.NOTICE, article, message, item=item, reading=reading)


def _unified(facts: Facts) -> Iterator[Finding]:
    """Art. 3: five declarations; a no wants its reason, and so does what nobody answered (R12)."""
    for (name, label), answer in zip(UNIFICATIONS.items(), facts.answers.unifications, strict=True):
        if answer is False:
            yield Finding(
                f"not_unified_{name}",
                _ASKED,
                3,
                f"不符合“{label}”，原则上不得自建自管；请说明理由",
                reading="R12",
            )
    open_ones = [
        label
        for label, answer in zip(UNIFICATIONS.values(), facts.answers.unifications, strict=True)
        if answer is None
    ]
    if open_ones:
        yield Finding(
            "unifications_not_checked",
            _ASKED,
            3,
            f"“五统一”尚未核对：{'、'.join(open_ones)}；请逐项回答，或者说明没有核对的理由",
            reading="R12",
        )


def _sharing(facts: Facts, known: Known) -> Iterator[Finding]:
    """Art. 11: connected, planned, catalogued; exempt only by a rule of the centre that is cited and shown (R13)."""
    if facts.kind is Kind.MAINTAIN:
        return
    answers = facts.answers
    if Claim.SHARING_EXEMPTION in answers.evidence:
        claim, said = Claim.SHARING_EXEMPTION, "申报称中央有规定，不落实数据共享要求"
        if proven(facts, known, claim):
            yield Finding(
                "sharing_exempt", _ASKED, 11, f"{said}，已附依据文件，须经把关人员核对认可", reading="R13"
            )
            return
        why = unfit(claim, answers.evidence[claim], None)
        yield _unproven("sharing_exemption", 11, said, claim, "R13", why=why)
    if answers.exchange is False:
        yield Finding(
            "sharing_not_connected", _ASKED, 11, "不接入政务数据共享交换平台；请说明理由", reading="R13"
        )
    filed = SHARING_SLOT in known.papers
    lacking = [
        label
        for label, given in (
            ("是否接入共享交换平台", answers.exchange is not None),
            ("数据共享方案", filed or known.planned or says(answers.plan)),
            ("数据目录", filed or any(map(says, answers.catalogue))),
        )
        if not given
    ]
    if lacking:
        yield Finding(
            "sharing_not_answered",
            _ASKED,
            11,
            f"数据共享要求尚未回答：{'、'.join(lacking)}；请逐项补充，或者说明理由",
            reading="R13",
        )


def _unread(known: Known) -> Iterator[Finding]:
    """law.md, trap 11: a file that could not be read whole was not checked; somebody looks at it and says so."""
    if known.unread:
        yield Finding(
            "attachments_not_read",
            _ASKED,
            39,
            f"{len(known.unread)} 个附件没有读全，未能核对其中的内容，须由把关人员查看原件（本系统规定）",
        )
