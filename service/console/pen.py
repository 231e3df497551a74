"""谁在办: who holds the pen and how that desk is reached, what other desks may do now, what is this desk's later."""

from __future__ import annotations

from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.console.pages import page, render
from service.console.visiting import Visit
from service.kit.handler import Rendered

# Every desk that sees a case may add a file to it; that is nobody's turn.
_ANYBODYS = "upload_document"
_NEAR = 3  # what of later steps is told before it is unfolded


@page("GET", "/console/projects/{ref:str}/pen")
async def pen(visit: Visit) -> Rendered:
    """A page of its own, and what the case's page fetches after itself."""
    ref = visit.part("ref")
    project = await visit.ask("projects_read", ref=ref)
    told: Any = await visit.ask("projects_actions", ref=ref)
    others: dict[str, list[str]] = {}
    for desk in told["desks"]:
        if acts := "、".join(each["label"] for each in desk["actions"] if _open(each)):
            others.setdefault(acts, []).append(desk["label"])
    return render(
        visit,
        "pen.html",
        project=project,
        pen=told["pen"],
        others=others,
        near=told["later"][:_NEAR],
        further=told["later"][_NEAR:],
    )


def _open(action: Any) -> bool:
    return bool(action["allowed"]) and action["action"] != _ANYBODYS


ROUTES: list[HTTPRouteHandler] = [pen]
