"""/verify: whether a paper is what was issued, for anybody, with the three things that stand on it or with the file."""

from __future__ import annotations

import msgspec
from litestar.handlers import HTTPRouteHandler

from service.console.pages import page, render
from service.console.visiting import Visit
from service.kit.errors import ServiceError
from service.kit.handler import Rendered
from service.kit.refusals import reading
from service.kit.wire import encode
from service.papers.api_verify import PAGE_FILE
from service.papers.schemas import Verified, VerifyIn
from service.papers.verifying import by_code, by_file

ASKED = ("code", "number", "amount_yuan")


@page("GET", "/verify", known=False)
async def verify(visit: Visit) -> Rendered:
    """What to bring."""
    return _page(visit, None)


@page("POST", "/verify", known=False)
async def ask(visit: Visit) -> Rendered:
    """By code, number and amount. What cannot be one of them is answered as what is wrong."""
    given = {name: visit.field(name).strip().replace(",", "").replace("，", "") for name in ASKED}
    try:
        asked = msgspec.convert({name: said for name, said in given.items() if said}, VerifyIn)
    except msgspec.ValidationError:
        visit.problem = ServiceError(
            422, "invalid_body", "请照文书填写核验码、编号和金额（元，数字，至多两位小数）"
        )
        return _page(visit, None)
    with reading():
        return _page(visit, await by_code(visit.services, asked))


@page("POST", PAGE_FILE, known=False)
async def ask_file(visit: Visit) -> Rendered:
    """By the file, which is looked at and not kept."""
    file = visit.files.get("file")
    if file is None or not file.body.startswith(b"%PDF-"):
        visit.problem = ServiceError(422, "invalid_body", "请选择取得的 PDF 文件")
        return _page(visit, None)
    with reading():
        return _page(visit, await by_file(visit.services, file.body))


def _page(visit: Visit, found: Verified | None) -> Rendered:
    told = None if found is None else msgspec.json.decode(encode(found))
    return render(visit, "verify.html", found=told, asked={name: visit.field(name) for name in ASKED})


ROUTES: list[HTTPRouteHandler] = [verify, ask, ask_file]
