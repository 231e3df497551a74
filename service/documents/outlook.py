"""What submission would say of a case today, slot by slot: the checklist asks the very code of submission."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, NamedTuple

from service.documents.schemas import SlotView
from service.kit.api import Call
from service.kit.clock import legal_day
from service.kit.errors import ServiceError
from service.kit.ids import Ref
from service.measures.checklist import SLOTS
from service.measures.completeness import missing_materials, slot_of
from service.measures.declaration import Materials, Missing
from service.measures.facts import Kind
from service.projects.asking import asked_of, given, materials_of, missing
from service.projects.case import WORKING, Case
from service.projects.deciding import book_of, decide, read_facts
from service.rulebook.book import RuleBooks


class Outlook(NamedTuple):
    """`asked`: the slots that submission wants filled; `unfilled`: those that the text and files leave empty; `open`:
    what it would refuse, nothing once the case is declared. `checked` False: the facts cannot be read today."""

    kind: Kind
    asked: frozenset[str]
    unfilled: frozenset[str]
    open: list[Missing]
    checked: bool = True
    document_number: str = ""

    @property
    def open_slots(self) -> frozenset[str]:
        return _slots(self.open)


def _slots(points: Iterable[Missing]) -> frozenset[str]:
    return frozenset(slot for slot in map(slot_of, points) if slot is not None)


async def outlook_of(call: Call, case: Case) -> Outlook:
    """By the rules, the rounds and the attachments of now."""
    books, today = call.service(RuleBooks), legal_day(call.now)
    beside = await given(partial(call.door.row, call.scope), case.tenant_id, case.id)
    try:
        facts = read_facts(books, case.facts, case.office, today)
        book = book_of(books, case)
        inside = decide(books, facts, today, case.owner_name, book=book).in_scope
    except ServiceError:
        return Outlook(Kind(case.kind), frozenset(), frozenset(), [], checked=False)
    asked = asked_of(facts, today, book, beside.rounds)
    found = missing(case.text, asked, beside.slots) if inside else []
    nothing = Materials(work_secrets=materials_of(case.text).work_secrets)
    wanted = missing_materials(nothing, asked, pointer_prefix="/materials") if inside else []
    return Outlook(
        facts.kind, _slots(wanted), _slots(found), found if case.state in WORKING else [],
        document_number=asked.required.document_number,
    )  # fmt: skip


def slots_as_they_stand(outlook: Outlook, attached: Iterable[Mapping[str, Any]]) -> list[SlotView]:
    """Every slot, with what lies in it."""
    files: dict[str, list[str]] = {}
    for row in attached:
        files.setdefault(row["slot"], []).append(str(Ref(row["tenant_id"], row["id"])))
    return [_line(outlook, key, files.get(key, [])) for key in SLOTS]


def _line(outlook: Outlook, key: str, files: list[str]) -> SlotView:
    slot = SLOTS[key]
    if slot.phase == "declaration":
        needed = key in outlook.asked
        filled = key not in outlook.unfilled and (needed or bool(files))
        return SlotView(
            key, slot.name, slot.article, slot.phase, needed, files, filled, "submission" if needed else None
        )
    needed = outlook.kind in slot.needed
    at_end = needed and slot.phase == "acceptance"
    return SlotView(
        key, slot.name, slot.article, slot.phase, needed, files, bool(files), "acceptance" if at_end else None
    )
