"""What an office has in hand: cases at every desk, made by its people; and the worker that carries their events."""

from __future__ import annotations

from typing import Any

from service.kit.db import Door
from service.kit.ids import new_id
from service.kit.relay import drain, sweep
from service.kit.telemetry import Telemetry
from service.worker import SUBSCRIBERS
from tests.conftest import Caller
from tests.factories import draft
from tests.identity.conftest import TENANT

APPROVAL = {
    "approved_amount_yuan": "3900000.00",
    "document_number": "洪发改〔2026〕12号",
    "document_date": "2026-02-01",
    "document_digest": "0" * 64,
}


async def relay(door: Door) -> None:
    """Drains every outbox as the worker does, until nothing more comes of it."""
    telemetry = Telemetry()
    while True:
        tenants: set[str] = set()
        await sweep(door, tenants.add, telemetry)
        if not sum([await drain(door, tenant, SUBSCRIBERS, telemetry) for tenant in sorted(tenants)]):
            return


async def deed(who: Caller, path: str, body: Any, etag: str) -> str:
    done = await who("POST", path, body, etag=etag)
    assert done.is_success, done.text
    return str(done.headers["etag"])


async def lives(who: Caller, as_user: Any) -> dict[str, str]:
    """A draft, a case at the gatekeeper's desk, one filed, one with the province."""
    found = {}
    for name, amount in (
        ("draft", "4000000.00"),
        ("submitted", "4000000.00"),
        ("filed", "4000000.00"),
        ("province", "9000000.00"),
    ):
        text = draft(TENANT, name=f"{new_id()[-12:]}系统", facts={"investment_yuan": amount})
        made = await who(
            "POST", "/projects", {key: value for key, value in text.items() if key != "owner_office_id"}
        )
        assert made.status_code == 201, made.text
        found[name], etag = made.json()["id"], made.headers["etag"]
        if name == "draft":
            continue
        seen = (await who("POST", f"/projects/{found[name]}/preview")).json()
        reasons = [{"code": code, "reason": "经论证确有必要"} for code in seen["reasons_required"]]
        etag = await deed(who, f"/projects/{found[name]}/submit", {"reasons": reasons}, etag)
        if name == "submitted":
            continue
        keeper = as_user(TENANT, "gatekeeper")
        opinions = [{"code": each["code"], "accepted": True} for each in reasons]
        etag = await deed(keeper, f"/projects/{found[name]}/gatekeeping/pass", {"opinions": opinions}, etag)
        if name == "province":
            await deed(keeper, f"/projects/{found[name]}/hand-over", {}, etag)
        else:
            etag = await deed(as_user(TENANT, "approver"), f"/projects/{found[name]}/approve", APPROVAL, etag)
            await deed(keeper, f"/projects/{found[name]}/file", {}, etag)
    return found
