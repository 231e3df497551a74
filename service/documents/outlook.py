"""What the acts that ask for materials would say of a case today, slot by slot: the checklist asks their very code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, NamedTuple

from service.documents.schemas import SlotView
from service.kit.api import Call
from service.kit.clock import legal_day
from service.kit.errors import ServiceError
from service.kit.ids import Ref
from service.measures.acceptance import by_slot, missing
from service.measures.checklist import BUILD, SLOTS
from service.measures.completeness import slot_of
from service.measures.declaration import Missing
from service.measures.lifecycle_states import State
from service.projects.accepting import lines_shown
from service.projects.asking import asked_of, given, lacking, materials_of
from service.projects.case import WORKING, Case
from service.projects.deciding import book_of, decide, read_facts
from service.rulebook.book import RuleBooks


class Outlook(NamedTuple):
    """`asked`: the slots that an act wants filled, and that act; `unfilled`: those that text, files and records leave
    empty; `open`: what the next of these acts would refuse, nothing while none of them is next. `checked` False: the
    facts cannot be read today."""

    asked: Mapping[str, str]
    unfilled: frozenset[str]
    open: list[Missing]
    open_slots: frozenset[str]
    checked: bool = True
    document_number: str = ""


def _slots(points: Iterable[Missing]) -> frozenset[str]:
    return frozenset(slot for slot in map(slot_of, points) if slot is not None)


async def outlook_of(call: Call, case: Case) -> Outlook:
    """By the rules, the rounds, the attachments and the records of now."""
    declared, ended = await _declaring(call, case), await _accepting(call, case)
    return declared._replace(
        asked={**declared.asked, **ended.asked},
        unfilled=declared.unfilled | ended.unfilled,
        open=declared.open + ended.open,
        open_slots=declared.open_slots | ended.open_slots,
    )


async def _declaring(call: Call, case: Case) -> Outlook:
    books, today = call.service(RuleBooks), legal_day(call.now)
    beside = await given(partial(call.door.row, call.scope), case.tenant_id, case.id)
    try:
        facts = read_facts(books, case.facts, case.office, today)
        book = book_of(books, case)
        inside = decide(books, facts, today, case.owner_name, book=book).in_scope
    except ServiceError:
        return Outlook({}, frozenset(), [], frozenset(), checked=False)
    asked = asked_of(facts, today, book, beside.rounds)
    found = lacking(case.state, case.text, asked, beside.slots) if inside else []
    blank = {"materials": {"plan": {"involves_work_secrets": materials_of(case.text).work_secrets}}}
    wanted = lacking(case.state, blank, asked) if inside else []
    at_work = case.state in WORKING
    return Outlook(
        dict.fromkeys(_slots(wanted), "submission"),
        _slots(found),
        found if at_work else [],
        _slots(found) if at_work else frozenset(),
        document_number=asked.required.document_number,
    )


async def _accepting(call: Call, case: Case) -> Outlook:
    """Art. 30's materials by the code of the application; maintenance builds nothing that is accepted (R30)."""
    if case.kind not in BUILD:
        return Outlook({}, frozenset(), [], frozenset())
    lines = await lines_shown(call, case)
    wanted = by_slot(lines)
    empty = frozenset(slot for slot, whole in wanted.items() if not whole)
    is_next = case.stage is State.FINAL_INSPECTED
    return Outlook(
        dict.fromkeys(wanted, "acceptance"),
        empty,
        missing(lines) if is_next else [],
        empty if is_next else frozenset(),
    )


def slots_as_they_stand(outlook: Outlook, attached: Iterable[Mapping[str, Any]]) -> list[SlotView]:
    """Every slot, with what lies in it."""
    files: dict[str, list[str]] = {}
    for row in attached:
        files.setdefault(row["slot"], []).append(str(Ref(row["tenant_id"], row["id"])))
    return [_line(outlook, key, files.get(key, [])) for key in SLOTS]


def _line(outlook: Outlook, key: str, files: list[str]) -> SlotView:
    slot, act = SLOTS[key], outlook.asked.get(key)
    filled = key not in outlook.unfilled and (act is not None or bool(files))
    return SlotView(
        key,
        slot.name,
        slot.article,
        slot.phase,
        act is not None,
        files,
        filled,
        "acceptance" if act == "acceptance" else "submission" if act else None,
    )
