"""Every operation that is open to a person's role is done or read on a page, or stands here with the reason why not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.console.parts_of_case import _ELSEWHERE, deeds_of
from service.kit.inside import Inside
from service.projects.operations import OPERATIONS
from tests.console.routes import said_by_routes

# Deeds whose page is told by the thing's own `actions` (an adoption's, a case's).
_ADOPTION = {f"adoptions_{each}" for each in ("confirm", "refuse", "withdraw", "end", "rate")}
# Drafts of papers, which printed.py names by their kind.
_DRAFTS = {f"papers_{each}" for each in ("approval", "appraisal", "acceptance", "rectification")}
# Not on a page, each with its reason; what is added to the API is added to a page or here.
NOT_ON_A_PAGE: Mapping[str, str] = {
    "acceptance_checklist": "the case's materials page shows the same list",
    "apps_suggest": "the search tells likeness by itself; suggestions are for portals' own boxes",
    "batches_submit": "pages do many at once by calling the operation for each",
    "documents_read": "the lists tell the same of each paper",
    "events_read": "a feed for machines",
    "imports_run": "running projects are taken over by workbook, or by a machine",
    "inbox_read": "the list tells a message whole",
    "library_read": "the list tells an entry whole",
    "me_me": "the bar says who one is",
    "monitoring_filings_feed": "a feed for machines; the filings' list shows the same",
    "operations_form": "pages draw the same forms from the same source",
    "papers_read_template": "the list tells a template whole",
    "reviews_approval": "the case tells amount and day; the paper is among its materials",
    "webhooks_delivery": "the list tells a delivery whole but for its body",
}


def reached(known: set[str]) -> set[str]:
    """Operations that a route's handlers, functions and templates say, and those an answer's actions bring along."""
    said = said_by_routes()
    assert {"case.html", "adoptions_…", "papers_…", deeds_of.__doc__} <= said  # what brings those along
    return (said & known) | (set(OPERATIONS.values()) - _ELSEWHERE) | _ADOPTION | _DRAFTS


def test_every_operation_for_people_is_on_a_page_or_has_its_reason(app: Any) -> None:
    inside: Inside = app.app.state.services.shelf[Inside]
    people = app.app.state.services.policy._people
    for_people = {
        name
        for name, handler in inside._found.items()
        if (spec := handler.opt["spec"]).resource and any(people[spec.resource, spec.action].values())
    }
    assert len(for_people) > 250
    found = reached(for_people)
    assert sorted(for_people - found - NOT_ON_A_PAGE.keys()) == [], "on no page, and without a reason"
    assert sorted(NOT_ON_A_PAGE.keys() & found) == [], "these are on a page by now"
    assert sorted(NOT_ON_A_PAGE.keys() - for_people) == [], "these are no operations for people"
