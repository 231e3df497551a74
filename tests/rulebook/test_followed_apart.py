"""Where one city cannot be read, the rules of the others are followed, and none of its cases is decided (0285)."""

from __future__ import annotations

from typing import Any

import pytest

from service.identity.revoking import every_tenant
from service.kit.api import Again
from service.kit.db import Door
from service.kit.errors import ServiceError
from service.rulebook.book import RuleBooks
from service.rulebook.following import RuleBookFollower
from service.rulebook.loader import base_divisions, base_rulebook
from service.rulebook.queries import COUNT_CHANGES, OVERLAYS, OVERLAYS_OF
from tests.rulebook.conftest import record

HERE, GONE = "360400", "360800"
PRACTICE = "filing.practice_days"


class _OneMachineLess:
    """The door to a database whose rows of one tenant lie on a machine that does not answer."""

    def __init__(self, door: Door) -> None:
        self._door, self.gone, self.whole = door, GONE, 0

    async def fetch(self, scope: Any, statement: Any, **params: Any) -> Any:
        across = statement in (OVERLAYS, COUNT_CHANGES)
        self.whole += across
        if self.gone and (across or (statement is OVERLAYS_OF and params["tenant_id"] in self.gone)):
            raise OSError("no route to host")
        return await self._door.fetch(scope, statement, **params)

    async def row(self, scope: Any, statement: Any, **params: Any) -> Any:
        rows = await self.fetch(scope, statement, **params)
        return rows[0] if rows else None


def _follower(door: Any) -> tuple[RuleBookFollower, RuleBooks]:
    books = RuleBooks(base_rulebook(), base_divisions())
    return RuleBookFollower(door, books, every_tenant), books


def _days(books: RuleBooks, tenant: str) -> int:
    entry = next(each for each in reversed(books.of(tenant).overlays) if each.key == PRACTICE)
    assert isinstance(entry.value, int)
    return entry.value


async def test_a_process_begins_without_one_tenant_and_learns_it_when_it_answers(
    as_user: Any, door: Door
) -> None:
    for tenant, days in ((HERE, 6), (GONE, 7)):
        assert (await record(as_user, tenant, PRACTICE, days)).status_code == 201
    less = _OneMachineLess(door)
    follower, books = _follower(less)
    await follower.load()
    assert _days(books, HERE) == 6
    with pytest.raises(ServiceError) as told:
        books.of(GONE)
    assert (told.value.status, told.value.code) == (503, "unavailable")
    # What is entered meanwhile by another process is seen, and nobody asks for all at once.
    assert (await record(as_user, HERE, PRACTICE, 5)).status_code == 201
    asked = less.whole
    await follower.look()
    assert (_days(books, HERE), less.whole) == (5, asked)
    less.gone = ""
    await follower.look()
    assert _days(books, GONE) == 7
    await follower.look()
    assert less.whole == asked + 1, "counted by one statement again"


async def test_what_was_known_of_a_tenant_that_is_gone_stays(as_user: Any, door: Door) -> None:
    assert (await record(as_user, GONE, PRACTICE, 8)).status_code == 201
    less = _OneMachineLess(door)
    less.gone = ""
    follower, books = _follower(less)
    await follower.load()
    less.gone = GONE
    await follower.look()
    assert _days(books, GONE) == 8
    # A case that was read with more changes than are known is not decided.
    with pytest.raises(Again):
        books.of(GONE, books.known(GONE) + 1)


async def test_where_no_tenant_can_be_read_no_process_begins(door: Door) -> None:
    less = _OneMachineLess(door)
    less.gone = " ".join(await every_tenant(door))
    follower, _ = _follower(less)
    with pytest.raises(OSError):
        await follower.start()
