"""Building (arts 13, 24, 25, 27, 29, 31): what must be recorded, and what a record shows beside itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from service.characters.keys import key
from service.measures.citations import article_label
from service.measures.findings import Finding, Severity
from service.measures.plausible import PRACTICE
from service.vocabulary import names

# Art. 24: the regimes a project unit must run, each with the document that sets it up.
REGIMES: Mapping[str, str] = names("regime")

# Art. 25: what is tested or assessed again and again, so that each proof runs out.
CERTIFICATES: Mapping[str, str] = {
    code: names("certificate_kind")[code]
    for code in ("protection_level", "crypto_assessment", "security_test", "secrecy_test", "risk_assessment")
}

# Findings that come of records and not of a decision: a later decision neither makes nor drops them. Recording is
# never refused for them (arts 13, 39: refusing would teach lying).
RECORDED: Mapping[str, Finding] = {
    each.code: each
    for each in (
        Finding("contract_before_approval", Severity.NOTICE, 13, "采购或合同的日期早于批复日期"),
        Finding("started_before_approval", Severity.NOTICE, 13, "开工日期早于批复日期"),
        Finding("started_before_filing", Severity.NOTICE, 23, "开工时尚未报备案"),
        Finding("responsible_missing", Severity.NOTICE, 24, "开工时尚未确定项目实施机构和项目责任人"),
        Finding("supervision_missing", Severity.NOTICE, 26, "开工时尚未委托工程监理单位"),
        Finding(
            "ownership_clause_missing", Severity.NOTICE, 31, "采购文件或合同没有成果和知识产权归政府的条款"
        ),
        Finding(
            "contract_beyond_approval",
            Severity.NOTICE,
            24,
            "采购文件的金额，或者合同和监理合同的金额合计，超过批复金额，请核对；严重超概算的责任见第四十二条",
        ),
        Finding(
            "supervisor_not_independent",
            Severity.NOTICE,
            26,
            "监理单位又是项目单位、实施机构或者所监理工程的合同当事人，请按工程监理有关规定核对",
        ),
        Finding(
            "appraiser_contracted",
            Severity.NOTICE,
            18,
            f"论证评估机构又是采购文件或合同的当事人，请核对{PRACTICE}",
        ),
        Finding("paid_beyond_contract", Severity.NOTICE, 38, "合同项下累计支付超过合同金额"),
        Finding("paid_before_contract", Severity.NOTICE, 38, "合同项下的支付早于合同签订日期"),
        Finding("report_other_supervisor", Severity.NOTICE, 27, "征求意见的监理单位不是已登记的监理单位"),
        Finding("protection_level_below_plan", Severity.NOTICE, 25, "等级保护测评的级别低于申报的拟定级别"),
        Finding("approved_unappraised", Severity.NOTICE, 18, "批复之前没有通过论证评估的登记"),
        Finding("approved_before_framework", Severity.NOTICE, 12, "批复日期早于框架方案确定的日期"),
        Finding("trial_run_short", Severity.NOTICE, 30, "试运行不满规定的期限即组织终验"),
        Finding(
            "accepted_unconfirmed",
            Severity.NOTICE,
            30,
            "竣工验收之前没有数据共享情况，或者安全可靠和密码应用情况的确认",
        ),
        Finding("evaluated_early", Severity.NOTICE, 40, "自评日期早于规定的自评期间"),
        Finding(
            "older_than_owner",
            Severity.NOTICE,
            39,
            f"批复日期早于项目单位的设立日期；不是承接前身单位项目的，请核对{PRACTICE}",
        ),
    )
}


APPROVAL_CODES = ("approved_unappraised", "approved_before_framework")


def approval_findings(
    approved_on: date, appraised: date | None, framework: date | None, *, owed: bool
) -> tuple[str, ...]:
    """Arts 12, 18: what the day of an approval shows beside the days of what it rests on. `owed`: it was appraised by
    nobody here and had to be."""
    unappraised = owed if appraised is None else approved_on < appraised
    early = framework is not None and approved_on < framework
    return tuple(code for code, holds in zip(APPROVAL_CODES, (unappraised, early), strict=True) if holds)


START_CODES = (
    "started_before_approval",
    "started_before_filing",
    "responsible_missing",
    "supervision_missing",
)


def start_findings(
    approved_on: date | None, started_on: date, *, responsible: bool, unfiled: bool, supervised: bool
) -> tuple[str, ...]:
    """Arts 13, 23, 24, 26: what a start shows beside itself; `unfiled`: the filing is owed and has not been made;
    `supervised`: a supervisor is commissioned, or nothing is built that could be supervised."""
    early = approved_on is not None and started_on < approved_on
    told = zip(START_CODES, (early, unfiled, not responsible, not supervised), strict=True)
    return tuple(code for code, holds in told if holds)


def hints(findings: Iterable[Finding]) -> str:
    """New findings as the end of a message, each with its article; what is practice says so itself."""
    cited = (
        (each, "" if PRACTICE in each.message else f"（{article_label(each.article)}）") for each in findings
    )
    return "".join(f"提示：{each.message}{article}。" for each, article in cited)


OPINION_CODES = ("report_other_supervisor",)


def supervisor_findings(commissioned: Iterable[str], asked: Iterable[str]) -> tuple[str, ...]:
    """Art. 27: an opinion of somebody else than the supervisor that was commissioned, where one is on record."""
    known = {key(name) for name in commissioned}
    return OPINION_CODES if known and any(key(name) not in known for name in asked) else ()


LEVEL_CODES = ("protection_level_below_plan",)


def level_findings(declared: int | None, tested: int | None) -> tuple[str, ...]:
    """Art. 25: a level of graded protection below the one declared; either may be unknown yet."""
    below = declared is not None and tested is not None and tested < declared
    return LEVEL_CODES if below else ()


def missing_regimes(recorded: Iterable[str]) -> list[str]:
    """Art. 24: the regimes without a document."""
    known = set(recorded)
    return [regime for regime in REGIMES if regime not in known]


def expired(by_kind: Mapping[str, str], on: date) -> list[str]:
    """Art. 25: the proofs that have run out; the last day still counts."""
    return sorted(kind for kind, valid_to in by_kind.items() if date.fromisoformat(valid_to) < on)


def service_template(kind: str, services_procured: bool) -> bool:
    """Art. 27: maintenance and the procurement of government services report on the work, builds on progress."""
    return kind == "maintain" or services_procured


def reports_told(years: Mapping[str, str], year: int, on: date) -> dict[str, str]:
    """The days on which the years' reports were first made; a corrected report is no later one (art. 27)."""
    return {str(year): on.isoformat(), **years}
