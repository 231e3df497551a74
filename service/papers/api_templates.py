"""/draft-templates: an office puts its own template of a draft in the place of ours (arts 18, 20, 32, 41)."""

from __future__ import annotations

import asyncio
from urllib.parse import quote

from litestar.handlers import HTTPRouteHandler

from service.documents.api import ACTIVE, BAD_FILE, MALWARE, UNSAFE_NAME
from service.kit.api import Answer, Call, Error, operation
from service.kit.db import Tx, own
from service.kit.errors import not_found
from service.papers import own_templates as actions
from service.papers.docx import MEDIA
from service.papers.drafting import COLUMNS
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
from service.projects.api import CLASSIFIED
from service.vocabulary import label, names

TAG = "papers"
NO_OFFICE = Error(409, "no_office", "模板属于单位，须由单位的人员办理")
NONE = Error(409, "no_own_template", "本单位没有使用自己的模板")
_UNFIT = (BAD_FILE, ACTIVE, MALWARE, UNSAFE_NAME, CLASSIFIED, NO_OFFICE)


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
        form = await actions.standing(call, kind)
        raw = form.content if form else await asyncio.to_thread(call.service(Press).standing, tenant, kind)
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
    errors=_UNFIT,
)
async def preview_template(call: Call) -> Answer:
    """用示例内容填写所附的 docx，什么也不保存；不能用的，errors 说明原因。"""
    found = await actions.tried(call)
    return _file(actions.kind_of(call), found.made, "模板预览")


@operation(
    "POST",
    "/draft-templates/{kind:str}",
    resource="draft_template",
    action="manage",
    summary="更换送审稿模板",
    tag=TAG,
    status=201,
    also=(200,),
    query=DraftTemplateQuery,
    upload=MEDIA,
    answer=DraftTemplateView,
    if_match=True,
    errors=_UNFIT,
    before=actions.tried,
)
async def put_template(call: Call, tx: Tx) -> Answer:
    """本单位此后起草该种文书按所附的 docx（至多 2 MiB）填写；与现用的相同则不变，答 200。

    模板须能以示例内容填成，只用列出的字段，保留“送审稿”字样，不含宏、外部内容、图片和嵌入对象。
    """
    view, changed = await actions.put(call, tx)
    headers = {"location": f"/api/v1/draft-templates/{view.kind}"} if changed else {}
    return Answer(view, version=view.version, headers=headers, status=201 if changed else 200)


@operation(
    "POST",
    "/draft-templates/{kind:str}/withdraw",
    resource="draft_template",
    action="manage",
    summary="撤回送审稿模板",
    tag=TAG,
    answer=DraftTemplateView,
    if_match=True,
    errors=(NONE, NO_OFFICE),
)
async def withdraw_template(call: Call, tx: Tx) -> Answer:
    """不再使用本单位的模板，恢复部署单位的或系统自带的；各次改动仍可查看。"""
    view = await actions.withdraw(call, tx)
    return Answer(view, version=view.version)


ROUTES: list[HTTPRouteHandler] = [
    list_templates,
    read_template,
    template_file,
    preview_template,
    put_template,
    withdraw_template,
]
