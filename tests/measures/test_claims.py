"""What a declarer says of himself never softens (law.md, trap 15): arts 3, 11, 16, 17, 19, 23, each three ways."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from service.measures.answers import SLOT, Claim
from service.measures.claims import begun, dated_papers, entered, own_reasons
from service.measures.facts import FactsInvalid, parse_facts
from service.measures.findings import Severity
from service.measures.known import Known, known_of
from service.measures.plausible import dates
from service.measures.routing import Decision, required_reasons
from service.projects.grounds import called
from service.rulebook.loader import base_divisions
from tests.factories import ANSWERS
from tests.measures.claiming import BASE, NOTHING, PAPER, decided, facts


def weights(decision: Decision) -> dict[str, str]:
    return {finding.code: finding.severity.value for finding in decision.findings}


def cited(claim: Claim, issuer: str = PAPER.issuer, number: str = PAPER.number) -> dict[str, Any]:
    return {"evidence": {claim.value: {"issuer": issuer, "number": number, "date": "2026-01-20"}}}


def shown(claim: Claim) -> Known:
    return Known(papers=frozenset({SLOT[claim]}))


def test_an_honest_declaration_has_nothing_to_explain() -> None:
    assert weights(decided(facts(investment_yuan="4000000.00"))) == {}
    assert weights(decided(facts(), entry=True)) == {}


def test_the_library_is_the_systems_own() -> None:
    """Art. 19, R6: an entry valid on the day or none; the claim is told, and softens nothing."""
    assert weights(decided(facts(in_library=True))) == {
        "not_in_library": "in_principle",
        "library_claim_unfounded": "notice",
    }
    assert "not_in_library" not in weights(decided(facts(in_library=False), entry=True))
    assert weights(decided(facts(investment_yuan="4000000.00", in_library=True))) == {
        "library_claim_unfounded": "notice"
    }


COUNTY = {"declarant": {"tier": "county", "division": "360121"}, "investment_yuan": "3000000.00"}
UPGRADE = {"kind": "rebuild", "investment_yuan": "3000000.00"}
INTEGRATION = {"project_class": "integration", "investment_yuan": "6000000.00"}
# Claim: how it is made, the finding that it would soften, the finding that a paper leaves, its weight while it stands.
CLAIMS = [
    (Claim.DEPLOYMENT, {"national_or_provincial_deployment": True}, "not_in_library", "library_exception_deployment"),
    (Claim.FEATURED_SCENARIO, {**COUNTY, "featured_county_scenario": True}, "county_reuse_first",
     "featured_scenario_evidenced"),
    (Claim.PREVIOUS_ACCEPTANCE, {**UPGRADE, "previous_project_accepted": True}, "negative_17_7",
     "previous_acceptance_evidenced"),
    (Claim.CROSS_LEVEL, {**INTEGRATION, "cross_level": True}, "label_without_evidence", "cross_level_evidenced"),
    (Claim.PARTICIPANTS, {**INTEGRATION, "participating_offices": ["某县局"]}, "label_without_evidence",
     "participants_evidenced"),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "given_", "standing", "left"), CLAIMS, ids=[each[0] for each in CLAIMS])
def test_a_bare_claim_softens_nothing(claim: Claim, given_: dict[str, Any], standing: str, left: str) -> None:
    """Bare, cited without a paper in its slot, or a paper without a citation: the finding stands, and it is said."""
    for changes, known in ((given_, NOTHING), ({**given_, **cited(claim)}, NOTHING), (given_, shown(claim))):
        found = weights(decided(facts(**changes), known))
        assert standing in found and f"{claim.value}_unproven" in found and left not in found


@pytest.mark.parametrize(("claim", "given_", "standing", "left"), CLAIMS, ids=[each[0] for each in CLAIMS])
def test_a_shown_claim_is_accepted_by_name(
    claim: Claim, given_: dict[str, Any], standing: str, left: str
) -> None:
    """Cited and attached, it takes the finding's place and wants a named person's word; the paper is the reason."""
    declared, known = facts(**given_, **cited(claim)), shown(claim)
    decision = decided(declared, known)
    found = weights(decision)
    assert standing not in found and found[left] == "in_principle" and f"{claim.value}_unproven" not in found
    assert left in required_reasons(decision)
    assert own_reasons(decision, declared, known) == {
        left: "依据：省政府办公厅赣府厅字〔2026〕5号（2026-01-20）"
    }


def test_what_the_system_knows_needs_no_paper() -> None:
    assert weights(decided(facts(**INTEGRATION, cross_level=True), Known(linked=True))) == {}
    named = facts(**INTEGRATION, participating_offices=["南昌市 数据局"])
    assert weights(decided(named, Known(registered=frozenset({"南昌市数据局"})))) == {}
    before = "360100-00000000-0000-4000-8000-000000000001"
    for said in ({}, {"previous_project_accepted": True}):
        upgrade = facts(**UPGRADE, previous_project=before, **said)
        assert weights(decided(upgrade, Known(previous=True))) == {}
        assert "negative_17_7" in weights(decided(upgrade, NOTHING))
    # An own case that is not accepted is not talked away by a paper.
    claimed = facts(
        **UPGRADE, previous_project=before, previous_project_accepted=True, **cited(Claim.PREVIOUS_ACCEPTANCE)
    )
    found = weights(decided(claimed, shown(Claim.PREVIOUS_ACCEPTANCE)))
    assert "negative_17_7" in found and "previous_acceptance_evidenced" not in found


def test_every_item_of_art_17_is_answered_or_explained() -> None:
    """Unanswered weighs what a yes weighs (R11)."""
    negative = dict(BASE["negative"])
    for number, key in enumerate(list(negative), start=1):
        left = {name: answer for name, answer in negative.items() if name != key}
        open_one = {f.code: f for f in decided(facts(negative=left, investment_yuan="4000000.00")).findings}
        assert open_one["negative_not_checked"].severity is Severity.IN_PRINCIPLE
        assert open_one["negative_not_checked"].items == (number,)
        yes = weights(decided(facts(negative={**negative, key: True}, investment_yuan="4000000.00")))
        assert yes == {f"negative_17_{number}": "in_principle"}
    assert weights(decided(facts(**UPGRADE)))["negative_not_checked"] == "in_principle"
    assert (
        weights(decided(facts(**UPGRADE, previous_project_accepted=False)))["negative_17_7"] == "in_principle"
    )


def test_the_five_unifications_are_asked_one_by_one() -> None:
    """Art. 3, R12: a no wants its reason, and so does what nobody answered; true answers leave nothing."""
    small = {"investment_yuan": "4000000.00"}
    for key in ANSWERS["unifications"]:
        no = decided(facts(**small, unifications={**ANSWERS["unifications"], key: False}))
        assert (
            weights(no) == {f"not_unified_{key}": "in_principle"}
            and 3 in no.articles
            and "R12" in no.readings
        )
        left = {name: True for name in ANSWERS["unifications"] if name != key}
        assert weights(decided(facts(**small, unifications=left))) == {
            "unifications_not_checked": "in_principle"
        }
    bare = {key: value for key, value in BASE.items() if key != "unifications"}
    nobody = parse_facts({**bare, **small}, base_divisions())
    assert weights(decided(nobody)) == {"unifications_not_checked": "in_principle"}


def test_sharing_is_planned_catalogued_connected_or_exempt() -> None:
    """Art. 11, R13."""
    small = {"investment_yuan": "4000000.00"}
    answers = ANSWERS["sharing"]
    for key in answers:
        left = {name: value for name, value in answers.items() if name != key}
        assert weights(decided(facts(**small, sharing=left))) == {"sharing_not_answered": "in_principle"}
    for empty in ({"plan": "无"}, {"plan": "详见附件"}, {"catalogue": []}, {"catalogue": ["/", "暂无"]}):
        found = weights(decided(facts(**small, sharing={**answers, **empty})))
        assert found == {"sharing_not_answered": "in_principle"}, empty
    planned = {name: value for name, value in answers.items() if name != "plan"}
    assert weights(decided(facts(**small, sharing=planned), Known(planned=True))) == {}
    filed = Known(papers=frozenset({"sharing_plan"}))
    assert weights(decided(facts(**small, sharing={"exchange": True}), filed)) == {}
    no = weights(decided(facts(**small, sharing={**answers, "exchange": False})))
    assert no == {"sharing_not_connected": "in_principle"}
    exempt = facts(**small, sharing={}, **cited(Claim.SHARING_EXEMPTION, "国务院办公厅"))
    assert weights(decided(exempt, shown(Claim.SHARING_EXEMPTION))) == {"sharing_exempt": "in_principle"}
    assert weights(decided(exempt)) == {
        "sharing_exemption_unproven": "notice",
        "sharing_not_answered": "in_principle",
    }
    maintained = facts(kind="maintain", investment_yuan="300000.00", sharing={})
    assert not [code for code in weights(decided(maintained)) if code.startswith("sharing")]


@pytest.mark.parametrize("issuer", ["南昌市人民政府", "市政府办公室", "省政府办公厅", "赣江新区管委会"])
def test_only_the_centre_exempts_from_sharing(issuer: str) -> None:
    """Art. 11: 党中央、国务院有明确规定. Another's paper is told, and what was answered stands."""
    answers = {**ANSWERS["sharing"], "exchange": False}
    declared = facts(
        investment_yuan="4000000.00",
        sharing=answers,
        **cited(Claim.SHARING_EXEMPTION, issuer, "洪府发〔2025〕1号"),
    )
    decision = decided(declared, shown(Claim.SHARING_EXEMPTION))
    assert weights(decision) == {
        "sharing_exemption_unproven": "notice",
        "sharing_not_connected": "in_principle",
    }
    (told,) = [each.message for each in decision.findings if each.code == "sharing_exemption_unproven"]
    assert issuer in told and "党中央、国务院" in told


@pytest.mark.parametrize(
    "issuer", ["南昌市政府办公室", "江西省南昌市人民政府", "市委办", "青云谱区人民政府", "南昌市发改委"]
)
def test_a_city_deploys_nothing_of_art_19(issuer: str) -> None:
    """Art. 19: 国家和省委、省政府重大部署."""
    declared = facts(
        national_or_provincial_deployment=True, **cited(Claim.DEPLOYMENT, issuer, "洪府办字〔2025〕1号")
    )
    decision = decided(declared, shown(Claim.DEPLOYMENT))
    assert weights(decision) == {"deployment_unproven": "notice", "not_in_library": "in_principle"}
    assert any(issuer in each.message for each in decision.findings)


def test_a_file_that_was_not_read_is_looked_at_by_somebody() -> None:
    known = Known(unread=("扫描件.pdf",))
    decision = decided(facts(investment_yuan="4000000.00"), known)
    assert weights(decision) == {"attachments_not_read": "in_principle"}
    assert "扫描件.pdf" in own_reasons(decision, facts(), known)["attachments_not_read"]


def test_bad_evidence_is_told_with_its_place() -> None:
    paper = {"issuer": "无", "number": "", "date": "2026-03-03"}
    with pytest.raises(FactsInvalid) as caught:
        facts(
            evidence={"deployment": paper, "other": paper},
            previous_project="1",
            sharing={"plan": 1, "catalogue": [2]},
            unifications={"architecture": "是"},
        )
    assert sorted((fault.pointer, fault.code) for fault in caught.value.faults) == [
        ("/evidence/deployment/date", "in_future"),
        ("/evidence/deployment/issuer", "says_nothing"),
        ("/evidence/deployment/number", "says_nothing"),
        ("/evidence/other", "unknown_key"),
        ("/previous_project", "reference"),
        ("/sharing/catalogue/0", "type"),
        ("/sharing/plan", "type"),
        ("/unifications/architecture", "type"),
    ]


@pytest.mark.parametrize(
    ("on", "day", "said"),
    [
        ("2026-03-02", "2006-03-02", False),
        ("2026-03-02", "2006-03-01", True),
        ("2026-03-02", "1926-03-02", True),
        ("2028-02-29", "2008-02-29", False),
        ("2029-02-28", "2009-02-27", True),
    ],
)
def test_a_day_of_another_century_is_told_from_twenty_years_on(on: str, day: str, said: bool) -> None:
    found = tuple(dates([("会议日期", date.fromisoformat(day))], 20, date.fromisoformat(on)))
    assert [each.code for each in found] == (["date_unusual"] if said else [])
    papers = facts(
        evidence={"deployment": {"issuer": "省政府", "number": "赣府〔1926〕1号", "date": "1926-01-20"}}
    )
    named = dict(dated_papers(papers, Known(meeting=date(2026, 1, 15))))
    assert named == {
        "集体审议的会议日期": date(2026, 1, 15),
        "依据文件赣府〔1926〕1号的日期": date(1926, 1, 20),
    }


@pytest.mark.parametrize(
    ("begins", "kind", "said"),
    [
        ("2026-03", "new", False),
        ("2026-02", "new", True),
        ("2025-12", "migrate", True),
        ("2026-01", "maintain", False),
        ("", "new", False),
    ],
)
def test_art_13_building_does_not_begin_before_it_is_declared(begins: str, kind: str, said: bool) -> None:
    given = facts(on="2026-03-02", kind=kind)
    found = [(each.code, each.article) for each in begun(given, Known(begins=begins))]
    assert found == ([("period_before_declaration", 13)] if said else [])


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("城市大脑（二期）", False),
        ("城市大脑 二期", False),
        ("城市大脑（三期）", True),
        ("智慧水务", True),
        (None, False),  # facts alone have no name
    ],
)
def test_art_19_an_entry_that_names_another_project_is_told(name: str | None, said: bool) -> None:
    known = called(Known(entered="城市大脑(二期)"), name)
    assert known_of(known.as_dict()) == known
    found = [(each.code, each.article) for each in entered(known)]
    assert found == ([("library_entry_other_name", 19)] if said else [])
    assert list(entered(called(Known(), name))) == []
