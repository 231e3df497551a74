"""Recipes of rectification orders and the measures that follow a lapse (arts 39, 41); see recipes.py."""

from __future__ import annotations

from tests.contract import recipes_acceptance as acceptance
from tests.contract.recipes import on, recipe
from tests.contract.recipes_delivery import example
from tests.lives import Life, Ready, World


async def ordered(w: World, case: Life | None = None) -> tuple[Life, str]:
    """An order of the network security organ, and its id."""
    case = case or await acceptance.begun(w)
    return case, await case.order(w.organ("cyber"), due=acceptance.ahead(30))


async def failed(w: World, case: Life | None = None) -> tuple[Life, str]:
    """Answered, and found in vain: measures may follow (art. 41)."""
    case = case or await acceptance.begun(w)
    return case, await case.order_in_vain(w.organ("cyber"), due=acceptance.ahead(30))


async def suspended(w: World, case: Life | None = None) -> Life:
    """Suspended for an order that is done by now."""
    case, order = await failed(w, case)
    await case.does(w.organ("gatekeeper"), "suspend", {"order": order, "reason": "隐患严重"})
    body = {"order": order, "done": True, "opinion": "复测通过"}
    await case.does(w.organ("cyber"), "close-order", body)
    return case


@recipe("orders_order_rectification")
async def _(w: World) -> Ready:
    return on(await acceptance.begun(w), w.organ("cyber"), example("orders_order_rectification"))


@recipe("orders_answer_order")
async def _(w: World) -> Ready:
    case, order = await ordered(w)
    return on(case, w.owner, {"order": order, "answer": "已整改", "evidence": []})


@recipe("orders_close_order")
async def _(w: World) -> Ready:
    case, order = await ordered(w)
    return on(case, w.organ("cyber"), {"order": order, "done": True, "opinion": "已办结"})


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
            return on(case, w.organ(who), {"order": order, "reason": "整改不合要求"})


_measures()


@recipe("orders_lift_deferral")
async def _(w: World) -> Ready:
    case, order = await failed(w)
    body = {"order": order, "reason": "整改不合要求"}
    await case.does(w.organ("finance"), "defer-funds", body)
    return on(case, w.organ("finance"), {"reason": "整改办结"})


@recipe("orders_resume")
async def _(w: World) -> Ready:
    return on(await suspended(w), w.organ("gatekeeper"), {"reason": "整改办结"})


@recipe("orders_resume_trial_run")
async def _(w: World) -> Ready:
    return on(
        await suspended(w, await acceptance.trial_run(w)),
        w.organ("gatekeeper"),
        {"reason": "整改办结"},
    )


@recipe("orders_resume_acceptance")
async def _(w: World) -> Ready:
    return on(
        await suspended(w, await acceptance.inspected(w)),
        w.organ("gatekeeper"),
        {"reason": "整改办结"},
    )
