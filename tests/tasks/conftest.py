"""A world of its own, cases in it, and a clock that is put back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from service.kit import clock, keys
from service.kit.authn import issue_token
from service.kit.db import Door
from service.settings import Settings
from tests.contract import recipes  # noqa: F401 - first: recipes of one feature stand on another's
from tests.factories import city_office
from tests.lives import World, builder
from tests.worlds import Caller, world

settings, app, door, client, token, as_user = world()


@pytest.fixture
def build(as_user: Callable[..., Any], door: Door, settings: Settings) -> Callable[..., World]:
    """build() → cases of a city by its portal."""
    return builder(as_user, door, settings)


@pytest.fixture
def at() -> Iterator[Callable[[str], None]]:
    """at("2026-03-02") goes to noon in Shanghai of that day."""
    yield lambda day: clock.travel(datetime.fromisoformat(f"{day}T04:00:00").replace(tzinfo=UTC))
    clock.travel(None)


@pytest.fixture
def somebody(settings: Settings, client: Any) -> Callable[..., Caller]:
    """somebody("gatekeeper", "cyber", user=…): a person of the city with these roles at this moment."""
    assert settings.signing_keys_file is not None
    signing = keys.load(settings.signing_keys_file)

    def make(*roles: str, user: str, tenant: str = "360100") -> Caller:
        token = issue_token(
            signing,
            issuer=settings.issuer,
            audience=settings.audience,
            now=clock.timestamp(),
            tenant=tenant,
            tier="city",
            roles=roles,
            user=user,
            login=f"p{user[-12:]}",
            seat=city_office(tenant),
        )
        return Caller(client, token)

    return make
