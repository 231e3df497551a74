"""Tasks on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta, Struct

from service.kit.coded import DutyBasisCode, RouteCode, StateCode, TaskKindCode, TaskQueueCode
from service.kit.text import Cursor
from service.vocabulary import names

Queue = Annotated[
    str,
    Meta(
        pattern="^(" + "|".join(names("task_queue")) + r")$(?!\n)",
        extra_json_schema={"enum": list(names("task_queue"))},
        description="只看这一类待办。One queue only.",
    ),
]


class TaskQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """A queue, and how many rows."""

    queue: Queue | None = None
    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class TaskView(Struct, kw_only=True):
    """One thing that waits for the caller. `id`: of the thing itself (`kind`); `project_id`: the case it is about.

    `due` null: nobody set a day; `basis` then too. `operation_ids`: the deeds it is mostly done with, the main one
    first; `blocked`: why this very person may not do them on this case, though the desk may.
    """

    queue: TaskQueueCode
    queue_label: str
    kind: TaskKindCode
    id: str
    project_id: str | None
    external_ref: str | None
    name: str | None
    owner_name: str | None
    tenant: str
    tenant_name: str | None
    amount_yuan: str | None
    route: RouteCode | None
    state: StateCode | None
    since: datetime
    days_waiting: int
    due: date | None
    days_left: int | None
    late: bool
    basis: DutyBasisCode | None
    ground: str | None
    article: int | None
    reasons_to_judge: int
    near_line: bool
    suspicion: bool
    version: int | None
    operation_ids: list[str]
    blocked: str | None


class TaskList(Struct):
    """A page: by due day, then by how long it has waited; what has no day comes last."""

    items: list[TaskView]
    next_cursor: str | None


class QueueCount(Struct, kw_only=True):
    """A queue of the caller: how many wait (`capped`: at least so many), for how many days the oldest, the next due
    day, how many are late."""

    queue: TaskQueueCode
    label: str
    count: int
    capped: bool
    worst_days: int
    next_due: date | None
    late: int


class TaskSummary(Struct):
    """The caller's queues that hold something, the next due first."""

    on: date
    count: int
    items: list[QueueCount]
