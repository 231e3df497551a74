"""An office ends: refused while anything would be nobody's, handed over whole, told, and read by who follows."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from service.kit.db import Door, tenant_scope
from service.kit.ids import new_id, parse_ref
from tests.conftest import Caller
from tests.factories import draft
from tests.identity.conftest import TENANT, Make
from tests.identity.in_hand import lives
from tests.lives.worker import carried


async def test_all_in_hand_goes_to_the_successor(
    admin: Caller, office: Make, clerk: Any, as_user: Any, door: Door, settings: Any
) -> None:
    old, new = await office(), await office()
    mover, sign_in = await clerk(old, "unit")
    leaver, _ = await clerk(old, "unit")
    _, receiver = await clerk(new, "unit")
    who = await sign_in()
    cases = await lives(who, as_user)
    feed = await who("POST", "/obligations/feeds", {})
    system = await who(
        "POST",
        "/systems",
        {
            "name": "办公系统",
            "purpose": "办公",
            "on_cloud": True,
            "launched_on": "2020-01-01",
        },
    )
    assert (feed.status_code, system.status_code) == (201, 201), (feed.text, system.text)
    await carried(door)
    path = await _refused_while_it_holds(admin, old, cases)
    before = await _handed_over(admin, new, mover, leaver, who, cases, path)
    await _read_by_who_follows(old, new, sign_in, receiver, cases, system, before)
    unit = await _worked_on(sign_in, cases)
    await carried(door)
    await _told_and_owed(admin, as_user, old, cases, path, unit)
    await _handed_on(admin, office, new, sign_in, cases)


async def _refused_while_it_holds(admin: Caller, old: Any, cases: Any) -> Any:
    """Neither ended nor reorganised without a successor: what it holds is counted."""
    path = f"/offices/{old['id']}"
    shut = await admin("PATCH", path, {"valid_to": "2026-11-01", "people": "end"}, etag='"1"')
    assert (shut.status_code, shut.json()["code"]) == (409, "office_not_empty"), shut.text
    held = {each["kind"]: each for each in shut.json()["held"]}
    assert (
        held["case"]["count"],
        held["draft"]["count"],
        held["system"]["count"],
        held["feed"]["count"],
    ) == (3, 1, 1, 1)
    assert set(held["case"]["ids"]) == {cases[name] for name in ("submitted", "filed", "province")}
    assert "指定承接单位" in shut.json()["detail"]
    without = await admin("POST", f"{path}/reorganise", {"people": "end"}, etag='"1"')
    assert (without.status_code, without.json()["code"]) == (409, "office_not_empty")
    return path


async def _handed_over(
    admin: Caller, new: Any, mover: Any, leaver: Any, who: Any, cases: Any, path: Any
) -> Any:
    """Seen before, then done as seen."""
    wish = {
        "successor_office_id": new["id"],
        "people": "move",
        "exceptions": {leaver: "end"},
        "document": "洪编〔2026〕8号",
    }
    seen = await admin("POST", f"{path}/reorganise/preview", wish)
    assert seen.status_code == 200, seen.text
    assert {each["id"]: each["goes"] for each in seen.json()["people"]} == {mover: "move", leaver: "end"}
    assert (await admin("GET", path)).headers["etag"] == '"1"'
    before = {name: (await who("GET", f"/projects/{ref}")).json() for name, ref in cases.items()}
    done = await admin("POST", f"{path}/reorganise", wish, etag='"1"')
    assert done.status_code == 200, done.text
    assert done.json()["handed"] == seen.json()["handed"]
    assert (done.json()["office"]["successor"], done.json()["successor"]["id"]) == (new["id"], new["id"])
    assert (await admin("GET", path)).json() == done.json()["office"]
    assert (await admin("GET", f"/users/{leaver}")).json()["disabled_at"] is not None
    assert (await admin("GET", f"/users/{mover}")).json()["office"] == new["id"]
    assert (await who("GET", f"/projects/{cases['filed']}")).status_code == 401, (
        "tokens carried the old office"
    )
    return before


async def _read_by_who_follows(
    old: Any, new: Any, sign_in: Any, receiver: Any, cases: Any, system: Any, before: Any
) -> None:
    """The successor and whoever moved read everything, as it was."""
    for reader in (await receiver(), await sign_in()):
        for name, ref in cases.items():
            now = await reader("GET", f"/projects/{ref}")
            assert now.status_code == 200, (name, now.text)
            assert now.json()["owner"]["office_id"] == new["office_id"]
            assert now.json()["version"] == before[name]["version"] + 1
            assert {k: v for k, v in now.json().items() if k in ("state", "holder", "facts")} == {
                k: v for k, v in before[name].items() if k in ("state", "holder", "facts")
            }
            told = (await reader("GET", f"/projects/{ref}/history")).json()["transitions"]
            assert [each["action"] for each in told][-1] == "change_owner"
            assert (told[-1]["details"]["from_name"], told[-1]["reason"]) == (old["name"], "洪编〔2026〕8号")
            assert len(told) > 1 or name == "draft"
        listed = (await reader("GET", "/projects?limit=200")).json()["items"]
        assert {each["id"] for each in listed} >= set(cases.values())
        assert (await reader("GET", f"/projects/{cases['filed']}/versions/1")).status_code == 200
        assert (await reader("GET", f"/systems/{system.json()['id']}")).status_code == 200


async def _worked_on(sign_in: Any, cases: Any) -> Any:
    """Drafts are edited, what waits is taken back, by who moved."""
    unit = await sign_in()
    edited = await unit(
        "PATCH",
        f"/projects/{cases['draft']}",
        {"name": "承接后改名"},
        etag=(await unit("GET", f"/projects/{cases['draft']}")).headers["etag"],
    )
    assert edited.status_code == 200, edited.text
    etag = (await unit("GET", f"/projects/{cases['submitted']}")).headers["etag"]
    taken = await unit(
        "POST", f"/projects/{cases['submitted']}/withdraw", {"reason": "承接后重新申报"}, etag=etag
    )
    assert taken.status_code == 200, taken.text
    return unit


async def _told_and_owed(admin: Caller, as_user: Any, old: Any, cases: Any, path: Any, unit: Any) -> None:
    """Events, duties and the trail; what was recorded under the old office still names it."""
    kinds = [each["kind"] for each in (await unit("GET", "/inbox?limit=200")).json()["items"]]
    assert "office.reorganised" in kinds
    assert "filing.filed" in kinds, "what waited in the old office's box waits here"
    assert "office.reorganised" in [
        e["kind"] for e in (await as_user(TENANT)("GET", "/events?limit=500")).json()["events"]
    ]
    owed = (await unit("GET", "/obligations?limit=200")).json()["items"]
    assert {each["project_id"] for each in owed} >= {cases["filed"]}
    trail = (await admin("GET", f"/audit?object_id={old['id']}")).json()["items"]
    assert trail[0]["action"] == "office.reorganise"
    # What was recorded under the old office still names it; nothing that goes on is left behind.
    receipt = (await as_user(TENANT, "gatekeeper")("GET", "/filings?limit=200")).json()["items"]
    assert old["name"] in {each["owner_name"] for each in receipt}
    again = await admin("PATCH", path, {"valid_to": None}, etag=(await admin("GET", path)).headers["etag"])
    assert (again.status_code, again.json()["code"]) == (409, "office_succeeded")


async def _handed_on(admin: Caller, office: Make, new: Any, sign_in: Any, cases: Any) -> None:
    """Handed on once more, with all that came."""
    # A question on the old filing is answered by who took over, though its row stays under the old office.
    third = await office()
    further = await admin(
        "POST",
        f"/offices/{new['id']}/reorganise",
        {"successor_office_id": third["id"], "people": "move"},
        etag='"1"',
    )
    assert further.status_code == 200, further.text
    last = await sign_in()
    assert (await last("GET", f"/projects/{cases['filed']}/versions/1")).status_code == 200, (
        "handed on with it"
    )
    assert (await last("GET", f"/projects/{cases['province']}")).status_code == 200


async def test_the_pen_is_passed_over_only_where_a_succession_is_recorded(
    office: Make, clerk: Any, as_user: Any, settings: Any
) -> None:
    old, new = await office(), await office()
    _, sign_in = await clerk(old, "unit")
    cases = await lives(await sign_in(), as_user)
    own = await asyncpg.connect(settings.tenant_url)
    try:
        await own.execute(f"SET app.scope = '{tenant_scope(TENANT).literal}'")
        held = parse_ref(cases["province"]).id
        assert await own.fetchval("SELECT holder FROM projects WHERE id = $1", held) == "province"
        for change in (
            f"office_id = '{new['office_id']}'",
            "holder = 'city'",
            "state = 'approved'",
            "state = 'city_approved', holder = 'owner'",
            "state = 'returned', holder = 'owner'",
            "investment_fen = 1",
            "name = '改名'",
            "declared = '{}'",
            "approved_fen = 1",
            f"state = 'withdrawn', holder = 'owner', office_id = '{new['office_id']}'",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
                async with own.transaction():
                    await own.execute(f"UPDATE projects SET {change} WHERE id = $1", held)
        # What a tenant does while the province holds the pen: its finance speaks, and the owner takes back.
        for change in ("dated = dated || '{}'", "state = 'withdrawn', holder = 'owner'"):
            tried = own.transaction()
            await tried.start()
            assert await own.execute(f"UPDATE projects SET {change} WHERE id = $1", held) == "UPDATE 1"
            await tried.rollback()
    finally:
        await own.close()


@pytest.mark.parametrize(
    ("changes", "wish", "status", "code"),
    [
        ({"tier": "county", "division": "360102"}, {}, 422, "unfit_successor"),
        ({"office_kind": "other"}, {}, 422, "unfit_successor"),
        ({"valid_from": "2099-01-01"}, {}, 422, "unfit_successor"),
        ({"valid_to": "2099-01-01"}, {}, 422, "unfit_successor"),
        ({}, {"people": "end"}, 409, "last_holder"),
        ({}, {"exceptions": {f"{TENANT}-00000000-0000-0000-0000-000000000000": "end"}}, 422, "unknown_user"),
    ],
    ids=repr,
)
async def test_who_may_not_take_over(
    admin: Caller, office: Make, clerk: Any, changes: Any, wish: Any, status: int, code: str
) -> None:
    old, new = await office(), await office(**changes)
    _, sign_in = await clerk(old, "unit")
    text = draft(TENANT)
    text.pop("owner_office_id")
    assert (await (await sign_in())("POST", "/projects", text)).status_code == 201
    body = {"successor_office_id": new["id"], "people": "move", **wish}
    for path in ("reorganise/preview", "reorganise"):
        refused = await admin("POST", f"/offices/{old['id']}/{path}", body, etag='"1"')
        told = refused.json()
        assert refused.status_code == status, refused.text
        assert code in (told["code"], *(each["code"] for each in told.get("errors", []))), refused.text
    assert (await admin("GET", f"/offices/{old['id']}")).json()["valid_to"] is None


async def test_an_office_takes_a_new_name_and_its_cases_with_it(
    admin: Caller, office: Make, clerk: Any, as_user: Any, door: Door
) -> None:
    home = await office()
    _, sign_in = await clerk(home, "unit")
    who = await sign_in()
    cases = await lives(who, as_user)
    name = f"更名{new_id()[-12:]}局"
    done = await admin("PATCH", f"/offices/{home['id']}", {"name": name}, etag='"1"')
    assert done.status_code == 200, done.text
    for ref in cases.values():
        assert (await who("GET", f"/projects/{ref}")).json()["owner"]["name"] == name
    filed = (await as_user(TENANT, "gatekeeper")("GET", "/filings?limit=200")).json()["items"]
    assert home["name"] in {each["owner_name"] for each in filed}, "the receipt was given to the old name"
    await carried(door)
    assert "office.renamed" in [
        each["kind"] for each in (await who("GET", "/inbox?limit=50")).json()["items"]
    ]
