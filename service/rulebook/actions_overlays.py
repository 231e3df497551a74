"""A city's own values within the province's rule book (art. 5): recorded, superseded, ended; never changed.

The gatekeeper writes them: art. 9 makes its desk answer for what the city collects and checks. The approver does not,
who would set the bar it decides by, nor the administrator, who has no part in cases.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from service.audit.actions import audited
from service.kit.api import Again, Answer, Call, Error
from service.kit.clock import legal_day
from service.kit.command import command, ref_of
from service.kit.db import Tx
from service.kit.digest import sealed
from service.kit.errors import FieldError, ServiceError, invalid, not_found, or_404
from service.kit.ids import Ref, new_id
from service.kit.outbox import Recipient, emitted
from service.kit.tables import insert_row
from service.measures.parameters import OverlayRefused, RuleBook, apply_overlay
from service.measures.rule_entries import Entry, Overlay, Value
from service.province import CODE
from service.rulebook.book import RuleBooks
from service.rulebook.models import rulebook_overlays
from service.rulebook.queries import OVERLAY, TENANT_CHANGES
from service.rulebook.reading_rows import overlay_of
from service.rulebook.schemas_runtime import OverlayEndIn, OverlayIn, OverlayRecorded
from service.rulebook.values import entry_of, fault, read_value
from service.rulebook.views import overlay_view

NOTHING = Error(409, "overlay_not_standing", "该日没有本市自行设置的值")

TAG = "rulebook"

MOVED = Error(409, "rulebook_changed", "规则库在预览之后已有变动，请重新查看影响后再登记")

PROVINCE = CODE
_INSERT = insert_row(rulebook_overlays)
_ON_KEY = ("unknown_key", "mode_none")


def _recorded(call: Call, row: dict[str, Any], book: RuleBook) -> Answer:
    start: date = row["effective_from"]
    status = "coming" if start > legal_day(call.now) else "ended" if row["value"] is None else "standing"
    view = overlay_view(call.service(RuleBooks), row, status)
    headers = {"location": f"/api/v1/rulebook/overlays/{view.id}"}
    return Answer(OverlayRecorded(overlay=view, rulebook_version=book.version(start)), headers=headers)


def proposed(
    books: RuleBooks, tenant: str, key: str, given: Any, start: date, today: date
) -> tuple[Entry, Value, RuleBook]:
    """(parameter, value, the tenant's book with it); 422 for what the city may not set, and for the past."""
    if start < today:
        raise fault("/effective_from", "date_in_past", "生效日不得早于今天：已作出的决定不变")
    book = books.of(tenant)
    entry = entry_of(book, key, start, "/key")
    value = read_value(entry, given, "/value")
    overlay = Overlay(tenant, key, value, start, _later(book))
    try:
        return entry, value, apply_overlay(book, overlay)
    except OverlayRefused as refused:
        pointer = "/key" if refused.reason in _ON_KEY else "/value"
        raise invalid([FieldError(pointer, refused.reason, refused.detail)]) from None


def ended(books: RuleBooks, tenant: str, key: str, start: date, today: date) -> RuleBook:
    """The tenant's book without its own value from a day on; 409 where none of its own would stand on that day."""
    if start < today:
        raise fault("/effective_from", "date_in_past", "终止日不得早于今天：已作出的决定不变")
    book = books.of(tenant)
    if book.overlay_on(key, start) is None:
        raise ServiceError(409, "overlay_not_standing", "该日没有本市自行设置的值，无需终止")
    return apply_overlay(book, Overlay(tenant, key, None, start, _later(book)))


def _later(book: RuleBook) -> datetime:
    """A moment after everything known: the proposal comes last."""
    known = [row.recorded_at for row in book.entries] + [row.recorded_at for row in book.overlays]
    return max(known)


def same_version(book: RuleBook, expected: str, start: date) -> None:
    """409 when the rules moved since the caller looked at the effect."""
    version = book.version(start)
    if version != expected:
        raise ServiceError(
            409,
            "rulebook_changed",
            "规则库在预览之后已有变动，请重新查看影响后再登记",
            rulebook_version=version,
        )


@command(
    "POST",
    "/rulebook/overlays",
    resource="rulebook.overlay",
    action="record",
    summary="登记本市设置",
    tag=TAG,
    body=OverlayIn,
    answer=OverlayRecorded,
    status=201,
    errors=(MOVED,),
    conflict=MOVED,
    view=lambda call, done: _recorded(call, *done),
)
async def overlay_record(call: Call, tx: Tx) -> tuple[dict[str, Any], RuleBook]:
    """在参数的 overlay 方式允许的范围内另设本市的值，自生效日起对本市的决定适用；先预览影响，并带上预览给出的版本。

    只增不改：同一参数再次登记即取代。登记一经答复，本市其后的每项决定都已采用（生效日已到的）。
    """
    # Records a value of the city's own.
    body: OverlayIn = call.body
    number, before = await _next(call, tx)
    today = legal_day(call.now)
    books = call.service(RuleBooks)
    entry, value, book = proposed(
        books, call.principal.tenant, body.key, body.value, body.effective_from, today
    )
    same_version(before, body.expected_version, body.effective_from)
    row = _add(call, tx, number, entry, value, body)
    return row, book


@command(
    "POST",
    "/rulebook/overlays/{ref:str}/end",
    resource="rulebook.overlay",
    action="record",
    summary="终止本市设置",
    tag=TAG,
    body=OverlayEndIn,
    answer=OverlayRecorded,
    status=201,
    errors=(MOVED, NOTHING),
    conflict=MOVED,
    at=ref_of,
    view=lambda call, done: _recorded(call, *done),
)
async def overlay_end(call: Call, tx: Tx, ref: Ref) -> tuple[dict[str, Any], RuleBook]:
    """自给定日起恢复省级统一规定；原登记保留。"""
    # Ends the city's own value of the overlay's parameter from a day on.
    body: OverlayEndIn = call.body
    if ref.tenant != call.principal.tenant:
        raise not_found()
    number, before = await _next(call, tx)
    stored = or_404(await tx.row(OVERLAY, tenant_id=ref.tenant, id=ref.id, today=legal_day(call.now)))
    books = call.service(RuleBooks)
    book = ended(books, ref.tenant, stored["key"], body.effective_from, legal_day(call.now))
    same_version(before, body.expected_version, body.effective_from)
    entry = book.entry_on(stored["key"], body.effective_from)
    row = _add(call, tx, number, entry, None, body)
    return row, book


async def _next(call: Call, tx: Tx) -> tuple[int, RuleBook]:
    """The number of the tenant's next change, and its book as the database has it now."""
    tenant = call.principal.tenant
    row = or_404(await tx.row(TENANT_CHANGES, tenant_id=tenant))
    books = call.service(RuleBooks)
    if row["rule_changes"] > books.known(tenant):
        raise Again(books.catch_up)
    return row["overlays"] + 1, books.of(tenant)


def _add(
    call: Call, tx: Tx, number: int, entry: Entry, value: Value | None, body: OverlayIn | OverlayEndIn
) -> dict[str, Any]:
    """The row with its digest, audit entry and event; this process uses it from the commit on."""
    tenant = call.principal.tenant
    row: dict[str, Any] = {
        "tenant_id": tenant,
        "id": new_id(),
        "number": number,
        "key": entry.key,
        "value": list(value) if isinstance(value, tuple) else value,
        "effective_from": body.effective_from,
        "reason": body.reason,
        "recorded_by": call.principal.actor,
        "recorded_at": call.now,
    }
    row["digest"] = overlay_digest(row)
    tx.batch.add(_INSERT, **row)
    audited(
        call,
        tx,
        "overlay.record",
        row["id"],
        {"number": number, "key": entry.key, "digest": row["digest"]},
        tenant=tenant,
    )
    _tell(call, tx, entry, row)
    books = call.service(RuleBooks)
    tx.on_commit.append(lambda: books.add_overlay(overlay_of(row)))
    return row


def overlay_digest(row: Any) -> str:
    """SM3 over everything the row says; `recorded_at` in UTC."""
    names = ("tenant_id", "id", "number", "key", "value", "reason", "recorded_by")
    plain = {name: row[name] for name in names}
    return sealed(
        plain
        | {"effective_from": row["effective_from"].isoformat(), "recorded_at": row["recorded_at"].isoformat()}
    )


def _tell(call: Call, tx: Tx, entry: Entry, row: dict[str, Any]) -> None:
    """The city's own desks, which must follow it, and the province's office, which sees all overlays.

    Declaring units meet it in their preview: a message without an office is no office's to read.
    """
    tenant = row["tenant_id"]
    division = call.service(RuleBooks).divisions.get(tenant)
    city = tenant if division is None else division.name
    verb = "恢复省级统一规定" if row["value"] is None else "改用本市设置"
    desks = [Recipient(tenant, role) for role in ("gatekeeper", "approver", "portal")]
    emitted(
        call,
        tx,
        "rulebook.overlaid",
        [Recipient(PROVINCE, "office"), *desks],
        {
            "subject": {"id": str(Ref(tenant, row["id"])), "name": _called(entry), "owner_name": city},
            "overlay": {
                "key": entry.key,
                "effective_from": row["effective_from"].isoformat(),
                "number": row["number"],
            },
            "message": f"自{row['effective_from'].isoformat()}起{verb}。",
            "reason": row["reason"],
            "actor": call.principal.actor,
            "steps": {"portal": "请提醒各项目单位按新的设置准备材料。", "office": "如有疑问请与该市联系。"},
        },
        tenant=tenant,
    )


def _called(entry: Entry) -> str:
    """The parameter as people call it: the first clause of its note."""
    return entry.note.partition("；")[0] or entry.key
