"""What the system itself knows of a declaration, and the decision on claims held against it (measures/claims).

Read once, at preview or submission, and sealed with what was declared: later desks decide on the same ground. Cases
declared before carry no such ground and are decided as they were.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from service.characters.keys import key
from service.characters.placeholders import says, spelt
from service.kit.api import Call
from service.kit.db import Row, Tx
from service.kit.errors import ServiceError
from service.kit.ids import NIL, parse_ref
from service.measures import priority
from service.measures.amending import cited, documents
from service.measures.claims import begun, dated_papers, entered, own_reasons, settled, told, with_findings
from service.measures.evaluation import owner_poorly_evaluated, weighs_from
from service.measures.facts import Facts
from service.measures.intake import stands
from service.measures.known import Known, known_of, results_of
from service.measures.parameters import RuleBook
from service.measures.plausible import YEARS, dates
from service.measures.priority import known_items
from service.measures.routing import Decision
from service.projects.case import Case
from service.projects.deciding import decide
from service.projects.queries_grounds import CASE_GROUNDS, GROUNDS
from service.province import CODE
from service.rulebook.book import RuleBooks

KEY = "known"  # in the declared content
PASS = "evaluation.pass_score"
_CAPITAL = f"{CODE}-"  # how public ids of the province begin
_NOTHING_NAMED = {"names": [], "previous": NIL, "entry": NIL}


Fetch = Callable[..., Awaitable[Row | None]]


def called(known: Known, name: str | None) -> Known:
    """What is known of a project of this name: its entry's name is told where it is another."""
    same = not name or spelt(known.entered) == spelt(name)
    return replace(known, entered="") if same else known


def with_text(known: Known, content: Mapping[str, Any]) -> Known:
    """What the text says of itself: the plan's part on sharing, the resolution's day, the first month, its name."""
    materials = content.get("materials") or {}
    plan, meeting = materials.get("plan") or {}, (materials.get("resolution") or {}).get("date")
    period = (materials.get("form") or {}).get("period") or {}
    return replace(
        called(known, content.get("name")),
        begins=str(period.get("from_month") or ""),
        planned=says(plan.get("sharing") or ""),
        meeting=date.fromisoformat(meeting) if meeting else None,
    )


class Ground(NamedTuple):
    """What is known, and the entry of before the system that the text cites, where it is this owner's to cite."""

    known: Known
    entry: dict[str, Any] | None

    def dated(self, dated: Mapping[str, Any]) -> dict[str, Any]:
        """The case's dated facts with the cited entry; an entry that the case has of its own goes before."""
        own: Mapping[str, Any] = dated.get("library") or {}
        if self.entry is None or (own and not own.get("imported")):
            return dict(dated)
        return {**dated, "library": self.entry}


class Weighed(NamedTuple):
    """A decision on claims as they count; `reasons`: those that need nobody to write them."""

    facts: Facts
    decision: Decision
    reasons: dict[str, str]


def with_ground(on: date) -> dict[str, Any]:
    """How `load` reads a case whose text is handed in on that day: with what is known of it."""
    return {"read": CASE_GROUNDS, "since": weighs_from(on).isoformat()}


async def _look(
    fetch: Fetch,
    tenant: str,
    office: str | None,
    project: str | None,
    facts: Facts,
    read: Mapping[str, Any] | None = None,
) -> Ground:
    """`read`: what was read with the case, which says all where the text names no office, project or entry."""
    named = {
        "names": sorted({key(name) for name in facts.participating_offices}),
        "previous": _own(facts.answers.previous_project, tenant),
        "entry": _own(facts.answers.library_entry, tenant),
    }
    row: Any = read
    if read is None or named != _NOTHING_NAMED:
        row = await fetch(
            GROUNDS,
            tenant_id=tenant,
            id=project or NIL,
            office_id=office or NIL,
            on=facts.on,
            since=weighs_from(facts.on).isoformat(),
            **named,
        )
    if row is None:  # read by nobody, so known by nobody: not an answer (law.md, trap 19)
        raise ServiceError(503, "unavailable", "暂时不能核对申报事实，请稍后重试")
    entry = None if row["entry"] is None else dict(row["entry"])
    known = Known(
        entered="" if entry is None else entry.pop("name"),
        previous=row["previous"],
        linked=row["linked"],
        registered=frozenset(row["registered"]),
        papers=frozenset(row["papers"]),
        unread=tuple(sorted(row["unread"])),
        results=results_of(row["results"]),
    )
    return Ground(known, entry)


def _own(reference: str | None, tenant: str) -> str:
    """The id of a project of the tenant; of any other nothing is known."""
    if reference is None:
        return NIL
    ref = parse_ref(reference)
    return ref.id if ref.tenant == tenant else NIL


async def ground_in(tx: Tx, case: Case, facts: Facts, content: Mapping[str, Any]) -> Ground:
    """What is known of a case's text, within the command."""
    read = None
    if case.ground is not None and case.slots is not None:
        read = {**case.ground, "papers": case.slots, "registered": (), "previous": False, "entry": None}
    found = await _look(tx.row, case.tenant_id, case.office_id, case.id, facts, read)
    return found._replace(known=with_text(found.known, content))


async def ground_outside(
    call: Call, facts: Facts, tenant: str, office: str | None, project: str | None
) -> Ground:
    """The same for a read."""
    return await _look(partial(call.door.row, call.scope), tenant, office, project, facts)


def weigh(
    books: RuleBooks,
    facts: Facts,
    known: Known,
    dated: Mapping[str, Any],
    on: date,
    owner: str | None,
    book: RuleBook,
    settled_fen: int | None = None,
) -> Weighed:
    """The decision on what counts of the declared facts, with what is to be said of the claims."""
    entry = stands(dated.get("library") or {}, on)
    counted = settled(facts, known, owner, entry=entry)
    decision = told(
        decide(books, counted, on, owner, book=book, settled_fen=settled_fen),
        facts,
        known,
        owner,
        entry=entry,
    )
    if decision.in_scope:
        line, years = book.number_on(PASS, on), book.number_on(YEARS, on)
        by, since = (cited(documents(book, on, (key,))) for key in (PASS, YEARS))
        extra = (
            *owner_poorly_evaluated(known.results, line, on, by),
            *dates(dated_papers(facts, known), years, on, since),
            *begun(facts, known),
            *entered(known),
        )
        decision = with_findings(decision, extra)
    return _prioritised(Weighed(counted, decision, own_reasons(decision, facts, known)), known, dated, owner)


def known_priority(decision: Mapping[str, Any], dated: Mapping[str, Any]) -> frozenset[int]:
    """Items of art. 16 that the system knows of a case: by its decision, and by the province's plan."""
    plan = str((dated.get("plan_item") or {}).get("plan") or "")
    return known_items(decision.get("priority") or (), planned=plan.startswith(_CAPITAL))


def _prioritised(weighed: Weighed, known: Known, dated: Mapping[str, Any], owner: str | None) -> Weighed:
    """With what is to be said of the claims of art. 16."""
    fact, decision = dated.get("priority") or {}, weighed.decision
    if not fact.get("claimed") or not decision.in_scope:
        return weighed
    settled_ones = known_priority({"priority": decision.priority}, dated)
    extra = tuple(priority.findings(fact, settled_ones, attached=priority.SLOT in known.papers, owner=owner))
    codes = {finding.code for finding in extra}
    own = {code: why for code, why in priority.reasons(fact).items() if code in codes}
    return Weighed(weighed.facts, with_findings(decision, extra), weighed.reasons | own)


def sealed(case: Case) -> Known | None:
    """What was known when the case was declared; None for a case declared before such ground was kept."""
    kept = (case.declared or {}).get(KEY)
    return None if kept is None else known_of(kept)
