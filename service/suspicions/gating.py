"""The mark a confirmed split leaves on its projects: submission, gatekeeping, approval and hand-over stop there."""

from __future__ import annotations

from collections.abc import Iterable

from service.kit.clock import legal_day
from service.kit.db import Row, Tx
from service.kit.ids import Ref
from service.measures.lifecycle import TRANSITIONS, Action, Holder, Transition, procedure_of
from service.projects.case import Case, case_of, statement_for
from service.projects.phases import Deed, owner_desks, perform
from service.projects.state import Actor
from service.suspicions.queries import NOTHING_TO_BUILD, SPLITS


async def cases_of(tx: Tx, members: Iterable[Row]) -> list[Case]:
    """The members' cases that this login sees and that are still alive."""
    found = []
    for member in members:
        row = await tx.row(statement_for(tx.scope), tenant_id=member["tenant_id"], id=member["project_id"])
        if row is not None and row["state"] not in NOTHING_TO_BUILD:
            found.append(case_of(row))
    return found


def writable(tx: Tx, case: Case) -> bool:
    """Whether this login may write the case at all: the others are reached in their own tenant, by an event."""
    if tx.scope.login == "province":
        return case.desk is Holder.PROVINCE
    return case.desk is not Holder.PROVINCE


def hold(tx: Tx, case: Case, suspicion: str, reason: str, actor: Actor) -> bool:
    """Shuts the gate of a case that may still be stopped; False where it is past that."""
    if _marked(case):
        return True
    row = _row(case, Action.CONFIRM_SPLIT)
    if row is None:
        return False
    _leave(tx, case, True, suspicion, reason, actor, row)
    return True


def opens(case: Case, state: str, merged: str | None) -> bool:
    """Whether a decision opens this member's gate: a dismissal every one's, joining the merged project's or the last's.

    The other parts stay shut and can be withdrawn or returned only: else naming one of them would let all go on.
    """
    return state != "joined" or merged is None or case.id == merged


async def release(tx: Tx, case: Case, suspicion: str, reason: str, actor: Actor) -> bool:
    """Opens it again, unless another confirmed group holds the project; False where it was not shut."""
    if not _marked(case):
        return False
    held = await tx.fetch(SPLITS, tenant_id=case.tenant_id, id=case.id)
    if any(str(Ref(case.tenant_id, row["id"])) != suspicion and row["state"] == "confirmed" for row in held):
        return False
    row = _row(case, Action.CLEAR_SPLIT)
    if row is None:
        return False
    _leave(tx, case, False, suspicion, reason, actor, row)
    return True


def _row(case: Case, action: Action) -> Transition | None:
    """The table's row. Who may decide on a suspicion is asked at its own door; the mark only follows from that."""
    procedure = procedure_of(case.route, case.declarer)
    return None if procedure is None else TRANSITIONS.get((case.stage, action, procedure))


def _marked(case: Case) -> bool:
    return bool((case.dated.get("split") or {}).get("confirmed"))


def _leave(
    tx: Tx, case: Case, confirmed: bool, suspicion: str, reason: str, actor: Actor, row: Transition
) -> None:
    act, kind = (Action.CONFIRM_SPLIT, "gated") if confirmed else (Action.CLEAR_SPLIT, "released")
    message = "已确认属于拆分申报，合并后方可继续办理（第八条）。" if confirmed else "拆分申报的标记已解除。"
    deed = Deed(
        act,
        legal_day(actor.now),
        f"suspicion.{kind}",
        owner_desks(case),
        content={"suspicion": suspicion, "confirmed": confirmed},
        dated={"split": {"confirmed": confirmed, "suspicion": suspicion}},
        message=message,
        steps={"unit": "请与相似项目合并申报。", "department": "请与相似项目合并申报。"} if confirmed else {},
        reason=reason,
    )
    perform(tx, case, deed, actor, row)
