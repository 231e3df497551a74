"""The dated facts that phases leave on a case: what gates, deadlines and the list of actions are worked out from.

`case.dated` is {name: {"on": ISO day, …}}, the latest of each name; what was before stands in the records and
transitions. It is written with the case, under its version, so that no gate is passed on a fact that is just going.

| name | left by | carries beside "on" |
|---|---|---|
| law | submission, need | at (moment), procedure need/declaration, reached {declared state: ISO day} |
| declared | submission, need | substance (digest of amount, class, content: R9), joint, submission, led_by (R48) |
| major_investment | review | major, tiers {tier of the funding organ: major} |
| appraisal_commissioned | reviews | appraisal, due, submission (of the declared text) |
| appraised | reviews | verdict pass/revise/fail, substance, appraisal |
| affordability | reviews | passed, tiers {tier of the funding organ: passed} |
| framework | library | framework |
| joint_review_opened | reviews | slots [slot] |
| joint_review | reviews | agreed |
| leading_group | reviews | decision approve/return, number, amount_fen |
| approved | filings, reviews | number, amount_fen |
| filed | filings | number (null: brought along), supplements |
| amended | delivery | documents [{on, number, date, digest}] of approved changes that no filing has told yet |
| filing_queries | filings | asked {record: {on, answered}} before there was a filing |
| budget | reviews | issued_fen, lines |
| library | library | valid_until (first day it no longer stands), entry |
| need_settled | library | year (of the city's own round; below the limit) |
| need_reported | library | year, basis in_window/reopened/deployment, citation |
| plan_item | library | plan (public id of the version), item, title |
| priority | library | claimed {item: paper or none}, items (those accepted, R14) |
| split | suspicions | confirmed, suspicion |
| responsible, supervision, contract, started | delivery | … |
| force_majeure | delivery | claims [{id, since, until, state, told}]; on, until of the latest; earlier_days |
| change | delivery | open (record of the undecided request, or null), decided |
| funding | delivery | lines [{source, amount_fen}], total_fen |
| regimes | delivery | by_kind {regime: ISO day} |
| recalled | delivery | amount_fen |
| trial_run, final_inspected, operation, term_ended, retired | delivery | … |
| accepted | delivery | delegated |
| evaluated | delivery | late |
| scored | delivery | slots {slot: hundredths}, total (hundredths; None until the three are in) |
| maintenance | delivery | years {year of the 31 August: ISO day} |
| data_confirmed, crypto_confirmed | delivery | passed |
| acceptance_applied, acceptance_delegated, acceptance_opinions (slots: agreed), acceptance_filed | delivery | … |
| extension_request | delivery | until (asked for), open (its record, or null), granted once answered |
| extension | delivery | until (as granted) |
| end_request | delivery | open (its record, or null), agreed once answered |
| terminated | delivery | returned_fen, order (art. 41) or applied (given up by the owner) |
| reports | delivery | years {year: ISO day} |
| certificates | delivery | by_kind {kind: valid_to} |
| payments | delivery | paid_fen, returned_fen |
| orders | delivery | open {order: {"on", "due", "by": "tier.slot", "area", "answered", "answered_on", "failed"}} |
| deferral | delivery | in_force, order, by; until once lifted |
| suspended | delivery | from, order, by (its organ), earlier_days (of the trial run, by spells before); until |
| imported | portfolio | document |
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from service.kit.clock import legal_day
from service.kit.digest import sealed
from service.measures.figures import Figures
from service.measures.gates import GatedCase
from service.measures.law import law_of
from service.measures.parameters import RuleBook
from service.rulebook.book import RuleBooks


def gated_case_of(
    dated: Mapping[str, Any],
    books: RuleBooks,
    tenant: str,
    now: datetime,
    changes: int | None = None,
    *,
    kind: str | None,
) -> GatedCase:
    """The case as gates read it now, by the figures of its tenant, no older than the case's row (`changes`).

    The figures are those of the law it was taken in under, with what reaches it of later law (R21).
    """
    on = legal_day(now)
    return GatedCase(on, dated, Figures(governing(dated, books.of(tenant, changes)), on), kind=kind)


def governing(dated: Mapping[str, Any], book: RuleBook) -> RuleBook:
    """The book by which gates judge a case with these facts."""
    if not book.replacing:  # there is no other law than today's
        return book
    return book.under(law_of(dated, book.first_date))


def record_fact(dated: Mapping[str, Any], name: str, on: date, **value: Any) -> dict[str, Any]:
    """`dated` with the fact; assign it to `case.dated`. Values are JSON-ready; dates as ISO text."""
    return {**dated, name: {"on": on.isoformat(), **value}}


def amended(dated: Mapping[str, Any], on: date, *, number: str, day: date, digest: str) -> dict[str, Any]:
    """The fact `amended` with one more document that changed what was approved: filings owe it (art. 23, R27)."""
    told = list((dated.get("amended") or {}).get("documents") or ())
    told.append({"on": on.isoformat(), "number": number, "date": day.isoformat(), "digest": digest})
    return {"on": on.isoformat(), "documents": told}


def without_fact(dated: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """`dated` without the facts: a declaration that begins anew forgets what was decided on the old one."""
    return {name: fact for name, fact in dated.items() if name not in names}


def substance(content: Mapping[str, Any]) -> str:
    """Digest of what an appraisal is about: amount, class and content (R9)."""
    facts, materials = content.get("facts") or {}, content.get("materials") or {}
    basics = materials.get("basics") or {}
    parts = {"plan": materials["plan"]} if materials.get("plan") else {}  # older digests know no parts
    return sealed(
        {
            **parts,
            "facts": {
                key: facts.get(key)
                for key in ("project_class", "kind", "investment_yuan", "of_which_maintenance_yuan")
            },
            "main_tasks": basics.get("main_tasks", ""),
            "technical_plan": materials.get("technical_plan") or "",
            "maintenance_plan": materials.get("maintenance_plan") or "",
        }
    )
