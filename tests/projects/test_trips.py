"""How often a submission asks the database: the case with what is known of its text, and all its rows (decisions 0238,
0279); where the text names another project, office or entry, what is known of that; and once in a while who is at the
tenant's desks (0233)."""

from __future__ import annotations

from typing import Any

from tests.factories import answered, draft


async def test_a_submission_takes_two_round_trips(as_user: Any, app: Any) -> None:
    unit, door = as_user("360100", "unit"), app.app.state.services.door
    trips = []
    for _ in range(3):  # each second the process asks for revocations on its own account
        made = await unit("POST", "/projects", draft())
        path = f"/projects/{made.json()['id']}"
        looked = (await unit("POST", f"{path}/preview")).json()
        etag = await answered(unit, made.json()["id"], made.headers["etag"], looked)
        reasons = [{"code": code, "reason": "上级统一部署"} for code in looked["reasons_required"]]
        before = door.round_trips
        sent = await unit("POST", f"{path}/submit", {"reasons": reasons}, etag=etag)
        assert sent.status_code == 200, sent.text
        trips.append(door.round_trips - before)
    assert min(trips) == 2, trips
