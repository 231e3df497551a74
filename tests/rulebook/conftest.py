"""A world of its own, and the acts its tests are made of."""

from __future__ import annotations

from typing import Any

from service.kit.clock import legal_day, now
from tests.factories import draft, facts
from tests.projects import declared
from tests.projects.declared import APPROVAL, drafted
from tests.projects.declared import passed as gatekept
from tests.worlds import world

settings, app, door, client, token, as_user = world()

STAFF = {
    "code": "local_staff",
    "severity": "in_principle",
    "text": "请说明运维人员从何而来",
    "kinds": ["new"],
}


def today() -> str:
    return legal_day(now()).isoformat()


async def version_of(caller: Any, on: str | None = None) -> str:
    return str((await caller("GET", f"/rulebook?on={on or today()}")).json()["version"])


async def record(as_user: Any, tenant: str, key: str, value: Any, on: str | None = None, **more: Any) -> Any:
    """Preview first, as a city does; the answer of recording."""
    keeper, day = as_user(tenant, "gatekeeper"), on or today()
    seen = await keeper(
        "POST", "/rulebook/overlays/preview", {"key": key, "value": value, "effective_from": day}
    )
    assert seen.status_code == 200, seen.text
    body = {
        "key": key,
        "value": value,
        "effective_from": day,
        "reason": "本市的做法",
        "expected_version": seen.json()["rulebook_version"],
        **more,
    }
    return await keeper("POST", "/rulebook/overlays", body)


async def submit(as_user: Any, tenant: str, made: Any, reasons: dict[str, str] | None = None) -> Any:
    given = [{"code": code, "reason": reason} for code, reason in (reasons or {}).items()]
    return await declared.submit(as_user, tenant, made, given)


async def submitted(
    as_user: Any,
    tenant: str,
    reasons: dict[str, str] | None = None,
    name: str = "城市管理业务系统",
    **changes: Any,
) -> Any:
    sent = await submit(as_user, tenant, await drafted(as_user, tenant, name=name, facts=changes), reasons)
    assert sent.status_code == 200, sent.text
    return sent


def codes(answer: Any) -> set[str]:
    return {finding["code"] for finding in answer.json()["decision"]["findings"]}


__all__ = ["APPROVAL", "draft", "drafted", "facts", "gatekept"]
