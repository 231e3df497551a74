"""Every request has a budget of one connection: six of the same at once, on a pool of two, while another tenant reads.

Operations on an object are tried where their object is made anyway (test_tenants); here are the others.
"""

from __future__ import annotations

import pytest

from tests.contract.conftest import Budget
from tests.contract.operations import GUARDED, OWNED, Operation
from tests.contract.recipes import prepare
from tests.lives import World

UNSAFE = [operation for operation in GUARDED if operation.unsafe and operation not in OWNED]


@pytest.mark.long
@pytest.mark.parametrize("operation", UNSAFE, ids=str)
async def test_six_at_once_on_two_connections(operation: Operation, world: World, budget: Budget) -> None:
    ready = await prepare(operation, world)
    answers = await budget.tried(world.by(ready.who), operation, ready)
    if ready.refused is None:
        assert any(each.is_success for each in answers), [each.text for each in answers]
