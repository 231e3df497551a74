"""Tasks on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta, Struct

from service.kit.coded import DutyBasisCode, RouteCode, StateCode, TaskKindCode, TaskQueueCode
from service.kit.text import Cursor
from service.projects.schemas import Route
from service.vocabulary import names

Queue = Annotated[
    str,
    Meta(
        pattern="^(" + "|".join(names("task_queue")) + r")$(?!\n)",
        extra_json_schema={"enum": list(names("task_queue"))},
        description="只看这一类待办。One queue only.",
    ),
]

Division = Annotated[str, Meta(pattern=r"^[0-9A-Za-z]{6}$(?!\n)")]


class TaskQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """A queue, conditions on the case a task is about (what is about no case fits none), and how many rows."""

    queue: Queue | None = None
    route: Annotated[Route, Meta(description="只看走这条路的项目。Cases of one route only.")] | None = None
    near_line: Annotated[bool, Meta(description="只看有或没有接近限额提示的项目")] | None = None
    to_judge: Annotated[bool, Meta(description="只看还有或没有理由要表态的项目")] | None = None
    division: Annotated[Division, Meta(description="只看这一区划申报的项目")] | None = None
    counts: Annotated[bool, Meta(description="同时给出各条件各有多少件，数到一千为止")] = False
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


class TaskCounts(Struct, kw_only=True):
    """How many tasks the queue has in the division that was asked for, and how many of each condition, the others
    aside (`capped`: at least so many)."""

    count: int
    without_reasons: int
    near_line: int
    provincial_review: int
    capped: bool


class TaskList(Struct):
    """A page: by due day, then by how long it has waited; what has no day comes last. `counts`: where asked for."""

    items: list[TaskView]
    next_cursor: str | None
    counts: TaskCounts | None = None


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
