"""The project library (arts 8, 9, 16, 19): entry after appraisal, removal with its reason, lapse by the clock."""

from __future__ import annotations

from datetime import date
from typing import Any

from service.kit.clock import legal_day
from service.kit.db import Row, Tx
from service.kit.ids import Ref, new_id
from service.kit.money import yuan
from service.kit.outbox import Recipient
from service.kit.rows import of_row
from service.kit.tables import insert_row, update_row
from service.library.claims import as_told, claims_answered
from service.library.models import library_entries
from service.library.queries import ENDED
from service.library.schemas import Entered, EnterIn, EntryView, WhyIn
from service.measures.intake import rank, stands, valid_until
from service.measures.law import law_of
from service.measures.lifecycle import Action
from service.measures.offices import Tier
from service.measures.priority import counting
from service.projects.case import Case
from service.projects.deeds import Desk, deed, made
from service.projects.grounds import known_priority
from service.projects.operations import by_the_clock
from service.projects.phases import Deed, fact_day, not_after, not_before, owner_desks, perform
from service.projects.state import Actor, permit
from service.projects.submission import PROVINCE
from service.projects.views import view

_ENTER = insert_row(library_entries)
E = library_entries.c
RANKED_BY = ("in_plan", "plan_item", "priority", "rank")  # where an entry comes in the list (arts 8, 16)
_REMOVE = update_row(
    library_entries, E.removed_on.is_(None), removed_on="on", removal_reason="reason", by_tenant="acting"
)

_RANK = update_row(library_entries, **{name: f"new_{name}" for name in RANKED_BY})


def entry_view(row: Row, today: date) -> EntryView:
    """An entry as an answer."""
    removed = row["removed_on"]
    return of_row(
        EntryView,
        row,
        id=str(Ref(row["tenant_id"], row["id"])),
        project_id=str(Ref(row["tenant_id"], row["project_id"])),
        tenant=row["tenant_id"],
        investment_yuan=yuan(row["investment_fen"]),
        valid=row["entered_on"] <= today < row["valid_until"]
        and removed is None
        and row.get("project_state") not in ENDED,
    )


def desks(case: Case) -> list[Recipient]:
    """Who hears of what happens to an entry: the owner, and the city's desk."""
    city = [] if case.declarer is Tier.PROVINCE else [Recipient(case.tenant_id, "gatekeeper")]
    return [*city, *owner_desks(case)]


@deed(
    "library/enter",
    Action.ENTER_LIBRARY,
    body=EnterIn,
    summary="纳入重点项目库",
    may="library/enter",
    tag="library",
    status=201,
    answer=Entered,
    reply=made(
        "library",
        lambda desk, _: Entered(entry_view(desk.left[1], desk.today), view(desk.case, desk.call)),
    ),
)
async def enter(desk: Desk) -> Deed:
    """论证评估通过后入库，有效两年，截止当日不计（第八条、第九条）。"""
    # An appraised need stands in the library for two years (arts 8, 9, 18; R6).
    body: EnterIn = desk.body
    case, today = desk.case, desk.today
    on = body.entered_on or today
    not_after(on, today, "/entered_on", "入库日", article=8)
    not_before(on, fact_day(case, "appraised"), "/entered_on", "入库日", article=18)
    claims_answered(case, body.opinions, desk=case.declarer is Tier.PROVINCE)
    entry = _entry(case, on, body.note, desk.actor)
    desk.left = (entry["id"], entry)
    desk.tx.batch.add(_ENTER, **entry)
    until = entry["valid_until"].isoformat()
    return desk.told(
        "library.entered",
        desks(case),
        on=on,
        content={
            "entry": entry["id"],
            "valid_until": until,
            "note": body.note,
            "in_plan": entry["in_plan"],
            "opinions": as_told(body.opinions),
        },
        dated={"library": {"valid_until": until, "entry": entry["id"]}},
        message=f"自 {on.isoformat()} 起纳入省重点项目库，{until} 起不再有效。",
        steps={"unit": "请在有效期内申报。", "department": "请在有效期内申报。"},
    )


def _entry(case: Case, on: date, note: str, actor: Actor) -> dict[str, Any]:
    book = actor.books.of(case.tenant_id)
    years = int(book.under(law_of(case.dated, book.first_date)).number_on("library.validity_years", on))
    return {
        "tenant_id": case.tenant_id,
        "office_id": case.office_id,
        "id": new_id(),
        "project_id": case.id,
        "project_name": case.name,
        "owner_name": case.owner_name,
        "division": case.division,
        "project_class": case.project_class,
        "kind": case.kind,
        "investment_fen": case.investment_fen,
        "year": on.year,
        "entered_on": on,
        "valid_until": valid_until(on, years),
        **_ranking(case),
        "note": note,
        "removed_on": None,
        "removal_reason": None,
        "by": actor.principal.actor,
        "by_tenant": actor.principal.tenant,
        "at": actor.now,
    }


def _ranking(case: Case) -> dict[str, Any]:
    """Plan items of the province's plan first, then what art. 16 supports (art. 8)."""
    plan_item = case.dated.get("plan_item")
    in_plan = plan_item is not None and plan_item["plan"].startswith(f"{PROVINCE}-")
    known = known_priority(case.decision or {}, case.dated)
    priority = counting(case.dated.get("priority") or {}, known)
    found = {
        "in_plan": in_plan,
        "plan_item": plan_item,
        "priority": priority,
        "rank": rank(in_plan, priority),
    }
    return {name: found[name] for name in RANKED_BY}


def reorder(tx: Tx, case: Case, today: date) -> None:
    """What was tagged or planned after the entry counts from now on; an entry that is over stays as it was."""
    fact = case.dated.get("library") or {}
    if stands(fact, today) and not fact.get("imported"):  # an entry of before has no line in the list
        new = {f"new_{name}": value for name, value in _ranking(case).items()}
        tx.batch.add(_RANK, of_tenant=case.tenant_id, of_id=fact["entry"], **new)


@deed(
    "library/remove",
    Action.REMOVE_ENTRY,
    body=WhyIn,
    summary="移出重点项目库",
    may="library/remove",
    tag="library",
)
async def remove(desk: Desk) -> Deed:
    """动态管理：说明理由移出，项目退回项目单位（第八条）。"""
    # The office takes a project out of the library before its time, with the reason (art. 8).
    body: WhyIn = desk.body
    case = desk.case
    today = desk.today
    fact = case.dated["library"]
    desk.tx.batch.add(
        _REMOVE, of_tenant=case.tenant_id, of_id=fact["entry"], on=today, reason=body.reason, acting=PROVINCE
    )
    # From today on it does not stand; `on` stays the day of entry.
    case.dated = {
        **case.dated,
        "library": {**fact, "valid_until": today.isoformat(), "removed": True},
    }
    return desk.told(
        "library.removed",
        desks(case),
        content={"entry": fact["entry"], "reason": body.reason},
        reason=body.reason,
        steps={"unit": "可修改后重新报送需求。", "department": "可修改后重新报送需求。"},
    )


@by_the_clock(Action.LAPSE)
def lapse(tx: Tx, case: Case, actor: Actor) -> None:
    """The two years are over (R6); the need may be reported anew."""
    row = permit(case, Action.LAPSE, actor)
    fact = case.dated["library"]
    deed = Deed(
        Action.LAPSE,
        legal_day(actor.now),
        "library.lapsed",
        [*desks(case), Recipient(PROVINCE, "office")],
        content={"entry": fact["entry"], "valid_until": fact["valid_until"]},
        message=f"入库有效期到 {fact['valid_until']} 为止，当日起不再有效（第八条、第九条）。",
        steps={"unit": "如仍需建设，请重新提出需求。", "department": "如仍需建设，请重新报送需求。"},
    )
    perform(tx, case, deed, actor, row)
