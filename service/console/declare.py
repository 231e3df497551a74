"""从需求写起: a draft, its form drawn from the operation, and what it would still lack told on the case page."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.console.deeds import deed
from service.console.pages import page, render
from service.console.visiting import Visit
from service.docs.forms import Forms
from service.kit.errors import not_found
from service.kit.handler import Rendered

CREATE, EDIT = "projects_create", "projects_edit"
# Asked of portals, or answered on a page of its own.
_SKIPPED = ("external_ref", "owner_office_id", "reuse", "answers")


@page("GET", "/console/projects/new")
async def new(visit: Visit) -> Rendered:
    """An empty declaration."""
    return await _new(visit)


async def _new(visit: Visit) -> Rendered:
    form = visit.services.shelf[Forms].of(CREATE)
    if form is None or not visit.may(CREATE):
        raise not_found()
    return render(visit, "draft.html", form=form, project=None, skip=_SKIPPED)


@page("POST", "/console/projects/new")
async def create(visit: Visit) -> Rendered:
    """Keeps the draft and shows what it lacks."""
    return await deed(visit, _new, then=lambda made: f"/console/projects/{made['id']}")


@page("GET", "/console/projects/{ref:str}/edit")
async def edit(visit: Visit) -> Rendered:
    """The draft as it stands, to be changed."""
    return await _edit(visit)


async def _edit(visit: Visit) -> Rendered:
    ref = visit.part("ref")
    project = await visit.ask("projects_read", ref=ref)
    form = visit.services.shelf[Forms].of(EDIT)
    if form is None:
        raise not_found()
    return render(visit, "draft.html", form=form, project=project, skip=_SKIPPED)


@page("POST", "/console/projects/{ref:str}/edit")
async def change(visit: Visit) -> Rendered:
    """Keeps what was changed."""
    ref = visit.part("ref")
    return await deed(visit, _edit, ref=ref, then=lambda _: f"/console/projects/{ref}")


ROUTES: list[HTTPRouteHandler] = [new, create, edit, change]
