"""Subscribers: published apps reach their readers, and the two sides of an adoption follow each other.

Every write is guarded by a number that the event carries, so that a repeated or overtaken event changes nothing.
Each side is the only writer of its own steps; what ends an adoption stays, and the adopter's end counts before the
provider's, so both sides come to the same state in whatever order the events arrive.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Text, bindparam, case, func, literal_column
from sqlalchemy.dialects.postgresql import insert

from service.catalogue.actions import CREATE_ONCE
from service.catalogue.models import adoption_steps, adoption_usage, adoptions, provisions
from service.catalogue.providing import ACTIVE, next_use, recount
from service.catalogue.published_copies import COPY, carried
from service.catalogue.queries_adoptions import ADOPTION, PROVISION
from service.catalogue.telling import ADOPTER, PROVIDER
from service.catalogue.uses import USE
from service.kit.db import Tx
from service.kit.ids import stable_id
from service.kit.outbox import Event
from service.kit.relay import Subscriber
from service.kit.rows import columns_of
from service.kit.statements import Statement
from service.kit.tables import update_row
from service.measures.adoption import HOLDERS, LIVE, Adoption


def _values(table: Any) -> dict[str, Any]:
    return {column.name: bindparam(column.name, type_=column.type) for column in table.columns}


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


# ---- published apps and their use, to every reader ---------------------------------------------------------


async def _draft(tx: Tx, tenant: str, events: Sequence[Event]) -> None:
    """The draft of an accepted project, where whoever accepted could not write it into the tenant; one per project."""
    for event in events:
        app = event.snapshot["app"]
        moments = {name: _moment(app[name]) for name in ("created_at", "updated_at", "published_at")}
        await tx.fetch(CREATE_ONCE, **{**app, **moments, "tenant_id": tenant})


async def _copy(tx: Tx, tenant: str, events: Sequence[Event]) -> None:
    """The entry in this reader's tenant."""
    for event in events:
        await tx.fetch(COPY, **carried(event.snapshot["entry"], tenant))


async def _count(tx: Tx, tenant: str, events: Sequence[Event]) -> None:
    """Who uses an app, as its provider counted it."""
    for event in events:
        await tx.fetch(USE, tenant_id=tenant, **event.snapshot["use"])


# ---- the adopter's word, in the provider's tenant ----------------------------------------------------------

_mirror = insert(provisions).values(_values(provisions))
_new = _mirror.excluded
_over = _new.state.in_([literal_column("'withdrawn'"), literal_column("'ended'")])
_MIRROR = Statement(
    _mirror.on_conflict_do_update(
        index_elements=["tenant_id", "id"],
        set_={
            "state": case((_over, _new.state), else_=provisions.c.state),
            "reason": case((_over, _new.reason), else_=provisions.c.reason),
            "ended_at": func.coalesce(_new.ended_at, provisions.c.ended_at),
            "adoption_version": _new.adoption_version,
            "updated_at": _new.updated_at,
            "version": provisions.c.version + literal_column("1"),
        },
        where=provisions.c.adoption_version < _new.adoption_version,
    ).returning(*provisions.c)
)
_RATED = update_row(
    provisions,
    provisions.c.feedback_version < bindparam("rated", type_=Integer),
    score="given",
    feedback="words",
    feedback_version="rated",
    version=provisions.c.version + literal_column("1"),
)


async def _to_provider(tx: Tx, tenant: str, events: Sequence[Event]) -> None:
    for event in events:
        told = event.snapshot["adoption"]
        if event.kind == "adoption.rated":
            rated = {"given": told["score"], "words": told["feedback"], "rated": told["version"]}
            await tx.fetch(_RATED, of_tenant=tenant, of_id=told["id"], **rated)
            continue
        # The counter's lock comes before the row's, here as in the provider's own steps.
        seq = await next_use(tx, tenant, told["app_id"])
        before = await tx.row(PROVISION, tenant_id=tenant, id=told["id"])
        after = await tx.row(_MIRROR, **_mirrored(tenant, told, event.created_at))
        if after is not None and before is not None and before["state"] == ACTIVE != after["state"]:
            await recount(tx, after, seq, event.trace_id, event.created_at)


def _mirrored(tenant: str, told: dict[str, Any], at: datetime) -> dict[str, Any]:
    """The provider's row of an adoption it has not met yet."""
    same = (
        "id",
        "adopter_name",
        "division",
        "app_id",
        "app_name",
        "reach",
        "users",
        "scope",
        "data_needs",
        "state",
    )
    return {
        **columns_of(told, *same),
        "tenant_id": tenant,
        "adopter_tenant": told["tenant"],
        "adopter_office": told["office_id"],
        "reason": told["reason"],
        "adoption_version": told["version"],
        "confirmed_at": _moment(told["confirmed_at"]),
        "activated_at": None,
        "ended_at": _moment(told["ended_at"]),
        "score": None,
        "feedback": None,
        "feedback_version": 0,
        "updated_at": at,
        "version": 1,
    }


# ---- the provider's word, in the adopter's tenant ----------------------------------------------------------

_D = adoptions.c
_seq = bindparam("told_seq", type_=Integer)
_state = bindparam("told_state", type_=Text)
_at = bindparam("told_at", type_=_D.ended_at.type)
_FOLLOW = update_row(
    adoptions,
    _D.seq < _seq,
    _D.state.in_([literal_column(f"'{state.value}'") for state in LIVE]),
    state=_state,
    holder="told_holder",
    reason="told_reason",
    activated_at=case(
        (_state == literal_column("'active'"), func.coalesce(_D.activated_at, _at)), else_=_D.activated_at
    ),
    ended_at=case(
        (_state.in_([literal_column("'ended'"), literal_column("'declined'")]), _at), else_=_D.ended_at
    ),
    seq=_seq,
    updated_at=_at,
    version=_D.version + literal_column("1"),
)
_NOTED = Statement(insert(adoption_steps).values(_values(adoption_steps)).on_conflict_do_nothing())
_reported = insert(adoption_usage).values(_values(adoption_usage))
_REPORTED = Statement(
    _reported.on_conflict_do_update(
        index_elements=["tenant_id", "adoption_id", "month"],
        set_={
            name: _reported.excluded[name] for name in ("active_users", "calls", "revision", "reported_at")
        },
        where=adoption_usage.c.revision < _reported.excluded.revision,
    )
)


async def _to_adopter(tx: Tx, tenant: str, events: Sequence[Event]) -> None:
    for event in events:
        told = event.snapshot["provision"]
        adoption = await tx.row(ADOPTION, tenant_id=tenant, id=told["id"])
        if adoption is None:
            raise LookupError("a provider speaks of an adoption that nobody asked for")
        place = {name: adoption[name] for name in ("tenant_id", "office_id", "reach")}
        if event.kind == "adoption.usage_reported":
            usage = {**told["usage"], "reported_at": _moment(told["usage"]["reported_at"])}
            await tx.fetch(_REPORTED, **place, adoption_id=told["id"], **usage)
            continue
        at = _moment(event.snapshot["at"])
        await tx.fetch(
            _FOLLOW,
            of_tenant=tenant,
            of_id=told["id"],
            told_seq=told["seq"],
            told_state=told["state"],
            told_holder=HOLDERS[Adoption(told["state"])].value,
            told_reason=event.snapshot["reason"],
            told_at=at,
        )
        await tx.fetch(
            _NOTED,
            **place,
            id=stable_id("adoption-step", event.id),
            adoption_id=told["id"],
            action=told["verb"],
            from_state=told["before"],
            to_state=told["state"],
            actor=event.snapshot["actor"],
            actor_tenant=event.snapshot["actor_tenant"],
            reason=event.snapshot["reason"],
            citation=told["citation"],
            at=at,
        )


def _provider(event: Event) -> set[str]:
    """The provider hears only of what was confirmed, and nothing of what it said itself."""
    if event.snapshot["side"] != ADOPTER or event.snapshot["adoption"]["confirmed_at"] is None:
        return set()
    return {event.snapshot["adoption"]["provider_tenant"]}


def _adopter(event: Event) -> set[str]:
    return {event.snapshot["provision"]["tenant"]} if event.snapshot["side"] == PROVIDER else set()


keep_draft = Subscriber("keep_draft", lambda event: {event.tenant}, _draft)
copy_app = Subscriber("copy_app", lambda event: set(event.snapshot["tenants"]) - {event.tenant}, _copy)
count_use = Subscriber("count_use", lambda event: set(event.snapshot["tenants"]), _count)
to_provider = Subscriber("adoption_to_provider", _provider, _to_provider)
to_adopter = Subscriber("adoption_to_adopter", _adopter, _to_adopter)

# Joined to the kinds by the worker.
SUBSCRIBERS = [
    (keep_draft, ("app.drafted",)),
    (copy_app, ("app.published", "app.updated", "app.status_changed")),
    (count_use, ("app.use_changed",)),
    (to_provider, ("adoption.confirmed", "adoption.withdrawn", "adoption.ended", "adoption.rated")),
    (
        to_adopter,
        ("adoption.provisioned", "adoption.declined", "adoption.suspended", "adoption.resumed", "adoption.ended",
         "adoption.usage_reported"),
    ),
]  # fmt: skip
