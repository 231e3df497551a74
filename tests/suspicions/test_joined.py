"""Art. 8 over HTTP: a group of parts ends when they are joined, withdrawn or dismissed; the province ends it last."""

from __future__ import annotations

from typing import Any

from service.kit.db import Door
from tests.suspicions.pairs import REASON, alone, pair
from tests.suspicions.support import suspicions_of, worked

__all__ = ["alone"]


async def test_joining_lets_one_go_on_and_holds_the_other_parts(as_user: Any, door: Door) -> None:
    """Art. 8: naming one of the parts as the joint project does not let all of them pass as they are."""
    first, second = await pair(as_user, door)
    keeper = as_user("360100", "gatekeeper")
    (found,) = await suspicions_of(as_user, first["id"])
    sure = await keeper("POST", f"/suspicions/{found['id']}/confirm", REASON, etag=f'"{found["version"]}"')
    joint = {**REASON, "joint_project": first["id"]}
    joined = await keeper("POST", f"/suspicions/{found['id']}/join", joint, etag=sure.headers["etag"])
    assert joined.status_code == 200, joined.text
    await worked(door)
    held = await keeper("GET", f"/projects/{second['id']}")
    assert "split_suspicion" in [each["code"] for each in held.json()["findings"]]
    shut = await keeper("POST", f"/projects/{second['id']}/gatekeeping/pass", {}, etag=held.headers["etag"])
    assert (shut.status_code, shut.json()["gate"]) == (409, "not_split")
    free = await keeper("GET", f"/projects/{first['id']}")
    assert "split_suspicion" not in [each["code"] for each in free.json()["findings"]]
    passed = await keeper("POST", f"/projects/{first['id']}/gatekeeping/pass", {}, etag=free.headers["etag"])
    assert passed.status_code == 200, passed.text
    # Joined in error: the province may say so, which opens what was left shut; the city may not.
    undo = f"/suspicions/{found['id']}/dismiss"
    refused = await keeper("POST", undo, REASON, etag=joined.headers["etag"])
    assert (refused.status_code, refused.json()["code"]) == (409, "suspicion_decided")
    wrong = await as_user("360000", "office")("POST", undo, REASON, etag=joined.headers["etag"])
    assert (wrong.status_code, wrong.json()["state"]) == (200, "dismissed"), wrong.text
    await worked(door)
    held = await keeper("GET", f"/projects/{second['id']}")
    passed = await keeper("POST", f"/projects/{second['id']}/gatekeeping/pass", {}, etag=held.headers["etag"])
    assert passed.status_code == 200, passed.text


async def test_the_province_has_the_last_word(as_user: Any, door: Door) -> None:
    """Arts 8, 9: a city's dismissal binds the province no more than its own; the province's confirmation stands."""
    first, second = await pair(as_user, door)
    keeper, office = as_user("360100", "gatekeeper"), as_user("360000", "office")
    (found,) = await suspicions_of(as_user, first["id"])
    path = f"/suspicions/{found['id']}"
    gone = await keeper("POST", f"{path}/dismiss", REASON, etag=f'"{found["version"]}"')
    assert gone.status_code == 200, gone.text
    await worked(door)
    again = await keeper("POST", f"{path}/confirm", REASON, etag=gone.headers["etag"])
    assert (again.status_code, again.json()["code"]) == (409, "suspicion_decided")
    sure = await office("POST", f"{path}/confirm", REASON, etag=gone.headers["etag"])
    assert (sure.status_code, sure.json()["state"]) == (200, "confirmed"), sure.text
    await worked(door)
    for project in (first, second):
        held = await keeper("GET", f"/projects/{project['id']}")
        assert "split_suspicion" in [each["code"] for each in held.json()["findings"]]
        shut = await keeper(
            "POST", f"/projects/{project['id']}/gatekeeping/pass", {}, etag=held.headers["etag"]
        )
        assert (shut.status_code, shut.json()["gate"]) == (409, "not_split")
    refused = await keeper("POST", f"{path}/dismiss", REASON, etag=sure.headers["etag"])
    assert (refused.status_code, refused.json()["code"], refused.json()["article"]) == (
        409,
        "suspicion_decided",
        9,
    )
    assert (await office("POST", f"{path}/dismiss", REASON, etag=sure.headers["etag"])).status_code == 200


async def test_withdrawing_all_but_one_joins_them(as_user: Any, door: Door) -> None:
    first, second = await pair(as_user, door)
    keeper, portal = as_user("360100", "gatekeeper"), as_user("360100")
    (found,) = await suspicions_of(as_user, first["id"])
    await keeper("POST", f"/suspicions/{found['id']}/confirm", REASON, etag=f'"{found["version"]}"')
    etag = (await portal("GET", f"/projects/{second['id']}")).headers["etag"]
    gone = await portal("POST", f"/projects/{second['id']}/withdraw", REASON, etag=etag)
    assert gone.status_code == 200, gone.text
    await worked(door)
    (found,) = await suspicions_of(as_user, first["id"])
    assert (found["state"], found["joint_project"]) == ("joined", first["id"])
    left = await keeper("GET", f"/projects/{first['id']}")
    assert "split_suspicion" not in [each["code"] for each in left.json()["findings"]]
    passed = await keeper("POST", f"/projects/{first['id']}/gatekeeping/pass", {}, etag=left.headers["etag"])
    assert passed.status_code == 200, passed.text
    steps = (await keeper("GET", f"/projects/{first['id']}/history")).json()["transitions"]
    assert [step["action"] for step in steps] == ["submit", "confirm_split", "clear_split", "gatekeep_pass"]


async def test_a_dismissed_group_stays_dismissed_until_it_grows(as_user: Any, door: Door) -> None:
    first, second = await pair(as_user, door)
    keeper, portal = as_user("360100", "gatekeeper"), as_user("360100")
    (found,) = await suspicions_of(as_user, first["id"])
    gone = await keeper("POST", f"/suspicions/{found['id']}/dismiss", REASON, etag=f'"{found["version"]}"')
    assert (gone.status_code, gone.json()["reason"]) == (200, REASON["reason"])
    await worked(door)
    path = f"/projects/{second['id']}"
    case = await keeper("GET", path)
    assert "split_suspicion" not in [each["code"] for each in case.json()["findings"]]
    back = await keeper("POST", f"{path}/gatekeeping/return", REASON, etag=case.headers["etag"])
    sent = await portal("POST", f"{path}/submit", {}, etag=back.headers["etag"])
    assert sent.status_code == 200
    await worked(door)
    assert [each["state"] for each in await suspicions_of(as_user, second["id"])] == ["dismissed"]


async def test_the_province_confirms_and_the_city_is_stopped(as_user: Any, door: Door) -> None:
    first, _ = await pair(as_user, door)
    office = as_user("360000", "office")
    (found,) = [
        each
        for each in (await office("GET", "/suspicions?tenant=360100&state=open")).json()["items"]
        if each["kind"] == "split"
    ]
    sure = await office("POST", f"/suspicions/{found['id']}/confirm", REASON, etag=f'"{found["version"]}"')
    assert sure.status_code == 200, sure.text
    await worked(door)
    keeper = as_user("360100", "gatekeeper")
    case = await keeper("GET", f"/projects/{first['id']}")
    shut = await keeper("POST", f"/projects/{first['id']}/gatekeeping/pass", {}, etag=case.headers["etag"])
    assert (shut.status_code, shut.json()["gate"]) == (409, "not_split")
    steps = (await keeper("GET", f"/projects/{first['id']}/history")).json()["transitions"]
    assert steps[-1]["action"] == "confirm_split" and "360000" in steps[-1]["actor"]
    etag = sure.headers["etag"]
    assert (await office("POST", f"/suspicions/{found['id']}/dismiss", REASON, etag=etag)).status_code == 200
    await worked(door)
    case = await keeper("GET", f"/projects/{first['id']}")
    passed = await keeper("POST", f"/projects/{first['id']}/gatekeeping/pass", {}, etag=case.headers["etag"])
    assert passed.status_code == 200, passed.text
