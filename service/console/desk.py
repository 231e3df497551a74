"""待办: what waits for whoever comes, most urgent first; the case beside it; what needs no judgement, many at once."""

from __future__ import annotations

from typing import Any, NamedTuple

from litestar.handlers import HTTPRouteHandler

from service.console.pages import page, render
from service.console.visiting import KEY, Visit
from service.kit.errors import ServiceError
from service.kit.handler import Rendered

PICK, PASS = "pick", "projects_gatekeep_pass"
MOST_AT_ONCE = 50
_PAGES = {
    "adoption": "/console/adoptions",
    "provision": "/console/provisions",
}


@page("GET", "/console")
async def home(visit: Visit) -> Rendered:
    """The first page of every desk."""
    return await _home(visit, [])


async def _home(visit: Visit, results: list[Result]) -> Rendered:
    summary = await visit.ask("tasks_summary")
    queue = visit.query.get("queue") or (summary["items"][0]["queue"] if summary["items"] else "")
    asked = {**visit.picked("cursor"), "limit": "50"} | ({"queue": queue} if queue else {})
    tasks = await visit.ask("tasks_list_page", asked)
    peek = visit.query.get("peek") or next(
        (each["project_id"] for each in tasks["items"] if each["project_id"]), None
    )
    return render(
        visit, "queue.html", summary=summary, tasks=tasks, queue=queue, results=results, address_of=address_of,
        peeked=await visit.maybe("projects_read", ref=peek) if peek else None, peek=peek,
        messages=await visit.maybe("inbox_list_page", {"unread": "true", "limit": "1"}),
        batch=queue == "gatekeeping" and visit.may(PASS),
    )  # fmt: skip


def address_of(task: dict[str, Any]) -> str:
    """Where the task is done; empty where its page is not built."""
    if task["kind"] in _PAGES:
        return f"{_PAGES[task['kind']]}/{task['id']}"
    return f"/console/projects/{task['project_id']}" if task["project_id"] else ""


class Result(NamedTuple):
    """What became of one of many. `told`: why not, else empty."""

    name: str
    told: str


@page("POST", "/console")
async def many(visit: Visit) -> Rendered:
    """一并通过: each case in a transaction and with a key of its own; what does not fit leaves the rest alone."""
    results = []
    for picked in [value for name, value in visit.form if name == PICK][:MOST_AT_ONCE]:
        ref, _, rest = picked.partition("|")
        version, _, title = rest.partition("|")
        try:
            key = f"{visit.field(KEY)}-{ref[-12:]}"
            await visit.reply(PASS, {"ref": ref}, body=b"{}", if_match=f'"{version}"', key=key)
            results.append(Result(title, ""))
        except ServiceError as error:
            results.append(Result(title, error.detail))
    return await _home(visit, results)


@page("GET", "/console/messages")
async def messages(visit: Visit) -> Rendered:
    """What was told to this desk, the newest first."""
    return render(visit, "messages.html", found=await visit.ask("inbox_list_page", visit.picked("cursor")))


ROUTES: list[HTTPRouteHandler] = [home, many, messages]
