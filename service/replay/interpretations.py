"""The register of interpretations (art. 44): a reading of the three organs, dated, with the values it sets.

Nothing decided changes: stored decisions keep their version; decisions of its first day and later follow it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from service.audit.actions import audited
from service.kit.api import Again, Answer, Call, Error
from service.kit.clock import legal_day
from service.kit.command import command
from service.kit.db import Tx
from service.kit.errors import not_found
from service.kit.outbox import Recipient, emitted
from service.kit.tables import insert_row
from service.measures.parameters import RuleBook
from service.measures.rule_entries import Value
from service.province import CODE
from service.replay.amended import of_amendment
from service.replay.effects import OPEN
from service.replay.queries import CITING
from service.replay.schemas import Effect, InterpretationRecorded
from service.rulebook.book import RuleBooks
from service.rulebook.models import interpretations
from service.rulebook.queries import READING_CHANGES
from service.rulebook.reading_rows import entries_of, interpretation_digest, ruling_of
from service.rulebook.schemas_runtime import ORGANS, InterpretationIn, InterpretationPreviewIn, SetIn
from service.rulebook.values import entry_of, fault, read_value
from service.rulebook.views import interpretation_version

TWICE = Error(409, "interpretation_conflict", "同一条解释刚有新的登记，请重新查看后再登记")

TAG = "rulebook"

PROVINCE = CODE
_INSERT = insert_row(interpretations)


def _version_after(books: RuleBooks, row: dict[str, Any]) -> str:
    ruling = ruling_of(books.book, row)
    return ruling.joined(books.book).version(row["effective_from"])


async def effect_of(call: Call) -> Effect:
    """Reads open cases of all tenants, many pages of them: before BEGIN where it is recorded."""
    body: InterpretationPreviewIn = call.body
    book = call.service(RuleBooks).book
    sets = proposed_sets(book, body, legal_day(call.now))
    citing = None
    if body.supersedes is not None:
        citing = await call.door.row(call.scope, CITING, states=OPEN, reading=body.supersedes)
    entries = entries_of(book, sets, body.effective_from, call.now)
    return await of_amendment(
        call, entries, body.effective_from, citing=0 if citing is None else citing["citing"]
    )


def proposed_sets(book: RuleBook, body: InterpretationPreviewIn, today: date) -> dict[str, Value]:
    """The values the reading sets, by key; 422 for the past and for values that lean on no or another reading."""
    if body.effective_from < today:
        raise fault(
            "/effective_from", "date_in_past", "解释的生效日不得早于今天：已作出的决定不变（本系统规定）"
        )
    if body.supersedes is not None and all(row.id != body.supersedes for row in book.readings):
        raise fault("/supersedes", "unknown_reading", "登记簿中没有这一条解释")
    found: dict[str, Value] = {}
    for index, each in enumerate(body.sets):
        found[each.key] = _set_value(book, body, each, f"/sets/{index}")
    if len(found) != len(body.sets):
        raise fault("/sets", "duplicate_key", "同一参数只能设置一次")
    return found


def _set_value(book: RuleBook, body: InterpretationPreviewIn, each: SetIn, pointer: str) -> Value:
    """One value; a figure that stands in the Measures themselves is no matter of reading."""
    entry = entry_of(book, each.key, body.effective_from, f"{pointer}/key")
    if entry.reading is None or entry.reading != body.supersedes:
        detail = "该参数不以这一条解释为依据，不能由它设置；条文本身的数额须由修订办法改变"
        raise fault(f"{pointer}/key", "not_of_this_reading", detail)
    return read_value(entry, each.value, f"{pointer}/value")


def _recorded(call: Call, row: Any) -> Answer:
    books = call.service(RuleBooks)
    answer = InterpretationRecorded(
        id=row["reading"],
        interpretation=interpretation_version(books, row),
        rulebook_version=_version_after(books, row),
        effect=call.found,
    )
    headers = {"location": f"/api/v1/rulebook/interpretations?id={row['reading']}"}
    return Answer(answer, headers=headers)


@command(
    "POST",
    "/rulebook/interpretations",
    resource="rulebook.interpretation",
    action="record",
    summary="登记解释",
    tag=TAG,
    where="cases",
    body=InterpretationIn,
    answer=InterpretationRecorded,
    status=201,
    errors=(TWICE,),
    conflict=TWICE,
    before=effect_of,
    view=_recorded,
)
async def interpretation_record(call: Call, tx: Tx) -> dict[str, Any]:
    """登记三家机关会同作出的解释（第四十四条），答复列出将因此改变的在办项目；已作出的决定及其规则版本不变。"""
    # Records a reading; returns its row.
    body: InterpretationIn = call.body
    changes = await tx.row(READING_CHANGES)
    books = call.service(RuleBooks)
    if changes is None:
        raise not_found()
    if len(changes["readings"]) > books.rulings:
        raise Again(books.catch_up)
    sets = proposed_sets(books.book, body, legal_day(call.now))
    _issued(body, legal_day(call.now))
    reading = body.supersedes or _new_id(books.book)
    row: dict[str, Any] = {
        "reading": reading,
        "number": 1 + sum(each == reading for each in changes["readings"]),
        "question": body.question,
        "text": body.text,
        "articles": sorted(set(body.articles)),
        "issued_by": [organ for organ in ORGANS if organ in body.issued_by],
        "document_number": body.document_number,
        "document_date": body.document_date,
        "effective_from": body.effective_from,
        "sets": [
            {"key": key, "value": list(value) if isinstance(value, tuple) else value}
            for key, value in sets.items()
        ],
        "recorded_by": call.principal.actor,
        "recorded_at": call.now,
    }
    row["digest"] = interpretation_digest(row)
    _add(call, tx, row)
    return row


def _issued(body: InterpretationIn, today: date) -> None:
    """Art. 44: one organ together with the two others interprets; a reading by fewer binds nobody."""
    lacking = [name for organ, name in ORGANS.items() if organ not in body.issued_by]
    if lacking:
        names = "、".join(lacking)
        raise fault("/issued_by", "issuers_incomplete", f"解释由三家机关会同作出，缺少{names}（第四十四条）")
    if body.document_date > today:
        raise fault("/document_date", "date_in_future", "发文日期晚于今天，请核对")


def _new_id(book: RuleBook) -> str:
    return f"R{1 + max((int(row.id[1:]) for row in book.readings if row.id[1:].isdigit()), default=0)}"


def _add(call: Call, tx: Tx, row: dict[str, Any]) -> None:
    """The row with its audit entry and event; this process uses it from the commit on."""
    tx.batch.add(_INSERT, **row)
    audited(
        call,
        tx,
        "interpretation.record",
        f"{row['reading']}.{row['number']}",
        {"effective_from": row["effective_from"].isoformat(), "digest": row["digest"]},
        tenant=PROVINCE,
    )
    books = call.service(RuleBooks)
    ruling = ruling_of(books.book, row)
    tx.on_commit.append(lambda: books.add_ruling(ruling))
    _tell(
        call,
        tx,
        row,
        [each.code for each in books.divisions if books.divisions.tenant_of(each.code) == each.code],
    )


def _tell(call: Call, tx: Tx, row: Mapping[str, Any], tenants: list[str]) -> None:
    """Everybody who decides by it."""
    desks = [Recipient(PROVINCE, role) for role in ("office", "drc", "finance")]
    for tenant in tenants:
        if tenant != PROVINCE:
            desks += [Recipient(tenant, role) for role in ("gatekeeper", "approver", "portal")]
    emitted(
        call,
        tx,
        "rulebook.interpreted",
        desks,
        {
            "subject": {"id": row["reading"], "name": row["reading"], "owner_name": ORGANS["general_office"]},
            "interpretation": {
                "id": row["reading"],
                "number": row["number"],
                "document_number": row["document_number"],
                "effective_from": row["effective_from"].isoformat(),
            },
            "message": f"自{row['effective_from'].isoformat()}起按此解释办理，已作出的决定不变（第四十四条）。",
            "reason": row["text"],
            "actor": call.principal.actor,
            "steps": {},
        },
        tenant=PROVINCE,
    )
