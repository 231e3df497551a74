"""Library entries of before the system (arts 8, 9; R15): one person enters the document, another confirms it.

A confirmed one is cited by the owner's declaration (`facts.library_entry`), by one project only.
"""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import Text, Uuid, bindparam, literal_column, or_, select

from service.audit.actions import audited
from service.characters.placeholders import spelt
from service.identity.queries import OFFICE
from service.kit.api import Answer, Call, Error
from service.kit.clock import legal_day
from service.kit.command import command
from service.kit.db import Row, Tx
from service.kit.errors import FieldError, ServiceError, invalid, or_404
from service.kit.ids import Ref, new_id, parse_ref
from service.kit.outbox import Recipient, emitted
from service.kit.rows import columns_of, of_row
from service.kit.statements import ROW_ID, TENANT_ID, Statement, scope_ready
from service.kit.tables import insert_row, update_row
from service.kit.turns import take_turn
from service.library.models import library_imports
from service.library.schemas_imports import DocumentIn, ImportDecisionIn, ImportIn, ImportView
from service.measures.intake import valid_until
from service.projects.api import SAME
from service.projects.hands import same_person
from service.projects.submission import PROVINCE
from service.rulebook.book import RuleBooks

TAG = "library"

M = library_imports.c
_ADD = insert_row(library_imports)
ONE = Statement(select(*library_imports.c).where(M.tenant_id == TENANT_ID, M.id == ROW_ID, scope_ready()))
_OF_OWNER = Statement(
    select(M.project_name, M.document).where(
        M.tenant_id == TENANT_ID,
        M.owner_office_id == bindparam("owner", type_=Uuid(as_uuid=False)),
        M.state != literal_column("'refused'"),
        scope_ready(),
    )
)
_state = bindparam("state", type_=Text)
LIST = Statement(
    select(*library_imports.c)
    .where(
        or_(TENANT_ID.is_(None), M.tenant_id == TENANT_ID),
        or_(_state.is_(None), M.state == _state),
        scope_ready(),
    )
    .order_by(M.proposed_at.desc(), M.id.desc())
    .limit(bindparam("limit"))
)
_DECIDE = update_row(
    library_imports,
    M.state == literal_column("'proposed'"),
    state="new_state",
    decided_by="by",
    decided_at="at",
    reason="why",
    by_tenant="acting",
    version=M.version + 1,
)
DECIDED = ("already_decided", "该补录已经复核（本系统规定）")


def import_view(row: Row | dict[str, Any]) -> ImportView:
    """A row as an answer."""
    return of_row(
        ImportView,
        row,
        id=str(Ref(row["tenant_id"], row["id"])),
        owner=str(Ref(row["tenant_id"], row["owner_office_id"])),
        document=msgspec.convert(columns_of(row["document"], *DocumentIn.__struct_fields__), DocumentIn),
    )


def _proposed(call: Call, row: Any) -> Answer:
    shown = import_view(row)
    return Answer(shown, version=1, headers={"location": f"/api/v1/library-imports/{shown.id}"})


@command(
    "POST",
    "/library-imports",
    resource="library",
    action="import",
    summary="补录入库记录",
    tag=TAG,
    where="cases",
    body=ImportIn,
    answer=ImportView,
    status=201,
    view=_proposed,
)
async def import_entry(call: Call, tx: Tx) -> dict[str, Any]:
    """系统启用前已入库的项目，按入库文件补录；由另一人复核后有效，申报时引用其编号。"""
    # Enters what a document of before says; it counts for nothing until another person confirms it.
    row = await _row(call, tx)
    tx.batch.add(_ADD, **row)
    said = "入库记录已补录，须由另一人复核后有效。"
    _tell(call, tx, row, "library.import_proposed", [Recipient(PROVINCE, "office")], said)
    return row


async def enter(call: Call, tx: Tx) -> dict[str, Any]:
    """An entry that another person (`call.found`) had proposed in a workbook, put in force by the caller."""
    row = await _row(call, tx)
    if call.principal.same_hand(call.found):
        raise same_person("补录人不能自行复核，须由另一人复核（本系统规定）", None)
    row |= {
        "proposed_by": call.found,
        "state": "confirmed",
        "decided_by": call.principal.actor,
        "decided_at": call.now,
    }
    tx.batch.add(_ADD, **row)
    _tell(call, tx, row, "library.import_decided", _desks(row), "入库记录经复核有效，申报时请引用其编号。")
    return row


async def _row(call: Call, tx: Tx) -> dict[str, Any]:
    body: ImportIn = call.body
    owner, today = parse_ref(body.owner), legal_day(call.now)
    office = await tx.row(OFFICE, tenant_id=owner.tenant, id=owner.id)
    if office is None:
        raise invalid([FieldError("/owner", "unknown_office", "没有这个单位")])
    if max(body.entered_on, body.document.date) > today:
        raise invalid([FieldError("/entered_on", "date_order", "入库日和文件日期不能晚于今天（第八条）")])
    await _only_one(tx, owner, body)
    years = int(call.service(RuleBooks).book.number_on("library.validity_years", today))
    return {
        "tenant_id": owner.tenant,
        "id": new_id(),
        "owner_office_id": owner.id,
        "owner_name": office["name"],
        "project_name": body.project_name,
        "document": msgspec.to_builtins(body.document),
        "entered_on": body.entered_on,
        "valid_until": valid_until(body.entered_on, years),
        "note": body.note,
        "state": "proposed",
        "proposed_by": call.principal.actor,
        "proposed_at": call.now,
        "decided_by": None,
        "decided_at": None,
        "reason": None,
        "by_tenant": call.principal.tenant,
        "version": 1,
    }


async def _only_one(tx: Tx, owner: Ref, body: ImportIn) -> None:
    """422 where the entry is there already: each may be cited by a project, so two would let two in by one document."""
    await take_turn(tx, f"library-import:{owner}")
    others = await tx.fetch(_OF_OWNER, tenant_id=owner.tenant, owner=owner.id)
    mine = spelt(body.project_name), spelt(body.document.number)
    if any((spelt(row["project_name"]), spelt(row["document"]["number"])) == mine for row in others):
        detail = "该单位已按同一文号补录同名项目；同一项目只补录一次"
        raise invalid([FieldError("/project_name", "already_registered", detail)])


def _decided(call: Call, row: Any) -> Answer:
    return Answer(import_view(row), version=row["version"])


@command(
    "POST",
    "/library-imports/{ref:str}/confirm",
    resource="library",
    action="import",
    summary="复核补录的入库记录",
    tag=TAG,
    where="cases",
    body=ImportDecisionIn,
    answer=ImportView,
    if_match=True,
    errors=(SAME, Error(409, "already_decided", "该补录已经复核")),
    view=_decided,
)
async def confirm_import(call: Call, tx: Tx) -> dict[str, Any]:
    """补录人以外的一人核对原件后认可，或者说明理由不予认可。"""
    # The second person puts it in force as it was read (If-Match), or refuses it.
    body: ImportDecisionIn = call.body
    ref = parse_ref(call.path("ref"))
    row = or_404(await tx.row(ONE, tenant_id=ref.tenant, id=ref.id))
    if call.expected is not None:
        call.expected.check(row["version"])
    if row["state"] != "proposed":
        raise ServiceError(409, *DECIDED)
    if call.principal.same_hand(row["proposed_by"]):
        raise same_person("补录人不能自行复核，须由另一人复核（本系统规定）", None)
    if not body.accepted and body.reason is None:
        raise invalid([FieldError("/reason", "missing_field", "不予认可请说明理由")])
    state = "confirmed" if body.accepted else "refused"
    tx.batch.add(
        _DECIDE,
        miss=ServiceError(409, *DECIDED),
        of_tenant=ref.tenant,
        of_id=ref.id,
        new_state=state,
        by=call.principal.actor,
        at=call.now,
        why=body.reason,
        acting=call.principal.tenant,
    )
    after = {
        **dict(row),
        "state": state,
        "decided_by": call.principal.actor,
        "decided_at": call.now,
        "reason": body.reason,
        "version": row["version"] + 1,
    }
    _tell(call, tx, after, "library.import_decided", _desks(row), _said(body))
    return after


def _said(body: ImportDecisionIn) -> str:
    if body.accepted:
        return "入库记录经复核有效，申报时请引用其编号。"
    return f"补录的入库记录未予认可：{body.reason}"


def _desks(row: Row | dict[str, Any]) -> list[Recipient]:
    role = "department" if row["tenant_id"] == PROVINCE else "unit"
    return [Recipient(PROVINCE, "office"), Recipient(row["tenant_id"], role, row["owner_office_id"])]


def _tell(call: Call, tx: Tx, row: dict[str, Any], kind: str, desks: list[Recipient], message: str) -> None:
    reference = str(Ref(row["tenant_id"], row["id"]))
    audited(
        call,
        tx,
        kind,
        row["id"],
        {"state": row["state"], "entered_on": row["entered_on"].isoformat()},
        kind="library_import",
        tenant=row["tenant_id"],
    )
    subject = {"id": reference, "name": row["project_name"], "owner_name": row["owner_name"]}
    emitted(
        call, tx, kind, desks, {"subject": subject, "message": message, "steps": {}}, tenant=row["tenant_id"]
    )
