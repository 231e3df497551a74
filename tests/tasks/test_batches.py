"""Batches: each item its own call, where the deed asks no judgement of the single case."""

from __future__ import annotations

from typing import Any

from service.kit.ids import new_id
from service.tasks.batches import BATCHABLE
from tests.contract import operations
from tests.contract.recipes_catalogue import _confirmed
from tests.factories import city_office
from tests.lives import World, good

DECIDING = (
    "pass",
    "approve",
    "file",
    "opine",
    "score",
    "confirm",
    "return",
    "close",
    "submit",
    "commit",
    "lock",
)


def test_nothing_that_decides_on_a_case_is_done_in_batches() -> None:
    """Operations there are, and none on a project's own path or of a second person."""
    for name in BATCHABLE:
        found = operations.BY_ID[name]
        assert not found.path.startswith("/api/v1/projects/"), name
        assert not any(word in found.id.rpartition("_")[2] for word in DECIDING), name


async def test_provisions_are_opened_in_one_call(build: Any) -> None:
    """Arts 3, 23: five of five; a stale one, a foreign one and one without its version fail by themselves."""
    w: World = build()
    ready = [(await _confirmed(w))[1] for _ in range(5)]
    provider = w.by("city.app_provider")
    items: list[dict[str, Any]] = [{"id": each.id, "version": 1, "body": {}} for each in ready]
    stale = (await _confirmed(w))[1]
    items += [
        {"id": stale.id, "version": 7, "body": {}},
        {"id": f"360200-{new_id()}", "version": 1, "body": {}},
        {"id": stale.id, "body": {}},
        {"version": 1},
    ]
    key = {"idempotency-key": new_id()}
    body = {"operation_id": "adoptions_provision", "items": items}
    first = good(await provider("POST", "/batches", body, headers=key)).json()
    assert (first["done"], first["failed"]) == (5, 4)
    assert [each["status"] for each in first["items"]] == [200] * 5 + [412, 404, 428, 404]
    assert [each.get("code") for each in first["items"]][5:] == [
        "stale_version",
        "not_found",
        "if_match_required",
        "not_found",
    ]
    assert all(each["etag"] == '"2"' for each in first["items"][:5])
    for each in ready:
        seen = good(await provider("GET", f"/provisions/{each.id}"))
        assert (seen.json()["state"], seen.headers["etag"]) == ("active", '"2"')
    again = await provider("POST", "/batches", body, headers=key)
    assert (again.json(), again.headers["idempotent-replayed"]) == (first, "true")


async def test_people_of_a_table_and_their_roles_in_two_calls(build: Any) -> None:
    """An administrator's table of people; a role that excludes another is refused for that person alone."""
    w: World = build()
    admin = w.by("city.administrator")
    people = [
        {"login": f"n{new_id()}", "name": "新进人员", "office_id": city_office(w.tenant)} for _ in range(3)
    ]
    people.append({"login": "", "name": "新进人员", "office_id": city_office(w.tenant)})
    made = good(
        await admin(
            "POST", "/batches", {"operation_id": "users_create", "items": [{"body": each} for each in people]}
        )
    ).json()
    assert [each["status"] for each in made["items"]] == [201, 201, 201, 422]
    assert made["items"][3]["errors"][0]["pointer"] == "/login"
    ids = [each["location"].rpartition("/")[2] for each in made["items"][:3]]
    roles = ["gatekeeper", "data_office", "nobody"]
    items = [{"id": ref, "parts": {"role": role}} for ref, role in zip(ids, roles, strict=True)]
    items.append({"id": ids[0], "parts": {"role": "approver"}})
    given = good(await admin("POST", "/batches", {"operation_id": "users_grant", "items": items})).json()
    assert [each["status"] for each in given["items"]][:2] == [200, 200]
    assert given["items"][2]["status"] in (404, 422)
    assert given["items"][3]["code"] == "roles_exclude_each_other"


async def test_what_is_judged_case_by_case_is_refused_and_each_needs_its_right(build: Any) -> None:
    w: World = build()
    case = await w.submitted()
    keeper = w.by("city.gatekeeper")
    body = {"operation_id": "projects_gatekeep_pass", "items": [{"id": case.id, "version": 2, "body": {}}]}
    refused = await keeper("POST", "/batches", body)
    assert (refused.status_code, refused.json()["code"]) == (422, "not_batchable")
    assert refused.json()["operations"] == sorted(BATCHABLE)
    user = {"login": f"n{new_id()}", "name": "新进人员", "office_id": city_office(w.tenant)}
    denied = good(
        await keeper("POST", "/batches", {"operation_id": "users_create", "items": [{"body": user}]})
    ).json()
    assert (denied["done"], denied["items"][0]["status"], denied["items"][0]["code"]) == (0, 403, "forbidden")
    many = {"operation_id": "inbox_mark", "items": [{"id": f"360100-{new_id()}"}] * 201}
    assert (await keeper("POST", "/batches", many)).status_code == 422
    most = good(await keeper("POST", "/batches", many | {"items": many["items"][:200]})).json()  # type: ignore[index]
    assert (most["failed"], {each["status"] for each in most["items"]}) == (200, {404})
