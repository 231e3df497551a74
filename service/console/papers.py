"""材料: what a case needs and has; a file is handed in by an ordinary form, its progress shown where scripts run."""

from __future__ import annotations

from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.console.pages import done, page, render
from service.console.visiting import FILE, KEY, Visit
from service.kit.errors import ServiceError
from service.kit.handler import Rendered
from service.measures.lifecycle_states import ACCEPTING

UPLOAD, REMOVE = "documents_upload", "documents_remove"


@page("GET", "/console/projects/{ref:str}/papers")
async def papers(visit: Visit) -> Rendered:
    """The list, and what lies here."""
    return await _papers(visit)


async def _papers(visit: Visit) -> Rendered:
    ref = visit.part("ref")
    project = await visit.ask("projects_read", ref=ref)
    listed = await visit.ask("documents_checklist", ref=ref)
    files = await visit.ask("documents_list_all", ref=ref)
    phase = "acceptance" if project["state"] in ACCEPTING else "declaration"
    by_slot: dict[str, list[dict[str, Any]]] = {}
    for each in files["items"]:
        by_slot.setdefault(each["slot"], []).append(each)
    return render(
        visit,
        "papers.html",
        project=project,
        papers=listed,
        files=files,
        by_slot=by_slot,
        phase=phase,
        may_send=visit.may(UPLOAD),
        may_remove=visit.may(REMOVE),
    )


@page("POST", "/console/projects/{ref:str}/papers")
async def send(visit: Visit) -> Rendered:
    """Hands a file in, or takes one back that was not submitted yet."""
    ref = visit.part("ref")
    try:
        if visit.field("_op") == REMOVE:
            await visit.reply(REMOVE, {"ref": visit.field("document")}, key=visit.field(KEY))
        else:
            await _handed_in(visit, ref)
    except ServiceError as error:
        if error.code == "classified_material":
            raise
        visit.problem = error
        return await _papers(visit)
    return done(f"/console/projects/{ref}/papers")


async def _handed_in(visit: Visit, ref: str) -> None:
    file = visit.files.get(FILE)
    if file is None or not file.name:
        raise ServiceError(422, "invalid_body", "请先选择文件")
    await visit.reply(
        UPLOAD,
        {"ref": ref},
        query={"slot": visit.field("slot"), "name": file.name},
        body=file.body,
        media="application/octet-stream",
        key=visit.field(KEY),
    )


@page("GET", "/console/projects/{ref:str}/files/{document:str}")
async def file(visit: Visit) -> Rendered:
    """An attachment, as the operation gives it."""
    reply = await visit.reply("documents_download", {"ref": visit.part("document")})
    return Rendered(reply.status, reply.headers, reply.body)


ROUTES: list[HTTPRouteHandler] = [papers, send, file]
