"""待办: what waits for whoever comes, most urgent first; the case beside it; what needs no judgement, many at once."""

from __future__ import annotations

import hashlib
from typing import Any, NamedTuple

from litestar.handlers import HTTPRouteHandler

from service.console.deeds import deed
from service.console.listing import told
from service.console.pages import page, render
from service.console.visiting import KEY, Visit
from service.kit.errors import ServiceError
from service.kit.handler import Rendered

PICK, PASS = "pick", "projects_gatekeep_pass"
MOST_AT_ONCE = 50
# Where a thing that is no case is dealt with.
_PAGES = {
    "adoption": "/console/adoptions",
    "provision": "/console/provisions",
    "assignment": "/console/assignments",
    "client": "/console/admin/clients",
    "issuer": "/console/admin/issuers",
    "suspicion": "/console/suspicions",
    "invitation": "/console/invitations",
    "amendment": "/console/amendments",
    "declaration_round": "/console/requirements",
    "library_import": "/console/library-imports",
    "workbook": "/console/workbooks",
    "spill": "/console/admin/spills",
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


def address_of(task: dict[str, Any], queue: str = "") -> str:
    """Where the task is done; empty where its page is not built. `queue`: whose neighbours the case's page leads to."""
    if task["kind"] in _PAGES:
        return f"{_PAGES[task['kind']]}/{task['id']}"
    carried = f"?from=queue%3D{queue}" if queue else ""
    return f"/console/projects/{task['project_id']}{carried}" if task["project_id"] else ""


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
    return await messages_shown(visit)


async def messages_shown(visit: Visit) -> Rendered:
    """The page, also after a mark that was refused."""
    found = await visit.ask("inbox_list_page", visit.picked("cursor", "unread", "open"))
    return render(visit, "messages.html", found=found, counted=told(found, first="cursor" not in visit.query))


@page("POST", "/console/messages")
async def read_messages(visit: Visit) -> Rendered:
    """One is marked as read, or all of them up to the newest that was shown."""
    return await deed(visit, messages_shown, then=lambda _: "/console/messages#main")


@page("GET", "/console/counters")
async def counters(visit: Visit) -> Rendered:
    """How much waits, for the bar: a number, tagged, so that a page that asks again is mostly told 304."""
    summary = await visit.ask("tasks_summary")
    capped = any(each["capped"] for each in summary["items"])
    body = f"{summary['count']}{'+' if capped else ''}".encode() if summary["count"] else b""
    tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    if visit.request.headers.get("if-none-match") == tag:
        return Rendered(304, {"etag": tag}, b"")
    return Rendered(200, {"content-type": "text/plain; charset=utf-8", "etag": tag}, body)


ROUTES: list[HTTPRouteHandler] = [home, many, messages, read_messages, counters]
