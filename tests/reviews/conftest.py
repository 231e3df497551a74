"""A world of its own, and builders of cases in it."""

from __future__ import annotations

from typing import Any

from tests.contract import recipes  # noqa: F401 - first: recipes of one feature stand on another's
from tests.fixtures import build
from tests.lives import Thing, World, good
from tests.worlds import world

__all__ = ["build"]

settings, app, door, client, token, as_user = world()


async def appraisal(w: World, case: Thing, who: str = "province.agency") -> dict[str, Any]:
    """The latest appraisal of the case, as that desk reads it."""
    return good(await w.by(who)("GET", f"/projects/{case.id}/appraisals")).json()["items"][-1]
