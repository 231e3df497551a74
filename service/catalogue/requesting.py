"""An office asks for a shared app; what may go by itself is confirmed at once (arts 3, 5, 23)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from service.audit.actions import audited
from service.catalogue.models import adoption_steps, adoptions
from service.catalogue.queries import ENTRY
from service.catalogue.queries_adoptions import ASKING
from service.catalogue.schemas_adoptions import AdoptionView, RequestIn
from service.catalogue.telling import told_by_adopter
from service.catalogue.views_adoptions import adoption_view
from service.identity.rows import stands
from service.kit.api import Answer, Call, Error
from service.kit.clock import legal_day
from service.kit.command import command
from service.kit.db import Row, Tx
from service.kit.errors import FieldError, ServiceError, invalid, not_found
from service.kit.ids import Ref, new_id, parse_ref
from service.kit.outbox import Recipient
from service.kit.tables import insert_row
from service.measures.adoption import (
    HOLDERS,
    OPEN_TO_REQUESTS,
    Adoption,
    Reach,
    Refused,
    confirmed_by_itself,
)
from service.measures.parameters import RuleBook
from service.projects import drafts
from service.projects.api import SHUT
from service.projects.case import in_reach, load
from service.projects.drafts import IN_USE
from service.rulebook.book import RuleBooks

TAG = "adoptions"
REFUSED = Error(409, "action_not_allowed", "当前状态不允许该操作，附条款")
LIVE_ALREADY = Error(409, "already_adopted", "本单位对该应用已有在办的申请或正在使用")
CLOSED = Error(409, "app_not_available", "该应用已停用或即将停用，附替代应用")
ABSENT = Error(404, "not_found", "没有该记录，或当前身份不可见，两者答复相同")
PARAMETER = "adoption.city_confirmation"
_CREATE = insert_row(adoptions)
_STEP = insert_row(adoption_steps)


def adopted(call: Call, adoption: dict[str, Any] | Row) -> Answer:
    view = adoption_view(adoption, roles_for(call, adoption))
    return Answer(view, version=view.version)


def roles_of(call: Call) -> list[str]:
    return [f"{call.principal.tier}.{role}" for role in call.principal.roles]


def roles_for(call: Call, row: Mapping[str, Any]) -> list[str]:
    """The roles the caller may use on this adoption: whoever asked for it does not confirm it for the city."""
    asked = call.principal.same_hand(row["requested_by"])
    return [role for role in roles_of(call) if not (asked and role == "city.gatekeeper")]


def city_asks(book: RuleBook, on: date) -> bool:
    """Whether the tenant's rules want its own confirmation even of what the province gives away (art. 5)."""
    return book.text_on(PARAMETER, on) == "city"


def refused(refusal: Refused, state: str) -> ServiceError:
    """409 with the article."""
    return ServiceError(
        409, "action_not_allowed", refusal.detail, reason=refusal.reason, state=state, article=refusal.article
    )


def _requested(call: Call, adoption: Any) -> Answer:
    answer = adopted(call, adoption)
    public = Ref(adoption["tenant_id"], adoption["id"])
    return Answer(answer.content, version=1, headers={"location": f"/api/v1/adoptions/{public}"})


@command(
    "POST",
    "/adoptions",
    resource="app",
    action="request",
    summary="申请使用共享应用",
    tag=TAG,
    body=RequestIn,
    answer=AdoptionView,
    status=201,
    errors=(CLOSED, ABSENT, REFUSED, SHUT, IN_USE),
    conflict=LIVE_ALREADY,
    view=_requested,
)
async def request(call: Call, tx: Tx) -> dict[str, Any]:
    """全省公开且免费的应用自动确认（本市另有规定的除外），其他由本市确认（第二十三条）；此后由提供方开通。

    instead_of 所指的草稿随之删除。
    """
    # An office asks. What may go by itself is confirmed at once and is with the provider.
    body: RequestIn = call.body
    principal = call.principal
    if principal.office is None:
        raise not_found()
    office = await tx.row(ASKING, tenant_id=principal.tenant, id=principal.office)
    entry = await _wanted(call, tx, body.app_id)
    if office is None or not stands(office, legal_day(call.now)):
        raise not_found()
    book = call.service(RuleBooks).of(principal.tenant, office["rule_changes"])
    automatic = confirmed_by_itself(
        Reach(entry["reach"]), entry["cost_fen"], city_confirmation=city_asks(book, legal_day(call.now))
    )
    adoption = _new(call, office, entry, automatic)
    tx.batch.add(_CREATE, **adoption)
    note(call, tx, adoption, "request", "", (3, 23), None)
    reader = Recipient(principal.tenant, "gatekeeper")
    desks = [reader] if not automatic else [Recipient(entry["provider_tenant"], "app_provider"), reader]
    kind = "adoption.confirmed" if automatic else "adoption.requested"
    told_by_adopter(call, tx, adoption, kind, desks, None)
    told_in_trail(call, tx, adoption, "request")
    if body.instead_of is not None:
        await _instead(call, tx, body.instead_of)
    return adoption


async def _instead(call: Call, tx: Tx, reference: str) -> None:
    """Art. 23: what is adopted is not built; the office's own draft ends with it. 409 where it was declared."""
    try:
        draft = parse_ref(reference)
        in_reach(call.principal, draft, tx.scope)
        case = await load(tx, call.principal, draft, None)
    except ServiceError:
        raise invalid(
            [FieldError("/instead_of", "unknown_project", "没有这个草稿，或不在您的权限内")]
        ) from None
    if case.office_id != call.principal.office:
        raise invalid([FieldError("/instead_of", "unknown_project", "没有这个草稿，或不在您的权限内")])
    await drafts.end(call, tx, case)


async def _wanted(call: Call, tx: Tx, app_id: str) -> Row:
    """The published app, if the caller may see it and it takes requests."""
    ref = parse_ref(app_id)
    entry = await tx.row(ENTRY, tenant_id=call.principal.tenant, provider=ref.tenant, id=ref.id)
    if entry is None:
        raise invalid([FieldError("/app_id", "unknown_app", "没有这个应用，或当前身份不可见")])
    open_to_requests(entry)
    return entry


def open_to_requests(entry: Row | None) -> None:
    if entry is None or entry["status"] not in OPEN_TO_REQUESTS:
        successor = None if entry is None else entry["successor"]
        detail = "该应用已停用或即将停用，不再受理申请（本系统规定）"
        raise ServiceError(409, "app_not_available", detail, article=3, successor=successor)


def _new(call: Call, office: Row, entry: Row, automatic: bool) -> dict[str, Any]:
    body: RequestIn = call.body
    state = Adoption.CONFIRMED if automatic else Adoption.REQUESTED
    return {
        "tenant_id": call.principal.tenant,
        "office_id": office["id"],
        "id": new_id(),
        "provider_tenant": entry["provider_tenant"],
        "app_id": entry["app_id"],
        "app_name": entry["name"],
        "provider_name": entry["provider_name"],
        "reach": entry["reach"],
        "adopter_name": office["name"],
        "adopter_tier": office["tier"],
        "division": office["division"],
        "users": body.users,
        "scope": body.scope,
        "data_needs": body.data_needs,
        "state": state.value,
        "holder": HOLDERS[state].value,
        "automatic": automatic,
        "reason": None,
        "requested_by": call.principal.actor,
        "requested_at": call.now,
        "confirmed_at": call.now if automatic else None,
        "activated_at": None,
        "ended_at": None,
        "score": None,
        "feedback": None,
        "feedback_at": None,
        "seq": 0,
        "updated_at": call.now,
        "version": 1,
    }


def note(
    call: Call,
    tx: Tx,
    adoption: dict[str, Any],
    verb: str,
    before: str,
    articles: tuple[int, ...],
    reason: str | None,
) -> None:
    tx.batch.add(
        _STEP,
        tenant_id=adoption["tenant_id"],
        office_id=adoption["office_id"],
        id=new_id(),
        adoption_id=adoption["id"],
        reach=adoption["reach"],
        action=verb,
        from_state=before,
        to_state=adoption["state"],
        actor=call.principal.actor,
        actor_tenant=call.principal.tenant,
        reason=reason,
        citation={"articles": list(articles)},
        at=call.now,
    )


def told_in_trail(call: Call, tx: Tx, adoption: dict[str, Any], action: str) -> None:
    audited(
        call,
        tx,
        f"adoption.{action}",
        adoption["id"],
        {"version": adoption["version"], "state": adoption["state"]},
        tenant=adoption["tenant_id"],
    )
