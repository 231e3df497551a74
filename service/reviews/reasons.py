"""A department's reasons have met no gatekeeper: the leading group's office answers each by name (R11, R14).

It does so before it commissions the appraisal; what comes up afterwards, before it opens the joint review.
"""

from __future__ import annotations

from service.kit.api import Call
from service.kit.clock import legal_day
from service.kit.db import Tx
from service.kit.errors import FieldError, invalid
from service.measures.offices import Tier
from service.projects.case import Case
from service.projects.findings import refresh_findings
from service.projects.gatekeeping import all_accepted, decide_again, record_opinions
from service.projects.schemas import OpinionIn
from service.rulebook.book import RuleBooks


async def answered(call: Call, tx: Tx, case: Case, opinions: list[OpinionIn]) -> None:
    """409 unless every reason of a department's declaration is accepted by name, now or before; else records it."""
    if case.declarer is not Tier.PROVINCE or case.state == "need_reported":
        if opinions:
            raise invalid(
                [FieldError("/opinions", "unknown_opinion", "理由已在统筹把关时逐条答复，或尚未申报")]
            )
        return
    decision = decide_again(call.service(RuleBooks), case, legal_day(call.now))
    all_accepted(case, decision, opinions)
    record_opinions(tx, case, opinions, call)
    await refresh_findings(tx, case, decision, call.now)
