"""Amendments (arts 44, 45): values set by a document of the province, dated, with a transition clause as data.

One person asks, another puts it in force; what was decided stays as it was. Both rows are only ever added.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from service.audit.actions import audited
from service.kit.api import Again, Call
from service.kit.clock import legal_day
from service.kit.db import Tx
from service.kit.digest import sealed
from service.kit.errors import ServiceError, or_404
from service.kit.outbox import Recipient, emitted
from service.kit.second_person import by_another
from service.kit.tables import insert_row
from service.measures.coherence import contradictions
from service.measures.law import clause_of
from service.measures.parameters import RuleBook
from service.measures.periods import IN_FORCE
from service.measures.rule_entries import Clause, Value
from service.province import CODE
from service.rulebook.actions_overlays import same_version
from service.rulebook.book import RuleBooks, Ruling
from service.rulebook.models import amendment_decisions, amendments
from service.rulebook.queries import AMENDMENT, AMENDMENT_CHANGES
from service.rulebook.reading_rows import amended_of
from service.rulebook.schemas_amendments import AmendmentConfirmIn, AmendmentIn, AmendmentPreviewIn
from service.rulebook.schemas_runtime import ORGANS
from service.rulebook.values import entry_of, fault, read_value

PROVINCE = CODE
_PROPOSE = insert_row(amendments)
_DECIDE = insert_row(amendment_decisions)


def proposed_values(book: RuleBook, body: AmendmentPreviewIn, today: date) -> dict[str, Value]:
    """The values by key; 422 for the past, for unknown parameters and for values that do not fit or change nothing."""
    if body.effective_from < today:
        raise fault("/effective_from", "date_in_past", "生效日不得早于今天：已作出的决定不变（本系统规定）")
    clause_in(body)
    found: dict[str, Value] = {}
    for index, each in enumerate(body.entries):
        entry = entry_of(book, each.key, body.effective_from, f"/entries/{index}/key")
        value = read_value(entry, each.value, f"/entries/{index}/value")
        if value == entry.value:
            raise fault(f"/entries/{index}/value", "nothing_changed", "该日的规定已是此数，没有变化")
        found[each.key] = value
    if len(found) != len(body.entries):
        raise fault("/entries", "duplicate_key", "同一参数只能修改一次")
    for key, wrong in contradictions(book, found, body.effective_from):
        raise fault(f"/entries/{list(found).index(key)}/value", "contradiction", wrong)
    return found


def clause_in(body: AmendmentPreviewIn) -> Clause | None:
    """The transition clause, or 422 for a state that does not go with it."""
    if body.transition is None:
        return None
    try:
        return clause_of(body.transition.mode, body.transition.state)
    except ValueError:
        detail = "自某一环节起重新判定的须写明环节，其他方式不写"
        raise fault("/transition/state", "state", detail) from None


def amended(call: Call, body: AmendmentPreviewIn) -> Ruling:
    """The entries that it would make, as of this moment."""
    books, today = call.service(RuleBooks), legal_day(call.now)
    values = proposed_values(books.book, body, today)
    document = body.document_number or "本修改"
    row = {**_plain(body, values), "document_number": document, "decided_at": call.now}
    return amended_of(books.book, row)


def _plain(body: AmendmentPreviewIn, values: Mapping[str, Value]) -> dict[str, Any]:
    clause = clause_in(body)
    return {
        "effective_from": body.effective_from,
        "entries": [
            {"key": key, "value": list(value) if isinstance(value, tuple) else value}
            for key, value in values.items()
        ],
        "transition": None if clause is None else {"mode": clause.mode.value, "state": clause.state},
    }


def strands_nobody(stranded: int) -> None:
    """409 while a pending case could not go on under the amendment (R23)."""
    if stranded:
        detail = "有在办项目按此过渡办法无法继续办理，请改用不影响它们的过渡办法；先预览可查看是哪些项目"
        raise ServiceError(409, "amendment_strands", detail, stranded=stranded)


async def propose(call: Call, tx: Tx) -> dict[str, Any]:
    """Records the deed; nothing changes until a second person confirms it."""
    body: AmendmentIn = call.body
    books, changes = await _current(call, tx)
    today = legal_day(call.now)
    values = proposed_values(books.book, body, today)
    same_version(books.book, body.expected_version, body.effective_from)
    if body.document_date > today:
        raise fault("/document_date", "date_in_future", "发文日期晚于今天，请核对")
    if body.document_date < IN_FORCE:
        detail = f"修改文件不能早于办法施行的 {IN_FORCE.isoformat()}（第四十五条）"
        raise fault("/document_date", "date_order", detail)
    if "general_office" not in body.issued_by:
        raise fault("/issued_by", "issuers_incomplete", "办法由省政府办公厅印发，修改须由其作出或会同作出")
    row: dict[str, Any] = {
        "number": 1 + changes["amendments"],
        "document_number": body.document_number,
        "document_date": body.document_date,
        "issued_by": [organ for organ in ORGANS if organ in body.issued_by],
        "reason": body.reason,
        **_plain(body, values),
        "proposed_by": call.principal.actor,
        "proposed_user": call.principal.user,
        "proposed_at": call.now,
    }
    row["digest"] = amendment_digest(row)
    tx.batch.add(_PROPOSE, **row)
    _audited(call, tx, "amendment.propose", row["number"], row["digest"], row["effective_from"])
    desks = [Recipient(PROVINCE, role) for role in ("office", "drc", "finance")]
    _tell(call, tx, row, desks, "rulebook.amendment_proposed", "规定修改待另一人确认，确认前不生效。")
    return row


async def decide(call: Call, tx: Tx, number: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """A second person puts it in force, exactly as it was shown, or refuses it; (amendment, decision)."""
    body: AmendmentConfirmIn = call.body
    books, _ = await _current(call, tx)
    row = or_404(await tx.row(AMENDMENT, number=number))
    if row["decided_at"] is not None:
        raise ServiceError(409, "amendment_decided", "该修改已有决定")
    by_another(row["proposed_user"], call.principal, row["proposed_by"])
    if body.accepted:
        if row["effective_from"] < legal_day(call.now):
            raise ServiceError(409, "amendment_late", "生效日已过，请重新登记；已作出的决定不变")
        same_version(books.book, body.expected_version, row["effective_from"])
        _still_fits(books.book, row)
    decision: dict[str, Any] = {
        "number": number,
        "accepted": body.accepted,
        "note": body.note,
        "decided_by": call.principal.actor,
        "decided_at": call.now,
    }
    decision["digest"] = decision_digest(decision)
    tx.batch.add(_DECIDE, **decision)
    done = "amendment.confirm" if body.accepted else "amendment.refuse"
    _audited(call, tx, done, number, decision["digest"], row["effective_from"])
    plain = dict(row)
    if body.accepted:
        _in_force(call, tx, {**plain, **decision, "digest": row["digest"]})
    else:
        desks = [Recipient(PROVINCE, "office")]
        _tell(call, tx, plain, desks, "rulebook.amendment_refused", f"未获确认，不生效。{body.note or ''}")
    return plain, decision


def _still_fits(book: RuleBook, row: Mapping[str, Any]) -> None:
    """409 where another amendment, confirmed meanwhile for a later day, makes of the two what cannot be."""
    start = row["effective_from"]
    values = {each["key"]: each["value"] for each in row["entries"]}
    for _, wrong in contradictions(book, values, start):
        detail = f"登记之后规则库已有变动，与本修改矛盾：{wrong}；请重新登记"
        raise ServiceError(409, "rulebook_changed", detail, rulebook_version=book.version(start))


def _in_force(call: Call, tx: Tx, row: Mapping[str, Any]) -> None:
    """This process decides by it from the commit on; everybody who decides by it is told."""
    books = call.service(RuleBooks)
    change = amended_of(books.book, row)
    tx.on_commit.append(lambda: books.add_ruling(change))
    desks = [Recipient(PROVINCE, role) for role in ("office", "drc", "finance", "department")]
    for each in books.divisions:
        if books.divisions.tenant_of(each.code) == each.code != PROVINCE:
            desks += [Recipient(each.code, role) for role in ("gatekeeper", "approver", "portal")]
    said = f"自{row['effective_from'].isoformat()}起施行。{told_clause(row['transition'])}已作出的决定不变。"
    _tell(call, tx, row, desks, "rulebook.amended", said)


_CLAUSES = {
    None: "此前已受理的仍按原规定办理，草稿按新规定。",
    "stay": "此前已受理的仍按原规定办理，草稿按新规定。",
    "next_desk": "此前已受理的，在下一办理环节按新规定重新判定。",
    "from_state": "此前已受理的，自写明的环节起按新规定重新判定。",
}


def told_clause(transition: Mapping[str, Any] | None) -> str:
    """The clause in one sentence."""
    return _CLAUSES[None if transition is None else transition["mode"]]


async def _current(call: Call, tx: Tx) -> tuple[RuleBooks, dict[str, Any]]:
    """The books as the database has them now, and how many amendments it holds."""
    row = or_404(await tx.row(AMENDMENT_CHANGES))
    books = call.service(RuleBooks)
    if row["changes"] > books.provincial:
        raise Again(books.catch_up)
    return books, dict(row)


def _audited(call: Call, tx: Tx, action: str, number: int, digest: str, start: date) -> None:
    audited(
        call,
        tx,
        action,
        str(number),
        {"effective_from": start.isoformat(), "digest": digest},
        kind="amendment",
        tenant=PROVINCE,
    )


def _tell(
    call: Call, tx: Tx, row: Mapping[str, Any], desks: list[Recipient], kind: str, message: str
) -> None:
    emitted(
        call,
        tx,
        kind,
        desks,
        {
            "subject": {
                "id": str(row["number"]),
                "name": row["document_number"],
                "owner_name": ORGANS["general_office"],
            },
            "amendment": {
                "number": row["number"],
                "document_number": row["document_number"],
                "effective_from": row["effective_from"].isoformat(),
                "keys": [each["key"] for each in row["entries"]],
                "transition": row["transition"],
            },
            "message": message,
            "reason": row["reason"],
            "actor": call.principal.actor,
            "steps": {"portal": "请提醒各项目单位：草稿按新规定判定。"} if kind == "rulebook.amended" else {},
        },
        tenant=PROVINCE,
    )


def amendment_digest(row: Any) -> str:
    """SM3 over everything the proposal says; `proposed_at` in UTC."""
    names = ("number", "document_number", "reason", "entries", "transition", "proposed_by")
    dates = ("document_date", "effective_from", "proposed_at")
    plain = {name: row[name] for name in names} | {"issued_by": list(row["issued_by"])}
    return sealed(plain | {name: row[name].isoformat() for name in dates})


def decision_digest(row: Any) -> str:
    """SM3 over the second person's decision."""
    plain = {name: row[name] for name in ("number", "accepted", "note", "decided_by")}
    return sealed(plain | {"decided_at": row["decided_at"].isoformat()})
