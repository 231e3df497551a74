"""Tells the stories: each in three ways, two at a time, and says of each how many steps and seconds it took."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from typing import Any, NamedTuple

from tests.browser.lives import LIVES
from tests.browser.looking import Looker
from tests.browser.making_more import Weeks
from tests.browser.seldom import SELDOM
from tests.browser.telling import WAYS, Story, Teller
from tests.browser.weeks import WEEKS

STORIES: tuple[Story, ...] = LIVES + WEEKS + SELDOM
AT_ONCE = 2


class Told(NamedTuple):
    """How a story went in one way: no faults where it went to its end without one."""

    audience: str
    way: str
    faults: list[str]
    steps: int
    seconds: int

    @property
    def part(self) -> str:
        return part_of(self.audience, self.way)


def part_of(audience: str, way: str) -> str:
    """What it is called among the parts of a run."""
    return f"story {audience}, {way}"


async def tell(looker: Looker, browser: Any, desks: Weeks, only: str = "", by: str = "") -> list[Told]:
    """Every story in every way that was not seen to end well before; what it begins with is made first."""
    told, free, hands = [], asyncio.Semaphore(AT_ONCE), defaultdict[Any, asyncio.Lock](asyncio.Lock)

    async def one(story: Story, way: str) -> None:
        async with hands[story.who], free:  # nobody does two things at once
            told.append(came := await _told(looker, browser, desks, story, way))
        if not came.faults:
            looker.results.finish(came.part, steps=came.steps, seconds=came.seconds)
        said = came.faults or ["ends well"]
        print(f"  {story.audience}, {way}: {came.steps} steps in {came.seconds} s: {said[0]}", flush=True)
        for each in said[1:]:
            print(f"      and {each}", flush=True)

    async with asyncio.TaskGroup() as group:
        for story in STORIES:
            for way in WAYS:
                if only not in story.audience or by not in ("", way):
                    continue
                if looker.results.before(part_of(story.audience, way)):
                    took = looker.results.figures.get(part_of(story.audience, way), {})
                    told.append(Told(story.audience, way, [], took.get("steps", 0), took.get("seconds", 0)))
                else:
                    group.create_task(one(story, way))
    return told


async def _told(looker: Looker, browser: Any, desks: Weeks, story: Story, way: str) -> Told:
    begun, teller, faults = time.monotonic(), None, []
    try:
        made = await story.make(desks)
        async with looker.opened(browser, java_script_enabled=way != "no script") as (page, watch):
            teller = Teller(looker, page, watch, way)
            try:
                await teller.enter(*made.get("who", story.who))
                for step in story.steps(made):
                    await teller.take(step)
            finally:
                await looker.keep(page, f"story-{story.audience}-{way}")
    except Exception as error:  # whatever it is, it ends this story and no other
        faults = [f"{type(error).__name__}: {str(error)[:400]}"]
    found, steps = ([], 0) if teller is None else (teller.faults, teller.steps)
    return Told(story.audience, way, [*faults, *found], steps, round(time.monotonic() - begun))


def table(told: list[Told]) -> str:
    """Stories × ways: faults (`·` for none), then steps/seconds; the last line is the sum."""
    by = {(each.audience, each.way): each for each in told}
    lines = ["story".ljust(30) + "".join(f"{way:>14}" for way in WAYS)]
    for story in STORIES:
        cells = [by.get((story.audience, way)) for way in WAYS]
        if any(cells):
            said = [
                "-" if each is None else f"{len(each.faults) or '·'} {each.steps}/{each.seconds}s"
                for each in cells
            ]
            lines.append(story.audience.ljust(30) + "".join(f"{each:>14}" for each in said))
    well = sum(not each.faults for each in told)
    steps, seconds = sum(each.steps for each in told), sum(each.seconds for each in told)
    lines.append(f"{well} of {len(told)} ways end well; {steps} steps, {seconds} s of telling")
    return "\n".join(lines)
