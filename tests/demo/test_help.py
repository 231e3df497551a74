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
