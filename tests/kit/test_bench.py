"""Turns at the bench: what hangs, comes again or piles up for one owner holds nobody else."""

from __future__ import annotations

import asyncio

from service.kit.bench import Bench
from service.kit.telemetry import Telemetry

Key = tuple[str, int]


async def settle() -> None:
    """Lets every task run that can."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_a_key_that_is_rung_again_and_again_leaves_its_slot_after_each_round() -> None:
    done: list[str] = []

    async def work(key: str) -> bool:
        done.append(key)
        await asyncio.sleep(0)
        if key == "busy" and len(done) < 50:
            bench.ring("busy")
        return False

    bench: Bench[str] = Bench("test", work, Telemetry(), limit=1)
    for key in ("busy", "other", "third"):
        bench.ring(key)
    await bench.quiet(5)
    assert done[:4] == ["busy", "other", "third", "busy"]
    await bench.close()


async def test_more_to_do_goes_to_the_end_of_the_queue() -> None:
    left = {"a": 3, "b": 2}
    done: list[str] = []

    async def work(key: str) -> bool:
        done.append(key)
        left[key] -= 1
        return left[key] > 0

    bench: Bench[str] = Bench("test", work, Telemetry(), limit=1)
    bench.ring("a")
    bench.ring("b")
    await bench.quiet(5)
    assert done == ["a", "b", "a", "b", "a"]


async def test_owners_take_turns_and_none_holds_more_than_its_share() -> None:
    hold = asyncio.Event()
    started: list[Key] = []

    async def work(key: Key) -> None:
        started.append(key)
        if key[0] == "hanging":
            await hold.wait()

    bench: Bench[Key] = Bench("test", work, Telemetry(), limit=4, share=2, owner=lambda key: key[0])
    for number in range(50):
        bench.ring(("hanging", number))
    for number in range(3):
        bench.ring(("city", number))
        bench.ring(("county", number))
    await settle()
    held = [key for key in started if key[0] == "hanging"]
    assert len(held) == 2, "no more than its share, however much it has"
    others = [key for key in started if key[0] != "hanging"]
    assert len(others) == 6, "all the others are served meanwhile"
    assert others[:2] == [("city", 0), ("county", 0)]
    hold.set()
    await bench.quiet(5)
    assert len(started) == 56


async def test_quiet_waits_for_what_runs_and_what_waits_but_not_for_ever() -> None:
    hold = asyncio.Event()

    async def work(_key: str) -> None:
        await hold.wait()

    bench: Bench[str] = Bench("test", work, Telemetry(), limit=1)
    await bench.quiet(600)  # nothing to do: at once
    bench.ring("a")
    bench.ring("b")
    await bench.quiet(0.01)
    waiting = asyncio.create_task(bench.quiet(600))
    await settle()
    assert not waiting.done()
    hold.set()
    await waiting
    await bench.close()
