"""`python -m tests.browser [ADDRESS] [--short] [--resume] [--only WHAT]`: the console in Debian's Chromium.

Without an address it starts servers of its own and leaves work on every desk, and one of each thing on its list.
`pages`: every page of every audience at two widths and 200 % zoom in both themes: axe-core, the page's policy, foreign
requests, faults of scripts, one heading, nothing wider than the screen, no code to read. `stories`: one life per
audience, with JavaScript, without, by keyboard alone. `texts`: hostile texts in every field. `docs`: /docs as a browser
of 2020 has it. Screenshots in var/browser, what was seen in results.jsonl there, a line as it comes: `--resume` asks
only what did not go to its end without a finding (a person's walk, a story in one way), and ends with 1 where what it
takes as it was is of other code. `--who`, `--story`, `--way` do a part.
Ends with 1 unless all counts are 0, with 2 where there is no Chromium (`--optional`, as CI asks: with 0, told).
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from playwright.async_api import async_playwright

from service.console.account import SHOWN
from service.demo.client import Client
from service.demo.queues import Queues
from service.kit import clock
from service.settings import Settings
from tests.browser import chromium, hostile, printing, reference, stories
from tests.browser.leaving import leave_one_of_each
from tests.browser.looking import Looker, walk
from tests.browser.making_more import Weeks
from tests.browser.pages import PLAIN
from tests.browser.results import Results
from tests.browser.states import states
from tests.browser.table import table
from tests.drills.place import deployed

AT_ONCE = 2  # browsers' pages at a time: one waits for the server while the other is painted
PEOPLE = [person for _, people in SHOWN for person in people]
# One of each audience; what the short form opens for each.
SHORT = (
    ("360100", "360121.user"), ("360100", "unit"), ("360100", "gatekeeper"), ("360100", "approver"),
    ("360100", "finance"), ("360100", "administrator"), ("360000", "office"), ("360000", "drc"),
    ("360000", "supervisor"), ("360000", "expert"), ("360000", "app_provider"), ("360000", "info_centre"),
)  # fmt: skip
PAGES_IN_SHORT = 3
PARTS = ("pages", "stories", "texts", "docs", "print")


@asynccontextmanager
async def _place(address: str | None) -> AsyncIterator[Client]:
    """A client of a deployment with work on every desk: of the one that is given, or of one of its own."""
    if address:
        async with Client(address.rstrip("/"), Settings.from_env({}).secret_key) as client:
            yield client
        return
    async with deployed(smtp_host="127.0.0.1", smtp_from="tongjian@example.gov.cn") as made:
        left: list[str] = []
        today = clock.legal_day(clock.now())
        await Queues(made.client, today, left.append).leave()
        more = await leave_one_of_each(Weeks(made.client, today))
        print(
            f"a deployment of its own at {made.base}, {len(left)} things left on its desks, {more} on lists",
            flush=True,
        )
        yield made.client


async def _pages(looker: Looker, browser: Any, options: argparse.Namespace) -> None:
    """Everybody, a few at a time; what comes of each is told as it comes."""
    free, begun, short = asyncio.Semaphore(AT_ONCE), time.monotonic(), options.short

    async def one(name: str, walking: Callable[[], Awaitable[None]]) -> None:
        async with free:
            since = time.monotonic()
            await walking()
        part = f"pages {name}"
        if part not in looker.faulty:
            looker.results.finish(part)
        pages = sum(name in row.people for row in looker.rows.values())
        print(
            f"{time.monotonic() - begun:6.0f} s  {name}: {pages} pages in {time.monotonic() - since:.0f} s;"
            f" so far {looker.looked}, {looker.whole} of them in all looks, {len(looker.found)} findings",
            flush=True,
        )

    walks: dict[str, Callable[[], Awaitable[None]]] = (
        {} if short else {"states": partial(states, looker, browser)}
    )
    for turn, who in enumerate(SHORT if short else PEOPLE):
        most = PAGES_IN_SHORT if short else 0
        walks["/".join(who)] = partial(walk, looker, browser, who, most=most, turn=turn)
    asked = {name: walking for name, walking in walks.items() if options.who in name}
    if not asked:
        looker.found.append(f"no walk is of anybody called {options.who!r}")
    async with asyncio.TaskGroup() as group:
        for name, walking in asked.items():
            if not looker.results.before(f"pages {name}"):
                group.create_task(one(name, walking))


async def _stories(looker: Looker, browser: Any, client: Client, options: argparse.Namespace) -> None:
    desks = Weeks(client, clock.legal_day(clock.now()))
    told = await stories.tell(looker, browser, desks, options.story, options.way)
    if not told:
        looker.found.append(f"no story is of an audience called {options.story!r}")
    print(stories.table(told))
    looker.found += [f"story {each.audience}, {each.way}: {fault}" for each in told for fault in each.faults]


def _told(looker: Looker, *, whole: bool) -> None:
    print(table(looker.rows.values()))
    met = {each.partition("?")[0] for each in looker.rows}
    unmet = [each for each in PLAIN if each not in met]
    if unmet and whole:
        print("pages that nobody was led to:", ", ".join(unmet))


async def _other(looker: Looker, browser: Any, client: Client, part: str) -> None:
    """The parts that are one piece each."""
    if looker.results.before(part):
        return
    if part == "texts":
        found = await hostile.faults(looker, browser, Weeks(client, clock.legal_day(clock.now())))
    elif part == "docs":
        found = [*chromium.unparsed(looker.where), *await reference.faults(browser, client.base)]
    else:
        found = await printing.faults(looker, browser)
    print(f"{part}: {len(found)} findings", flush=True)
    looker.found += found
    if not found:
        looker.results.finish(part)


async def run(options: argparse.Namespace) -> int:
    """What was asked for; how it ended."""
    where = Path(options.into)
    where.mkdir(parents=True, exist_ok=True)
    parts, short = set(options.only or PARTS), options.short
    try:
        script = chromium.fetched(chromium.AXE, where).read_text(encoding="utf-8")
    except OSError as error:
        if not short:
            raise SystemExit(f"make browser: {error}") from None
        print(f"axe-core not run: {error}")
        script = None
    begun = time.monotonic()
    async with _place(options.address) as client, async_playwright() as playwright:
        # The short form sees a page in one look: none of it may count for a whole run.
        kept = Results(where / ("short.jsonl" if short else "results.jsonl"), resume=options.resume)
        looker = Looker(client.base, where, script, kept)
        browser = await chromium.launched(playwright)
        if "pages" in parts:
            await _pages(looker, browser, options)
            _told(looker, whole=not short and not options.who)
        if "stories" in parts and not short:
            await _stories(looker, browser, client, options)
        for part in PARTS[2:]:
            if part in parts and not short:
                await _other(looker, browser, client, part)
        await browser.close()
    print(looker.results.told() + (f"; told {looker.later} times to come again" if looker.later else ""))
    print(f"{looker.looked} pages looked at in {time.monotonic() - begun:.0f} s; screenshots in {where}")
    return ended(looker, parts, short=short)


def ended(looker: Looker, parts: set[str], *, short: bool) -> int:
    """What came of it and what did not run; 1 unless something was seen, all of it of this code, and nothing found."""
    older = looker.results.older
    if "pages" in parts and not (
        looker.looked or any(each.startswith("pages ") for each in looker.results.taken)
    ):
        looker.found.append("not one page was looked at")
    for each in sorted(set(looker.found)):
        print(" ", each)
    left = [each for each in PARTS if short and each in parts and each != "pages"]
    left += ["axe-core"] if looker.axe is None else []
    left += [] if chromium.letters() else [chromium.BOXES]
    left += [f"{each} (seen of {looker.results.taken[each] or 'an unknown commit'})" for each in older]
    print(
        f"browser: {looker.looked} passed, {len(looker.found)} failed"
        + (f"; not run: {', '.join(left)}" if left else "")
    )
    return 1 if looker.found or older else 0


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.browser", description=__doc__)
    parser.add_argument("address", nargs="?", help="of a running demo; without it one is started")
    parser.add_argument("--short", action="store_true", help="some pages of each audience, one look at each")
    parser.add_argument("--only", action="append", choices=PARTS)
    parser.add_argument("--story", default="", help="only stories of audiences called so")
    parser.add_argument("--way", default="", help="only stories told this way: script, no script, keys")
    parser.add_argument(
        "--who", default="", help="only walks of people called so: 360000/, gatekeeper, states"
    )
    parser.add_argument(
        "--resume", action="store_true", help="goes on where a run was cut off or found something"
    )
    parser.add_argument(
        "--optional", action="store_true", help="no Chromium is no failure: told, ends with 0"
    )
    parser.add_argument("--into", default="var/browser", help="where screenshots go")
    options = parser.parse_args(argv)
    if options.short and options.only and "pages" not in options.only:
        parser.error(f"the short form has pages only, none of: {', '.join(options.only)}")
    if options.short and options.resume:
        parser.error("the short form begins anew each time")
    if chromium.chromium() is None:
        print(f"browser: NOT RUN: {chromium.MISSING}")
        return 0 if options.optional else 2
    return asyncio.run(run(options))


if __name__ == "__main__":
    sys.exit(main())
