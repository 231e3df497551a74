"""The case: what it is, why it goes this way, what this desk may do now, what happened, what falls due."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar.handlers import HTTPRouteHandler

from service.console.around import carried_by, neighbours, queue_of
from service.console.declare import unanswered
from service.console.declared import content_of, inputs_of
from service.console.deeds import OPERATION, deed
from service.console.drawing import amount_line
from service.console.given_back import given_back, untouched
from service.console.pages import page, render, see
from service.console.parts_of_case import (
    Deed,
    deeds_of,
    findings_of,
    not_editable,
    steps_of,
)
from service.console.printed import printed
from service.console.ranking import back, first, headings, owed, ranked
from service.console.records import listing, looked, shown_as
from service.console.registers_cases import PROJECTS
from service.console.versions import Between, last_two
from service.console.visiting import Visit
from service.kit.errors import ServiceError
from service.kit.handler import Rendered

# Where a city's case goes that stays below the limit, and one that reaches it.
_WAYS = ("市级把关、批复、备案", "市级把关后报省")


@page("GET", "/console/projects/{ref:str}")
async def case(visit: Visit) -> Rendered:
    """The story on the left, the deeds on the right."""
    return await _case(visit)


async def _case(visit: Visit) -> Rendered:
    ref = visit.part("ref")
    project = await visit.ask("projects_read", ref=ref)
    history = await visit.maybe("projects_history", ref=ref)
    duties = await visit.maybe("obligations_of_project", ref=ref)
    around = await neighbours(visit, ref)
    owing = _owing(visit, duties, done=(done := around is not None and not around.place))
    deeds = ranked(await deeds_of(visit, project), owing)
    between = await last_two(visit, project, first=True)
    editable = visit.may("projects_edit") and not_editable(project) is None
    back_with = given_back(project, history)
    quiet = (editable and untouched(project, back_with)) or (done and not owing)
    main = "" if quiet else first(deeds, writing=editable, owing=owing)
    return render(
        visit,
        "case.html",
        project=project,
        history=history,
        duties=duties,
        deeds=deeds,
        headings=headings(deeds, owing),
        printed=printed(visit, project, deeds),
        steps=steps_of(project, history),
        findings=findings_of(project, deeds),
        line=_line(project, history, between),
        between=between,
        content=content_of(project),
        inputs=inputs_of(project),
        around=around,
        orders=await _orders(visit, ref, history),
        carried=visit.query.get("from", ""),
        key_steps=(moved := _key_steps(history)),
        key_only=bool(moved) and visit.query.get("steps") == "key",
        preview=await _preview(visit, deeds, ref),
        editable=editable,
        chosen=visit.field(OPERATION) or _asked(visit, deeds) or main,
        main_deed=main,
        back_deed=back(deeds),
        back_with=back_with,
    )


def _owing(visit: Visit, duties: Any, *, done: bool) -> dict[str, int]:
    """What the reader's desk owes on the case, by its open duties and the queue that it was opened from and is in."""
    found = duties["items"] if duties else ()
    queue = "" if done else queue_of(visit.query.get("from"))
    return owed(found, visit.tier, visit.principal.roles, queue)


def _key_steps(history: Any) -> list[Any]:
    """Of what happened: where the case went on, went back or was halted; not what left it where it was."""
    taken = history["transitions"] if history else []
    return [each for each in taken if each["from_state"] != each["to_state"]]


async def _orders(visit: Visit, ref: str, history: Any) -> Any | None:
    """What was asked to be put right and what became of it; asked for only where something ever was."""
    said = history["transitions"] if history else []
    if not any(each["action"] == "order_rectification" for each in said):
        return None
    return await visit.maybe("orders_list_page", {"project_id": ref, "limit": "50"})


def _asked(visit: Visit, deeds: list[Deed]) -> str:
    """The deed that a link asked to unfold: `?do=back` for the one that gives back."""
    return back(deeds) if visit.query.get("do") == "back" else ""


async def _preview(visit: Visit, deeds: list[Deed], ref: str) -> Any | None:
    """What submission would say today, where the reader could submit."""
    if not any(each.operation == "projects_submit" for each in deeds):
        return None
    try:
        found = msgspec.json.decode((await visit.reply("projects_preview_case", {"ref": ref})).body)
        return {**found, "missing": [*found["missing"], *unanswered(found, visit.tier)]}
    except ServiceError as error:
        if error.status in (403, 404, 409, 422):
            return None
        raise


def _line(project: dict[str, Any], history: Any, between: Between | None) -> Any:
    """The counted amount against the limit, with what was declared and approved before."""
    inputs = (project["decision"] or {}).get("inputs", {})
    if not inputs.get("limit_yuan") or not inputs.get("counted_yuan"):
        return None
    earlier: list[tuple[str, str | None]] = []
    if between is not None and between.first is not None:
        earlier = [("首次申报", _counted(between.first)), ("上次申报", _counted(between.one))]
    for each in history["transitions"] if history else []:
        earlier.append(("批复", each["details"].get("approved_amount_yuan")))
    told = {amount: words for words, amount in reversed(earlier) if amount}
    if (now := project["approved_amount_yuan"]) and now not in told:
        told[now] = "变更后批复" if "批复" in told.values() else "批复"
    of_city = inputs["facts"]["declarant"]["tier"] != "province"
    return amount_line(
        inputs["counted_yuan"],
        inputs["limit_yuan"],
        [(words, amount) for amount, words in reversed(told.items())],
        _WAYS if of_city else None,
    )


def _counted(version: Mapping[str, Any]) -> str | None:
    return ((version["decision"] or {}).get("inputs") or {}).get("counted_yuan")


@page("POST", "/console/projects/{ref:str}")
async def act(visit: Visit) -> Rendered:
    """A deed on the case; of a draft that was deleted nothing is left to show."""
    gone = visit.field(OPERATION) == "projects_delete"
    return await deed(
        visit, _case, ref=visit.part("ref"), then=(lambda _: "/console/projects") if gone else None
    )


@page("GET", "/console/projects")
async def listed(visit: Visit) -> Rendered:
    """Where is …? By name, number, state, kind, amount, and how long it has waited."""
    shown = await listing(visit, PROJECTS)
    if visit.query.keys() == {"text"} and len(shown.found["items"]) == 1 and not shown.found["next_cursor"]:
        return see(f"/console/projects/{shown.found['items'][0]['id']}")
    carried = urlencode({"from": carried_by(visit)})
    for each in shown.found["items"]:
        each["carried"] = f"?{carried}"
    return shown_as(visit, await looked(visit, shown))


ROUTES: list[HTTPRouteHandler] = [case, act, listed]
