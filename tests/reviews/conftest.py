"""A world of its own, and builders of cases in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from service.kit.db import Door
from service.settings import Settings
from tests.contract import recipes  # noqa: F401 - first: recipes of one feature stand on another's
from tests.lives import Thing, World, builder, good
from tests.worlds import world

settings, app, door, client, token, as_user = world()


@pytest.fixture
def build(as_user: Callable[..., Any], door: Door, settings: Settings) -> Callable[..., World]:
    """build() → cases of a city by its portal; build(owner="province.department") → a department's."""
    return builder(as_user, door, settings)


async def appraisal(w: World, case: Thing, who: str = "province.agency") -> dict[str, Any]:
    """The latest appraisal of the case, as that desk reads it."""
    return good(await w.by(who)("GET", f"/projects/{case.id}/appraisals")).json()["items"][-1]
