"""The steps of a declaration: which fields of the form stand in which, and what is still missing in each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from service.docs.schemas_forms import FieldView, FormView

# Pointers in the order in which they are asked; a pointer takes everything below it that no other names.
_OF: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "overview": ("项目概况", (
        "/name", "/facts/kind", "/facts/project_class", "/facts/classified", "/facts/previous_project",
        "/facts/previous_project_accepted", "/facts/library_entry", "/facts/in_library",
        "/facts/national_or_provincial_deployment", "/facts/featured_county_scenario", "/facts/cross_level",
        "/facts/participating_offices", "/facts/evidence",
    )),
    "money": ("资金", (
        "/facts/investment_yuan", "/facts/of_which_maintenance_yuan", "/facts/fiscal_funds", "/materials/funding",
        "/materials/parent_construction",
    )),
    "content": ("建设内容", (
        "/materials/basics", "/materials/technical_plan", "/materials/maintenance_plan", "/materials/plan",
        "/facts/negative",
    )),
    "reuse": ("统建复用", ("/answers", "/facts/unifications", "/facts/sharing")),
    "papers": ("材料", ("/materials/resolution", "/materials/form", "/materials/extra")),
}  # fmt: skip
LAST = "submit"
NAMES: Mapping[str, str] = {**{code: name for code, (name, _) in _OF.items()}, LAST: "预览与提交"}
# A new draft is kept only with these (the operation's own required fields).
_AT_FIRST = ("/facts/investment_yuan", "/facts/fiscal_funds")
_FIRST = ("/name", "/facts/kind", "/facts/project_class", "/facts/classified", *_AT_FIRST)


class Asked(NamedTuple):
    """A field of a step, with what stands in it already."""

    field: FieldView
    given: Any
    first: bool  # what everybody answers; the rest of the first step is folded


class Step(NamedTuple):
    """One step. `missing`: how many things submission would refuse here; None where nobody knows yet."""

    code: str
    label: str
    asked: list[Asked]
    missing: int | None


def steps_of(
    form: FormView, project: Mapping[str, Any] | None, missing: Iterable[Mapping[str, Any]] | None
) -> list[Step]:
    """All steps of the form, the draft's values in them."""
    fields = {each.pointer: each for top in form.fields for each in (top, *top.fields)}
    counts = None if missing is None else [step_of(each["pointer"]) for each in missing]
    found = []
    for code, (label, pointers) in _OF.items():
        named = [*pointers, *_AT_FIRST] if code == "overview" and project is None else pointers
        if code == "money" and project is None:
            named = [each for each in pointers if each not in _AT_FIRST]
        asked = [Asked(fields[each], _at(project, each), each in _FIRST) for each in named if each in fields]
        found.append(Step(code, label, asked, None if counts is None else counts.count(code)))
    total = None if counts is None else len(counts)
    return [*found, Step(LAST, NAMES[LAST], [], total)]


def step_of(pointer: str) -> str:
    """In which step a fault is mended."""
    for code, (_, pointers) in _OF.items():
        if any(pointer == each or pointer.startswith(f"{each}/") for each in pointers):
            return code
    return "papers" if pointer.startswith("/materials") else "overview"


def following(code: str) -> str:
    """The step after this one."""
    codes = list(NAMES)
    return codes[min(codes.index(code) + 1, len(codes) - 1)] if code in codes else codes[0]


def _at(value: Any, pointer: str) -> Any:
    for part in pointer.split("/")[1:]:
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


class Sum(NamedTuple):
    """The lines of funding against the total; `apart`: what is missing, or too much when negative."""

    lines: str
    total: str
    apart: str


def sum_of(body: Mapping[str, Any]) -> Sum | None:
    """None while nothing is told in both."""
    try:
        rows = _at(body, "/materials/funding") or []
        lines = sum(
            (Decimal(str(each.get("amount_yuan"))) for each in rows if each.get("amount_yuan")), Decimal(0)
        )
        total = Decimal(str(_at(body, "/facts/investment_yuan")))
    except (InvalidOperation, AttributeError):
        return None
    if not lines or not total:
        return None
    return Sum(str(lines), str(total), str(total - lines) if total != lines else "")
