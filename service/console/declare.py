"""从需求写起: a declaration in steps, a preview that follows while one writes, and what exists already beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from litestar.handlers import HTTPRouteHandler

from service.console.choosing import choices_for
from service.console.deeds import deed
from service.console.drawing import ASIDE, amount_line
from service.console.given_back import given_back_of
from service.console.pages import done, page, render
from service.console.parts_of_case import not_editable
from service.console.steps import LAST, NAMES, following, steps_of, sum_of
from service.console.visiting import FOR, KEY, VERSION, Visit
from service.docs.forms import Forms
from service.kit.errors import ServiceError, not_found, or_404
from service.kit.formdata import body_of
from service.kit.handler import Rendered

CREATE, EDIT, REUSE, NEED = "projects_create", "projects_edit", "projects_reuse_check", "needs_create"
ANSWERS, _MEMBERS = "/answers/", ("candidate", "answer", "reason")  # asked beside the text's own fields
LOOK = "_look"  # the button that only looks, where no script does
Answer = tuple[tuple[str, str], ...]
_UNSAID = (400, 403, 404, 409, 422)


@page("GET", "/console/projects/new")
async def new(visit: Visit) -> Rendered:
    """An empty declaration."""
    return await _new(visit)


async def _new(visit: Visit) -> Rendered:
    name = NEED if "need" in visit.query else CREATE
    form = visit.services.shelf[Forms].of(name)
    if form is None or not visit.may(name):
        raise not_found()
    return await _drawn(visit, form, None, None)


@page("POST", "/console/projects/new")
async def create(visit: Visit) -> Rendered:
    """Keeps the draft and goes on to the next step; or only looks."""
    if visit.field(LOOK):
        return await _new(visit)
    return await deed(visit, _new, then=lambda made: f"/console/projects/{made['id']}/edit?step=money")


@page("GET", "/console/projects/{ref:str}/edit")
async def edit(visit: Visit) -> Rendered:
    """The draft as it stands, one step of it open."""
    return await _edit(visit)


async def _edit(visit: Visit) -> Rendered:
    ref = visit.part("ref")
    project = await visit.ask("projects_read", ref=ref)
    form = or_404(visit.services.shelf[Forms].of(EDIT))
    return await _drawn(visit, form, project, await _stored(visit, ref))


@page("POST", "/console/projects/{ref:str}/edit")
async def change(visit: Visit) -> Rendered:
    """Keeps what was changed and goes on; answers about what exists already; or only looks."""
    ref = visit.part("ref")
    if visit.field(LOOK):
        return await _edit(visit)
    to = following(visit.query.get("step", "")) if visit.query.get("step") else "money"
    here, whole = f"/console/projects/{ref}/edit?step={to}", visit.form
    given = answers_of(whole)
    visit.form = [each for each in whole if not each[0].startswith(ANSWERS)]
    if not given:  # of what exists already nothing need be said yet
        return await deed(visit, _edit, ref=ref, then=lambda _: here)
    try:
        made = await visit.do(EDIT, ref=ref)
        if given != answered(made):  # of the version that was just kept, and once for the same form
            apart = {VERSION: f'"{made["version"]}"', KEY: f"{visit.field(KEY)}-answers"}
            visit.form = [*apart.items(), *((name, value) for name, value in whole if name == FOR)]
            visit.form += [
                (f"{ANSWERS}{n}/{name}", text) for n, row in enumerate(given) for name, text in row
            ]
            await visit.do(REUSE, ref=ref)
    except ServiceError as error:
        if error.code == "classified_material":
            raise
        visit.problem, visit.form = error, whole
        return await _edit(visit)
    return done(here)


def answers_of(form: Iterable[tuple[str, str]]) -> list[Answer]:
    """What is said of each thing that exists already; of what nothing was said yet, nothing."""
    rows = dict[str, dict[str, str]]()
    for name, value in form:
        row, _, member = name.removeprefix(ANSWERS).partition("/")
        if name.startswith(ANSWERS) and member in _MEMBERS and value.strip():
            rows.setdefault(row, {})[member] = value.strip()
    return [tuple(sorted(row.items())) for row in rows.values() if row.keys() - {"candidate"}]


def answered(case: Mapping[str, Any]) -> list[Answer]:
    """The same of a case as it is kept."""
    found = (case.get("reuse") or {}).get("candidates") or ()
    rows = ({"candidate": each["id"], "answer": each["answer"], "reason": each["reason"]} for each in found)
    return [tuple(sorted((k, v) for k, v in row.items() if v)) for row in rows if row["answer"]]


async def _drawn(visit: Visit, form: Any, project: Any, stored: Any) -> Rendered:
    at = visit.query.get("step", "overview")
    at = at if at in NAMES else "overview"
    body = msgspec.json.decode(body_of(visit.form)) if visit.form else (project or {})
    preview = await _preview(visit, body)
    missing = [*stored["missing"], *unanswered(stored, visit.tier)] if stored else None
    visit.lacking = [each["pointer"] for each in missing or ()]
    if at == "reuse":  # nothing here keeps a draft from submission, and yet each is asked for a reason then
        visit.lacking += ["/facts/unifications", "/facts/sharing"]
    return render(
        visit,
        "draft.html",
        form=form,
        project=project,
        back_with=await given_back_of(visit, project),
        at=at,
        last=LAST,
        sums=sum_of(body),
        preview=preview,
        line=_line(preview),
        steps=steps_of(form, project, missing),
        missing=missing,
        names=NAMES,
        stored=stored,
        closed=not_editable(project) if project else None,
        alike=await _alike(visit, body, preview),
        choices=await choices_for(visit, form, project),
        reuse_form=visit.services.shelf[Forms].of(REUSE) if project and visit.may(REUSE) else None,
    )


def unanswered(stored: Mapping[str, Any], tier: str) -> list[dict[str, Any]]:
    """What submission would refuse beside what is missing: what exists already and nothing was said of (art. 23)."""
    found = stored["reuse"]["candidates"] if tier != "province" else []
    return [
        {"pointer": f"{ANSWERS}{n}/answer", "detail": f"尚未答复能不能用：{each['name']}", "article": 23}
        for n, each in enumerate(found)
        if each["id"] in stored["reuse"]["unanswered"]
    ]


def _line(preview: Any | None) -> Any | None:
    """The amount as it is typed against the limit that the facts lead to."""
    inputs = (preview["decision"].get("inputs") or {}) if preview else {}
    if not inputs.get("limit_yuan") or not inputs.get("counted_yuan"):
        return None
    return amount_line(inputs["counted_yuan"], inputs["limit_yuan"], wide=ASIDE)


async def _stored(visit: Visit, ref: str) -> Any | None:
    """What submission would say of the draft as it is kept."""
    try:
        return msgspec.json.decode((await visit.reply("projects_preview_case", {"ref": ref})).body)
    except ServiceError as error:
        if error.status in _UNSAID:
            return None
        raise


async def _preview(visit: Visit, body: Mapping[str, Any]) -> Any | None:
    """What the facts lead to as they stand in the form, kept or not; None while they do not say enough."""
    given = {name: body[name] for name in ("facts", "name") if body.get(name)}
    if "facts" not in given or not visit.may("projects_preview_facts"):
        return None
    given["facts"] = {key: value for key, value in given["facts"].items() if key not in _DERIVED}
    try:
        reply = await visit.reply("projects_preview_facts", {}, body=msgspec.json.encode(given))
    except ServiceError as error:
        if error.code == "classified_material" or error.status not in _UNSAID:
            raise
        return None
    return msgspec.json.decode(reply.body)


_DERIVED = ("declarant", "on", "reuse_check")  # facts that the service adds to what was declared


async def _alike(visit: Visit, body: Mapping[str, Any], preview: Any | None) -> list[dict[str, Any]]:
    """What exists already: by the preview, or while it says nothing yet by the name's first letters."""
    if preview and preview["reuse"] and preview["reuse"]["candidates"]:
        found: list[dict[str, Any]] = preview["reuse"]["candidates"]
        return found
    name = str(body.get("name") or "").strip()
    listed = await visit.maybe("apps_browse", {"text": name[:40], "limit": "3"}) if len(name) > 1 else None
    return [
        {
            "kind": "app",
            "id": each["id"],
            "name": each["name"],
            "provider": each["provider_name"],
            "phrases": each["phrases"],
            "reason": None,
            "answer": None,
        }
        for each in (listed["items"] if listed else [])
    ]


ROUTES: list[HTTPRouteHandler] = [new, create, edit, change]
