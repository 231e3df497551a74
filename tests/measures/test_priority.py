"""Art. 16, R14: a claim of priority counts when the system knows it, or when its paper was accepted by name."""

from __future__ import annotations

from typing import Any

import pytest

from service.measures.priority import answered, claiming, counting, findings, known_items

PAPER = {"issuer": "省委办公厅", "number": "赣办发〔2026〕3号", "date": "2026-01-20"}


def claim(item: int, paper: dict[str, str] | None = PAPER, fact: Any = {}) -> dict[str, Any]:  # noqa: B006
    return claiming(fact, item, paper, claims=True)


def told(fact: Any, known: tuple[int, ...] = (), *, attached: bool = True) -> list[tuple[str, str]]:
    return [(each.code, each.severity.value) for each in findings(fact, known, attached=attached)]


@pytest.mark.parametrize(
    ("paper", "attached", "code", "severity"),
    [
        (PAPER, True, "priority_1_evidenced", "in_principle"),
        (PAPER, False, "priority_1_unproven", "notice"),
        (None, True, "priority_1_unproven", "notice"),
    ],
)
def test_a_bare_claim_is_told_and_does_not_count(
    paper: Any, attached: bool, code: str, severity: str
) -> None:
    fact = claim(1, paper)
    assert told(fact, attached=attached) == [(code, severity)]
    assert counting(fact, ()) == []


def test_what_the_system_knows_needs_no_paper() -> None:
    fact = claim(3, None, claim(2, None))
    assert counting(fact, known_items((3,), planned=True)) == [2, 3]
    assert told(fact, (2, 3)) == []
    assert counting({}, (2, 3)) == [], "nobody claimed it"
    assert known_items((), planned=False) == frozenset()


def test_it_counts_when_a_desk_has_accepted_it_and_only_on_that_paper() -> None:
    fact = claim(2, PAPER, claim(1))
    accepted = answered(fact, {"priority_1_evidenced": True, "priority_2_evidenced": False})
    assert accepted is not None
    assert counting(accepted, ()) == [1]
    assert told(accepted) == [("priority_2_evidenced", "in_principle")]
    assert counting(claim(1, PAPER, accepted), ()) == [1], "the same paper again"
    assert counting(claim(1, {**PAPER, "number": "别的文号"}, accepted), ()) == []
    assert counting(claiming(accepted, 1, None, claims=False), ()) == [], "taken back"
    assert answered(fact, {"not_in_library": True, "priority_3_evidenced": True}) is None, "nobody claims it"
    undone = answered(accepted, {"priority_1_evidenced": False})
    assert undone is not None
    assert counting(undone, ()) == []


def test_what_was_tagged_before_claims_were_asked_for_stands() -> None:
    assert counting({"on": "2026-01-01", "items": [1, 3]}, ()) == [1, 3]
    assert told({"on": "2026-01-01", "items": [1, 3]}) == []
