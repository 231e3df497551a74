"""A world of its own, cases in it, and a clock that is put back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from service.kit import clock, keys
from service.kit.authn import issue_token
from service.settings import Settings
from tests.contract import recipes  # noqa: F401 - first: recipes of one feature stand on another's
from tests.factories import city_office
from tests.fixtures import at, build, superuser
from tests.worlds import Caller, world

__all__ = ["at", "build", "superuser"]

settings, app, door, client, token, as_user = world()


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
