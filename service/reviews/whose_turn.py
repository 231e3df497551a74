"""What every action of the review asks: whose organs, which slot, is the appraisal or the review still open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from service.audit.actions import audited
from service.kit.api import Call
from service.kit.db import Row, Tx
from service.kit.errors import FieldError, ServiceError, invalid
from service.kit.ids import new_id
from service.kit.outbox import Recipient, emitted
from service.kit.statements import Statement
from service.measures.citations import articles_label
from service.measures.lifecycle import Procedure, procedure_of
from service.measures.offices import Tier
from service.measures.organs import ROLES, SLOT_NAMES, Slot, deciding_tier
from service.projects.approving import tier_of
from service.projects.case import Case
from service.projects.hands import may_lay_hand
from service.projects.state import snapshot
from service.projects.submission import PROVINCE


def organs_tenant(case: Case) -> str:
    """The tenant whose organs review: the province's, or the case's city on its own route (R5)."""
    return PROVINCE if tier_of(case) is Tier.PROVINCE else case.tenant_id


def tier_by(tenant: str) -> Tier:
    """The tier of the organs of that tenant that review."""
    return Tier.PROVINCE if tenant == PROVINCE else Tier.CITY


def procedure(case: Case) -> Procedure:
    """The procedure of a case that was decided; drafts never come here."""
    found = procedure_of(case.route, case.declarer)
    if found is None:
        raise ServiceError(409, "action_not_allowed", "项目尚未申报，没有审批路径（第十三条）", article=13)
    return found


def numbered(case: Case, number: int, later: Sequence[str]) -> dict[str, Any]:
    """How the row of an appraisal and of a joint review begins: whose it is, its number in the case, and nothing of
    what is only known `later`."""
    return {
        "tenant_id": case.tenant_id,
        "office_id": case.office_id,
        "id": new_id(),
        "project_id": case.id,
        "number": number,
        "by_tenant": organs_tenant(case),
        **dict.fromkeys(later),
    }


def next_number(
    tx: Tx, case: Case, earlier: Sequence[Row], lapse: Statement, lies_open: Callable[[Row], bool]
) -> int:
    """The number of the next appraisal or joint review in the case. What still lies open is of a declaration that was
    returned since, and lapses.
    """
    for each in filter(lies_open, earlier):
        tx.batch.add(lapse, of_tenant=case.tenant_id, of_id=each["id"], lapsed="lapsed")
    return 1 + max((each["number"] for each in earlier), default=0)


def named_once(at: str, values: Sequence[str], detail: str) -> None:
    """422 for a list in which something stands twice."""
    if len(set(values)) != len(values):
        raise invalid([FieldError(at, "duplicate", detail)])


def desk_of(case: Case, slot: Slot) -> Recipient:
    """The desk that holds a slot in the deciding tier; of the agencies, the one that was commissioned last."""
    tier = deciding_tier(procedure(case))
    office = case.agencies[-1] if slot is Slot.AGENCY and case.agencies else None
    return Recipient(organs_tenant(case), ROLES[tier][slot], office)


def slot_name(case: Case, slot: Slot) -> str:
    """The organ's name in the deciding tier."""
    return SLOT_NAMES[tier_of(case)][slot]


def holds(call: Call, case: Case, *slots: Slot) -> bool:
    """Whether the caller holds one of the slots in the deciding tier, in that tier's own tenant."""
    who, tier = call.principal, tier_of(case)
    if who.tier != tier.value or who.tenant != organs_tenant(case):
        return False
    return any(ROLES[tier][slot] in who.roles for slot in slots)


def not_theirs(case: Case, names: str, article: int) -> ServiceError:
    """409: this is for others, by this article."""
    return ServiceError(
        409,
        "action_not_allowed",
        f"此事项由{names}办理（{articles_label((article,))}）",
        reason="wrong_role",
        article=article,
        state=case.state,
    )


def only(call: Call, tx: Tx | None, case: Case, article: int, *slots: Slot) -> None:
    """409 unless the caller holds one of the slots of the deciding tier: no organ acts in another's place.

    And leaves the caller's hand on the case, or 409 `same_person` where an earlier one of the same person rules it out;
    without `tx` the act goes through the lifecycle table, which sees to that itself.
    """
    if not holds(call, case, *slots):
        raise not_theirs(case, "、".join(slot_name(case, slot) for slot in slots), article)
    if tx is None:
        return
    tier = tier_of(case)
    mine = [f"{tier.value}.{ROLES[tier][slot]}" for slot in slots]
    may_lay_hand(tx, case, call.principal, call.services.policy.roles, mine, (article,))


def closed(detail: str, *, ours: bool = False) -> ServiceError:
    """409: the appraisal takes no more of this; `ours`: by a rule of this system, which no article states."""
    return ServiceError(409, "appraisal_closed", detail, **({} if ours else {"article": 18}))


def still_on(case: Case, appraisal: Row) -> None:
    """409 when the case has moved on since the commission: returned, changed, reviewed."""
    here = {"need": ("need_reported",), "declaration": ("with_province", "gatekept")}[appraisal["stage"]]
    same = appraisal["submission"] == case.submissions
    if case.state not in here or not same or appraisal["status"] == "lapsed":
        raise closed("项目已退回或已进入其他环节，本次论证评估不再办理（第十八条）")


def tell(
    call: Call,
    tx: Tx,
    case: Case,
    kind: str,
    desks: Sequence[Recipient],
    message: str,
    *,
    steps: dict[str, str] | None = None,
    summary: dict[str, Any] | None = None,
    anonymous: bool = False,
    slot: Slot | None = None,
) -> None:
    """Audit and event of an act that needs no pen. `anonymous`: the message must not name the case.

    `slot`: whose opinion the act was, for who follows the event.
    """
    audited(call, tx, kind, case.id, summary or {}, kind="project", tenant=case.tenant_id)
    named = (
        {"subject": {"id": "", "name": "评审任务", "owner_name": slot_name(case, Slot.AGENCY)}}
        if anonymous
        else snapshot(case)
    )
    if slot is not None:
        named["opinion"] = {"slot": slot.value}
    emitted(
        call,
        tx,
        kind,
        desks,
        {**named, "message": message, "steps": steps or {}, "actor": call.principal.actor},
        tenant=organs_tenant(case) if anonymous else case.tenant_id,
    )
