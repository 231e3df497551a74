"""Engagements of one project beside each other (arts 13, 18, 24, 26, 31, 38): one test a pair, without a server."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from service.measures.engagements import (
    CODES,
    CONTRACT,
    OVERSIGHT,
    PROCUREMENT,
    Around,
    Engagement,
    findings,
    latest,
)

DAY = date(2026, 3, 1)
AROUND = Around(date(2026, 2, 1), 1000, ("市城管局", "市数据中心"), ("省级评估机构",))
BUILT = Engagement(DAY, True, CONTRACT, 900, "HT-1", ("市城管局", "某软件公司"))
OVERSEEN = Engagement(DAY, None, OVERSIGHT, 100, "JL-1", ("某监理公司",))


def of(kind: str = CONTRACT, **other: Any) -> Engagement:
    given = {"signed_on": DAY, "owned": True, "kind": kind, "amount_fen": 1, "number": "HT-9", "parties": ()}
    return Engagement(**(given | other))


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ((), set()),
        ((of(signed_on=date(2026, 1, 31), amount_fen=0),), {"contract_before_approval"}),
        ((of(),), {"contract_beyond_approval"}),
        ((of(number="HT-1", amount_fen=900),), set()),
        ((of(number="JL-1", amount_fen=100, parties=("某监理公司",)),), set()),
        ((of(PROCUREMENT, amount_fen=1000), of(PROCUREMENT, amount_fen=1000)), set()),
        ((of(PROCUREMENT, amount_fen=1001),), {"contract_beyond_approval"}),
        ((of(owned=False, amount_fen=0),), {"ownership_clause_missing"}),
        ((of(amount_fen=0, parties=("某监理公司",)),), {"supervisor_not_independent"}),
        ((of(OVERSIGHT, amount_fen=0, parties=("市数据中心",)),), {"supervisor_not_independent"}),
        ((of(OVERSIGHT, amount_fen=0, parties=("某软件 公司",)),), {"supervisor_not_independent"}),
        ((of(amount_fen=0, parties=("省级评估机构",)),), {"appraiser_contracted"}),
        ((of(PROCUREMENT, parties=("省级评估机构",)),), {"appraiser_contracted"}),
        ((of(amount_fen=0, paid=((DAY, 1),)),), {"paid_beyond_contract"}),
        ((of(amount_fen=0, paid=((date(2026, 2, 28), 0),)),), {"paid_before_contract"}),
    ],
)
def test_what_two_records_show(more: tuple[Engagement, ...], found: set[str]) -> None:
    assert findings([BUILT, OVERSEEN, *more], AROUND) == found <= set(CODES)


def test_nothing_is_held_against_what_is_not_known() -> None:
    assert findings([of(amount_fen=10**12, signed_on=date(2001, 1, 1))], Around()) == set()


def test_a_correction_of_a_correction_stands_for_the_first() -> None:
    assert latest("a", {"a": "b", "b": "c"}) == "c"
    assert latest("c", {"a": "b", "b": "c"}) == "c"
