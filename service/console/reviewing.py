"""会审, 领导小组, 收件: whose word is missing; what is up for decision; what arrived at the first desk."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from litestar.handlers import HTTPRouteHandler

from service.console.cells import cells
from service.console.deeds import deed
from service.console.pages import page, render
from service.console.parts_of_case import deeds_of, findings_of
from service.console.records import listing
from service.console.registers_cases import INTAKE, REVIEWS
from service.console.visiting import Visit
from service.kit.handler import Rendered
from service.vocabulary import names

# The columns of the matrix: the three organs, then those that may be invited (art. 19).
SLOTS = names("slot_short")
ORGANS = ("general_office", "drc", "finance")
# Of cases under joint review, fifty a page: beyond them the sheet says that there are more.
MOST_PAGES = 6
# The first desk of each tier: the state in which cases arrive, and what it may do with them.
_ARRIVED = {"city": "submitted", "province": "with_province"}
_FIRST_DEEDS = frozenset(
    {
        "projects_gatekeep_pass",
        "projects_gatekeep_return",
        "projects_province_return",
        "reviews_commission",
        "reviews_open_review",
    }
)


@page("GET", "/console/reviews")
async def reviews(visit: Visit) -> Rendered:
    """Cases by organs, in one answer: who said what, whom it waits for. Columns are the slots that somebody has."""
    listed = await listing(visit, REVIEWS, {"state": "in_joint_review"})
    latest = await _latest(visit, [each["id"] for each in listed.found["items"]])
    taken = {slot["slot"] for each in latest.values() for slot in each["slots"] or []}
    taken |= {code for each in latest.values() for code in each["missing"]} | set(ORGANS)
    return render(
        visit,
        "reviews.html",
        list=listed,
        latest=latest,
        sums=_waiting([latest.get(each["id"]) for each in listed.found["items"]], visit.today),
        slots={c: n for c, n in SLOTS.items() if c in taken},
        may=visit.may("reviews_opine"),
    )


def _waiting(reviews: list[Any], today: str) -> dict[str, int]:
    """Of the cases on the page: whose answers are all there, how many answers are missing, and how many are late."""
    opened = [each for each in reviews if each and each["status"] == "open"]
    missing = [each for each in opened if each["missing"]]
    return {
        "answered": len(opened) - len(missing),
        "missing": sum(len(each["missing"]) for each in missing),
        "cases": len(missing),
        "late": sum(bool(each["due_on"]) and each["due_on"] < today for each in missing),
    }


async def _latest(visit: Visit, refs: list[str]) -> dict[str, Any]:
    """By case the latest joint review of those listed; one read for a page."""
    if not refs:
        return {}
    found = await visit.ask("reviews_latest_joint_reviews", {"project": ",".join(refs)})
    return {each["project_id"]: each for each in found["items"]}


@page("GET", "/console/reviews/{ref:str}")
async def review(visit: Visit) -> Rendered:
    """One case's review: appraisals, every organ's word, what is missing, this desk's own form."""
    return await _review(visit)


async def _review(visit: Visit) -> Rendered:
    ref = visit.part("ref")
    project = await visit.ask("projects_read", ref=ref)
    joint = await visit.maybe("reviews_joint_review", ref=ref)
    appraisals = await visit.maybe("reviews_appraisals", ref=ref)
    deeds = [each for each in await deeds_of(visit, project) if each.operation.startswith("reviews_")]
    return render(
        visit,
        "review.html",
        project=project,
        joint=joint,
        appraisals=appraisals,
        deeds=deeds,
        may_recuse=visit.may("reviews_recuse"),
        findings=findings_of(project, []),
    )


@page("POST", "/console/reviews/{ref:str}")
async def review_deed(visit: Visit) -> Rendered:
    """An opinion, a draw, a conclusion."""
    return await deed(visit, _review, ref=visit.part("ref"))


@page("GET", "/console/leading-group")
async def leading_group(visit: Visit) -> Rendered:
    """The sheet for the meeting: what the organs agreed on, the amounts, one row a case; it prints on A4.

    Whoever prepares the meeting sees what its secretary sees: cases whose joint review is closed, however few of all.
    """
    items, latest, more = await _before_the_meeting(visit)
    own = visit.may("reviews_leading_group")
    carried = urlencode({"from": "queue=leading_group" if own else "state=in_joint_review"})
    sums = _sums(items, latest)
    return render(
        visit,
        "leading_group.html",
        items=items,
        more=more,
        latest=latest,
        sums=sums,
        own=own,
        carried=carried,
    )


async def _before_the_meeting(visit: Visit) -> tuple[list[Any], dict[str, Any], bool]:
    """Cases that wait for the decision, the longest waiting first, their reviews, and whether there may be more."""
    found: list[Any] = []
    reviews: dict[str, Any] = {}
    asked = {"state": "in_joint_review", "order": "waiting", "limit": "50"}
    for _ in range(MOST_PAGES):
        listed = await visit.ask("projects_list_page", asked)
        latest = await _latest(visit, [each["id"] for each in listed["items"]])
        found += [
            each for each in listed["items"] if each["id"] in latest and latest[each["id"]]["closed_at"]
        ]
        reviews |= latest
        if not listed.get("next_cursor"):
            return found, reviews, False
        asked |= {"cursor": listed["next_cursor"]}
    return found, reviews, True


def _sums(items: list[dict[str, Any]], latest: Mapping[str, Any]) -> dict[str, Any]:
    """What the meeting has before it: amounts declared and amounts of the reviews together, and how many agreed."""
    closed = [latest[item["id"]] for item in items]
    return {
        "declared": str(sum(Decimal(each["amount_yuan"] or 0) for each in items)),
        "reviewed": str(sum(Decimal(each["budget_yuan"] or 0) for each in closed)),
        "agreed": sum(bool(each["agreed"]) for each in closed),
        "reasons": sum(each["reasons_to_judge"] or 0 for each in items),
    }


@page("GET", "/console/intake")
async def intake(visit: Visit) -> Rendered:
    """What arrived; of the chosen one whether its materials are there, and the first desk's deeds."""
    return await _intake(visit)


async def _intake(visit: Visit) -> Rendered:
    state = _ARRIVED["province" if visit.tier == "province" else "city"]
    listed = await listing(visit, INTAKE, {"state": state})
    rows = listed.found["items"]
    for each in rows:
        each["carried"] = f"?{urlencode({'from': f'state={state}'})}"
    if "peek" not in visit.query and rows:
        listed = listed._replace(row=rows[0], case=await visit.maybe("projects_read", ref=rows[0]["id"]))
    project = listed.case
    if project is None and "peek" in visit.query:
        project = await visit.maybe("projects_read", ref=visit.query["peek"])
    papers = await visit.maybe("documents_checklist", ref=project["id"]) if project else None
    deeds = await deeds_of(visit, project) if project else []
    findings = findings_of(project, deeds) if project else []
    return render(
        visit,
        "intake.html",
        list=listed,
        cells=cells,
        project=project,
        papers=papers,
        findings=findings,
        deeds=[each for each in deeds if each.allowed and each.operation in _FIRST_DEEDS],
    )


@page("POST", "/console/intake")
async def intake_deed(visit: Visit) -> Rendered:
    """Accepted or returned; the next one is shown."""
    return await deed(visit, _intake, then=lambda _: "/console/intake", ref=visit.query.get("peek", ""))


ROUTES: list[HTTPRouteHandler] = [
    reviews,
    review,
    review_deed,
    leading_group,
    intake,
    intake_deed,
]
