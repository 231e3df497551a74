"""/declaration-rounds/preview and …/effect: what a round would ask of declarations at work; nothing is stored."""

from __future__ import annotations

from datetime import date

from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call, operation
from service.kit.clock import legal_day
from service.replay.rounds_effect import of_round
from service.replay.schemas_rounds import RoundEffect, RoundQuery
from service.rulebook.api_rounds import content_seen
from service.rulebook.rounds import TAG, checked
from service.rulebook.schemas_rounds import RequirementsIn


@operation(
    "POST",
    "/declaration-rounds/preview",
    resource="declaration_round",
    action="preview",
    summary="预览申报要求的影响",
    tag=TAG,
    where="cases",
    body=RequirementsIn,
    answer=RoundEffect,
    unsafe=False,
)
async def declaration_preview(call: Call) -> Answer:
    """提出之前查看：哪些起草或退回中的申报自施行日起还缺什么。省级看到退回、在库的，设区市和省直部门看到自己的工作稿。"""
    body: RequirementsIn = call.body
    return Answer(await of_round(call, checked(body, legal_day(call.now))))


@operation(
    "GET",
    "/declaration-rounds/effect",
    resource="declaration_round",
    action="preview",
    summary="申报要求影响哪些项目",
    tag=TAG,
    where="cases",
    query=RoundQuery,
    answer=RoundEffect,
)
async def declaration_effect(call: Call) -> Answer:
    """已提出或已确认的申报要求：自施行日（已过的按今天）起，哪些起草或退回中的申报还缺什么。"""
    content = await content_seen(call, call.query.round)
    start = max(date.fromisoformat(content["effective_from"]), legal_day(call.now))
    return Answer(await of_round(call, {**content, "effective_from": start.isoformat()}))


ROUTES: list[HTTPRouteHandler] = [declaration_preview, declaration_effect]
