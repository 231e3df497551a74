"""送审稿模板: an office's own form of what it writes, seen filled before it is used, given back at any time."""

from __future__ import annotations

from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.console.deeds import OPERATION, PART, deed
from service.console.pages import done, page, render
from service.console.visiting import FILE, KEY, VERSION, Visit
from service.kit.errors import ServiceError
from service.kit.handler import Rendered
from service.papers.docx import MEDIA

TEMPLATES = "/console/draft-templates"
PREVIEW, PUT = "papers_preview_template", "papers_put_template"


async def _shown(visit: Visit) -> Rendered:
    found: Any = await visit.ask("papers_list_templates")
    return render(
        visit,
        "draft_templates.html",
        kinds=found["items"],
        fields=found["fields"],
        may_change=visit.may(PUT, PREVIEW),
        sent=visit.field(f"{PART}kind"),
    )


@page("GET", TEMPLATES)
async def templates(visit: Visit) -> Rendered:
    """By what each kind is filled, and what a template may name."""
    return await _shown(visit)


@page("POST", TEMPLATES)
async def change(visit: Visit) -> Rendered:
    """先看效果 answers with the draft itself; 换用, 撤回."""
    if visit.field(OPERATION) not in (PREVIEW, PUT):
        return await deed(visit, _shown)
    try:
        reply = await _sent(visit, visit.field(OPERATION))
    except ServiceError as error:
        if error.code == "classified_material":
            raise
        visit.problem = error
        return await _shown(visit)
    if visit.field(OPERATION) == PREVIEW:
        return reply
    return done(TEMPLATES)


async def _sent(visit: Visit, operation: str) -> Rendered:
    file = visit.files.get(FILE)
    if file is None or not file.name:
        raise ServiceError(422, "invalid_body", "请先选择文件")
    put = operation == PUT
    reply = await visit.reply(
        operation,
        {"kind": visit.field(f"{PART}kind")},
        query={"name": file.name},
        body=file.body,
        media=MEDIA,
        if_match=visit.field(VERSION) if put else None,
        key=visit.field(KEY) if put else None,
    )
    return Rendered(reply.status, reply.headers, reply.body)


@page("GET", f"{TEMPLATES}/{{kind:str}}")
async def file(visit: Visit) -> Rendered:
    """The file that stands, or one of the office's own of before."""
    reply = await visit.reply(
        "papers_template_file", {"kind": visit.part("kind")}, query=visit.picked("number")
    )
    return Rendered(reply.status, reply.headers, reply.body)


ROUTES: list[HTTPRouteHandler] = [templates, change, file]
