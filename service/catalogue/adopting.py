"""The adopter's side: request, confirmation by itself or by the city, withdrawal, end, feedback (arts 3, 5, 23)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Integer, Text, Uuid, bindparam, update

from service.audit.actions import audited
from service.catalogue.models import adoption_steps, adoptions
from service.catalogue.queries import ENTRY
from service.catalogue.queries_adoptions import ADOPTION, ASKING
from service.catalogue.schemas_adoptions import FeedbackIn, RequestIn
from service.catalogue.telling import desks_of, told_by_adopter
from service.identity.rows import stands
from service.kit.api import Call
from service.kit.clock import legal_day
from service.kit.db import Row, Tx
from service.kit.errors import FieldError, ServiceError, invalid, not_found
from service.kit.ids import Ref, new_id, parse_ref
from service.kit.outbox import Recipient
from service.kit.statements import Statement
from service.kit.tables import insert_row
from service.measures.adoption import (
    HOLDERS,
    OPEN_TO_REQUESTS,
    Adoption,
    Desk,
    Reach,
    Refused,
    Step,
    Verb,
    confirmed_by_itself,
    step,
)
from service.measures.parameters import RuleBook
from service.projects import drafts
from service.projects.case import in_reach, load
from service.projects.hands import same_person
from service.rulebook.book import RuleBooks

PARAMETER = "adoption.city_confirmation"
_CREATE = insert_row(adoptions)
_STEP = insert_row(adoption_steps)
_MUTABLE = (
    "state",
    "holder",
    "reason",
    "confirmed_at",
    "activated_at",
    "ended_at",
    "score",
    "feedback",
    "feedback_at",
    "updated_at",
)
_SAVE = Statement(
    update(adoptions)
    .where(
        adoptions.c.tenant_id == bindparam("of_tenant", type_=Text),
        adoptions.c.id == bindparam("of_id", type_=Uuid(as_uuid=False)),
        adoptions.c.version == bindparam("read_version", type_=Integer),
    )
    .values(
        {name: bindparam(name, type_=adoptions.c[name].type) for name in _MUTABLE}
        | {"version": bindparam("new_version", type_=Integer)}
    )
)
_KINDS = {
    Verb.CONFIRM: "adoption.confirmed",
    Verb.REFUSE: "adoption.refused",
    Verb.WITHDRAW: "adoption.withdrawn",
    Verb.END: "adoption.ended",
    Verb.RATE: "adoption.rated",
}


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


async def request(call: Call, tx: Tx) -> dict[str, Any]:
    """An office asks. What may go by itself is confirmed at once and is with the provider."""
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
    _note(call, tx, adoption, "request", "", (3, 23), None)
    reader = Recipient(principal.tenant, "gatekeeper")
    desks = [reader] if not automatic else [Recipient(entry["provider_tenant"], "app_provider"), reader]
    kind = "adoption.confirmed" if automatic else "adoption.requested"
    told_by_adopter(call, tx, adoption, kind, desks, None)
    _audited(call, tx, adoption, "request")
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
    _open(entry)
    return entry


def _open(entry: Row | None) -> None:
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


async def act(call: Call, tx: Tx, ref: Ref, verb: Verb, reason: str | None) -> dict[str, Any]:
    """A verb of the adopter's office or of its city, by the table; everybody concerned is told."""
    adoption, row = await _permitted(call, tx, ref, verb)
    if verb is Verb.CONFIRM:
        provider = {"provider": adoption["provider_tenant"], "id": adoption["app_id"]}
        _open(await tx.row(ENTRY, tenant_id=ref.tenant, **provider))
        adoption["confirmed_at"] = call.now
    if row.target in (Adoption.ENDED, Adoption.WITHDRAWN, Adoption.REFUSED):
        adoption["ended_at"] = call.now
    before, adoption["state"] = adoption["state"], row.target.value
    adoption["holder"], adoption["reason"] = HOLDERS[row.target].value, reason
    _save(call, tx, adoption)
    _note(call, tx, adoption, verb.value, before, row.articles, reason)
    desks = [*desks_of(adoption), Recipient(ref.tenant, "gatekeeper")]
    if adoption["confirmed_at"] is not None:
        desks.append(Recipient(adoption["provider_tenant"], "app_provider"))
    told_by_adopter(call, tx, adoption, _KINDS[verb], desks, reason)
    _audited(call, tx, adoption, verb.value)
    return adoption


async def rate(call: Call, tx: Tx, ref: Ref) -> dict[str, Any]:
    """The adopter's score and words, told to the provider."""
    body: FeedbackIn = call.body
    adoption, _ = await _permitted(call, tx, ref, Verb.RATE)
    adoption["score"], adoption["feedback"], adoption["feedback_at"] = body.score, body.text, call.now
    _save(call, tx, adoption)
    desks = [Recipient(adoption["provider_tenant"], "app_provider")]
    told_by_adopter(call, tx, adoption, "adoption.rated", desks, body.text or None)
    _audited(call, tx, adoption, "rate")
    return adoption


async def _permitted(call: Call, tx: Tx, ref: Ref, verb: Verb) -> tuple[dict[str, Any], Step]:
    """The adoption and its step: 404 when invisible, 412 when read before, 409 when the table says no."""
    in_reach(call.principal, ref, tx.scope)
    row = await tx.row(ADOPTION, tenant_id=ref.tenant, id=ref.id)
    if row is None:
        raise not_found()
    call.expected.check(row["version"])
    roles = roles_for(call, row)
    try:
        return dict(row), step(Adoption(row["state"]), verb, Desk.ADOPTER, roles)
    except Refused as refusal:
        if refusal.reason == "wrong_role" and roles != roles_of(call):
            raise same_person("申请人不能自己确认，须由另一人办理（本系统规定）", None) from None
        raise refused(refusal, row["state"]) from None


def _save(call: Call, tx: Tx, adoption: dict[str, Any]) -> None:
    read, adoption["version"], adoption["updated_at"] = adoption["version"], adoption["version"] + 1, call.now
    values = {name: adoption[name] for name in _MUTABLE}
    key = {"of_tenant": adoption["tenant_id"], "of_id": adoption["id"]}
    tx.batch.add(_SAVE, **key, read_version=read, new_version=adoption["version"], **values)


def _note(
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


def _audited(call: Call, tx: Tx, adoption: dict[str, Any], action: str) -> None:
    audited(
        call,
        tx,
        f"adoption.{action}",
        adoption["id"],
        {"version": adoption["version"], "state": adoption["state"]},
        tenant=adoption["tenant_id"],
    )
