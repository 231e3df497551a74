"""Endpoints, deliveries and feed entries on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from service.event_kinds import Subscription
from service.kit.coded import EventCode, SubscriptionCode
from service.kit.text import Cursor

Url = Annotated[
    str,
    Meta(
        min_length=8,
        max_length=2000,
        description="https 地址；不含用户名、密码和片段",
        extra_json_schema={"x-text": "opaque"},
    ),
]
Kinds = Annotated[
    list[Subscription],
    Meta(max_length=200, description="订阅的事件，可以整类（`project.*`）；空或 `*` 表示全部"),
]
EndpointState = Literal["active", "failing", "paused", "disabled"]
State = Literal["pending", "delivered", "dead"]


class EndpointIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """A new endpoint."""

    url: Url
    kinds: Kinds = []


class EndpointEdit(Struct, forbid_unknown_fields=True, kw_only=True):
    """Changes: what is given replaces what was there. Enabling again sends what was kept meanwhile."""

    url: Url | UnsetType = UNSET
    kinds: Kinds | UnsetType = UNSET
    disabled: bool | UnsetType = UNSET


class SecretView(Struct):
    """A signing secret's life; the secret itself is shown once, when it is made."""

    created_at: datetime
    expires_at: datetime | None


class EndpointView(Struct, kw_only=True):
    """An endpoint. `secrets`: the newest first, several while rotating.

    `state`: active; failing (the last attempts had no answer); paused (nothing is sent until `paused_until`, then one
    delivery tries); disabled. `failures`: attempts in a row without an answer.
    """

    id: str
    url: str
    kinds: list[SubscriptionCode]
    created_at: datetime
    disabled_at: datetime | None
    disabled_reason: str | None
    state: EndpointState
    failures: int
    failing_since: datetime | None
    paused_until: datetime | None
    secrets: list[SecretView]
    version: int


class EndpointWithSecret(EndpointView, kw_only=True):
    """Shown once. A replay under the same Idempotency-Key has `secret: null`: rotate if it was lost."""

    secret: str | None


class EndpointList(Struct):
    """All endpoints of the tenant, the newest first."""

    items: list[EndpointView]


class DeliveryView(Struct, kw_only=True):
    """A delivery. `webhook_id` is the webhook-id header of every attempt."""

    id: str
    webhook_id: str
    event_id: str
    kind: EventCode
    state: State
    attempts: int
    created_at: datetime
    next_attempt_at: datetime | None
    delivered_at: datetime | None
    last_status: int | None
    last_error: str | None


class DeliveryQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Filters of deliveries, newest first."""

    state: list[State] | None = None
    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class DeliveryList(Struct):
    """A page; the Link header leads to the next."""

    items: list[DeliveryView]
    next_cursor: str | None


class RangeIn(Struct, forbid_unknown_fields=True, kw_only=True, rename={"start": "from", "end": "to"}):
    """Which settled deliveries to send again: made at or after `from` and before `to`, of these kinds."""

    start: Annotated[datetime, Meta(tz=True)]
    end: Annotated[datetime, Meta(tz=True)]
    kinds: Kinds = []


class Redelivered(Struct):
    """How many will be sent again; `more`: the limit of one call was reached, repeat it."""

    redelivered: int
    more: bool


class FeedQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Where to go on reading: the last `seq` already handled; left out, the oldest that is still kept comes first."""

    after: Annotated[int, Meta(ge=0, le=2**63 - 1)] | None = None
    limit: Annotated[int, Meta(ge=1, le=500)] = 100


class FeedEntry(Struct):
    """One event. `seq` has no gaps and follows the order of commits; `id` is the event's, the same everywhere."""

    seq: int
    id: str
    kind: EventCode
    source: str
    at: datetime
    data: dict[str, Any]


class Feed(Struct):
    """Entries after the cursor, oldest first; go on with `after=next_after`, also when the list is empty."""

    events: list[FeedEntry]
    next_after: int
