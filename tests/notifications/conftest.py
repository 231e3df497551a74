"""One round of the worker, by hand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

import pytest

from service.kit.db import Door
from tests.lives.worker import one_round
from tests.worlds import world

settings, app, door, client, token, as_user = world()


@pytest.fixture
def relay(door: Door) -> Callable[[], Awaitable[int]]:
    return partial(one_round, door)
