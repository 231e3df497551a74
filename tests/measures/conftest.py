"""The base rule book and registry, read once."""

from __future__ import annotations

from typing import Any

import pytest

from service.measures.offices import Divisions
from service.measures.parameters import RuleBook
from service.rulebook.loader import base_divisions, base_rulebook
from tests.measures.rules import decided


@pytest.fixture(scope="session")
def book() -> RuleBook:
    return base_rulebook()


@pytest.fixture(scope="session")
def divisions() -> Divisions:
    return base_divisions()


@pytest.fixture
def plain() -> dict[str, Any]:
    """The smallest valid facts; a fresh copy for each test."""
    return {
        "on": "2026-03-02",
        "declarant": {"tier": "city", "division": "360100"},
        "project_class": "other",
        "kind": "new",
        "investment_yuan": "3000000.00",
        "fiscal_funds": True,
        "classified": False,
    }


@pytest.fixture
def decide(plain: dict[str, Any], book: RuleBook, divisions: Divisions) -> Any:
    return lambda **changes: decided(plain, book, divisions, **changes)
