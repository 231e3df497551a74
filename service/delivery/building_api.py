"""Endpoints of building (arts 13, 24-29, 31)."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.delivery.building_schemas import (
    BuildingView,
)
from service.delivery.building_view import building_view
from service.kit.api import Answer, Call, Error, operation
from service.projects.api import read_case

_REPORTED = Error(409, "already_reported", "该年度已经报告，更正须说明理由")
_OPEN = Error(409, "force_majeure_open", "上一次不可抗力尚未登记结束")


@operation(
    "GET",
    "/projects/{ref:str}/building",
    resource="project.record",
    action="list",
    summary="建设情况",
    tag="delivery",
    where="cases",
    answer=BuildingView,
    tagged=True,
)
async def building(call: Call) -> Answer:
    """八项制度的登记和缺项、证书和到期、年度报告、资金收支，一处可见。"""
    case = await read_case(call, call.path("ref"))
    return Answer(building_view(case, call), version=case.version)


ROUTES: list[HTTPRouteHandler] = [building]
