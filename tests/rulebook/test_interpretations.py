"""Readings of the three organs: what they change among open cases, and that nothing decided changes (art. 44)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest

from service.kit.clock import now
from service.rulebook.loader import base_rulebook
from service.rulebook.recording import record as record_files
from service.settings import Settings
from tests.lives import Life
from tests.rulebook.conftest import record, submitted, today, version_of
from tests.rulebook.tampering import problems_after
from tests.worlds import world

settings, app, door, client, token, as_user = world()  # overlays of other files must not be in force here

FAR = "2099-01-01"
ORGANS = ["general_office", "drc", "finance"]
EXCLUSIVE = [{"key": "limit.figure_included", "value": False}]
INCLUSIVE = [{"key": "limit.figure_included", "value": True}]


def reading(**changes: Any) -> dict[str, Any]:
    return {
        "supersedes": "R1",
        "question": "恰好等于限额的项目怎么办？",
        "text": "恰好等于限额的，由设区市办理。",
        "articles": [9],
        "issued_by": ORGANS,
        "document_number": "赣府厅函〔2026〕88号",
        "document_date": "2026-01-15",
        "effective_from": today(),
        "sets": EXCLUSIVE,
        **changes,
    }


@pytest.fixture
async def restored(as_user: Any) -> AsyncIterator[None]:
    """Afterwards the number is included again, for every other test of the package."""
    yield
    body = reading(text="恰好等于限额的报省。", sets=INCLUSIVE)
    assert (await as_user("360000", "office")("POST", "/rulebook/interpretations", body)).status_code == 201


async def test_a_reading_changes_open_cases_and_later_decisions_only(
    build: Any, as_user: Any, restored: None
) -> None:
    city, other, office = build(tenant="360200"), build(tenant="360300"), as_user("360000", "office")
    on_the_line = await submitted(city, "not_in_library", investment_yuan="5000000.00")
    decided = await submitted(other, "not_in_library", investment_yuan="5000000.00")
    await decided.gatekeep()
    above = await submitted(city, "not_in_library", investment_yuan="5000000.01")
    given = {"supersedes": "R1", "effective_from": today(), "sets": EXCLUSIVE}
    seen = await as_user("360000", "drc")("POST", "/rulebook/interpretations/preview", given)
    assert seen.status_code == 200, seen.text
    effect = seen.json()["effect"]
    moved = {case["id"]: (case["route_before"], case["route_after"]) for case in effect["cases"]}
    way = ("provincial_review", "city_filing")
    assert moved[on_the_line.id] == moved[decided.id] == way
    assert above.id not in moved
    assert effect["citing"] >= 2
    assert {each["tenant"]: each["count"] for each in effect["by_tenant"]} == {
        city.tenant: 1,
        other.tenant: 1,
    }
    made = await office("POST", "/rulebook/interpretations", reading())
    assert made.status_code == 201, made.text
    assert made.json()["effect"]["cases"] == effect["cases"]
    assert made.json()["rulebook_version"] == (await version_of(office)) != seen.json()["rulebook_version"]
    await _decided_stands(office, decided)
    # Later decisions follow, and strand nobody: the open case goes the city's way from its next desk on (R23).
    await on_the_line.gatekeep()
    assert on_the_line.data["route"] == "city_filing"
    assert "route_moved" in str(await on_the_line.sees("history", "city.gatekeeper"))
    waiting = await decided.read("city.gatekeeper")
    assert {each["action"] for each in waiting["actions"] if each["allowed"]} >= {"gatekeep_return"}
    assert "hand_over" not in {each["action"] for each in waiting["actions"] if each["allowed"]}
    await decided.approve(approved_amount_yuan="5000000.00")
    assert (decided.data["route"], decided.data["state"]) == ("city_filing", "city_approved")
    fresh = await submitted(city, investment_yuan="5000000.00")
    assert fresh.data["route"] == "city_filing"
    assert "R1" in fresh.data["decision"]["readings"]


async def _decided_stands(office: Any, decided: Life) -> None:
    """What was decided stands as it was, with the version it was made by, and that version can be shown."""
    rules = decided.data["decision"]["rulebook"]
    stored = await decided.read("city.gatekeeper")
    assert (stored["route"], stored["decision"]["rulebook"]) == ("provincial_review", rules)
    past = (
        await office("GET", f"/rulebook?tenant=360300&on={rules['date']}&version={rules['version']}")
    ).json()
    assert {e["key"]: e["value"] for e in past["entries"]}["limit.figure_included"] is True


async def test_the_register_keeps_every_version_and_is_open_to_all(as_user: Any) -> None:
    office = as_user("360000", "office")
    assert (await record(as_user, "36GJ00", "filing.practice_days", 9)).status_code == 201
    made = await office(
        "POST",
        "/rulebook/interpretations",
        reading(supersedes="R7", sets=[], effective_from=FAR, articles=[29]),
    )
    assert (made.status_code, made.json()["id"]) == (201, "R7")
    new = await office(
        "POST", "/rulebook/interpretations", reading(supersedes=None, sets=[], articles=[12, 34])
    )
    known = {each.id for each in base_rulebook().readings}
    fresh = new.json()["id"]
    assert fresh == f"R{1 + max(int(each[1:]) for each in known)}"
    for caller in (
        as_user("360100", "360102.user"),
        as_user("360200"),
        as_user("360000", "supervisor"),
    ):
        listed = (await caller("GET", "/rulebook/interpretations")).json()["items"]
        assert [each["id"] for each in listed][-1] == fresh
        one = next(each for each in listed if each["id"] == "R7")
        assert one["standing"]["number"] == 0
        assert [each["number"] for each in one["coming"]] == [1]
        assert [each["number"] for each in one["history"]] == [0, 1]
    only = (await office("GET", f"/rulebook/interpretations?id={fresh}")).json()["items"]
    assert [(each["id"], each["standing"]["issued_by"]) for each in only] == [(fresh, ORGANS)]
    cited = (await office("GET", "/rulebook/interpretations?article=34")).json()["items"]
    assert fresh in [each["id"] for each in cited]
    assert {each["id"] for each in cited} <= {
        each.id for each in base_rulebook().readings if 34 in each.articles
    } | {fresh}
    rules = (await as_user("360200", "unit")("GET", "/rulebook")).json()
    assert fresh in {each["id"] for each in rules["readings"]}
    # What the province decided by its own book, a city with overlays can look up as well.
    url = f"/rulebook?on={today()}&version={await version_of(office)}"
    assert (await as_user("36GJ00", "unit")("GET", url)).json()["tenant"] is None


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"issued_by": ["general_office", "drc"]}, "/issued_by", "issuers_incomplete"),
        ({"supersedes": "R99"}, "/supersedes", "unknown_reading"),
        ({"sets": [{"key": "limit.other", "value": "3000000.00"}]}, "/sets/0/key", "not_of_this_reading"),
        ({"sets": [{"key": "library.validity_years", "value": 3}]}, "/sets/0/key", "not_of_this_reading"),
        ({"supersedes": None}, "/sets/0/key", "not_of_this_reading"),
        ({"sets": [{"key": "limit.figure_included", "value": 1}]}, "/sets/0/value", "wrong_type"),
        ({"sets": EXCLUSIVE * 2}, "/sets", "duplicate_key"),
        ({"sets": [{"key": "no.such", "value": 1}]}, "/sets/0/key", "unknown_key"),
        ({"document_date": FAR}, "/document_date", "date_in_future"),
        ({"articles": [46]}, "/articles/0", "wrong_type"),
    ],
)
async def test_refused(
    as_user: Any, settings: Settings, changes: dict[str, Any], pointer: str, code: str
) -> None:
    before = await _count(settings)
    refused = await as_user("360000", "office")("POST", "/rulebook/interpretations", reading(**changes))
    assert refused.status_code == 422, refused.text
    assert [(e["pointer"], e["code"]) for e in refused.json()["errors"]] == [(pointer, code)]
    assert await _count(settings) == before


async def test_not_for_the_past_and_not_by_others(as_user: Any, settings: Settings) -> None:
    before = await _count(settings)
    yesterday = (date.fromisoformat(today()) - timedelta(days=1)).isoformat()
    late = await as_user("360000", "office")(
        "POST", "/rulebook/interpretations", reading(effective_from=yesterday)
    )
    assert [(e["pointer"], e["code"]) for e in late.json()["errors"]] == [("/effective_from", "date_in_past")]
    for tenant, login in (
        ("360000", "drc"),
        ("360000", "finance"),
        ("360000", "supervisor"),
        ("360200", "gatekeeper"),
    ):
        assert (
            await as_user(tenant, login)("POST", "/rulebook/interpretations", reading())
        ).status_code == 403
    preview = {"effective_from": today()}
    assert (
        await as_user("360200", "gatekeeper")("POST", "/rulebook/interpretations/preview", preview)
    ).status_code == 403
    assert await _count(settings) == before


async def _count(settings: Settings) -> int:
    connection = await asyncpg.connect(settings.database_url)
    try:
        return int(await connection.fetchval("SELECT count(*) FROM interpretations"))
    finally:
        await connection.close()


TAMPERING = [
    (
        "UPDATE rulebook_overlays SET value = '1' WHERE key = 'near_line.percent'",
        "edited after it was recorded",
    ),
    (
        "UPDATE rulebook_overlays SET reason = '另一个理由', digest = repeat('0', 64)",
        "digest is not the audited one",
    ),
    ("DELETE FROM rulebook_overlays", "recorded, but gone: overlay"),
    ("UPDATE interpretations SET text = '改过的' WHERE number = 1", "edited after it was recorded"),
    ("UPDATE interpretations SET sets = '[1]' WHERE reading = 'R9'", "edited after it was recorded"),
    ("DELETE FROM interpretations WHERE reading = 'R9'", "recorded, but gone: interpretation"),
    (
        "INSERT INTO interpretations SELECT reading, 900, question, text, articles, issued_by, document_number, "
        "document_date, effective_from, sets, recorded_by, recorded_at, digest FROM interpretations LIMIT 1",
        "no audit entry tells of it: interpretation",
    ),
    (
        "UPDATE rulebook_entries SET digest = repeat('0', 64) WHERE key = 'limit.other'",
        "changed in the files",
    ),
]


@pytest.mark.parametrize(("statement", "word"), TAMPERING, ids=[word for _, word in TAMPERING])
async def test_check_rulebook_knows_run_time_entries_and_finds_edits(
    as_user: Any, settings: Settings, statement: str, word: str
) -> None:
    await record_files(settings.database_url, base_rulebook(), now())
    body = reading(supersedes="R9", sets=[], effective_from=FAR)
    assert (await as_user("360000", "office")("POST", "/rulebook/interpretations", body)).status_code == 201
    assert (await record(as_user, "360600", "near_line.percent", 70, on=FAR)).status_code == 201
    tables = ("rulebook_overlays", "interpretations", "rulebook_entries")
    found = await problems_after(statement, tables, settings)
    assert [line for line in found if word in line], found


async def test_it_takes_effect_on_its_day_and_not_before(build: Any, as_user: Any) -> None:
    """A reading of a later day: today's decisions are as before, those of the day follow it."""
    start = (date.fromisoformat(today()) + timedelta(days=40)).isoformat()
    tenant, office = "360800", as_user("360000", "office")
    assert (
        await office("POST", "/rulebook/interpretations", reading(effective_from=start))
    ).status_code == 201
    case = await submitted(build(tenant=tenant), "not_in_library", investment_yuan="5000000.00")
    assert case.data["route"] == "provincial_review"
    declarant = {"tier": "city", "division": tenant}
    facts = {
        "on": start,
        "declarant": declarant,
        "project_class": "other",
        "kind": "new",
        "investment_yuan": "5000000.00",
        "fiscal_funds": True,
        "classified": False,
    }
    preview = {"facts": facts}
    decided = (await as_user(tenant, "unit")("POST", "/projects/preview", preview)).json()["decision"]
    assert decided["route"] == "city_filing"
    back = reading(effective_from=start, sets=INCLUSIVE, text="恰好等于限额的报省。")
    assert (await office("POST", "/rulebook/interpretations", back)).status_code == 201
