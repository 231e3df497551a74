"""What the case page is put together from: the procedure's steps, the deeds that are this desk's, what was found."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from service.console.amounts import yuan
from service.console.choosing import Choices, choices_for
from service.console.outcomes import outcome
from service.console.visiting import Visit
from service.docs.forms import Forms
from service.docs.schemas_forms import FormView
from service.measures.lifecycle_states import NEED_STATES, State
from service.vocabulary import VOCABULARIES, label, names

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


class Line(NamedTuple):
    """One line of what was declared."""

    label: str
    value: str


class Group(NamedTuple):
    """Lines under one heading."""

    heading: str
    lines: list[Line]


_LEFT_OUT = frozenset(
    {"on", "declarant", "participating_offices", "reuse_check", "investment_yuan", "kind", "project_class"}
)
_CODE = re.compile(r"[a-z][a-z0-9_]*")


def content_of(project: Mapping[str, Any]) -> list[Group]:
    """What was declared, by the names of the form; what has no name or says nothing is left out."""
    known = names("input")
    own, groups = list[Line](), list[Group]()
    for part in (project["materials"], project["facts"]):
        for key, value in part.items():
            if isinstance(value, Mapping) and key in known and key not in _LEFT_OUT:
                groups.append(Group(known[key], _lines(value, key)))
            else:
                own += _lines({key: value})
    return [each for each in (*groups, Group("其他", own)) if each.lines]


_FIRST = {
    "project_class": names("fact")["project_class"],
    "kind": names("input")["FactsIn.kind"],
    "investment_yuan": names("fact")["investment_yuan"],
}


def inputs_of(project: Mapping[str, Any]) -> list[Line]:
    """All that the decision was made from, by the names of the form: that day's facts, and the amounts compared."""
    inputs = (project["decision"] or {}).get("inputs") or {}
    facts = inputs.get("facts") or {}
    if not facts:
        return []
    declarant, known = facts.get("declarant") or {}, names("input")
    found = [
        Line("判定的日子", str(facts.get("on", ""))), Line("申报方", names("tier").get(declarant.get("tier", ""), "")),
        *(Line(words, said_of(key, facts[key])) for key, words in _FIRST.items() if key in facts),
        Line("计入金额", yuan(inputs.get("counted_yuan"))), Line("适用的限额", yuan(inputs.get("limit_yuan"))),
    ]  # fmt: skip
    for key, value in facts.items():
        if key not in _LEFT_OUT and key in known:
            found += (
                _lines(value, key) if isinstance(value, Mapping) else [Line(known[key], said_of(key, value))]
            )
    return [each for each in found if each.value and each.value != "—"]


# Answers by yes and no whose names stand in a list of their own; of those against a project, no is an answer too.
_ANSWERS = {"unifications": "unification", "negative": "negative_case"}


def _lines(of: Mapping[str, Any], under: str = "") -> list[Line]:
    known, found, yes = names(_ANSWERS.get(under, "input")), list[Line](), list[str]()
    no = [known[key] for key, value in of.items() if value is False and under == "negative" and key in known]
    found += [Line("核对没有的", "、".join(no))] if no else []
    for key, value in of.items():
        said = known.get(key)
        if key in _LEFT_OUT or said is None or value in (None, "", [], {}, False):
            continue
        if value is True:
            yes.append(said)
        elif isinstance(value, Mapping):
            found += _lines(value)
        elif isinstance(value, list):
            found.append(Line(said, "\n".join(filter(None, map(_row, value)))))
        elif text := _said(key, value):
            found.append(Line(said, text))
    return (
        [
            *found,
            Line(
                "有的" if under == "negative" else "选“是”的",
                "、".join(each.removeprefix("是否") for each in yes),
            ),
        ]
        if yes
        else found
    )


def _row(value: Any) -> str:
    if not isinstance(value, Mapping):
        return _said("", value)
    said = (_said(key, each) for key, each in value.items() if not isinstance(each, dict | list))
    return "　".join(filter(None, said))


def said_of(key: str, value: Any) -> str:
    """A declared value in words; several in one line."""
    if isinstance(value, list):
        return "、".join(filter(None, (said_of(key, each) for each in value)))
    return "" if value is None else _said(key, value)


def _said(key: str, value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if key.endswith("_yuan"):
        return yuan(str(value))
    text = str(value)
    if _CODE.fullmatch(text):
        known = VOCABULARIES.get(key)
        return known.names.get(text, "") if known is not None else ""
    return text
