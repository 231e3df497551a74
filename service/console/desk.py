"""待办: what waits for whoever comes, most urgent first; the case beside it; what needs no judgement, many at once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, NamedTuple

from litestar.handlers import HTTPRouteHandler

from service.console.deeds import deed
from service.console.listing import Filter, chips, kept_hidden, told
from service.console.pages import page, render
from service.console.records import Listed, Register
from service.console.versions import last_two
from service.console.visiting import KEY, Visit
from service.kit.errors import ServiceError, not_found
from service.kit.handler import Rendered
from service.vocabulary import names

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


# What stands in a queue, as conditions and chips have it; its rows are the template's.
_QUEUE = Register("/console", "待办", "", "tasks_list_page", (), "没有要您办的事。", order="先到期的在前")


class _Kind(NamedTuple):
    """A condition of the queue: how it is called, and whether a task is of it."""

    words: str
    holds: Callable[[Any], bool]


def _plain(task: Any) -> bool:
    return bool(task["project_id"] and not task["reasons_to_judge"] and not task["blocked"])


def _near(task: Any) -> bool:
    return bool(task["near_line"])


def _to_province(task: Any) -> bool:
    return bool(task["route"] == "provincial_review")


_ONLY = {
    "plain": _Kind("无须表态", _plain),
    "near": _Kind(names("finding")["near_line"], _near),
    "province": _Kind("报省", _to_province),
}


def _narrowed(visit: Visit, tasks: Any) -> Listed:
    """The queue with its conditions: each kind with how many of these rows are of it, and the units that sent them."""
    rows = tasks["items"]
    of = {code: sum(kind.holds(each) for each in rows) for code, kind in _ONLY.items()}
    kinds = tuple((code, f"{kind.words} {of[code]}") for code, kind in _ONLY.items() if of[code])
    owners = tuple(
        (name, name) for name in sorted({each["owner_name"] for each in rows if each["owner_name"]})
    )
    filters = []
    if kinds and max(of.values()) < len(rows):
        filters.append(Filter("only", "哪些", kinds, "local", every=f"全部 {len(rows)}"))
    if len(owners) > 1 or "owner" in visit.query:
        filters.append(Filter("owner", "单位", owners, "pick"))
    only, owner = visit.query.get("only", ""), visit.query.get("owner", "")
    kept = [
        each
        for each in rows
        if (only not in _ONLY or _ONLY[only].holds(each)) and (not owner or each["owner_name"] == owner)
    ]
    found = {**tasks, "items": kept}
    return Listed(
        _QUEUE,
        found,
        filters,
        chips(visit, filters),
        told(found, first="cursor" not in visit.query),
        [],
        kept_hidden(visit, filters),
        {},
        None,
        None,
    )


async def _home(visit: Visit, results: list[Result]) -> Rendered:
    summary = await visit.ask("tasks_summary")
    queue = visit.query.get("queue") or (summary["items"][0]["queue"] if summary["items"] else "")
    asked = {**visit.picked("cursor"), "limit": "50"} | ({"queue": queue} if queue else {})
    tasks = await visit.ask("tasks_list_page", asked)
    shown = _narrowed(visit, tasks)
    peek = visit.query.get("peek") or next(
        (each["project_id"] for each in shown.found["items"] if each["project_id"]), None
    )
    peeked: Any = await visit.maybe("projects_read", ref=str(peek)) if peek else None
    plain = sum(not each["reasons_to_judge"] and not each["blocked"] for each in tasks["items"])
    together = _TOGETHER.get(queue)
    return render(
        visit,
        "queue.html",
        summary=summary,
        tasks=tasks,
        list=shown,
        queue=queue,
        results=results,
        address_of=address_of,
        peeked=peeked,
        peek=peek,
        between=await last_two(visit, peeked) if peeked else None,
        messages=await visit.maybe("inbox_list_page", {"unread": "true", "limit": "1"}),
        batch=together if plain and together and visit.may(together.operation) else None,
        plain=plain,
    )


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
