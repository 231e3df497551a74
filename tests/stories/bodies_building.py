"""What is said in the calls after the approval, on orders too; a body of None: there is nothing it could name now."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from service.measures.offices import Tier
from service.measures.organs import slot_of
from service.measures.rectification import DUTIES, lapsed, may_enforce, organs_of
from tests.lives import said
from tests.lives.said import WATCHED
from tests.stories import chapters as c
from tests.stories.bodies_deciding import WHY, Body

if TYPE_CHECKING:
    from tests.stories.wanderer import Wanderer


def force(w: Wanderer, who: str) -> Any:
    for claim in w.fact("force_majeure").get("claims") or ():
        if claim["state"] != "refused" and (claim["until"] is None or claim["until"] >= c.today()):
            return None
    until = {"until": c.today()} if w.rng.random() < 0.5 else {}
    return {"since": c.today(), **until, "evidence": "洪水", "document": said.PAPER}


def last_claim(w: Wanderer) -> str:
    return str(w.fact("force_majeure")["claims"][-1]["id"])


def ended_now(w: Wanderer) -> str:
    """The claim whose end has just been told."""
    return str(next(each["id"] for each in w.fact("force_majeure")["claims"] if each["until"] == c.today()))


def hindrance(w: Wanderer, who: str) -> Any:
    waiting = [each for each in w.fact("force_majeure").get("claims") or () if each["state"] == "claimed"]
    if not waiting:
        return None
    return {"claim": w.rng.choice(waiting)["id"], "accepted": w.rng.random() < 0.6, "reason": "经核实"}


def performance(w: Wanderer, who: str) -> Any:
    begun, ended = w.day("started"), w.day("final_inspected")
    if begun is None:
        return None
    year = min(w.life.today.year, ended.year if ended else w.life.today.year)
    if begun.year > year:
        return None
    trial = {"trial_run": {"effects": "平稳", "problems": "未见问题"}} if w.fact("trial_run") else {}
    again = {"correction_reason": "数据更正"} if str(year) in (w.fact("reports").get("years") or {}) else {}
    return {
        "year": year,
        "goals": "完成",
        "serious_problems": False,
        "users": [{"unit": "使用单位", "opinion": "正常"}],
        "report": {"template": "build", "progress": "正常", "investment_plan": "正常", **trial},
        "supervisor": {"company": "某监理公司", "opinion": "合格"},
        **again,
    }


def funding(w: Wanderer, who: str) -> Any:
    total = w.money["approved"]
    return {"lines": [{"source": "city_fiscal", "amount_yuan": w.yuan(total)}]} if total else None


def payment(w: Wanderer, who: str) -> Any:
    issued = w.day("budget")
    if w.money["left"] <= 0 or issued is None or issued > w.life.today:
        return None
    w.serial += 1
    return c.payment(f"GK-{w.id[-8:]}-{w.serial}", w.yuan(w.rng.randint(1, w.money["left"])))


def reversal(w: Wanderer, who: str) -> Any:
    if not w.payments:
        return None
    return {
        "payment": w.rng.choice(sorted(w.payments)),
        "reversed_on": c.today(),
        "treasury_document": "GK",
        **WHY,
    }


def surplus(w: Wanderer, who: str) -> Any:
    if w.money["left"] <= 0 or w.fact("change").get("open"):
        return None
    return {"amount_yuan": w.yuan(w.money["left"]), "returned_on": c.today(), "treasury_document": "GK-T"}


def change(w: Wanderer, who: str) -> Any:
    if w.fact("change").get("open"):
        return None
    w.drafted += 1
    return {**WHY, "content": {"technical_plan": f"依托政务云，第{w.drafted}稿"}}


def decision(w: Wanderer, who: str) -> Any:
    if not w.fact("change").get("open"):
        return None
    if w.rng.random() < 0.5:
        return {"approve": False, **WHY}
    document = {"number": "发改变〔2027〕1号", "date": c.today(), "digest": said.DIGEST}
    return {"approve": True, "document": document, "appraisal": said.PAPER}


def answering(name: str, body: Any) -> Body:
    """The answer to a request that waits; None while there is none."""
    return lambda w, who: {**body} if w.fact(name).get("open") else None


def asking(name: str, body: Any) -> Body:
    """A request, while none of its kind waits."""
    return lambda w, who: None if w.fact(name).get("open") else {**body}


def end_agreed(w: Wanderer, who: str) -> Any:
    if not w.fact("end_request").get("open"):
        return None
    return {"document": {"number": "终1", "date": c.today(), "digest": said.DIGEST}, "opinion": "同意终止"}


def granted(w: Wanderer, who: str) -> Any:
    asked = w.fact("extension_request")
    if not asked.get("open"):
        return None
    late = asked["until"] <= max(c.today(), w.fact("extension").get("until") or "")
    return {"approve": not late and w.rng.random() < 0.5, "opinion": "已研究"}


def corrected(w: Wanderer, who: str) -> Any:
    w.serial += 1
    return {
        **WHY,
        "document_number": f"更正〔2027〕{w.serial}号",
        "document": {"number": f"更〔2027〕{w.serial}号", "date": c.today(), "digest": said.DIGEST},
    }


def extension_asked(w: Wanderer, who: str) -> Any:
    if w.fact("extension_request").get("open"):
        return None
    earlier = w.fact("extension").get("until") or c.today()
    return {**WHY, "until": (max(date.fromisoformat(earlier), w.life.today) + timedelta(days=30)).isoformat()}


def accept(w: Wanderer, who: str) -> Any:
    return {
        "on": c.today(),
        "conclusion": "同意通过",
        "document_number": "验〔2028〕5号",
        "document_digest": said.DIGEST,
    }


def proposal(w: Wanderer, who: str) -> Any:
    year = w.life.today.year + 1
    if year in w.proposed:
        return None
    return {"year": year, "amount_yuan": "100000.00", "workload": "驻场", "watch": WATCHED}


def _unfiled(w: Wanderer) -> bool:
    """Arts 23, 41, R31: the approval, or a change of it, should have been filed ten days ago."""
    if w.life.provincial:
        return False
    told = w.fact("amended").get("documents") or []
    since = w.day("approved") if not w.fact("filed") else date.fromisoformat(told[0]["on"]) if told else None
    return since is not None and w.life.today > since + timedelta(days=10)


def order_given(w: Wanderer, who: str) -> Any:
    """Of the areas of one's own duties one that may be ordered; filings by the province's office alone."""
    tier, _, role = who.partition(".")
    slots = slot_of(Tier(tier), (role,)) if tier != "county" else ()
    areas = sorted({area for slot in slots for area in DUTIES.get(slot, ())})
    if "filing" in areas and not (tier == "province" and _unfiled(w)):
        areas.remove("filing")
    if not areas:
        return None
    due = w.life.today + timedelta(days=w.rng.choice([0, 20, 60]))
    return {"area": w.rng.choice(areas), "text": "限期整改", "due": due.isoformat()}


def _orders(w: Wanderer) -> dict[str, Any]:
    return dict(w.fact("orders").get("open") or {})


def order_answered(w: Wanderer, who: str) -> Any:
    orders = sorted(_orders(w))
    return {"order": w.rng.choice(orders), "answer": "已整改"} if orders else None


def order_closed(w: Wanderer, who: str) -> Any:
    tier, _, role = who.partition(".")
    if tier == "county":
        return None
    mine = organs_of(Tier(tier), (role,))
    found = sorted(key for key, order in _orders(w).items() if order["by"] in mine)
    if not found:
        return None
    order = _orders(w)[found[0]]
    vain = (order["answered"] or lapsed(order, w.life.today)) and w.rng.random() < 0.4
    return {"order": found[0], "done": not vain, "opinion": "复核意见"}


def measure(w: Wanderer, who: str) -> Any:
    tier, _, role = who.partition(".")
    found = (
        []
        if tier == "county"
        else sorted(
            key
            for key, order in _orders(w).items()
            if lapsed(order, w.life.today) and may_enforce(order, Tier(tier), (role,))
        )
    )
    return {"order": found[0], **WHY} if found else None


def lift(w: Wanderer, who: str) -> Any:
    tier, _, role = who.partition(".")
    fact = w.fact("deferral")
    return WHY if fact and tier != "county" and may_enforce(fact, Tier(tier), (role,)) else None


def on_the_day(**more: Any) -> Body:
    return lambda w, who: {"on": c.today(), **more}
