"""Every act and where it is declared: `python -m tests.contract.acts` writes docs/acts.md anew."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from service.app import API_ROUTES  # loads whatever declares an act
from service.measures.adoption import STEPS
from service.measures.citations import articles_label
from service.measures.lifecycle_states import Action
from service.measures.lifecycle_table import TRANSITIONS
from service.measures.side_acts import SIDE_ACTS
from service.projects.operations import BY_CLOCK, JUDGED, OPERATIONS, UNTOLD
from service.vocabulary import names
from tests.contract.operations import BY_ID, Operation
from tests.contract.operations import OPERATIONS as EVERY

ROUTES = {route.opt["spec"].operation_id: route for route in API_ROUTES}
PAGE = Path(__file__).resolve().parents[2] / "docs" / "acts.md"
_HEAD = """# Every act, and where it is declared

Made by `python -m tests.contract.acts` from the lifecycle table, the acts beside it, the steps of adoption and the
document of operations; a test compares it. "Declared" is the function under `@deed(...)`
([how](adding-a-deed.md), [0194](decisions/0194-an-act-is-declared-above-its-judge.md),
[0240](decisions/0240-what-comes-before-the-table-is-declared-too.md)); where a thing of its own is worked on, under
`@command(...)` ([0255](decisions/0255-a-command-is-declared-above-what-does-it.md)):
route, `actions`, refusals, record, step, audit, event and answer follow from that one place.
"""


def _table(heading: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    titles = list(heading)
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _declared(operation: str) -> str:
    return _function(*(JUDGED.get(operation) or _made(operation)))


def _function(module: str, function: str) -> str:
    return f"`{module.removeprefix('service.')}.{function}`"


def _made(operation: str) -> tuple[str, str]:
    """The function above which the operation is declared (service/kit/command.py, service/kit/api.py)."""
    opt = ROUTES[operation].opt
    return opt["module"], operation.removeprefix(opt["spec"].tag + "_")


def _row(act: str, articles: Iterable[int]) -> tuple[str, ...]:
    if act not in names("action"):
        raise SystemExit(f"{act}: its words are missing in service/vocabulary/lifecycle.py")
    label, cited = names("action")[act], articles_label(tuple(articles))
    if act in BY_CLOCK:
        return (f"`{act}`", label, cited, "— (the clock)", _function(*BY_CLOCK[act]))
    if act not in OPERATIONS:
        raise SystemExit(f"{act}: no @deed declares it, or no routes_of(...) names the file that does")
    return (f"`{act}`", label, cited, f"`{OPERATIONS[act]}`", _declared(OPERATIONS[act]))


def _of_the_table() -> list[tuple[str, ...]]:
    cited: dict[str, dict[int, None]] = {action.value: {} for action in Action}
    for row in TRANSITIONS.values():
        cited[row.action.value] |= dict.fromkeys(row.articles)
    return [_row(act, sorted(articles)) for act, articles in cited.items()]


def _of_adoption() -> list[tuple[str, ...]]:
    steps: dict[str, dict[int, None]] = {}
    for step in STEPS.values():
        steps.setdefault(step.verb.value, {}).update(dict.fromkeys(step.articles))
    label = names("adoption_action")
    doors: dict[str, list[str]] = {verb: [] for verb in steps}
    for each in EVERY:
        if each.unsafe and each.path.startswith(("/api/v1/adoptions/", "/api/v1/provisions/")):
            doors.setdefault(each.id.removeprefix("adoptions_").removesuffix("_provision"), []).append(
                each.id
            )
    return [
        (
            f"`{verb}`",
            label[verb],
            articles_label(tuple(sorted(articles))),
            ", ".join(f"`{d}`" for d in doors[verb]),
            ", ".join(_declared(d) for d in doors[verb]),
        )
        for verb, articles in steps.items()
    ]


def others() -> dict[str, list[str]]:
    """Unsafe operations that no deed declares, by their chapter."""
    found: dict[str, list[str]] = {}
    for each in sorted(EVERY, key=lambda each: each.id):
        if each.unsafe and each.id not in JUDGED:
            found.setdefault(_chapter(each), []).append(each.id)
    return found


def _chapter(operation: Operation) -> str:
    return str(operation.doc["tags"][0])


def page() -> str:
    """The page as it should stand."""
    beside = [_row(act.name, act.articles) for act in SIDE_ACTS]
    apart = [(f"`{name}`", BY_ID[name].doc["summary"], why, _declared(name)) for name, why in UNTOLD.items()]
    heading = ("act", "is called", "articles", "operation", "declared in")
    chapters = [
        (f"`{tag}`", f"`{name}`", _declared(name)) for tag, listed in others().items() for name in listed
    ]
    return "\n".join(
        (
            _HEAD,
            f"## Of the table ({len(Action)})\n",
            _table(heading, _of_the_table()),
            f"## Beside the table ({len(SIDE_ACTS)})\n",
            "They move no state; who may and when stands in `service/measures/side_acts.py`.\n",
            _table(heading, beside),
            "On a case, but told elsewhere than in its `actions`:\n",
            _table(("operation", "is called", "why", "declared in"), apart),
            "## Of adoption\n",
            "By the steps of `service/measures/adoption.py`.\n",
            _table(("verb", "is called", "articles", "operations", "declared in"), _of_adoption()),
            "## On things of their own\n",
            "Unsafe operations that are no act on a case: drafts before there is a case, apps, plans, rounds,"
            " accounts … Each is one function, with its route above it.\n",
            _table(("chapter", "operation", "declared in"), chapters),
        )
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
