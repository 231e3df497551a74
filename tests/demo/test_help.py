"""What `--help` says: each command what it does, each choice of it by its name."""

from __future__ import annotations

import argparse
import re

import pytest

from service.cli import commands
from service.cli.arguments import parser

CHECKS = [*commands._CHECKS, *commands._SOURCES, *commands._TRIALS]


def _commands() -> dict[str, argparse.ArgumentParser]:
    made = parser(CHECKS)
    (found,) = [each for each in made._actions if isinstance(each, argparse._SubParsersAction)]
    return dict(found.choices)


@pytest.mark.parametrize("name", sorted(_commands()))
def test_a_commands_help_says_what_it_does(name: str) -> None:
    made = _commands()[name]
    assert made.description and made.description.endswith(".")
    told = made.format_help()
    for action in made._actions:
        if action.choices and not isinstance(action, argparse._SubParsersAction):
            known = [str(each) for each in action.choices]
            unsaid = [each for each in known if not re.search(rf"(\b{each}:|^check {each} )", told, re.M)]
            assert unsaid == [], "a choice that nobody explains"
        elif not isinstance(action, argparse._SubParsersAction | argparse._HelpAction):
            assert action.help, action.dest


@pytest.mark.parametrize("name", sorted(_commands()))
def test_help_fits_a_terminal_of_eighty_columns(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert [line for line in _commands()[name].format_help().splitlines() if len(line) > 80] == []


@pytest.mark.parametrize(
    ("called", "told"),
    [
        ([], "COMMAND"),
        (["article", "99"], "a number from 2 to 43"),
        (["keys", "rotate"], "name the file"),
        (["restore"], "name the directory"),
        (["documents", "load"], "name a directory"),
        (["check", "search"], "name a FILE"),
        (["check", "search", "/nowhere/at.jsonl"], "/nowhere/at.jsonl: No such file"),
        (["check", "articles", "x.json"], "takes no file"),
        (["backup", "base", "--keep", "1"], "from 2 on"),
    ],
    ids=" ".join,
)
def test_called_wrongly_is_told_in_words_and_ends_with_2(
    called: list[str], told: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TONGJIAN_SIGNING_KEYS_FILE", "TONGJIAN_BACKUP_DIR"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(SystemExit) as ended:
        raise SystemExit(commands.main(called))
    assert ended.value.code == 2
    said = capsys.readouterr()
    assert told in said.err and "Errno" not in said.err and not said.out
