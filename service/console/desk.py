"""待办: what waits for whoever comes, most urgent first; the case beside it; what needs no judgement, many at once."""

from __future__ import annotations

import hashlib
from typing import Any, NamedTuple
from urllib.parse import urlencode

from litestar.handlers import HTTPRouteHandler

from service.console.given_back import given_back_of
from service.console.pages import page, render
from service.console.queue_conditions import asked_of_queue, carried, narrowed
from service.console.versions import last_two
from service.console.visiting import KEY, Visit
from service.console.watching import watches
from service.kit.errors import ServiceError, not_found
from service.kit.handler import Rendered

PICK, TOGETHER = "pick", "_together"
MOST_AT_ONCE = 50


class Together(NamedTuple):
    """What may be done with many of one queue: its operation, what its button says, and which may be picked."""

    operation: str
    label: str
    which: str


_TOGETHER = {
    "gatekeeping": Together("projects_gatekeep_pass", "所选一并通过", "只能选无须表态的；"),
    "adoption": Together("adoptions_confirm", "所选一并确认", ""),
    "provision": Together("adoptions_provision", "所选一并开通", ""),
}
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
    waits = next((each for each in summary["items"] if each["queue"] == queue), None)
    asked = asked_of_queue({**visit.query, "queue": queue}) | {"limit": "50"}
    if (
        waits is None or not waits["capped"]
    ):  # what is too long to be counted is not counted by conditions either
        asked |= {"counts": "true"}
    tasks = await visit.ask("tasks_list_page", asked)
    shown = await narrowed(visit, tasks, waits)
    peek = visit.query.get("peek") or next(
        (each["project_id"] for each in shown.found["items"] if each["project_id"]), None
    )
    peeked: Any = await visit.maybe("projects_read", ref=str(peek)) if peek else None
    plain = sum(not each["reasons_to_judge"] and not each["blocked"] for each in tasks["items"])
    together, counts = _TOGETHER.get(queue), tasks["counts"]
    return render(
        visit,
        "queue.html",
        summary=summary,
        tasks=tasks,
        list=shown,
        queue=queue,
        results=results,
        address_of=address_of,
        carried=carried(visit, queue),
        peeked=peeked,
        peek=peek,
        between=await last_two(visit, peeked) if peeked else None,
        back_with=await given_back_of(visit, peeked),
        messages=await visit.maybe("inbox_list_page", {"unread": "true", "limit": "1"}),
        batch=together if plain and together and visit.may(together.operation) else None,
        plain=plain,
        alike=(counts["without_reasons"] if together and together.which else counts["count"])
        if counts
        else None,
        narrowed="only" in visit.query or "division" in visit.query,
        watches=not summary["items"] and watches(visit),
    )


def address_of(task: dict[str, Any], of: str = "") -> str:
    """Where the task is done; empty where its page is not built. `of`: the list whose neighbours the case leads to."""
    if task["kind"] in _PAGES:
        return f"{_PAGES[task['kind']]}/{task['id']}"
    kept = f"?{urlencode({'from': of})}" if of else ""
    return f"/console/projects/{task['project_id']}{kept}" if task["project_id"] else ""


class Result(NamedTuple):
    """What became of one of many. `told`: why not, else empty."""

    name: str
    told: str


@page("POST", "/console")
async def many(visit: Visit) -> Rendered:
    """一并通过, 一并开通: each in a transaction and with a key of its own; what does not fit leaves the rest alone."""
    results, together = [], _TOGETHER.get(visit.field(TOGETHER))
    if together is None:
        raise not_found()
    for picked in [value for name, value in visit.form if name == PICK][:MOST_AT_ONCE]:
        ref, _, rest = picked.partition("|")
        version, _, title = rest.partition("|")
        try:
            key = f"{visit.field(KEY)}-{ref[-12:]}"
            await visit.reply(together.operation, {"ref": ref}, body=b"{}", if_match=f'"{version}"', key=key)
            results.append(Result(title, ""))
        except ServiceError as error:
            results.append(Result(title, error.detail))
    return await _home(visit, results)


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


ROUTES: list[HTTPRouteHandler] = [home, many, counters]
