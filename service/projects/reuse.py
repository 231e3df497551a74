"""Reuse first (art. 23): before a new build is declared, what exists already is shown and answered for.

Who looks is the catalogue, put on the shelf by the application. It reads in other scopes than the command, so it looks
before BEGIN, and the command goes by what was found then. A look that could not run is 503: the article is not passed
by load.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec
from msgspec import UNSET, UnsetType

from service.kit.api import Again, Call
from service.kit.clock import legal_day
from service.kit.errors import FieldError, ServiceError
from service.measures.facts import Facts, Kind, ReuseCheck
from service.measures.findings import Finding, Severity, in_order
from service.measures.offices import Tier
from service.measures.routing import Decision
from service.projects.schemas_out import Candidate, ReuseView

KEY = "reuse_check"  # in the working copy: what was answered; in the sealed content: what was found and answered


Look = Callable[[Call, str, Mapping[str, Any]], Awaitable[list[Candidate]]]


@dataclass(frozen=True)
class ReuseDesk:
    """On the shelf: looks up what a text of this name and content could reuse; raises when it cannot."""

    look: Look


NOTHING = ReuseView("not_applicable", [], [])
FRESH = timedelta(days=30)  # the catalogue grows: an older look is looked up anew
UNNAMED = ReuseView("not_checked", [], [])  # bare facts say nothing of what is to be built


def asked_of(facts: Facts) -> bool:
    """Whose declarations must answer: new builds of cities and counties (art. 23)."""
    return facts.kind is Kind.NEW and facts.declarant.tier is not Tier.PROVINCE


class Looked(NamedTuple):
    """What was found for a text, and the digest of what was compared."""

    of: str
    found: list[Candidate]


def is_new(facts: Mapping[str, Any]) -> bool:
    """Whether facts as they were sent or stored are of a new build; what is malformed the command refuses."""
    return facts.get("kind") == Kind.NEW.value


async def look_up(call: Call, content: Mapping[str, Any]) -> Looked:
    """Asks the catalogue; outside of any transaction. 503 when it cannot say."""
    found = await call.service(ReuseDesk).look(call, content.get("name") or "", content)
    return Looked(_digest(content), found)


async def look(call: Call, facts: Facts, content: Mapping[str, Any]) -> ReuseView:
    """For a read: candidates for a new build, with the answers the working copy carries."""
    if facts.kind is not Kind.NEW:
        return NOTHING
    return _answered("checked", (await look_up(call, content)).found, content)


def _looked(call: Call, content: Mapping[str, Any]) -> list[Candidate]:
    """What was found before BEGIN for this very text; else the command stops, it is looked up, and it runs again."""
    looked: Looked | None = call.found
    if looked is None or looked.of != _digest(content):

        async def catch_up() -> None:
            call.found = await look_up(call, content)

        raise Again(catch_up)
    return looked.found


def _answered(status: Any, found: list[Candidate], content: Mapping[str, Any]) -> ReuseView:
    answers: Mapping[str, Any] = (content.get(KEY) or {}).get("answers") or {}
    for each in found:
        given = answers.get(each.id) or {}
        each.answer, each.reason = given.get("answer"), given.get("reason")
    return ReuseView(status, found, [each.id for each in found if each.strong and each.answer is None])


def noted(call: Call, facts: Facts, content: dict[str, Any]) -> tuple[ReuseView, dict[str, Any]]:
    """Leaves what was found before BEGIN on the working copy, answers kept: submission reads it there."""
    if facts.kind is not Kind.NEW:
        return NOTHING, {name: value for name, value in content.items() if name != KEY}
    view = _answered("checked", _looked(call, content), content)
    kept = {
        "status": view.status,
        "on": legal_day(call.now).isoformat(),
        "of": _digest(content),
        "candidates": [msgspec.to_builtins(each) for each in view.candidates if each.strong],
        "answers": (content.get(KEY) or {}).get("answers") or {},
    }
    return view, {**content, KEY: kept}


def answered_now(call: Call, facts: Facts, content: Mapping[str, Any], key: str) -> ReuseView:
    """What submission goes by: what was noted on this very text lately, else a fresh look (seldom, so by Again).

    A working copy on which the catalogue never had a word is not applicable:
    then the declared fact stands.
    """
    kept: Mapping[str, Any] | None = content.get(KEY)
    if facts.kind is not Kind.NEW or kept is None:
        return NOTHING
    lately = legal_day(call.now) - date.fromisoformat(kept["on"]) <= FRESH
    if kept["status"] == "checked" and lately and kept["of"] == _digest(content):
        return _answered("checked", msgspec.convert(kept["candidates"], list[Candidate]), content)
    return _answered("checked", _looked(call, {**content, "id": key}), content)


def told(kept: Mapping[str, Any] | None) -> ReuseView | UnsetType:
    """What a text carries of it, for whoever reads the case: strong candidates, each with its answer (art. 23)."""
    if not kept:
        return UNSET
    found = msgspec.convert(kept["candidates"], list[Candidate])
    if "answers" in kept:  # a working copy keeps them apart; what was sealed has them on the candidates
        return _answered(kept["status"], found, {KEY: kept})
    return ReuseView(kept["status"], found, [each.id for each in found if each.answer is None])


def _digest(content: Mapping[str, Any]) -> str:
    """Of what is compared; other changes leave the candidates as they are."""
    basics = (content.get("materials") or {}).get("basics") or {}
    said = (content.get("name") or "", basics.get("main_tasks") or "", basics.get("performance_goals") or "")
    return sha256("\x1f".join(said).encode("utf-8", "surrogatepass")).hexdigest()


def with_check(facts: Facts, view: ReuseView) -> Facts:
    """The facts with the system's own word on whether it was looked up; it wins over what was declared."""
    if not asked_of(facts) or view.status == "not_applicable":
        return facts
    said = ReuseCheck.CHECKED if view.status == "checked" else ReuseCheck.NOT_CHECKED
    return replace(facts, reuse_check=said)


def demand_answers(facts: Facts, view: ReuseView) -> None:
    """409 `reuse_answer_required` naming every strong candidate without an answer."""
    if not asked_of(facts) or not view.unanswered:
        return
    open_ones = [each for each in view.candidates if each.id in view.unanswered]
    raise ServiceError(
        409,
        "reuse_answer_required",
        "已有相近的共享应用或已建成的项目，须逐一说明采用，或者为什么不能采用，方可申报新建（第二十三条）",
        candidates=msgspec.to_builtins(open_ones),
        article=23,
        errors=[
            FieldError("/reuse_check", "reuse_answer_required", f"尚未答复：{each.name}")
            for each in open_ones
        ],
    )


BESIDE = "builds_beside_adopted"


def adopting(content: Mapping[str, Any]) -> list[str]:
    """What a text says it will adopt, by name; of a working copy or of what was sealed."""
    kept: Mapping[str, Any] = content.get(KEY) or {}
    if "answers" not in kept:
        return list(kept.get("adopting") or ())
    names = {each["id"]: each["name"] for each in kept.get("candidates") or ()}
    return [names.get(key, key) for key, given in kept["answers"].items() if given["answer"] == "adopt"]


def beside(decision: Decision, tier: Tier, content: Mapping[str, Any]) -> Decision:
    """Who says "adopt" and declares a new build all the same says why, and a named person accepts it (arts 6, 23).

    Adopting itself is asked for in the catalogue; then the draft is deleted, or builds what the app does not do.
    """
    names = adopting(content)
    if not names or not decision.in_scope:
        return decision
    said = (
        f"已答复采用“{'”“'.join(names)}”，仍申报新建：请申请采用（申请时写明代替本草稿，草稿随之删除），"
        "或者说明在其之外另建什么、为什么"
    )
    finding = Finding(BESIDE, Severity.IN_PRINCIPLE, 6 if tier is Tier.PROVINCE else 23, said)
    others = [each for each in decision.findings if each.code != BESIDE]
    articles = tuple(sorted({*decision.articles, finding.article}))
    return replace(decision, findings=in_order([*others, finding]), articles=articles)


def sealed_check(call: Call, content: Mapping[str, Any], view: ReuseView) -> dict[str, Any]:
    """What travels with the case: what was found on the day of submission, and the answers."""
    if view.status == "not_applicable":
        return {}
    strong = [each for each in view.candidates if each.strong]
    kept = {
        "status": view.status,
        "on": legal_day(call.now).isoformat(),
        "candidates": msgspec.to_builtins(strong),
        "adopting": adopting(content),
    }
    return {KEY: kept}
