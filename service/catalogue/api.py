"""/apps: the catalogue of shared apps, its readers' side and its providers' side."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.catalogue import browsing, publiccode_writing
from service.catalogue.api_adoptions import ROUTES as adoptions
from service.catalogue.api_provisions import ROUTES as provisions
from service.catalogue.api_working import ROUTES as working
from service.catalogue.kept import kept
from service.catalogue.schemas_browse import (
    AppList,
    BrowseQuery,
    CompareQuery,
    Comparison,
    EntryView,
    Suggestions,
    SuggestQuery,
)
from service.kit.api import Answer, Call, Error, operation
from service.kit.ids import parse_ref
from service.settings import Settings

TAG = "apps"
ABSENT = Error(404, "not_found", "没有该应用，或当前身份不可见，两者答复相同")


@operation(
    "GET",
    "/apps",
    resource="app",
    action="browse",
    summary="浏览和检索共享应用",
    tag=TAG,
    query=BrowseQuery,
    answer=AppList,
    paged=True,
)
async def browse(call: Call) -> Answer:
    """按相关度排列，无检索词时按名称；分面计数只含当前身份可见的应用，已停用的须以 status=retired 查看。"""
    return await browsing.browse(call)


@operation(
    "GET",
    "/apps/suggest",
    resource="app",
    action="browse",
    summary="检索词提示",
    tag=TAG,
    query=SuggestQuery,
    answer=Suggestions,
)
async def suggest(call: Call) -> Answer:
    """可见应用中含有该词的名称和功能。"""
    return Answer(await browsing.suggest(call))


@operation(
    "GET",
    "/apps/compare",
    resource="app",
    action="browse",
    summary="比较两个应用",
    tag=TAG,
    query=CompareQuery,
    answer=Comparison,
    errors=(ABSENT,),
)
async def compare(call: Call) -> Answer:
    """逐项对照，并列出共有和各自独有的功能、数据。"""
    return Answer(await browsing.compare(call))


@operation(
    "GET",
    "/apps/{ref:str}",
    resource="app",
    action="browse",
    summary="读取共享应用",
    tag=TAG,
    answer=EntryView,
)
async def read(call: Call) -> Answer:
    """已发布的内容；used_by 由各地区确认的开通情况汇总，只含地区名称和单位数。"""
    return Answer(await browsing.read(call, parse_ref(call.path("ref"))))


@operation(
    "GET",
    "/apps/{ref:str}/publiccode.yml",
    resource="app",
    action="browse",
    summary="导出应用说明文件",
    tag=TAG,
    answer=bytes,
    media_type="application/yaml",
)
async def export(call: Call) -> Answer:
    """符合 publiccode.yml 0.4 的 YAML，可原样导入为草稿；应用未写明而标准必需的内容列在 tongjian.assumed 中。"""
    ref = parse_ref(call.path("ref"))
    row = await browsing.read_entry(call, ref)
    text = publiccode_writing.dump(
        row["name"],
        row["status"],
        row["reach"],
        kept(row["content"]),
        address=f"{call.service(Settings).issuer}/api/v1/apps/{ref}",
        provider=row["provider_name"],
    )
    return Answer(text)


ROUTES: list[HTTPRouteHandler] = [
    browse,
    suggest,
    compare,
    read,
    export,
    *working,
    *adoptions,
    *provisions,
]
