"""What the phases would have left on the case of a life, told from its history."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.measures.life import Past


def facts_of(life: Past) -> dict[str, dict[str, Any]]:
    """What the phases would have left on the case, told from the history (projects/dated_facts.py)."""
    facts: dict[str, dict[str, Any]] = {
        "declared": {"on": "2026-01-05", "substance": str(life.text), "joint": life.joint}
    }
    orders: dict[str, Any] = {}
    claims: dict[str, dict[str, Any]] = {}
    for day, act, outcome in life.done:
        at = {"on": day.isoformat()}
        if act in ("submit", "need_submit", "need_report"):
            facts["declared"]["submission"] = facts["declared"].get("submission", 0) + 1
            for name in ("joint_review", "leading_group", "affordability", "framework"):
                facts.pop(name, None)
        _while_it_is_decided(facts, act, at, outcome)
        _while_it_is_built(facts, act, day, outcome, orders, claims)
        if act in NAMES:
            facts[NAMES[act]] = at
    return facts


def _while_it_is_decided(
    facts: dict[str, dict[str, Any]], act: str, at: dict[str, str], outcome: Any
) -> None:
    """Appraised, reviewed, approved, paid for."""
    if act in ("appraise", "conclude_appraisal"):
        facts["appraised"] = {**at, "verdict": outcome[0], "substance": str(outcome[1])}
        facts["appraised"]["appraisal"] = facts.get("appraisal_commissioned", {}).get("appraisal")
    elif act == "commission_appraisal":
        number = facts.get("appraisal_commissioned", {}).get("appraisal", 0) + 1
        facts["appraisal_commissioned"] = {
            **at,
            "appraisal": number,
            "submission": facts["declared"].get("submission"),
        }
    elif act == "close_joint_review":
        facts["joint_review"] = {**at, "agreed": outcome}
    elif act == "record_leading_group":
        facts["leading_group"] = {**at, "decision": outcome}
    elif act in ("approve", "province_approve"):
        facts["approved"] = at
        facts.pop("filed", None)
    elif act in ("issue_budget", "issue_share"):
        facts["budget"] = at
    elif act in ("apply_end", "refuse_end"):
        facts["end_request"] = {**at, "open": "r" if act == "apply_end" else None}
    elif act in ("request_extension", "decide_extension"):
        facts["extension_request"] = {**at, "open": "r" if act == "request_extension" else None}
    elif act == "assess_affordability":
        tiers = {**facts.get("affordability", {}).get("tiers", {}), outcome[0]: outcome[1]}
        facts["affordability"] = {**at, "passed": all(tiers.values()), "tiers": tiers}


def _while_it_is_built(
    facts: dict[str, dict[str, Any]],
    act: str,
    day: date,
    outcome: Any,
    orders: dict[str, Any],
    claims: dict[str, dict[str, Any]],
) -> None:
    """Confirmed, hindered, ordered about, suspended; in the library."""
    at = {"on": day.isoformat()}
    if act in ("confirm_data", "confirm_crypto"):
        facts[act.removeprefix("confirm_") + "_confirmed"] = {**at, "passed": outcome}
    elif act == "give_acceptance_opinion":
        facts["acceptance_opinions"] = {**at, "slots": {"general_office": True, "finance": True}}
    elif act == "record_force_majeure":
        until = day.isoformat() if outcome[1] else None
        claims[outcome[0]] = {
            "id": outcome[0],
            "since": day.isoformat(),
            "until": until,
            "state": "claimed",
        }
        facts["force_majeure"] = {**at, "claims": list(claims.values())}
    elif act == "decide_force_majeure":
        claims[outcome[0]]["state"] = "accepted" if outcome[1] else "refused"
    elif act == "end_force_majeure":
        claims[outcome]["until"] = day.isoformat()
    elif act == "order_rectification":
        orders[str(outcome[0])] = {**at, "due": outcome[1].isoformat(), "by": "city.secrecy"}
        facts["orders"] = {**at, "open": dict(orders)}
    elif act == "close_order":
        orders.pop(str(outcome), None)
        facts["orders"] = {**at, "open": dict(orders)}
    elif act in ("defer_funds", "lift_deferral"):
        facts["deferral"] = {**at, "in_force": act == "defer_funds"}
    elif act == "suspend":
        facts["suspended"] = {**at, "from": outcome, "by": "city.secrecy"}
    elif act == "enter_library":
        facts["library"] = {**at, "valid_until": day.replace(year=day.year + 2, day=1).isoformat()}


NAMES = {
    "agree_framework": "framework",
    "file": "filed",
    "name_responsible": "responsible",
    "start": "started",
    "begin_trial_run": "trial_run",
    "final_inspect": "final_inspected",
    "accept": "accepted",
    "report_delegated": "accepted",
    "record_operation": "operation",
    "evaluate": "evaluated",
}
