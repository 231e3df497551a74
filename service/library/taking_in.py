"""On what ground a reported need comes into the year's round: in its window, reopened, or by a deployment (art. 14)."""

from __future__ import annotations

from datetime import date

from service.characters.placeholders import says
from service.kit.api import Call
from service.kit.db import Tx
from service.kit.errors import FieldError, ServiceError, invalid
from service.library.queries import ROUND_OF
from service.library.rounds import as_round
from service.measures.amending import amendments_told
from service.measures.answers import SLOT, Claim
from service.measures.citations import articles_label
from service.measures.facts import Facts
from service.measures.intake import Basis, Refused, article_of, deadline_key, take_in
from service.measures.issuers import unfit
from service.measures.periods import annual
from service.projects.case import Case
from service.projects.deciding import book_of
from service.projects.grounds import sealed
from service.rulebook.book import RuleBooks


def _shown(case: Case, facts: Facts) -> bool:
    """Whether the paper of an organ that can deploy is attached; cases of before stand on their word."""
    known, paper = sealed(case), facts.answers.evidence.get(Claim.DEPLOYMENT)
    if known is None:
        return True
    return SLOT[Claim.DEPLOYMENT] in known.papers and unfit(Claim.DEPLOYMENT, paper, None) is None


async def taken_in(call: Call, tx: Tx, case: Case, facts: Facts, today: date, citation: str) -> Basis:
    """On what ground the need comes into this year's round, or 409 `intake_closed` / `intake_kind` (law.md, trap 6)."""
    announced = as_round(await tx.row(ROUND_OF, year=today.year))
    book = book_of(call.service(RuleBooks), case)
    deadline = annual(str(book.value_on(deadline_key(case.declarer), today)), today.year)
    deployment = facts.national_or_provincial_deployment and _shown(case, facts)
    if says(citation) and not deployment:
        detail = "所报事实未列为国家或省重大部署，或没有上传部署文件，不能引用（第十九条）"
        raise invalid([FieldError("/deployment_citation", "not_a_deployment", detail)])
    found = take_in(
        announced,
        today,
        deadline,
        facts.kind.value,
        deployment=deployment,
        cited=says(citation),
    )
    if isinstance(found, Refused):
        article = 14 if found.code == "intake_kind" else article_of(case.declarer)
        cited = articles_label((article,))
        by = amendments_told(book, today, (deadline_key(case.declarer),)) if announced is None else ""
        raise ServiceError(
            409,
            found.code,
            f"{found.detail}，依据{cited}{by}",
            article=article,
            practice=found.code == "intake_closed",
        )
    return found
