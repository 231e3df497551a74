"""Recipes of webhooks and their deliveries; see recipes.py."""

from __future__ import annotations

from tests.contract.recipes import ADMIN, on, recipe
from tests.lives import Ready, Thing, World


async def _new_endpoint(w: World) -> Thing:
    await w.tidied("webhook_deliveries", "webhook_endpoints")
    return await w.made(ADMIN, "/webhooks", {"url": "https://portal.example/hook", "kinds": []})


@recipe("webhooks_create")
async def _(w: World) -> Ready:
    await w.tidied("webhook_deliveries", "webhook_endpoints")
    return Ready(ADMIN, body={"url": "https://portal.example/hook", "kinds": []})


@recipe("webhooks_read", "webhooks_rotate", "webhooks_deliveries", "webhooks_delete", "webhooks_test")
async def _(w: World) -> Ready:
    return on(await _new_endpoint(w), ADMIN)


@recipe("webhooks_edit")
async def _(w: World) -> Ready:
    return on(await _new_endpoint(w), ADMIN, {"disabled": True})


@recipe("webhooks_redeliver")
async def _(w: World) -> Ready:
    endpoint = await _new_endpoint(w)
    await w.submitted()
    await w.delivered()
    found = (await w.by(ADMIN)("GET", f"/webhooks/{endpoint.id}/deliveries")).json()["items"]
    return Ready(ADMIN, {"ref": endpoint.id, "delivery": found[0]["id"]})


@recipe("webhooks_delivery")
async def _(w: World) -> Ready:
    endpoint = await _new_endpoint(w)
    made = (await w.by(ADMIN)("POST", f"/webhooks/{endpoint.id}/test")).json()
    return Ready(ADMIN, {"ref": endpoint.id, "delivery": made["id"]})


@recipe("webhooks_redeliver_range")
async def _(w: World) -> Ready:
    body = {"from": "2026-01-01T00:00:00+08:00", "to": "2027-01-01T00:00:00+08:00", "kinds": []}
    return Ready(ADMIN, {"ref": (await _new_endpoint(w)).id}, body)
