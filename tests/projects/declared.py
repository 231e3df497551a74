"""A declaration step by step over HTTP: drafted by a portal, submitted, passed by its city's gatekeeper.

Each step is the answer of its deed, under whose ETag the next is done.
"""

from __future__ import annotations

from typing import Any

from tests.factories import draft

APPROVAL = {
    "approved_amount_yuan": "3900000.00",
    "document_number": "洪发改〔2026〕12号",
    "document_date": "2026-02-01",
    "document_digest": "a" * 64,
}


async def drafted(as_user: Any, tenant: str = "360100", **changes: Any) -> Any:
    made = await as_user(tenant)("POST", "/projects", draft(tenant, **changes))
    assert made.status_code == 201, made.text
    return made


async def submit(as_user: Any, tenant: str, made: Any, reasons: Any = ()) -> Any:
    """Whatever is answered: what is missing is refused here."""
    path = f"/projects/{made.json()['id']}/submit"
    return await as_user(tenant)("POST", path, {"reasons": list(reasons)}, etag=made.headers["etag"])


async def submitted(as_user: Any, tenant: str = "360100", reasons: Any = (), **changes: Any) -> Any:
    """Whatever is answered to a draft that was just made."""
    return await submit(as_user, tenant, await drafted(as_user, tenant, **changes), reasons)


async def passed(as_user: Any, tenant: str, sent: Any, *accepted: str) -> Any:
    """Whatever the gatekeeper is answered who accepts the reasons of these codes."""
    opinions = {"opinions": [{"code": code, "accepted": True} for code in accepted]}
    path = f"/projects/{sent.json()['id']}/gatekeeping/pass"
    return await as_user(tenant, "gatekeeper")("POST", path, opinions, etag=sent.headers["etag"])


async def gatekept(as_user: Any, tenant: str = "360100", **changes: Any) -> Any:
    sent = await submitted(as_user, tenant, **changes)
    assert sent.status_code == 200, sent.text
    done = await passed(as_user, tenant, sent)
    assert done.status_code == 200, done.text
    return done
