"""What the case page is put together from: the procedure's steps, the deeds that are this desk's, what was found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from service.console.choosing import Choices, choices_for
from service.console.outcomes import outcome
from service.console.visiting import Visit
from service.docs.forms import Forms
from service.docs.schemas_forms import FormView
from service.measures.lifecycle_states import NEED_STATES, State
from service.vocabulary import label, names

_CITY = ("draft", "submitted", "gatekept", "city_approved", "filed", "started", "trial_run", "accepted")
_PROVINCE = (
    "draft",
    "submitted",
    "gatekept",
    "with_province",
    "in_joint_review",
    "leading_group_decided",
    "approved",
    "budgeted",
    "started",
    "trial_run",
    "accepted",
)
_NEED = ("need_draft", "need_submitted", "need_gatekept", "need_reported", "appraised", "in_library")
# Every state of a need until it is declared: its own way, and what lies beside it.
OF_NEEDS = NEED_STATES | {State.APPRAISED, State.IN_LIBRARY, State.LAPSED}
# Done on a page of their own: the draft's, the suspicion's, the materials'.
_ELSEWHERE = frozenset(
    {"projects_edit", "projects_reuse_check", "suspicions_confirm", "suspicions_dismiss", "documents_upload"}
)


class Step(NamedTuple):
    """One step of the procedure. `mark`: done, now, back, or nothing."""

    label: str
    mark: str
    on: str


class Deed(NamedTuple):
    """What a desk may do on the case, or may not yet. `form`: None where it is not allowed."""

    action: str
    label: str
    allowed: bool
    why_not: str
    articles: list[int]
    operation: str
    form: FormView | None
    choices: Choices
    parts: dict[str, str]  # of the path, beside the case
    after: str  # what comes of it, in a sentence


def steps_of(project: Mapping[str, Any], history: Mapping[str, Any] | None) -> list[Step]:
    """The steps of this case's own procedure: those behind it with their day, and the one it stands at."""
    state = project["state"]
    taken = history["transitions"] if history else []
    reached = {each["to_state"]: each["at"] for each in taken}
    reached.setdefault("draft", project["created_at"])
    way: tuple[str, ...] = _NEED if state in OF_NEEDS else _CITY
    if project["route"] == "provincial_review" and way is _CITY:
        way = _PROVINCE
    known = names("state")
    at = way.index(state) if state in way else -1
    steps = []
    for place, each in enumerate(way):
        mark = "now" if place == at else "done" if each in reached and (at < 0 or place < at) else ""
        steps.append(Step(known[each], mark, reached.get(each, "") if mark else ""))
    if at < 0:  # returned, withdrawn, suspended …: after the last step that was reached
        last = max((place for place, each in enumerate(way) if each in reached), default=0)
        steps.insert(last + 1, Step(known.get(state, ""), "back", project["updated_at"]))
    return steps


def not_editable(project: Mapping[str, Any]) -> str | None:
    """Why the draft cannot be changed now; None where it can."""
    edit = next((each for each in project["actions"] if each["action"] == "edit"), None)
    if edit is None:
        return "现在不能修改"
    return None if edit["allowed"] else edit["why_not"] or "现在不能修改"


async def deeds_of(visit: Visit, project: Mapping[str, Any]) -> list[Deed]:
    """The acts of this desk: those open now as forms, the others with why not. Acts of other desks are left out."""
    forms = visit.services.shelf[Forms]
    found, mine = [], {f"{visit.tier}.{role}" for role in visit.principal.roles}
    for each in project["actions"]:
        name = each.get("operation_id")
        if not name or name in _ELSEWHERE or not visit.may(name) or each.get("blocked_by") == "wrong_role":
            continue
        articles = each.get("articles") or ([each["article"]] if each.get("article") else [])
        form = forms.of(name) if each["allowed"] else None
        parts = await _parts(visit, project, form)
        found.append(
            Deed(
                each["action"],
                label("action", each["action"]),
                each["allowed"],
                each["why_not"] or "",
                articles,
                name,
                form,
                {} if form is None else await choices_for(visit, form, project),
                parts,
                outcome(project, each["action"], mine) if each["allowed"] else "",
            )
        )
    told: dict[str, set[str]] = {}
    for each in found:
        told.setdefault(each.operation, set()).add(each.after)
    once = {
        each.operation: each for each in reversed(found)
    }.values()  # where acts of one form differ, none is told
    return [each._replace(after=each.after if len(told[each.operation]) == 1 else "") for each in once][::-1]


async def _parts(visit: Visit, project: Mapping[str, Any], form: FormView | None) -> dict[str, str]:
    """What a deed's path asks for beside the case: the appraisal that is under way."""
    if form is None or "{number" not in form.path:
        return {}
    listed = await visit.maybe("reviews_appraisals", ref=project["id"])
    return {"number": str(listed["items"][-1]["number"])} if listed and listed["items"] else {}


class Found(NamedTuple):
    """A finding with what was said to it. `judge`: the reader's word on it is asked now."""

    code: str
    severity: str
    article: int | None
    message: str
    reason: str
    opinion: str
    judge: bool


def findings_of(project: Mapping[str, Any], deeds: list[Deed]) -> list[Found]:
    """What was found at the last submission, the most serious first."""
    said = {each["code"]: each for each in project["findings"]}
    messages: dict[str, list[str]] = {}
    decided = (project["decision"] or {}).get("findings", [])
    for each in decided:
        messages.setdefault(each["code"], []).append(each.get("message", ""))
    judging = any(deed.action == "gatekeep_pass" and deed.allowed for deed in deeds)
    order = ("gate", "in_principle", "notice")
    found: list[Found] = []
    for code, severity, article in dict.fromkeys(
        (each["code"], each["severity"], each["article"]) for each in [*project["findings"], *decided]
    ):
        if any(each.code == code for each in found):
            continue
        mine = said.get(code, {})
        reason = mine.get("reason") or ""
        found.append(
            Found(
                code,
                severity,
                article,
                "；".join(dict.fromkeys(filter(None, messages.get(code, [])))),
                reason,
                mine.get("opinion") or "",
                judging and severity == "in_principle" and bool(reason),
            )
        )
    return sorted(found, key=lambda each: order.index(each.severity) if each.severity in order else 9)
