"""Who holds the pen now, and by which telephone that desk is reached: for those who see the case, and nobody else."""

from __future__ import annotations

from typing import Any

from tests.factories import city_office
from tests.lives import REASON, World, good

CITY = "360100"


async def pen(caller: Any, case: str) -> tuple[str, list[tuple[str, str | None, str | None]]]:
    told = good(await caller("GET", f"/projects/{case}/actions")).json()["pen"]
    return told["holder"], [(each["role"], each["telephone"], each["room"]) for each in told["contacts"]]


async def test_the_desk_that_holds_the_pen_is_reached_by_telephone(build: Any, at: Any, as_user: Any) -> None:
    at("2026-03-02")
    w: World = build(owner="city.unit")
    admin, office = as_user(CITY, "administrator"), f"{CITY}-{city_office(CITY)}"
    keepers = good(await admin("GET", "/offices?limit=200")).json()["items"]
    keeping = next(each["id"] for each in keepers if each["name"] == "南昌市数据局")
    for where, role, body in (
        (keeping, "gatekeeper", {"telephone": "0791-88881234", "room": "3号楼512"}),
        (office, "unit", {"telephone": "0791-88885678"}),
    ):
        good(await admin("PUT", f"/offices/{where}/desks/{role}", body))
    case = await w.submitted()
    unit = w.by("city.unit")
    assert await pen(unit, case.id) == ("city", [("gatekeeper", "0791-88881234", "3号楼512")])
    assert (await as_user("360200", "gatekeeper")("GET", f"/projects/{case.id}/actions")).status_code == 404
    await w.step(case, "city.gatekeeper", "gatekeeping/return", REASON)
    assert await pen(w.by("city.gatekeeper"), case.id) == ("owner", [("unit", "0791-88885678", None)])
    good(await admin("PUT", f"/offices/{keeping}/desks/gatekeeper", {}))
    other = await w.submitted()
    assert await pen(unit, other.id) == ("city", [])
    assert (await unit("PUT", f"/offices/{office}/desks/unit", {})).status_code == 403
    assert (await admin("PUT", f"/offices/{office}/desks/drc", {})).json()["code"] == "role_not_for_tier"
    listed = good(await unit("GET", f"/offices/{office}/desks")).json()["items"]
    assert [(each["role"], each["by"]) for each in listed] == [("unit", f"user:{CITY}:administrator")]


async def test_an_act_that_waits_for_anothers_pen_says_whom_to_ask(build: Any, at: Any) -> None:
    at("2026-03-02")
    w: World = build(owner="city.unit")
    case = await w.with_province()
    await w.step(case, "province.office", "province-return", REASON)
    told = good(await w.by("province.office")("GET", f"/projects/{case.id}/actions")).json()
    entries = [*told["actions"], *told["later"]]
    asked = {each["action"]: each["ask"] for each in entries if "ask" in each}
    assert asked == {each["action"]: told["pen"] for each in entries if each["blocked_by"] == "pen"}
    assert "upload_document" in asked and asked["upload_document"]["holder"] == "owner"
    own = good(await w.by("province.office")("GET", f"/projects/{case.id}")).json()["actions"]
    assert not any("ask" in each for each in own)
