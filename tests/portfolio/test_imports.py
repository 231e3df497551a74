"""Import of running projects (art. 39): all lines or none, nothing invented, and the life goes on from there."""

from __future__ import annotations

import json
from typing import Any

import asyncpg
import pytest

from service.settings import Settings
from tests.factories import facts
from tests.portfolio.lines import line


async def send(
    as_user: Any, *lines: Any, who: str = "gatekeeper", tenant: str = "360100", **query: Any
) -> Any:
    raw = "\n".join(each if isinstance(each, str) else json.dumps(each) for each in lines).encode()
    return await as_user(tenant, who)("POST", "/imports", content=raw, params=query)


async def test_a_running_project_goes_on_from_where_it_stands(as_user: Any) -> None:
    taken = await send(
        as_user,
        line(),
        line(
            name="老平台",
            state="accepted",
            dated={
                "approved": "2023-10-09",
                "started": "2023-12-01",
                "trial_run": "2024-05-01",
                "final_inspected": "2024-11-05",
                "acceptance_applied": "2024-11-20",
                "accepted": "2025-01-10",
            },
        ),
    )
    assert taken.status_code == 201, taken.text
    first, second = taken.json()["items"]
    case = (await as_user("360100")("GET", f"/projects/{first['id']}")).json()
    assert (case["origin"], case["state"], case["filing_number"]) == ("imported", "started", None)
    assert case["dated"]["imported"]["number"] == "洪发改〔2025〕8号"
    assert case["dated"]["approved"]["on"] == "2025-03-01"
    history = (await as_user("360100")("GET", f"/projects/{first['id']}/history")).json()
    assert history["transitions"] == [], "no invented transitions"
    assert len(history["versions"]) == 1
    seen = await as_user("360000", "office")("GET", f"/projects/{second['id']}")
    assert seen.json()["state"] == "accepted"
    allowed = {a["action"] for a in case["actions"]}
    assert {"begin_trial_run", "record_contract"} <= allowed


async def test_what_was_imported_is_found_by_its_words(as_user: Any, settings: Settings) -> None:
    """Who plans the like is shown it (art. 23), and it counts among like projects (art. 8), by its approval's day."""
    taken = await send(as_user, line(name="古桥安全监测平台"))
    connection = await asyncpg.connect(settings.database_url)
    try:
        days = await connection.fetch(
            "SELECT DISTINCT day::text FROM similarity_keys WHERE project_id = $1::uuid",
            taken.json()["items"][0]["id"].partition("-")[2],
        )
    finally:
        await connection.close()
    assert [row["day"] for row in days] == ["2025-03-01"]


async def test_dry_run_stores_nothing(as_user: Any, settings: Settings) -> None:
    connection = await asyncpg.connect(settings.database_url)
    before = await connection.fetchval("SELECT count(*) FROM projects")
    told = await send(as_user, line(), dry_run="true")
    assert (told.status_code, told.json()["items"][0]["id"]) == (200, None)
    assert told.json()["items"][0]["route"] == "city_filing"
    assert await connection.fetchval("SELECT count(*) FROM projects") == before
    await connection.close()


async def test_a_dry_run_is_never_the_answer_to_the_import_itself(as_user: Any) -> None:
    """The same key and lines with another query are another request: 422, and a new key imports."""
    keeper, raw = as_user("360100", "gatekeeper"), json.dumps(line(name="试导入平台")).encode()
    same = {"idempotency-key": "import-2026-1"}
    tried = await keeper("POST", "/imports", content=raw, params={"dry_run": "true"}, headers=same)
    assert (tried.status_code, tried.json()["dry_run"]) == (200, True)
    again = await keeper("POST", "/imports", content=raw, params={"dry_run": "true"}, headers=same)
    assert (again.content, again.headers["idempotent-replayed"]) == (tried.content, "true")
    meant = await keeper("POST", "/imports", content=raw, headers=same)
    assert (meant.status_code, meant.json()["code"]) == (422, "idempotency_key_reused")
    done = await keeper("POST", "/imports", content=raw, headers={"idempotency-key": "import-2026-2"})
    assert (done.status_code, done.json()["dry_run"]) == (201, False), done.text


@pytest.mark.parametrize(
    ("bad", "pointer", "code"),
    [
        (line(dated={"approved": "2025-03-01"}), "/2/dated/started", "missing_date"),
        (
            line(
                state="trial_run",
                dated={"approved": "2025-03-01", "started": "2025-05-06", "trial_run": "2025-05-05"},
            ),
            "/2/dated/trial_run",
            "date_order",
        ),
        (
            line(dated={"approved": "2025-03-01", "started": "2099-02-01"}),
            "/2/dated/started",
            "date_in_future",
        ),
        (
            line(state="budgeted", dated={"approved": "2025-03-01"}, budget_issued_yuan="3900000.00"),
            "/2/state",
            "state_route",
        ),
        (line(state="draft"), "/2/state", "wrong_type"),
        (line(paid_yuan="3900000.01"), "/2/paid_yuan", "amounts_do_not_sum"),
        (line(budget_issued_yuan="4000000.00"), "/2/budget_issued_yuan", "amounts_do_not_sum"),
        (line(paid_yuan="1.00"), "/2/budget_issued_yuan", "required"),
        (line(dated={"approved": "0001-01-01", "started": "2025-05-06"}), "/2/dated/approved", "date_order"),
        (line(state="suspended"), "/2/dated/suspended", "missing_date"),
        (
            line(dated={"approved": "2025-03-01", "started": "2025-05-06", "suspended": "2025-06-01"}),
            "/2/dated/suspended",
            "not_reached",
        ),
        (
            line(dated={"approved": "2025-03-01", "started": "2025-05-06", "accepted": "2025-09-06"}),
            "/2/dated/accepted",
            "not_reached",
        ),
        (line(approved_amount_yuan="0"), "/2/approved_amount_yuan", "amount_range"),
        (
            line(owner_office_id="00000000-0000-7000-8000-000000000000"),
            "/2/owner_office_id",
            "unknown_office",
        ),
        (line(extra=1), "/2", "unknown_field"),
        ("{", "/2", "malformed_json"),
    ],
)
async def test_one_bad_line_keeps_all_out(
    as_user: Any, settings: Settings, bad: Any, pointer: str, code: str
) -> None:
    connection = await asyncpg.connect(settings.database_url)
    before = await connection.fetchval("SELECT count(*) FROM projects")
    answer = await send(as_user, line(), bad)
    assert answer.status_code == 422, answer.text
    found = {(each["pointer"], each["code"]) for each in answer.json()["errors"]}
    assert any(got.startswith(pointer) and kind == code for got, kind in found), found
    assert await connection.fetchval("SELECT count(*) FROM projects") == before
    await connection.close()


async def test_art_14_a_classified_line_stops_the_file(as_user: Any) -> None:
    secret = line()
    secret["facts"] = {**secret["facts"], "classified": True}
    answer = await send(as_user, line(), secret)
    assert (answer.status_code, answer.json()["code"]) == (422, "classified_material")


async def test_departments_are_imported_by_the_office(as_user: Any) -> None:
    offices = (await as_user("360000", "administrator")("GET", "/offices?tier=province&limit=200")).json()[
        "items"
    ]
    owner = next(o for o in offices if o["name"] == "省信息中心")
    taken = await send(
        as_user,
        line(
            owner_office_id=owner["office_id"],
            state="budgeted",
            dated={"approved": "2025-03-01"},
            budget_issued_yuan="3900000.00",
        ),
        who="office",
        tenant="360000",
    )
    assert taken.status_code == 201, taken.text
    assert taken.json()["items"][0]["route"] == "provincial_review"


async def test_totals_follow(as_user: Any, settings: Settings) -> None:
    connection = await asyncpg.connect(settings.database_url)
    sql = "SELECT coalesce(sum(count), 0) FROM summary_deltas WHERE tenant_id = '360300'"
    before = await connection.fetchval(sql)
    taken = await send(as_user, line("360300"), line("360300"), tenant="360300")
    assert taken.status_code == 201, taken.text
    assert await connection.fetchval(sql) == before + 2
    await connection.close()


async def test_a_trial_run_of_a_file_finds_what_storing_would(as_user: Any) -> None:
    """References that stand twice or are taken, a null character; a mark some editors put in front is no fault."""
    assert (await send(as_user, line(external_ref="OLD-7"))).status_code == 201
    bad = (
        line(external_ref="NEW-1"),
        line(external_ref="NEW-1"),
        line(external_ref="OLD-7"),
        line(name="甲\x00乙"),
    )
    for dry in ("true", "false"):
        told = (await send(as_user, *bad, dry_run=dry)).json()
        found = {(each["pointer"], each["code"]) for each in told["errors"]}
        assert found == {
            ("/2/external_ref", "external_ref_taken"),
            ("/3/external_ref", "external_ref_taken"),
            ("/4/name", "invalid_character"),
        }
    assert (await send(as_user, "\ufeff" + json.dumps(line()), dry_run="true")).status_code == 200


async def test_a_reference_is_taken_once(as_user: Any) -> None:
    first = await send(as_user, line(external_ref="OLD-1"))
    assert first.status_code == 201, first.text
    again = await send(as_user, line(external_ref="OLD-1"))
    fault = again.json()["errors"][0]
    assert (again.status_code, fault["pointer"], fault["code"]) == (
        422,
        "/1/external_ref",
        "external_ref_taken",
    )


_SQUARE = str.maketrans("〔〕", "[]")


async def test_the_same_project_is_taken_once(as_user: Any, settings: Settings) -> None:
    """Whatever file it stands in: the same one again, another with a line more, twice in one file."""
    one, other = line(), line()
    assert (await send(as_user, one)).status_code == 201
    for file in ([one], [one, other], [other, other]):
        again = await send(as_user, *file)
        assert (again.status_code, again.json()["code"]) == (409, "already_registered"), again.text
    assert (await send(as_user, one, dry_run="true")).status_code == 409
    wide = {**one, "name": "".join(chr(ord(c) + 0xFEE0) if c.isascii() else c for c in one["name"])}
    assert (await send(as_user, wide)).json()[
        "code"
    ] == "already_registered"  # what looks the same is the same
    quoted = {
        **one,
        "name": f"“{one['name']}”。",
        "approval_number": one["approval_number"].translate(_SQUARE),
    }
    assert quoted["approval_number"] != one["approval_number"]
    assert (await send(as_user, quoted)).json()["code"] == "already_registered"
    unnamed = await send(as_user, {**one, "source": {**one["source"], "document": "无"}})
    assert unnamed.json()["errors"][0]["pointer"] == "/1/source/document"
    assert (await send(as_user, {**one, "approval_number": "洪发改〔2025〕9号"})).status_code == 201
    assert (await send(as_user, other)).status_code == 201
    mixed = await send(as_user, one, line(state="filed", dated={}))
    assert mixed.status_code == 422
    assert {"already_registered", "missing_date"} <= {e["code"] for e in mixed.json()["errors"]}
    connection = await asyncpg.connect(settings.database_url)
    try:
        assert await connection.fetchval("SELECT count(*) FROM projects WHERE name = $1", one["name"]) == 2
    finally:
        await connection.close()


@pytest.mark.parametrize(
    ("declared", "approved", "right"),
    [
        ("4000000.00", "40000000.00", False),
        ("4900000.00", "5000000.00", False),
        ("4000000.00", "4900000.00", True),
    ],
)
async def test_the_approved_amount_is_held_to_the_route_of_the_facts(
    as_user: Any, declared: str, approved: str, right: bool
) -> None:
    """As an approval is: 40 million for class other is no city filing (arts 9, 23)."""
    taken = await send(as_user, line(facts=facts(investment_yuan=declared), approved_amount_yuan=approved))
    assert taken.status_code == (201 if right else 422), taken.text
    if not right:
        (fault,) = taken.json()["errors"]
        assert (fault["pointer"], fault["code"]) == ("/1/approved_amount_yuan", "route_changed")


async def test_nothing_was_submitted_at_the_moment_of_the_import(as_user: Any) -> None:
    taken = await send(as_user, line())
    path = f"/projects/{taken.json()['items'][0]['id']}"
    assert (await as_user("360100")("GET", path)).json()["submitted_at"] is None
    (version,) = (await as_user("360100")("GET", f"{path}/history")).json()["versions"]
    assert version["submitted_at"].startswith(
        "2025-02-28T16:00:00"
    )  # the document's day, 1 March in Shanghai
    listed = (await as_user("360100")("GET", "/projects?limit=200")).json()["items"]
    assert [each["submitted_at"] for each in listed if each["id"] == taken.json()["items"][0]["id"]] == [None]
