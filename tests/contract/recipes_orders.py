"""Recipes of rectification orders and the measures that follow a lapse (arts 39, 41); see recipes.py."""

from __future__ import annotations

from tests.contract import recipes_acceptance as acceptance
from tests.contract.recipes import on, recipe
from tests.contract.recipes_delivery import deed, example
from tests.lives import Ready, Thing, World
from tests.lives.said import PAPER


async def ordered(w: World, case: Thing | None = None) -> tuple[Thing, str]:
    """An order of the network security organ, and its id."""
    case = case or await acceptance.begun(w)
    body = {"area": "network_security", "text": "限期整改", "due": acceptance.ahead(30)}
    case = await deed(w, case, "order-rectification", body, acceptance.organ(w, "cyber"))
    return case, next(iter(case.data["dated"]["orders"]["open"]))


async def failed(w: World, case: Thing | None = None) -> tuple[Thing, str]:
    """Answered, and found in vain: measures may follow (art. 41)."""
    case, order = await ordered(w, case)
    case = await deed(w, case, "answer-order", {"order": order, "answer": "已整改", "evidence": [PAPER]})
    body = {"order": order, "done": False, "opinion": "复测仍有问题"}
    return await deed(w, case, "close-order", body, acceptance.organ(w, "cyber")), order


async def suspended(w: World, case: Thing | None = None) -> Thing:
    """Suspended for an order that is done by now."""
    case, order = await failed(w, case)
    case = await deed(
        w, case, "suspend", {"order": order, "reason": "隐患严重"}, acceptance.organ(w, "gatekeeper")
    )
    body = {"order": order, "done": True, "opinion": "复测通过"}
    return await deed(w, case, "close-order", body, acceptance.organ(w, "cyber"))


@recipe("orders_order_rectification")
async def _(w: World) -> Ready:
    return on(await acceptance.begun(w), acceptance.organ(w, "cyber"), example("orders_order_rectification"))


@recipe("orders_answer_order")
async def _(w: World) -> Ready:
    case, order = await ordered(w)
    return on(case, w.owner, {"order": order, "answer": "已整改", "evidence": []})


@recipe("orders_close_order")
async def _(w: World) -> Ready:
    case, order = await ordered(w)
    return on(case, acceptance.organ(w, "cyber"), {"order": order, "done": True, "opinion": "已办结"})


def _measures() -> None:
    for name, who in (
        ("criticise", "cyber"),
        ("defer_funds", "finance"),
        ("suspend", "gatekeeper"),
        ("terminate", "approver"),
    ):

        @recipe(f"orders_{name}")
        async def _(w: World, who: str = who) -> Ready:
            case, order = await failed(w)
            return on(case, acceptance.organ(w, who), {"order": order, "reason": "整改不合要求"})


_measures()


@recipe("orders_lift_deferral")
async def _(w: World) -> Ready:
    case, order = await failed(w)
    body = {"order": order, "reason": "整改不合要求"}
    case = await deed(w, case, "defer-funds", body, acceptance.organ(w, "finance"))
    return on(case, acceptance.organ(w, "finance"), {"reason": "整改办结"})


@recipe("orders_resume")
async def _(w: World) -> Ready:
    return on(await suspended(w), acceptance.organ(w, "gatekeeper"), {"reason": "整改办结"})


@recipe("orders_resume_trial_run")
async def _(w: World) -> Ready:
    return on(
        await suspended(w, await acceptance.trial_run(w)),
        acceptance.organ(w, "gatekeeper"),
        {"reason": "整改办结"},
    )


@recipe("orders_resume_acceptance")
async def _(w: World) -> Ready:
    return on(
        await suspended(w, await acceptance.inspected(w)),
        acceptance.organ(w, "gatekeeper"),
        {"reason": "整改办结"},
    )
