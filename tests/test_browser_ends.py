"""The pass in a browser says plainly what did not run, and is not green for having seen nothing."""

from __future__ import annotations

import subprocess
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest
from playwright.async_api import Error

from service.catalogue.reuse import STRONG
from service.sandbox.cases import load_cases, materials
from service.similarity.comparing import Project, score
from tests.browser import __main__ as command
from tests.browser import chromium, results
from tests.browser.looking import Looker
from tests.browser.results import Results


def test_without_a_browser_it_says_that_it_was_not_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(chromium, "chromium", lambda: None)
    assert [command.main(each) for each in (["--short", "--optional"], ["--short"], [])] == [0, 2, 2]
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 3 and all("browser: NOT RUN" in each and "passed" not in each for each in said)


def test_the_short_form_takes_no_part_that_it_does_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chromium, "chromium", lambda: None)
    for part in set(command.PARTS) - {"pages"}:
        with pytest.raises(SystemExit) as refused:
            command.main(["--short", "--only", part])
        assert refused.value.code == 2


def test_the_short_form_is_no_beginning_of_a_whole_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chromium, "chromium", lambda: None)
    with pytest.raises(SystemExit) as refused:
        command.main(["--short", "--resume"])
    assert refused.value.code == 2


def test_what_was_left_out_is_told_and_no_page_seen_is_no_success(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    looker = Looker("http://127.0.0.1", tmp_path, None, Results(tmp_path / "seen", resume=False))
    assert command.ended(looker, {"pages"}, short=True) == 1 and looker.found
    looker.found, looker.looked = [], 3
    assert command.ended(looker, set(command.PARTS), short=True) == 0
    assert capsys.readouterr().out.splitlines()[-1] == (
        "browser: 3 passed, 0 failed; not run: stories, texts, docs, print, axe-core"
    )


def test_a_run_goes_on_with_what_did_not_end_well(tmp_path: Path) -> None:
    """Done parts count, with what they were made of; others are asked again, and a line that was cut off is none."""
    file = tmp_path / "seen"
    first = Results(file, resume=False)
    for part, who in (("pages a", "a"), ("pages b", "b")):
        first.add({"part": part, "who": who, "page": "/console", "checks": {"wide": 0}, "met": [1, 2]})
    first.finish("pages a")
    with file.open("a", encoding="utf-8") as cut:
        cut.write('{"done":"pages b","comm')
    again = Results(file, resume=True)
    assert again.before("pages a") and not again.before("pages b")
    assert [each["who"] for each in again.looks] == ["a"] and again.older == []
    again.finish("texts")
    again.finish("story b, keys", steps=9, seconds=12)
    assert Results(file, resume=True).figures["story b, keys"] == {"steps": 9, "seconds": 12}
    looker = Looker("http://127.0.0.1", tmp_path, None, Results(file, resume=True))
    assert all(map(looker.results.before, ("pages a", "texts"))) and looker.met == {"/console": {1, 2}}
    assert command.ended(looker, {"pages"}, short=False) == 0
    assert looker.rows["/console"].people == ["a"] and "3 parts" in looker.results.told()
    assert not Results(file, resume=False).before("pages a")


@pytest.mark.parametrize("of", ["another", ""], ids=["of another commit", "of nobody knows which"])
def test_what_was_seen_of_other_code_is_no_success(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], of: str
) -> None:
    """It is not asked again, and counts neither as passed nor as what a page of this code is made of."""
    file = tmp_path / "seen"
    monkeypatch.setattr(results, "commit", lambda: of)
    first = Results(file, resume=False)
    first.add({"part": "pages a", "who": "a", "page": "/console", "checks": {"wide": 0}, "met": [1, 2]})
    for part in ("pages a", "story b, keys"):
        first.finish(part)
    monkeypatch.setattr(results, "commit", lambda: of and "this")
    looker = Looker("http://127.0.0.1", tmp_path, "axe", Results(file, resume=True))
    assert looker.met == {} and looker.results.before("pages a")
    assert command.ended(looker, {"pages"}, short=False) == 1
    said = capsys.readouterr().out.splitlines()[-1]
    assert said.startswith("browser: 0 passed, 0 failed; not run: pages a (seen of ") and "story" not in said


def test_stories_that_were_told_are_no_page_seen(tmp_path: Path) -> None:
    kept = Results(tmp_path / "seen", resume=False)
    kept.finish("story b, keys")
    looker = Looker("http://127.0.0.1", tmp_path, "axe", Results(tmp_path / "seen", resume=True))
    assert looker.results.before("story b, keys")
    assert command.ended(looker, {"pages", "stories"}, short=False) == 1


def test_the_code_that_is_looked_at_is_known_by_what_stands_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert results.commit() == ""
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.test"]
    (tmp_path / "page").write_text("one")
    for asked in (["init", "-q"], ["add", "page"], ["commit", "-qm", "one"]):
        subprocess.run([*git, *asked], check=True)
    seen = [results.commit()]
    for text in ("two", "three"):
        (tmp_path / "page").write_text(text)
        seen.append(results.commit())
    (tmp_path / "other").write_text("new")
    seen.append(results.commit())
    assert len(set(seen)) == 4 and "+" not in seen[0] and all(seen[0] in each for each in seen)


async def test_a_walk_with_a_finding_is_not_done(tmp_path: Path) -> None:
    """Whatever it is: also a link to a file that does not say so, which shows no page."""

    class Page:
        async def goto(self, address: str) -> None:
            raise Error("Page.goto: Download is starting")

    looker = Looker("http://127.0.0.1", tmp_path, None, Results(tmp_path / "seen", resume=False))
    assert await looker.go(Page(), None, "360100/unit", "/console") == []  # type: ignore[arg-type]
    assert len(looker.found) == 1 and looker.faulty == {"pages 360100/unit"}


def test_no_story_begins_with_a_case_like_that_of_another() -> None:
    """Else, in whatever order they are told, one is refused what another has built (art. 23)."""
    basics = materials(load_cases(Path("deploy/seed/demo_projects.json"))[0], date(2026, 3, 2))["basics"]
    words = {"main_tasks": basics["main_tasks"], "goals": basics["performance_goals"]}
    names = Path("tests/browser/names.txt").read_text(encoding="utf-8").split()
    told = [Project(f"{name}系统A1B", **words) for name in names]
    alike = [(a.name, b.name) for a, b in combinations(told, 2) if score(a, b) >= STRONG]
    assert len(set(names)) == len(names) > 150 and not alike
