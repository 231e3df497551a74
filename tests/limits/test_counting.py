"""The two stores: one answer to one question, in Valkey and in memory."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from typing import Any

import pytest

from service.kit import clock
from service.kit.counting import Bucket, Guard, Local, Shared, Store
from service.kit.ids import new_id
from service.kit.rates import LimitRates, Rate, rate
from service.kit.valkey import Valkey
from service.settings import Settings

SLOW = Rate(0.001, 5)
AGES = 10**6  # seconds


@pytest.fixture(params=["valkey", "memory"])
async def store(request: Any, settings: Settings) -> AsyncIterator[Store]:
    if request.param == "memory":
        yield Local(clock.monotonic)
        return
    valkey = Valkey(settings.valkey_url, 60)
    yield Shared(valkey, f"test:{new_id()}:")
    await valkey.stop()


def guard(key: str = "g", **changes: Any) -> Guard:
    plain: dict[str, Any] = {"free": 3, "base": 1000, "cap": 10_000, "forgive": AGES, "at_once": 8}
    return Guard(key, **{**plain, "resets": True, "spares": False, **changes})


async def test_a_burst_and_not_one_more(store: Store) -> None:
    bucket = Bucket("x", "x", SLOW)
    found = await asyncio.gather(*(store.enter([bucket], [], "") for _ in range(50)))
    assert sum(each is None for each in found) == 5
    refused = await store.enter([bucket], [], "")
    assert refused is not None
    assert refused.place == 0
    assert 900 < refused.wait <= 1000


async def test_what_is_refused_by_one_counts_in_none(store: Store) -> None:
    wide, narrow = Bucket("w", "w", Rate(0.001, 20)), Bucket("n", "n", Rate(0.001, 2))
    for _ in range(10):
        await store.enter([wide, narrow], [], "")
    assert (await store.enter([wide, narrow], [], "")).place == 1  # type: ignore[union-attr]
    taken = [await store.enter([wide], [], "") for _ in range(30)]
    assert sum(each is None for each in taken) == 18


async def test_waits_grow_from_one_failure_to_the_next_up_to_the_longest(store: Store) -> None:
    waits = []
    for failed in range(1, 10):
        await store.leave([guard()], "", False)
        refused = await store.enter([], [guard()], "")
        assert (refused is None) == (failed <= 3)
        if refused is None:
            await store.leave([guard()], "", None)
        else:
            waits.append(round(refused.wait / 1000))
    assert waits == [1, 2, 4, 8, 10, 10]


async def test_success_forgets_failures_of_the_pair_and_not_of_the_address(store: Store) -> None:
    address = guard("a", resets=False, spares=True)
    for _ in range(4):
        await store.leave([guard(), address], "", False)
    await store.leave([guard(), address], "me", True)
    assert await store.enter([], [guard()], "") is None
    assert await store.enter([], [address], "") is not None, "others from there still wait"
    assert await store.enter([], [guard(), address], "me") is None, "who succeeded from there does not"


async def test_guesses_sent_all_together_gain_little(store: Store) -> None:
    found = await asyncio.gather(*(store.enter([], [guard()], "") for _ in range(100)))
    assert sum(each is None for each in found) == 8
    for _ in range(8):
        await store.leave([guard()], "", False)
    assert (await store.enter([], [guard()], "")) is not None


async def test_one_failure_halves_what_may_be_under_way(store: Store) -> None:
    for _ in range(2):
        await store.leave([guard()], "", False)
    found = [await store.enter([], [guard()], "") for _ in range(10)]
    assert sum(each is None for each in found) == 2


async def test_failures_are_forgiven_in_time() -> None:
    now = 0.0
    store = Local(lambda: now)
    kind = guard(forgive=60, base=1, cap=300)
    for _ in range(5):
        await store.leave([kind], "", False)
    assert (await store.enter([], [kind], "")).wait == 2  # type: ignore[union-attr]
    now = 2.0
    assert await store.enter([], [kind], "") is None
    await store.leave([kind], "", None)
    now = 301.0
    await store.leave([kind], "", False)
    assert await store.enter([], [kind], "") is None, "all five were forgiven, one is new"


async def test_slices_are_leased_as_far_as_there_is(store: Store) -> None:
    bucket = Bucket("x", "x", Rate(0.001, 10))
    assert [given for given, _ in await store.lease([(bucket, 4)])] == [4]
    (given, wait), (other, none) = await store.lease([(bucket, 8), (Bucket("y", "y", SLOW), 1)])
    assert (given, other, none) == (6, 1, 0)
    assert 1900 < wait <= 2000  # until a quarter of the eight
    assert (await store.lease([(bucket, 1)]))[0][0] == 0


async def test_both_stores_answer_alike(settings: Settings) -> None:
    """Five hundred questions at random; rates are so slow that time decides nothing."""
    chance = random.Random(8)
    valkey = Valkey(settings.valkey_url, 60)
    shared, local = Shared(valkey, f"test:{new_id()}:"), Local(clock.monotonic)
    buckets = [Bucket("b", f"b{n}", Rate(0.0001, 20 + n)) for n in range(3)]
    guards = [guard(f"g{n}", spares=n == 2, resets=n != 2, base=AGES, cap=AGES * 9) for n in range(3)]
    for _ in range(500):
        some = chance.sample(buckets, chance.randrange(3))
        under = chance.sample(guards, chance.randrange(3))
        known, kind = chance.choice(["", "k"]), chance.randrange(3)
        answers: list[Any] = []
        passed = chance.choice([True, None, False])
        for store in (shared, local):
            if kind == 0:
                answers.append(await store.enter(some, under, known))
            elif kind == 1:
                answers.append(await store.leave(under, known, passed))
            else:
                answers.append([given for given, _ in await store.lease([(each, 2) for each in some])])
        if kind == 0:
            answers = [None if each is None else each.place for each in answers]
        assert answers[0] == answers[1]
    await valkey.stop()


async def test_calls_of_one_moment_go_in_one_trip(settings: Settings) -> None:
    valkey = Valkey(settings.valkey_url, 60)
    store, bucket = Shared(valkey, f"test:{new_id()}:"), Bucket("x", "x", Rate(0.001, 1000))
    await store.enter([bucket], [], "")
    before = valkey.trips
    await asyncio.gather(*(store.enter([bucket], [], "") for _ in range(300)))
    assert valkey.trips - before == 1
    await valkey._client.execute_command("SCRIPT", "FLUSH")  # as a server started anew
    assert await store.enter([bucket], [], "") is None
    await valkey.stop()


@pytest.mark.parametrize(
    ("text", "found"), [("100/500", Rate(100, 500)), ("0.5/3", Rate(0.5, 3)), ("0", Rate(1, 0))]
)
def test_figures_are_read(text: str, found: Rate) -> None:
    assert rate(text) == found


@pytest.mark.parametrize(
    "text", ["", "5", "5/", "/5", "-1/5", "5/-1", "nan/5", "inf/5", "5/1.5", "x/y", "0/5"]
)
def test_nonsense_is_no_figure(text: str) -> None:
    with pytest.raises(ValueError):
        rate(text)


def test_defaults_let_forty_officials_sign_in_and_save_at_once() -> None:
    plain = LimitRates()
    assert (
        min(plain.token.burst, plain.token_address.burst, plain.client.burst, plain.anonymous.burst) >= 5 * 40
    )
