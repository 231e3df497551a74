"""A world of its own, and the acts its tests are made of."""

from __future__ import annotations

from typing import Any

from service.kit.clock import legal_day, now
from tests.fixtures import build
from tests.lives import Life, World
from tests.worlds import world

__all__ = ["build"]

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


async def submitted(city: World, *codes: str, name: str = "城市管理业务系统", **facts: Any) -> Life:
    """Submitted with a reason for each of these, and nothing else is asked for (art. 17)."""
    case = await city.life(name=name, facts=facts).at("submitted")
    assert case.codes == list(codes)
    return case


def codes(case: Life) -> set[str]:
    return {finding["code"] for finding in case.data["decision"]["findings"]}
