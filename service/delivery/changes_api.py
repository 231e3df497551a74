"""Endpoints of changes (arts 13, 20, 24)."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.delivery import changes_deeds as changes
from service.delivery.building_deeds import deed
from service.delivery.changes_schemas import ChangeIn, DecideChangeIn
from service.kit.api import Error
from service.measures.lifecycle import Action
from service.projects.api import CHANGED, REASONS, UNACCEPTED, UNANSWERED

_ISSUED = Error(409, "below_issued", "变更后的总额低于已下达预算")

ROUTES: list[HTTPRouteHandler] = [
    deed("changes", Action.REQUEST_CHANGE, changes.request_change, body=ChangeIn, summary="申请变更",
         resource="project.change", act="request", errors=(REASONS,)),
    deed("changes/decide", Action.DECIDE_CHANGE, changes.decide_change, body=DecideChangeIn, summary="决定变更",
         resource="project.change", act="decide", errors=(CHANGED, REASONS, UNANSWERED, UNACCEPTED, _ISSUED)),
]  # fmt: skip
