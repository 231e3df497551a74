"""The pass in a browser says plainly what did not run, and is not green for having seen nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser import __main__ as command
from tests.browser import chromium
from tests.browser.looking import Looker


def test_without_a_browser_it_says_that_it_was_not_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(chromium, "chromium", lambda: None)
    assert (command.main(["--short"]), command.main([])) == (0, 2)
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 2 and all("browser: not run" in each and "passed" not in each for each in said)


def test_the_short_form_takes_no_part_that_it_does_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chromium, "chromium", lambda: None)
    for part in set(command.PARTS) - {"pages"}:
        with pytest.raises(SystemExit) as refused:
            command.main(["--short", "--only", part])
        assert refused.value.code == 2


def test_what_was_left_out_is_told_and_no_page_seen_is_no_success(
    capsys: pytest.CaptureFixture[str],
) -> None:
    looker = Looker("http://127.0.0.1", Path("nowhere"), None)
    assert command.ended(looker, {"pages"}, short=True) == 1 and looker.found
    looker.found, looker.looked = [], 3
    assert command.ended(looker, set(command.PARTS), short=True) == 0
    assert capsys.readouterr().out.splitlines()[-1] == (
        "browser: 3 passed, 0 failed; not run: stories, texts, docs, print, axe-core"
    )
