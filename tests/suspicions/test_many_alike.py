"""Very many projects that are alike: groups stay small, their lists grow with the projects and not with the square."""

from __future__ import annotations

from typing import Any

import pytest

from service.kit.db import Door
from service.settings import Settings
from service.suspicions import finding, queries, rows
from tests.notifications.events import query
from tests.suspicions.support import PARKING, declared, suspicions_of, worked

FULL = 4


@pytest.fixture
async def few(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Groups of four at most, so that a dozen projects are very many; and nothing from other tests."""
    await query(settings.database_url, "TRUNCATE outbox, outbox_work")
    for table in ("suspicion_members", "suspicions", "similarity_keys"):
        await query(settings.database_url, f"DELETE FROM {table}")
    for module in (finding, rows):
        monkeypatch.setattr(module, "MOST_LISTED", FULL)
    monkeypatch.setattr(rows, "SMALL", 0)
    assert queries.MOST_LISTED > FULL


@pytest.mark.long
async def test_what_is_alike_without_end_makes_groups_that_are_full_and_says_so(
    as_user: Any, door: Door, settings: Settings, few: None
) -> None:
    sent = []
    for number in range(14):
        sent.append((await declared(as_user, PARKING, "2600000.00", f"（{number}）")).data)
        await worked(door)
    groups = await query(
        settings.database_url,
        "SELECT s.id::text, s.state, s.size, s.beyond, count(m.*) AS listed FROM suspicions s "
        "LEFT JOIN suspicion_members m ON m.suspicion_id = s.id WHERE s.kind = 'split' GROUP BY 1, 2, 3, 4",
    )
    open_ones = [each for each in groups if each["state"] == "open"]
    assert {each["size"] for each in open_ones} <= set(range(2, FULL + 1))
    assert all(each["listed"] == each["size"] for each in open_ones)
    assert max(each["beyond"] for each in open_ones) > 0
    # Each project stands in one open group, but for the one that begins the next; what was absorbed lists nobody.
    assert len(sent) <= sum(each["listed"] for each in groups) <= len(sent) + len(open_ones)
    assert len(open_ones) <= len(sent) / (FULL - 1) + 1
    for each in sent:
        found = [one for one in await suspicions_of(as_user, each["id"]) if one["state"] == "open"]
        assert found, "everybody's group is there to be found"
    (newest, *_) = await suspicions_of(as_user, sent[-1]["id"])
    assert newest["size"] + newest["beyond"] == len(sent)
    messages = await query(
        settings.database_url,
        "SELECT body FROM inbox WHERE kind = 'suspicion.split' AND body LIKE '%本组只列%'",
    )
    assert messages, "that a group is capped is told where it is read"


async def test_a_member_of_a_full_group_that_is_declared_again_opens_no_other(
    as_user: Any, door: Door, settings: Settings, few: None
) -> None:
    sent = []
    for number in range(FULL):
        sent.append((await declared(as_user, PARKING, "2600000.00", f"（{number}）")).data)
        await worked(door)
    count = "SELECT count(*) AS n FROM suspicions WHERE state = 'open'"
    (before,) = await query(settings.database_url, count)
    event = (
        "UPDATE outbox SET done_at = NULL, next_attempt_at = now() "
        "WHERE kind = 'project.submitted' AND snapshot->'project'->>'id' = $1"
    )
    await query(settings.database_url, event, sent[0]["id"])
    await worked(door)
    (after,) = await query(settings.database_url, count)
    assert before["n"] == after["n"] == 1
