"""A world of its own; the relay by hand; shared apps as their providers make them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import pytest

from service.kit.db import Door
from tests.catalogue.sides import CITY, Side, wish
from tests.fixtures import superuser
from tests.lives.worker import carried
from tests.worlds import world

__all__ = ["superuser"]

settings, app, door, client, token, as_user = world(forged=True)


def content(**changes: Any) -> dict[str, Any]:
    """All that publication asks for."""
    return {
        "category": "map",
        "summary": "一张底图",
        "description": "提供统一的电子地图和坐标服务",
        "functions": ["电子地图浏览", "地址编码"],
        "data_items": [{"name": "地名地址库", "code": "DM-001"}],
        "interfaces": [{"name": "地图瓦片", "openapi": "https://map.example.gov.cn/openapi.json"}],
        "security_level": 3,
        "certificates": [
            {"kind": "protection_level", "number": "等保备〔2025〕1号", "valid_to": "2099-12-31"}
        ],
        "support": {"name": "运维值班", "phone": "0791-88880000"},
        "versions": [{"number": "1.0", "released_on": "2025-01-01"}],
        **changes,
    }


@pytest.fixture
def relay(door: Door) -> Callable[[], Awaitable[int]]:
    return partial(carried, door)


@pytest.fixture
def publish(as_user: Any, relay: Any) -> Callable[..., Awaitable[str]]:
    """publish("360000", name="…", reach="province") → the public id, when every reader has its copy."""

    async def make(tenant: str, name: str, *, status: str = "available", **changes: Any) -> str:
        provider = as_user(tenant, "app_provider")
        made = await provider("POST", "/apps", {"name": name, **content(**changes)})
        assert made.status_code == 201, made.text
        ref = made.json()["id"]
        path = f"/apps/working/{ref}/publish"
        sent = await provider("POST", path, {"status": status}, etag=made.headers["etag"])
        assert sent.status_code == 200, sent.text
        await relay()
        return str(ref)

    return make


@pytest.fixture
def adopt(as_user: Any, relay: Any) -> Callable[..., Awaitable[tuple[Side, Side]]]:
    """adopt(app, "360102.user") → the adopter's side and the provider's, once requested."""

    async def run(app: str, login: str = "360102.user", tenant: str = CITY) -> tuple[Side, Side]:
        caller, provider = as_user(tenant, login), app[:6]
        made = await caller("POST", "/adoptions", wish(app))
        assert made.status_code == 201, made.text
        await relay()
        ref = made.json()["id"]
        mirror = f"/provisions/{provider}{ref[6:]}"
        return Side(caller, f"/adoptions/{ref}"), Side(as_user(provider, "app_provider"), mirror)

    return run
