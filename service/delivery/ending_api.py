"""Endpoints of giving up (arts 4, 20, 38)."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.delivery import ending_deeds as ending
from service.delivery.building_deeds import deed
from service.delivery.ending_schemas import AgreeEndIn, EndIn, RefuseEndIn
from service.measures.lifecycle import Action

ROUTES: list[HTTPRouteHandler] = [
    deed("end", Action.APPLY_END, ending.apply_end, body=EndIn, summary="申请终止", resource="project.end",
         act="request"),
    deed("end/agree", Action.AGREE_END, ending.agree_end, body=AgreeEndIn, summary="同意终止", resource="project.end",
         act="decide"),
    deed("end/refuse", Action.REFUSE_END, ending.refuse_end, body=RefuseEndIn, summary="不同意终止",
         resource="project.end", act="decide"),
]  # fmt: skip
