"""A declaration that its city's gatekeeper has passed."""

from __future__ import annotations

from typing import Any

from tests.projects.test_main_job import submitted


async def gatekept(as_user: Any, tenant: str = "360100", **changes: Any) -> Any:
    sent = await submitted(as_user, tenant, **changes)
    assert sent.status_code == 200, sent.text
    keeper = as_user(tenant, "gatekeeper")
    path = f"/projects/{sent.json()['id']}"
    passed = await keeper("POST", f"{path}/gatekeeping/pass", {}, etag=sent.headers["etag"])
    assert passed.status_code == 200, passed.text
    return passed
