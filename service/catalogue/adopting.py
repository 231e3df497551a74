"""The adopter's side: request, confirmation by itself or by the city, withdrawal, end, feedback (arts 3, 5, 23)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.catalogue.models import adoptions
from service.catalogue.queries import ENTRY
from service.catalogue.queries_adoptions import ADOPTION
from service.catalogue.requesting import (
    CLOSED,
    REFUSED,
    TAG,
    adopted,
    note,
    open_to_requests,
    refused,
    roles_for,
    roles_of,
    told_in_trail,
)
from service.catalogue.schemas_adoptions import AdoptionView, FeedbackIn, NoteIn, ReasonIn
from service.catalogue.telling import desks_of, told_by_adopter
from service.kit.api import Call, Error
from service.kit.command import command, ref_of
from service.kit.db import Tx
from service.kit.ids import Ref
from service.kit.outbox import Recipient
from service.kit.tables import update_read
from service.measures.adoption import (
    HOLDERS,
    Adoption,
    Desk,
    Refused,
    Step,
    Verb,
    step,
)
from service.projects.case import row_taken
from service.projects.hands import same_person

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
_SAVE = update_read(adoptions, _MUTABLE)
_KINDS = {
    Verb.CONFIRM: "adoption.confirmed",
    Verb.REFUSE: "adoption.refused",
    Verb.WITHDRAW: "adoption.withdrawn",
    Verb.END: "adoption.ended",
    Verb.RATE: "adoption.rated",
}


Judge = Callable[[Call, Tx, dict[str, Any]], Awaitable[None]]


def verb(
    of: Verb, *, may: str, summary: str, body: Any, errors: tuple[Error, ...] = ()
) -> Callable[[Judge], HTTPRouteHandler]:
    """Declares a verb of the adopter's office or of its city above what is judged beside the table of adoption."""

    def judged_by(judge: Judge) -> HTTPRouteHandler:
        @wraps(judge)
        async def done(call: Call, tx: Tx, ref: Ref) -> dict[str, Any]:
            adoption, row = await _permitted(call, tx, ref, of)
            await judge(call, tx, adoption)
            return _moved(call, tx, adoption, row)

        return command(
            "POST",
            f"/adoptions/{{ref:str}}/{of.value}",
            resource="adoption",
            action=may,
            summary=summary,
            tag=TAG,
            body=body,
            answer=AdoptionView,
            if_match=True,
            errors=(REFUSED, *errors),
            at=ref_of,
            view=adopted,
        )(done)

    return judged_by


@verb(Verb.CONFIRM, may="confirm", summary="确认应用申请", body=NoteIn, errors=(CLOSED,))
async def confirm(call: Call, tx: Tx, adoption: dict[str, Any]) -> None:
    """由本市确认后，应用交提供方开通（第五条、第二十三条）。"""
    provider = {"provider": adoption["provider_tenant"], "id": adoption["app_id"]}
    open_to_requests(await tx.row(ENTRY, tenant_id=adoption["tenant_id"], **provider))
    adoption["confirmed_at"] = call.now


@verb(Verb.REFUSE, may="confirm", summary="不予确认应用申请", body=ReasonIn)
async def refuse(call: Call, tx: Tx, adoption: dict[str, Any]) -> None:
    """须说明理由。"""


@verb(Verb.WITHDRAW, may="withdraw", summary="撤回应用申请", body=ReasonIn)
async def withdraw(call: Call, tx: Tx, adoption: dict[str, Any]) -> None:
    """开通之前可以撤回。"""


@verb(Verb.END, may="end", summary="终止使用应用", body=ReasonIn)
async def end(call: Call, tx: Tx, adoption: dict[str, Any]) -> None:
    """由使用单位或本市终止，提供方随即知悉。"""


def _moved(call: Call, tx: Tx, adoption: dict[str, Any], row: Step) -> dict[str, Any]:
    """The adoption after a step of the table; everybody concerned is told."""
    reason = call.body.reason
    if row.target in (Adoption.ENDED, Adoption.WITHDRAWN, Adoption.REFUSED):
        adoption["ended_at"] = call.now
    before, adoption["state"] = adoption["state"], row.target.value
    adoption["holder"], adoption["reason"] = HOLDERS[row.target].value, reason
    _save(call, tx, adoption)
    note(call, tx, adoption, row.verb.value, before, row.articles, reason)
    desks = [*desks_of(adoption), Recipient(adoption["tenant_id"], "gatekeeper")]
    if adoption["confirmed_at"] is not None:
        desks.append(Recipient(adoption["provider_tenant"], "app_provider"))
    told_by_adopter(call, tx, adoption, _KINDS[row.verb], desks, reason)
    told_in_trail(call, tx, adoption, row.verb.value)
    return adoption


@command(
    "PUT",
    "/adoptions/{ref:str}/feedback",
    resource="adoption",
    action="rate",
    summary="评价应用",
    tag=TAG,
    body=FeedbackIn,
    answer=AdoptionView,
    if_match=True,
    errors=(REFUSED,),
    at=ref_of,
    view=adopted,
)
async def rate(call: Call, tx: Tx, ref: Ref) -> dict[str, Any]:
    """开通后即可评价，一至五分；再次提交替换原评价。"""
    # The adopter's score and words, told to the provider.
    body: FeedbackIn = call.body
    adoption, _ = await _permitted(call, tx, ref, Verb.RATE)
    adoption["score"], adoption["feedback"], adoption["feedback_at"] = body.score, body.text, call.now
    _save(call, tx, adoption)
    desks = [Recipient(adoption["provider_tenant"], "app_provider")]
    told_by_adopter(call, tx, adoption, "adoption.rated", desks, body.text or None)
    told_in_trail(call, tx, adoption, "rate")
    return adoption


async def _permitted(call: Call, tx: Tx, ref: Ref, verb: Verb) -> tuple[dict[str, Any], Step]:
    """The adoption and its step: 404 when invisible, 412 when read before, 409 when the table says no."""
    row = await row_taken(tx, call.principal, ADOPTION, ref)
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
    tx.batch.add(_SAVE, **key, read_version=read, **values)
