"""Every act and where it is declared: `python -m tests.contract.acts` writes docs/acts.md anew."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import service.app  # noqa: F401 - loads whatever declares an act
from service.measures.adoption import STEPS
from service.measures.citations import articles_label
from service.measures.lifecycle_states import Action
from service.measures.lifecycle_table import TRANSITIONS
from service.measures.side_acts import SIDE_ACTS
from service.projects.operations import BY_NOBODY, JUDGED, OPERATIONS, UNTOLD
from service.vocabulary import names
from tests.contract.operations import BY_ID, Operation
from tests.contract.operations import OPERATIONS as EVERY

PAGE = Path(__file__).resolve().parents[2] / "docs" / "acts.md"
_HEAD = """# Every act, and where it is declared

Made by `python -m tests.contract.acts` from the lifecycle table, the acts beside it, the steps of adoption and the
document of operations; a test compares it. "Declared" is the function under `@deed(...)`
([how](adding-a-deed.md), [0194](decisions/0194-an-act-is-declared-above-its-judge.md),
[0240](decisions/0240-what-comes-before-the-table-is-declared-too.md)):
route, `actions`, refusals, record, step, audit, event and answer follow from that one place.
"""


def _table(heading: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    titles = list(heading)
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _declared(operation: str) -> str:
    module, function = JUDGED[operation]
    return f"`{module.removeprefix('service.')}.{function}`"


def _row(act: str, articles: Iterable[int]) -> tuple[str, ...]:
    label, cited = names("action")[act], articles_label(tuple(articles))
    if act in BY_NOBODY:
        return (f"`{act}`", label, cited, "—", BY_NOBODY[act])
    operation = OPERATIONS[act]
    where = _declared(operation) if operation in JUDGED else "its own operation, see below"
    return (f"`{act}`", label, cited, f"`{operation}`", where)


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
    open_acts = {name: act for act, name in OPERATIONS.items() if name not in JUDGED}
    chapters = [
        (f"`{tag}`", ", ".join(f"**`{name}`**" if name in open_acts else f"`{name}`" for name in listed))
        for tag, listed in others().items()
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
            "By the steps of `service/measures/adoption.py`; `service/catalogue` makes one door a verb.\n",
            _table(("verb", "is called", "articles", "operations"), _of_adoption()),
            "## What no deed declares\n",
            "Unsafe operations that are no act on a case seen by its caller: drafts before there is a case,"
            " things of their own (apps, plans, rounds, accounts …), and three acts (in bold) with their reason in"
            " `service/projects/operations.py`.\n",
            _table(("chapter", "operations"), chapters),
        )
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
