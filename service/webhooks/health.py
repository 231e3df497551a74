"""How an endpoint answers: how much it is sent at once, and the breaker that spares it while it does not answer.

Closed: everything due is sent, first one, then twice as many after each round that was answered. Open after three
rounds in a row without an answer: nothing is sent until the pause is over. Then one delivery tries (half open): an
answer closes the breaker, silence opens it for twice as long. Times are the database's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BindParameter,
    DateTime,
    Integer,
    Interval,
    bindparam,
    func,
    null,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from service.kit.db import Row, Tx
from service.kit.http import Failure, Response
from service.kit.statements import OF_TENANT, Statement
from service.webhooks.models import webhook_health
from service.webhooks.queries import ENDPOINT_ID, H, W

MOST_AT_ONCE = 8  # sent at once to one endpoint that answers
OPENS_AFTER = 3
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)
# What is no answer of the receiver's and yet no fault of its own.
_OURS = ("secret_unreadable",)
_moment = DateTime(timezone=True)
_values: dict[str, BindParameter[Any]] = {
    "pace": bindparam("pace", type_=Integer),
    "failures": bindparam("failures", type_=Integer),
    "failing_since": bindparam("failing_since", type_=_moment),
    "paused_until": bindparam("paused_until", type_=_moment),
    "told_at": bindparam("told_at", type_=_moment),
}
# Beside the endpoint's own row: it may have been deleted meanwhile.
_there = select(W.tenant_id, W.id, *_values.values()).where(W.tenant_id == OF_TENANT, W.id == ENDPOINT_ID)
_made = insert(webhook_health).from_select(["tenant_id", "endpoint_id", *_values], _there)
_KEEP = Statement(
    _made.on_conflict_do_update(
        index_elements=["tenant_id", "endpoint_id"],
        set_={name: _made.excluded[name] for name in _values},
    )
)
_of = (H.tenant_id == OF_TENANT, H.endpoint_id == ENDPOINT_ID)
HEAL = Statement(
    update(webhook_health)
    .where(*_of)
    .values(failures=0, failing_since=null(), paused_until=null(), told_at=null())
)
RESUME = Statement(update(webhook_health).where(*_of).values(paused_until=null()))
# The one who tries takes the place: until its lease is over no other worker tries beside it.
TRY = Statement(
    update(webhook_health)
    .where(*_of, func.coalesce(H.paused_until, func.now()) <= func.now())
    .values(paused_until=func.now() + bindparam("lease", type_=Interval))
    .returning(H.endpoint_id)
)


def state_of(row: Mapping[str, Any]) -> str:
    """active, failing, paused or disabled, as the view tells it."""
    if row["disabled_at"] is not None:
        return "disabled"
    if row.get("paused"):
        return "paused"
    return "failing" if row.get("failures") else "active"


def pace_of(endpoint: Row) -> int:
    """How many deliveries may be sent at once: one while it does not answer, or was never tried."""
    return 1 if endpoint["failures"] else endpoint["pace"] or 1


def note(tx: Tx, endpoint: Row, outcomes: Sequence[Response | Failure], now: datetime, *, told: bool) -> None:
    """Writes what a round says of the endpoint; nothing where that is nothing new. `now`: the database's."""
    silent = [each for each in outcomes if isinstance(each, Failure) and each.code not in _OURS]
    waits = [
        each.wait for each in outcomes if isinstance(each, Response) and each.wait and asks_to_wait(each)
    ]
    answered = any(isinstance(each, Response) for each in outcomes)
    before = (endpoint["pace"] or 1, endpoint["failures"] or 0, endpoint["paused_until"])
    pace, failures, paused = before[0], 0, None
    if silent:
        pace = 1
        failures = 0 if answered else before[1] + 1
        if failures >= OPENS_AFTER:
            pause = FIRST_PAUSE * 2 ** min(failures - OPENS_AFTER, 12)
            paused = now + min(pause, LONGEST_PAUSE)
    elif answered:
        pace = min(pace * 2, MOST_AT_ONCE)
    if waits:
        paused = max(now + timedelta(seconds=max(waits)), paused or now)
    if (pace, failures, paused) == before and not told:
        return
    tx.batch.add(
        _KEEP,
        expect=None,
        of_tenant=endpoint["tenant_id"],
        of_endpoint=endpoint["id"],
        pace=pace,
        failures=failures,
        failing_since=(endpoint["failing_since"] or now) if failures else None,
        paused_until=paused,
        told_at=now if told else endpoint["told_at"],
    )


def asks_to_wait(answer: Response) -> bool:
    """Whether it is an answer whose Retry-After speaks for the whole receiver (RFC 9110: 503; RFC 6585: 429)."""
    return answer.status in (429, 503)
