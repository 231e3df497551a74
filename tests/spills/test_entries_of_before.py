"""An entry of before the system goes with the case that stands on it, and one that nobody stands on stays (art. 14)."""

from __future__ import annotations

from typing import Any

from tests.contract import recipes  # noqa: F401 - joins the recipes in their order
from tests.lives import World
from tests.spills.leaving import delivered, entry_of_a_case
from tests.spills.planting import Planting, found_in_rows, mark_of
from tests.spills.test_everywhere import planting, purged

__all__ = ["planting"]


async def test_art_14_the_entry_of_a_purged_case_says_nothing_more(
    planting: World, door: Any, storage: Any, superuser: Any, as_user: Any
) -> None:
    other, mark = mark_of(-4), mark_of(-3)
    Planting.pen.mark = other
    body = {
        "owner": (await superuser.fetchval("SELECT tenant_id || '-' || id FROM offices LIMIT 1")),
        "project_name": "另一个项目",
        "entered_on": "2026-01-05",
        "note": "由纸质清单补录",
        "document": {"issuer": "省领导小组办公室", "number": "赣数〔2026〕1号", "date": "2026-01-05"},
    }
    alone = await planting.made("province.drc", "/library-imports", body)
    Planting.pen.mark = mark
    await entry_of_a_case(planting)
    Planting.pen.mark = ""
    await delivered(planting)
    before = await found_in_rows(superuser)
    assert {"library_imports", "inbox", "event_feed", "idempotency"} <= before[mark].keys()
    await purged(superuser, door, storage)
    after = await found_in_rows(superuser)
    assert mark not in after, after[mark]
    assert after[other]["library_imports"] == 1
    listed = (await as_user("360000", "office")("GET", "/library-imports")).json()["items"]
    shown = {each["id"]: each["project_name"] for each in listed}
    assert shown.pop(alone.id) == f"另一个项目{other}"
    assert set(shown.values()) == {"（已清除）"}
