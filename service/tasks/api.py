"""/tasks: what waits for whoever asks, of every desk he holds."""

from __future__ import annotations

from datetime import date
from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call, operation
from service.kit.clock import legal_day
from service.kit.db import Row
from service.kit.ids import Ref
from service.kit.inside import Inside
from service.kit.money import yuan_or_none
from service.kit.rows import of_row
from service.obligations.current import bring_up_changed
from service.obligations.texts import ground
from service.projects.hands import barred
from service.province import CODE
from service.rulebook.views_amendments import ref_of
from service.tasks import api_batches
from service.tasks.conditions import Conditions
from service.tasks.counting import MOST_COUNTED, counts, sums
from service.tasks.desks import desks_of
from service.tasks.listing import FIRST_DUE, TASKS
from service.tasks.queues import CASES, DEEDS
from service.tasks.schemas import QueueCount, TaskList, TaskQuery, TaskSummary, TaskView
from service.vocabulary import label

TAG = "tasks"
_PROVINCE = CODE
_WHO = {queue.code: queue.who for queue in CASES}


async def _caught_up(call: Call) -> None:
    """What was changed a moment ago is derived first, so that a deed that was just done is a task less."""
    across = call.scope.login == "province"
    await bring_up_changed(
        call.door, call.scope, None if across else call.principal.tenant, legal_day(call.now)
    )


@operation(
    "GET",
    "/tasks",
    resource="me",
    action="read",
    summary="我的待办",
    tag=TAG,
    where="cases",
    query=TaskQuery,
    answer=TaskList,
    paged=True,
)
async def list_page(call: Call) -> Answer:
    """等待当前身份办理的全部事项：先到期的在前，同日到期的等得久的在前，没有期限的排在最后。兼任两个岗位的，两个岗位的都在其中。

    route、near_line、to_judge、division 就整个待办筛选，不限于本页。counts=true 同时给出各条件的件数，只随类别和区划。
    """
    query: TaskQuery = call.query
    today = legal_day(call.now)
    await _caught_up(call)
    desks = desks_of(call, query.queue)
    asked = Conditions(query.route, query.near_line, query.to_judge, query.division is not None)
    given = {"desks": desks, "queue": query.queue, "asked": asked, "division": query.division}
    counted = (
        await counts(call.door, call.principal, desks, query.queue, query.division) if query.counts else None
    )
    return await TASKS.answer(
        call,
        query,
        FIRST_DUE,
        given,
        lambda row: _view(call, row, today),
        lambda items, cursor: TaskList(items, cursor, counted),
    )


@operation(
    "GET",
    "/tasks/summary",
    resource="me",
    action="read",
    summary="待办汇总",
    tag=TAG,
    where="cases",
    answer=TaskSummary,
)
async def summary(call: Call) -> Answer:
    """各类待办的件数、等得最久的天数、最近的到期日和逾期件数；超过一千件的只说“至少”。"""
    desks, today = desks_of(call), legal_day(call.now)
    await _caught_up(call)
    counted: dict[str, QueueCount] = {}
    for row in await sums(call.door, call.principal, desks):
        counted[row["queue"]] = _count(row, today)
    items = sorted(
        counted.values(), key=lambda each: (each.next_due or date.max, -each.worst_days, each.queue)
    )
    return Answer(TaskSummary(today, sum(each.count for each in items), items))


def _count(row: Row, today: date) -> QueueCount:
    return of_row(
        QueueCount,
        row,
        label=label("task_queue", row["queue"]),
        count=min(row["count"], MOST_COUNTED),
        capped=row["count"] > MOST_COUNTED,
        worst_days=max(0, (today - legal_day(row["oldest"])).days),
    )


def _view(call: Call, row: Row, today: date) -> TaskView:
    due, since = row["due"], row["since"]
    amount = row["approved_fen"] if row["approved_fen"] is not None else row["investment_fen"]
    project, inside = row["project_id"], call.service(Inside)
    return of_row(
        TaskView,
        row,
        id=_id(row),
        project_id=None if project is None else str(Ref(row["tenant_id"], project)),
        queue_label=label("task_queue", row["queue"]),
        tenant=row["tenant_id"],
        amount_yuan=yuan_or_none(amount),
        days_waiting=max(0, (today - legal_day(since)).days),
        days_left=None if due is None else (due - today).days,
        late=due is not None and due < today,
        ground=None
        if row["basis"] is None or row["article"] is None
        else ground(row["article"], row["basis"]),
        operation_ids=[deed for deed in DEEDS[row["queue"]] if inside.may(call.principal, deed)],
        blocked=_blocked(call, row),
    )


def _id(row: Row) -> str:
    """As the thing's own operations take it."""
    if row["kind"] in ("client", "issuer"):
        return f"{row['tenant_id']}.{row['id']}"
    if row["kind"] == "amendment":
        return str(ref_of(int(row["id"])))
    return str(Ref(_PROVINCE if row["kind"] == "declaration_round" else row["tenant_id"], row["id"]))


def _blocked(call: Call, row: Row) -> str | None:
    """Whose hands a case went through on the other side, does not judge it (law.md, trap 20)."""
    hands: dict[str, Any] | None = row["hands"]
    if not hands:
        return None
    principal = call.principal
    held = [f"{principal.tier}.{role}" for role in principal.roles]
    mine = [role for role in held if role in _WHO.get(row["queue"], held)]
    ruled_out = barred(hands, principal, call.services.policy.roles)
    return ruled_out[mine[0]] if mine and all(role in ruled_out for role in mine) else None


ROUTES: list[HTTPRouteHandler] = [list_page, summary, *api_batches.ROUTES]
