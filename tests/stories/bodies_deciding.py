"""What is said in the calls from the first draft to the budget; a body of None: there is nothing to say now."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from service.kit.money import fen
from tests.lives import reviews, said
from tests.stories import chapters as c

if TYPE_CHECKING:
    from tests.stories.wanderer import Wanderer


Body = Callable[["Wanderer", str], Any]


def always(body: Any) -> Body:
    return lambda w, who: body


WHY = {"reason": "按程序办理"}


def submitted(w: Wanderer, who: str) -> Any:
    return {"reasons": [{"code": code, "reason": "上级统一部署"} for code in w.reasons]}


def opinions(w: Wanderer, who: str) -> Any:
    return {"opinions": [{"code": code, "accepted": True} for code in w.given]}


def edited(w: Wanderer, who: str) -> Any:
    w.drafted += 1
    materials = {**w.view["materials"], "technical_plan": f"依托政务云，第{w.drafted}稿"}
    return {"materials": materials}


def standing(w: Wanderer, who: str) -> Any:
    return WHY if w.fact("library").get("valid_until", "") > c.today() else None


def amount(w: Wanderer, who: str, body: Any) -> int:
    return fen(body["approved_amount_yuan"])


def framework(w: Wanderer, who: str) -> Any:
    return {"edition": 1} if w.life.joint and not w.fact("framework") and w.framed else None


def report(w: Wanderer, who: str) -> Any:
    if not w.appraising or w.appraising != w.stage:
        return None
    verdict = "pass" if w.rng.random() < 0.8 else "revise"
    return {**reviews.report(verdict), "reason": "综合各方意见"}


def review(w: Wanderer, who: str) -> Any:
    return {"invited": [], **(opinions(w, who) if w.life.departmental else {})}


def outcome_of_review(w: Wanderer, who: str) -> Any:
    if not w.reviewing:
        return None
    yuan = w.view["investment_yuan"]
    return {
        "agreed": w.rng.random() < 0.8,
        "summary": "会审意见",
        "plan": "一年建成",
        "budget_yuan": yuan,
        "reason": "已协调",
    }


def meeting(w: Wanderer, who: str) -> Any:
    return c.meeting("approve" if w.rng.random() < 0.8 else "return")


def approval(w: Wanderer, who: str) -> Any:
    return reviews.approval(w.view["investment_yuan"])


def assessed(w: Wanderer, who: str) -> Any:
    return {
        "major": True,
        "passed": w.rng.random() < 0.85,
        "assessed_on": c.today(),
        "assessor": "财政评审中心",
        "document": said.PAPER,
    }


def _source(w: Wanderer, who: str) -> str:
    return "city" if not w.life.provincial or who.startswith("city.") else "provincial"


def budget(part: int) -> Body:
    def body(w: Wanderer, who: str) -> Any:
        left = w.money["approved"] - w.money["issued"]
        return c.budget((_source(w, who), w.yuan(left // part))) if left // part > 0 else None

    return body


def asked_of(w: Wanderer, who: str) -> Any:
    asked = w.fact("filing_queries").get("asked") or {}
    waiting = sorted(key for key, told in asked.items() if not told["answered"])
    return {"query": waiting[0], "answer": "正在办理"} if waiting else None
