"""A declaration that begins anew forgets what was decided on the old one (arts 9, 12, 19)."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any, cast

from service.kit import clock
from service.projects.case import Case
from service.projects.submission import note_declared


def test_what_was_decided_on_an_earlier_text_is_not_decided_on_this_one() -> None:
    decided = ("joint_review", "leading_group", "affordability", "framework")
    stays = {"appraised": {"on": "2026-01-05", "verdict": "pass"}, "library": {"on": "2026-01-01"}}
    case = Case(
        tenant_id="360100",
        office_id="o",
        id="p",
        external_ref=None,
        name="项目",
        owner_name="市城管局",
        tier="city",
        division="360100",
        office_kind="administrative",
        state="returned",
        holder="owner",
        route="provincial_review",
        project_class="other",
        kind="new",
        investment_fen=1,
        declared={"facts": {}},
        decision=None,
        submissions=2,
        month=None,
        created_by="user",
        created_at=clock.now(),
        updated_at=clock.now(),
        version=3,
        dated={**stays, **{name: {"on": "2026-01-02", "passed": True} for name in decided}},
    )
    note_declared(case, cast(Any, SimpleNamespace(participating_offices=["市公安局"])), date(2026, 3, 2))
    assert not set(decided) & case.dated.keys(), "affordability of the old amount would pay for the new one"
    assert stays.items() <= case.dated.items(), "the appraisal compares its substance for itself (R9)"
    assert (case.dated["declared"]["on"], case.dated["declared"]["joint"]) == ("2026-03-02", True)
