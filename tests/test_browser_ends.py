"""The pass in a browser says plainly what did not run, and is not green for having seen nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser import __main__ as command
from tests.browser import chromium
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
    assert again.before == {"pages a"} and [each["who"] for each in again.looks] == ["a"]
    again.finish("texts")
    looker = Looker("http://127.0.0.1", tmp_path, None, Results(file, resume=True))
    assert looker.results.before == {"pages a", "texts"} and looker.met == {"/console": {1, 2}}
    assert looker.rows["/console"].people == ["a"] and "2 parts" in looker.results.told()
    assert Results(file, resume=False).before == set()
