"""docs/adding-a-deed.md is followed to the letter in a copy of the tree: from its three places everything follows."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.amended import COPIED, ROOT

DOCUMENT = ROOT / "docs" / "adding-a-deed.md"
PLACE = re.compile(
    r"In `(?P<file>[^`]+)`, (?:after `(?P<after>[^`]+)`|a new file):\n\n```\w+\n(?P<text>.*?)```", re.S
)
ACT, OPERATION, ROLE = "record_emergency_plan", "delivery_record_emergency_plan", "city.unit"
# What follows is asked of the copy, in a process that knows nothing else.
ASKED = f"""
import json

from service.cli.tools import application
from service.event_kinds import KINDS
from service.measures.lifecycle import Action, Holder, NotAllowed, State, step
from service.measures.offices import Tier
from service.docs.document import routes_of
from service.projects.operations import OPERATIONS
from service.vocabulary import names

specs = {{each.opt["spec"].operation_id: each.opt["spec"] for each in routes_of(application()) if "spec" in each.opt}}
found = specs["{OPERATION}"]
where = dict(route="city_filing", declarer_tier=Tier.CITY, holder=Holder.OWNER)
act = Action("{ACT}")
done = step(State.STARTED, act, roles=["{ROLE}"], **where)
def refused(state, role):
    try:
        step(state, act, roles=[role], **where)
    except NotAllowed as refusal:
        return [refusal.reason.value, refusal.detail, refusal.article]
print(json.dumps({{
    "path": found.path,
    "said": [found.summary, found.description],
    "errors": [error.code for error in found.errors],
    "operation": OPERATIONS["{ACT}"],
    "label": names("action")["{ACT}"],
    "heading": KINDS["delivery.emergency_plan_recorded"],
    "target": done.target.value,
    "too_early": refused(State.DRAFT, "{ROLE}"),
    "not_theirs": refused(State.STARTED, "city.finance"),
}}, ensure_ascii=False))
"""


def followed(home: Path, without: int | None = None) -> list[str]:
    """Does what the page says, `without` one of its places; the files that were touched."""
    touched = []
    for number, place in enumerate(PLACE.finditer(DOCUMENT.read_text("utf-8"))):
        if number == without:
            continue
        file = home / place["file"]
        touched.append(place["file"])
        if place["after"] is None:
            assert not file.exists()
            file.write_text(place["text"], "utf-8")
            continue
        lines = file.read_text("utf-8").split("\n")
        at = next(each for each, line in enumerate(lines) if place["after"] in line)
        indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
        lines.insert(at + 1, indent + place["text"].rstrip("\n"))
        file.write_text("\n".join(lines), "utf-8")
    return touched


TESTS = (
    "tests/contract/test_actions.py",
    "tests/measures/test_lifecycle.py",
    "tests/contract/test_openapi.py::test_every_body_has_an_example_that_fits",
    "tests/notifications/test_texts.py::test_every_kind_that_is_told_is_in_the_vocabulary",
)


def copied(to: Path) -> Path:
    """A copy of the tree."""
    for name in COPIED:
        shutil.copytree(ROOT / name, to / name, ignore=shutil.ignore_patterns("__pycache__"))
    for file in (path for path in ROOT.iterdir() if path.is_file()):
        shutil.copy2(file, to / file.name)
    return to


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tree in which the exercise was done."""
    made = copied(tmp_path_factory.mktemp("exercise") / "checkout")
    assert len(set(followed(made))) == 7, (
        "two of the law, two of its words, the deed with its example and its package"
    )
    return made


def run(home: Path, *command: str) -> str:
    more = {"PYTHONPATH": str(home)}
    done = subprocess.run(
        [sys.executable, *command],
        cwd=home,
        env={**os.environ, **more},
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


@pytest.mark.long
def test_route_actions_labels_and_refusals_follow(home: Path) -> None:
    told: dict[str, Any] = json.loads(run(home, "-c", ASKED))
    assert told["path"].endswith("/projects/{ref:str}/emergency-plans")
    assert told["said"] == ["登记应急预案", "登记应急预案及其文件（第二十五条）。"]
    assert {"action_not_allowed", "gate_shut"} <= set(told["errors"])
    assert told["operation"] == OPERATION
    assert (told["label"], told["heading"]) == ("登记应急预案", "应急预案登记")
    assert told["target"] == "started"
    for refusal in (told["too_early"], told["not_theirs"]):
        reason, detail, article = refusal
        assert reason and detail and article == 25


@pytest.mark.long
def test_the_openapi_document_the_form_and_the_trees_own_tests_follow(home: Path) -> None:
    run(home, "-m", "service.cli", "openapi")
    run(home, "-m", "tests.contract.acts")
    document = json.loads((home / "openapi" / "openapi.json").read_text("utf-8"))
    posted = document["paths"]["/api/v1/projects/{ref}/emergency-plans"]["post"]
    assert posted["operationId"] == OPERATION
    assert "EmergencyPlanIn" in json.dumps(posted["requestBody"])
    run(home, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", *TESTS)


# What whoever leaves a place out is told, in the order of the page.
TOLD = (
    "RECORD_EMERGENCY_PLAN",
    "no row of the table says who may do it, and when: [<Action.RECORD_EMERGENCY_PLAN",
    "record_emergency_plan: its words are missing in service/vocabulary/lifecycle.py",
    "its words are missing in service/vocabulary/events.py: emergency_deeds.py",
    "cannot import name 'emergency_deeds'",
    "add openapi/examples/delivery_record_emergency_plan.json",
    "name 'emergency_deeds' is not defined",
    "declared in a file that no routes_of(...) names: ['delivery_record_emergency_plan']",
)


@pytest.mark.long
@pytest.mark.parametrize("left_out", range(len(TOLD)))
def test_what_is_left_out_is_named(left_out: int, tmp_path: Path) -> None:
    home = copied(tmp_path / "checkout")
    followed(home, without=left_out)
    with pytest.raises(AssertionError) as failed:
        run(home, "-m", "service.cli", "openapi")
        run(home, "-m", "tests.contract.acts")
        run(home, "-m", "pytest", "-q", "-x", "-n", "0", "-p", "no:cacheprovider", *TESTS)
    assert TOLD[left_out] in str(failed.value)


def test_every_place_of_the_page_is_tried_left_out() -> None:
    assert len(TOLD) == len(PLACE.findall(DOCUMENT.read_text("utf-8")))
