from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from service.settings import Settings
from tests.console.conftest import visit  # noqa: F401 - a fixture
from tests.signin.provider import SSO, Provider, confirmed
from tests.worlds import world

settings, app, door, client, token, as_user = world(
    sso_secrets=(("360100.second", "a-secret-of-the-environment"),)
)


@pytest.fixture(scope="session")
async def provider(app: Any, settings: Settings, as_user: Any) -> AsyncIterator[Provider]:
    """A city's own identity provider, on a socket, registered and confirmed as 360100.sso."""
    made = Provider(settings)
    await made.start()
    await confirmed(as_user, "360100", {"id": SSO, **made.settings_of()})
    yield made
    await made.stop()


@pytest.fixture(autouse=True)
def _honest(request: pytest.FixtureRequest) -> None:
    """Every test begins with a provider that keeps to the rules."""
    if "provider" in request.fixturenames:
        request.getfixturevalue("provider").behave()
