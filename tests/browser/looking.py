"""Opens pages as each audience and asks of each what a page must never do.

A page is loaded once; themes and widths are changed under it. Whoever is the first to meet a page, or anything on it
that was not on it before (an element, a class, a state: `structure.js`), looks at it in all of them and asks axe-core;
where it is made of what was seen before, words are what differs: those are read, and it is measured at every width.
"""

from __future__ import annotations

import asyncio
import re
from base64 import b64decode
from collections import Counter
from collections.abc import Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

from playwright.async_api import Error

from tests.browser.pages import MANY, shape
from tests.browser.results import Results
from tests.browser.table import LOOKS, Row, column_of
from tests.console.browser import Shown

MOST_LATER = 60  # of a run: a deployment that is always busy is a finding
PATIENCE = 120_000  # milliseconds for whatever is waited for; a slow machine is no fault
AXE = """async (rules) => (await axe.run(document, {resultTypes: ['violations'], preload: false,
  ...(rules.length ? {runOnly: rules} : {})})).violations
  .map(each => [each.id, each.nodes.length, each.nodes.slice(0, 2).map(node => node.target.join(' ')).join(' | ')])"""
# What can come of a theme: it changes colours and nothing else (a test reads the stylesheet).
COLOURS = ["color-contrast", "link-in-text-block"]
STRUCTURE = Path(__file__).with_name("structure.js").read_text(encoding="utf-8").partition("() =>")
MADE_OF = "() =>" + STRUCTURE[2]
NARROW = 390  # a telephone: measured, not judged whole
WIDTHS = (*dict.fromkeys(width for width, _ in LOOKS), NARROW)
LINKS = """() => [...document.querySelectorAll('a[href]:not([download])')].filter(a => a.origin === location.origin)
  .map(a => a.pathname + a.search)"""
# What is wider than the page where the page can be pushed sideways; nothing where all is well.
WIDE = """() => { const most = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= most + 1) return '';
  const over = [...document.querySelectorAll('main *')].filter(each => each.getBoundingClientRect().right > most + 1);
  const last = over.pop(); return last ? `${last.tagName} ${last.className}` : 'something'; }"""
COMING = "() => !document.querySelector('[hx-trigger~=\"load\"], .htmx-request')"
HEADING = "() => [document.querySelectorAll('h1').length, document.title]"


_LEFT = ("htmx:afterRequest", "htmx:sendError", "htmx:sendAbort")  # leaving a page ends what it still asked


class _Came(NamedTuple):
    """As much of an answer as a reader of pages wants."""

    status_code: int
    text: str


class Watch:
    """What one page says beside what it shows, since it was last asked."""

    def __init__(self, page: Any, base: str) -> None:
        self.base, self.page = base, page
        self.said: dict[str, list[str]] = {"policy": [], "foreign": [], "errors": []}
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.said["errors"].append(str(error)[:200]))
        page.on("request", self._request)

    def _console(self, said: Any) -> None:
        if re.search(r"Content.Security.Policy", said.text):
            self.said["policy"].append(said.text[:200])
        elif (
            said.type == "error"
            and not said.text.startswith(_LEFT)
            and not (
                said.text.startswith("Failed to load resource") and said.location.get("url") == self.page.url
            )
        ):  # a page that is refused is a page; a part of one is not
            self.said["errors"].append(said.text[:200])

    def _request(self, asked: Any) -> None:
        if not asked.url.startswith((f"{self.base}/", "data:")):
            self.said["foreign"].append(asked.url[:200])

    def taken(self) -> dict[str, list[str]]:
        """What was said; forgotten with that."""
        told, self.said = self.said, {name: [] for name in self.said}
        return told


class Looker:
    """Rows and findings of a run."""

    def __init__(self, base: str, where: Path, axe: str | None, results: Results) -> None:
        self.base, self.where, self.axe, self.results = base, where, axe, results
        self.rows: dict[str, Row] = {}
        self.met: dict[str, set[int]] = {}  # page → what it was made of, whoever saw it
        self.found: list[str] = []
        self.faulty: set[str] = set()  # parts with a finding
        self.looked = self.whole = self.later = 0  # pages seen; of them in all looks; told to come again
        for each in results.looks:
            row = self.rows.setdefault(each["page"], Row(each["page"]))
            row.people.append(each["who"])
            for check in each["checks"]:
                row.note(check, 0)
            if results.ours(each["part"]):  # of other code it may be drawn otherwise
                self.met.setdefault(each["page"], set()).update(each["met"])

    @asynccontextmanager
    async def opened(self, browser: Any, **more: Any) -> Any:
        """A context of its own with one page that is watched."""
        context = await browser.new_context(
            viewport={"width": 1440, "height": 900},
            locale="zh-CN",
            color_scheme="light",
            reduced_motion="reduce",
            **more,
        )
        context.set_default_timeout(PATIENCE)
        page = await context.new_page()
        try:
            yield page, Watch(page, self.base)
        finally:
            await context.close()

    async def go(
        self, page: Any, watch: Watch, who: str, address: str, looks: Any = None, led: str = ""
    ) -> list[str]:
        """Opens one address and looks at it; the links it has. Nothing is noted where it shows no page.

        `led`: the page with the link: one that is refused should not be offered.
        """
        name = shape(address)
        if name is None:
            return []
        try:
            answer = await page.goto(self.base + address)
        except Error as error:
            if "Download is starting" not in str(error):
                raise
            row = self.rows.setdefault(name, Row(name))
            self._note(row, who, "errors", ["leads to a file, and its link has no `download`"])
            return []
        while answer is not None and answer.status == 503 and self.later < MOST_LATER:
            self.later += (
                1  # a busy machine says when to come again (revocations not heard of for five seconds)
            )
            await asyncio.sleep(float(answer.headers.get("retry-after", "2")))
            watch.taken()
            answer = await page.goto(self.base + address)
        if answer is None or answer.status in (403, 404):
            watch.taken()
            if answer is not None and answer.status == 403 and led:
                self._note(
                    self.rows.setdefault(name, Row(name)), who, "errors", [f"{led} leads to what is refused"]
                )
            return []
        await self.look(page, watch, who, name, looks, answer.status)
        links: list[str] = await page.evaluate(LINKS)
        return links

    async def look(
        self, page: Any, watch: Watch, who: str, name: str, looks: Any = None, status: int = 200
    ) -> None:
        """Asks everything of the page as it stands; `looks`: widths and themes, by default all where it shows news."""
        row, asked = self.rows.setdefault(name, Row(name)), Row(name)
        first = not row.people
        row.people.append(who)
        if await page.locator('[hx-trigger~="load"]').count():
            await page.wait_for_function(COMING)
        self.looked += 1
        made_of, twice = await page.evaluate(MADE_OF)
        news = set(made_of) - self.met.setdefault(name, set())
        self.met[name] |= news  # before it waits for anything: who meets the same now need not
        self._note(asked, who, "errors", [f"answers {status}"] if status >= 500 else [])
        self._note(asked, who, "errors", [f"the id {each} stands twice" for each in twice])
        await self._read(page, asked, who)
        if looks or news:
            if self.axe is not None:
                await page.evaluate(self.axe)  # by the debugger, which the page's policy does not concern
            for width, theme in looks or LOOKS:
                colours = theme == "dark" and not looks
                await self._seen(page, asked, who, width, theme, COLOURS if colours else [])
                if first or (width, theme) == LOOKS[0]:
                    await self.keep(page, f"{name}-{width}-{theme}" + ("" if first else f"-{who}"))
            await self._measured(page, asked, who, NARROW, "light")
            self.whole += not looks
        else:
            for width in WIDTHS:
                await self._measured(page, asked, who, width, "light")
        await self._sized(page, *LOOKS[0])
        for check, told in watch.taken().items():
            self._note(asked, who, check, told)
        for check, faults in asked.checks.items():
            row.note(check, faults)
        self.results.add(
            {"part": f"pages {who}", "who": who, "page": name, "checks": asked.checks, "met": [*news]}
        )

    async def _read(self, page: Any, row: Row, who: str) -> None:
        headings, title = await page.evaluate(HEADING)
        wrong = [] if headings == 1 else [f"{headings} headings of the page"]
        self._note(row, who, "heading", wrong + ([] if title.strip(" ·统建") else ["no title"]))
        shown = Shown(_Came(200, await page.content()))  # type: ignore[arg-type]
        self._note(row, who, "codes", shown.codes)
        self._note(row, who, "errors", [f"links to {each} without `download`" for each in shown.unsaid])

    async def _sized(self, page: Any, width: int, theme: str) -> None:
        await page.set_viewport_size({"width": width, "height": 450 if width == 720 else 900})
        await page.emulate_media(color_scheme=theme)

    async def _measured(self, page: Any, row: Row, who: str, width: int, theme: str) -> None:
        await self._sized(page, width, theme)
        over = await page.evaluate(WIDE)
        self._note(row, f"{who} {width}", "wide", [over] if over else [])

    async def _seen(self, page: Any, row: Row, who: str, width: int, theme: str, rules: list[str]) -> None:
        await self._measured(page, row, who, width, theme)
        if self.axe is not None:
            told = await page.evaluate(AXE, rules)
            faults = [f"{rule} x{count}: {at}" for rule, count, at in told]
            self._note(row, f"{who} {width} {theme}", column_of(width, theme), faults)

    def _note(self, row: Row, who: str, check: str, told: Iterable[str]) -> None:
        told = list(told)
        row.note(check, len(told))
        if told:
            self.faulty.add(f"pages {who.partition(' ')[0]}")
        for each in told:
            print(f"         {row.page} ({who}) {check}: {each}"[:300], flush=True)
            self.found.append(f"{row.page} ({who}) {check}: {each}")

    async def keep(self, page: Any, name: str) -> None:
        """A screenshot of the whole page under a name that files may have."""
        file = re.sub(r"[^\w.=-]+", "-", name.removeprefix("/console")).strip("-") or "home"
        await page.evaluate("() => scrollTo(0, 0)")  # what sticks to the top stays there
        session = await page.context.new_cdp_session(page)
        size = (await session.send("Page.getLayoutMetrics"))["cssContentSize"]
        took = await session.send(  # twice as fast as the driver's own, which presses the PNG
            "Page.captureScreenshot",
            {"captureBeyondViewport": True, "optimizeForSpeed": True, "clip": {**size, "scale": 1}},
        )
        await session.detach()
        (self.where / f"{file}.png").write_bytes(b64decode(took["data"]))


async def walk(looker: Looker, browser: Any, who: tuple[str, str], *, most: int = 0, turn: int = 0) -> None:
    """One person through every page that leads on from the first. `most`: at most so many, each in one look only."""
    name = f"{who[0]}/{who[1]}"
    async with looker.opened(browser) as (page, watch):
        await page.goto(f"{looker.base}/console/demo/{who[0]}/{who[1]}")
        queue, met, done = ["/console", "/console/more"], {"/console", "/console/more"}, 0
        led = dict[str, str]()
        times = Counter[str]()
        while queue and (not most or done < most):
            if most and done:  # the short form spends itself on what nobody has seen
                queue.sort(key=lambda each: shape(each) in looker.rows)
            address = queue.pop(0)
            looks = [LOOKS[(turn + done) % len(LOOKS)]] if most else None
            for link in await looker.go(page, watch, name, address, looks, led.get(address, "")):
                told = shape(link)
                if told is None or link in met or times[told] >= (1 if most else MANY.get(told, 1)):
                    continue
                times[told] += 1
                met.add(link)
                led[link] = address
                queue.append(link)
            done += 1
