"""建设情况: how a case is being built, held against the days it was to be done by and the money it was given."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.console.drawing_plan import Span, Sum, plan, purse
from service.console.pages import page, render
from service.console.visiting import Visit
from service.console.wording import left, spoken
from service.kit.handler import Rendered
from service.vocabulary import names

# What is owed before there is anything to build, and what comes of questions.
_BEFORE = frozenset(
    (
        "need_report",
        "library_expiry",
        "appraisal",
        "gatekeeping",
        "joint_review",
        "joint_review_opinion",
        "filing_query",
    )
)


@page("GET", "/console/projects/{ref:str}/building")
async def building(visit: Visit) -> Rendered:
    """Whether it is on time; money, papers that run out, rules set up, acceptance."""
    ref, today = visit.part("ref"), date.fromisoformat(visit.today)
    project = await visit.ask("projects_read", ref=ref)
    acceptance = await visit.maybe("acceptance_status", ref=ref)
    reached = acceptance["facts"] if acceptance else {}
    steps = [(reached[code]["on"], label) for code, label in names("dated_fact").items() if code in reached]
    owed = await visit.maybe("obligations_of_project", ref=ref)
    duties = [
        each
        for each in (owed["items"] if owed else ())
        if each["code"] not in _BEFORE and each["state"] != "void"
    ]
    spans = [_span(each, today) for each in duties]
    found = await visit.maybe("delivery_building", ref=ref)
    return render(
        visit,
        "building.html",
        project=project,
        building=found,
        acceptance=acceptance,
        steps=sorted(step for step in steps if step[0]),
        duties=list(zip(duties, spans, strict=True)),
        drawn=plan(spans, today) if spans else None,
        purse=_purse(found["money"]) if found else None,
        answer=_answer(spans),
    )


@page("GET", "/console/projects/{ref:str}/building/with")
async def building_with(visit: Visit) -> Rendered:
    """With whom it is built (art. 12): fetched after the page, which answers without it."""
    ref = visit.part("ref")
    return render(
        visit,
        "building_with.html",
        project=await visit.ask("projects_read", ref=ref),
        framework=await visit.maybe("frameworks_read", ref=ref),
        links=await visit.maybe("links_read_links", ref=ref),
    )


def _span(duty: Any, today: date) -> Span:
    """A duty as the picture and its table tell it."""
    due = date.fromisoformat(duty["due"])
    done = date.fromisoformat(duty["done_on"]) if duty["done_on"] else None
    if done is not None:
        late = (done - due).days
        told, tone = (f"晚 {late} 天", "late") if late > 0 else ("按期", "done")
    elif duty["paused"]:
        told, tone = "暂停计算", "wait"
    else:
        days = (due - today).days
        told, tone = f"还有 {days} 天" if days > 0 else left(days), "owed" if days < 0 else "wait"
    practice = duty["basis"] == "practice"
    return Span(duty["title"], date.fromisoformat(duty["since"]), due, done, told, tone, practice)


def _purse(money: Any) -> Any:
    """The picture of the money; none where none was given or spent yet."""
    sums = [
        Sum(name, money[field])
        for name, field in (("已下达", "issued_yuan"), ("已支付", "paid_yuan"), ("已退回", "returned_yuan"))
        if field != "returned_yuan" or Decimal(money[field])
    ]
    moved = any(Decimal(each.yuan) for each in sums)
    return purse(money["approved_yuan"], sums) if moved and Decimal(money["approved_yuan"]) else None


def _answer(spans: list[Span]) -> str:
    """Whether it is on time, and what comes next, in a sentence."""
    if not spans:
        return ""
    owed = [each for each in spans if each.tone == "owed"]
    late = sum(each.tone == "late" for each in spans)
    done = sum(each.tone == "done" for each in spans)
    said = [
        f"{len(owed)} 项逾期未办：{'、'.join(each.name for each in owed[:3])}" if owed else "没有逾期未办的",
        f"已办 {done + late} 项" + (f"，其中 {late} 项晚了" if late else "，都按期") if done + late else "",
    ]
    following = min((each for each in spans if each.tone == "wait"), key=lambda each: each.due, default=None)
    if following is not None:
        said.append(
            f"下一项是 {spoken(following.due)}前{following.name}" + ("（惯例）" if following.practice else "")
        )
    return "；".join(each for each in said if each) + "。"


ROUTES: list[HTTPRouteHandler] = [building, building_with]
