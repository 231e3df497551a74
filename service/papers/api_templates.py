"""/draft-templates: an office puts its own template of a draft in the place of ours (arts 18, 20, 32, 41)."""

from __future__ import annotations

import asyncio
from urllib.parse import quote

from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call, operation
from service.kit.command import routes_of
from service.kit.db import own
from service.kit.errors import not_found
from service.papers import own_templates as actions
from service.papers.docx import MEDIA
from service.papers.drafting import COLUMNS
from service.papers.own_templates import NO_OFFICE, TAG, UNFIT
from service.papers.press import Press
from service.papers.template_queries import ONE
from service.papers.template_schemas import (
    DraftColumnView,
    DraftFieldView,
    DraftFileQuery,
    DraftTemplateList,
    DraftTemplateQuery,
    DraftTemplateView,
)
from service.vocabulary import label, names


def _file(kind: str, raw: bytes, what: str) -> Answer:
    name = quote(f"{label('draft', kind)}{what}.docx")
    said = f"attachment; filename=\"template.docx\"; filename*=UTF-8''{name}"
    return Answer(raw, headers={"content-disposition": said})


def _fields() -> list[DraftFieldView]:
    told = names("draft_field")
    rows = {f"{name}_{column}" for name, columns in COLUMNS.items() for column in columns}
    return [
        DraftFieldView(
            name, said, [DraftColumnView(each, told[f"{name}_{each}"]) for each in COLUMNS.get(name, ())]
        )
        for name, said in told.items()
        if name not in rows
    ]


@operation(
    "GET",
    "/draft-templates",
    resource="draft_template",
    action="read",
    summary="送审稿模板",
    tag=TAG,
    answer=DraftTemplateList,
    errors=(NO_OFFICE,),
)
async def list_templates(call: Call) -> Answer:
    """当前身份可以起草的各种送审稿，本单位现在用哪个模板、改动过几次，以及模板可用的字段。"""
    return Answer(DraftTemplateList(await actions.views(call, actions.kinds_of(call)), _fields()))


@operation(
    "GET",
    "/draft-templates/{kind:str}",
    resource="draft_template",
    action="read",
    summary="读取一种送审稿的模板",
    tag=TAG,
    answer=DraftTemplateView,
    errors=(NO_OFFICE,),
)
async def read_template(call: Call) -> Answer:
    """本单位现在用哪个模板；ETag 供上传和撤回使用。"""
    view = (await actions.views(call, [actions.kind_of(call)]))[0]
    return Answer(view, version=view.version)


@operation(
    "GET",
    "/draft-templates/{kind:str}/file",
    resource="draft_template",
    action="read",
    summary="下载送审稿模板",
    tag=TAG,
    query=DraftFileQuery,
    answer=bytes,
    media_type=MEDIA,
    errors=(NO_OFFICE,),
)
async def template_file(call: Call) -> Answer:
    """现在所用的模板，供在 WPS 或 Word 中修改；写 number 的，是本单位那一次上传的文件（只保存最近二十次）。"""
    kind = actions.kind_of(call)
    tenant, office = call.principal.tenant, actions.seat_of(call)
    if call.query.number is None:
        form = await actions.in_use(call, kind)
        raw = form.content if form else await asyncio.to_thread(call.service(Press).in_use, tenant, kind)
        return _file(kind, raw, "模板")
    given = {"tenant_id": tenant, "office_id": office, "kind": kind, "number": call.query.number}
    row = await call.door.row(own(call.principal), ONE, **given)
    if row is None or row["content"] is None:
        raise not_found()
    return _file(kind, bytes(row["content"]), f"模板-{row['number']}")


@operation(
    "POST",
    "/draft-templates/{kind:str}/preview",
    resource="draft_template",
    action="manage",
    summary="预览送审稿模板",
    tag=TAG,
    query=DraftTemplateQuery,
    upload=MEDIA,
    answer=bytes,
    media_type=MEDIA,
    unsafe=False,
    errors=UNFIT,
)
async def preview_template(call: Call) -> Answer:
    """用示例内容填写所附的 docx，什么也不保存；不能用的，errors 说明原因。"""
    found = await actions.tried(call)
    return _file(actions.kind_of(call), found.made, "模板预览")


ROUTES: list[HTTPRouteHandler] = [
    list_templates,
    read_template,
    template_file,
    preview_template,
    *routes_of(actions),
]
