"""Steps of a story, and how they are taken on a page: whatever the way, the same steps."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple

from tests.browser.looking import COMING, HEADING, Looker, Watch
from tests.browser.making import Json
from tests.browser.making_more import Weeks
from tests.browser.papers import choose, filled, saved
from tests.browser.ways import Keys, Pointer
from tests.console.browser import Shown

_INVALID = "(form) => [...form.querySelectorAll(':invalid')].map(each => each.name || each.id).join(', ')"
_FIRST = "(at) => [...at.options].map(each => each.value).find(each => each)"
ANY = "*"  # typed into a choice: the first there is
Given = Mapping[str, str | tuple[str, ...]]  # pointer → what is typed or chosen there; several are ticked
WAYS = ("script", "no script", "keys")


class Go(NamedTuple):
    """A place of the bar, by its name there."""

    place: str


class Link(NamedTuple):
    """A link of the page, by words in it."""

    words: str


class Row(NamedTuple):
    """The link of a row, by words in that row."""

    words: str


class Search(NamedTuple):
    """Words for a field of search, sent by Enter."""

    field: str
    words: str


class Deed(NamedTuple):
    """A deed's form, filled (pointer → what is typed or chosen) and sent. `judge`: every finding is accepted first."""

    operation: str
    fields: Mapping[str, str | tuple[str, ...]] = {}
    judge: bool = False


class Send(NamedTuple):
    """A form that is no operation's: a field by its name, then the button of that form."""

    field: str
    words: str


class Draft(NamedTuple):
    """The steps of a declaration, each filled with what it asks and kept."""

    fields: Mapping[str, str]


class Press(NamedTuple):
    """A button that needs nothing filled, by words on it; rows with `ticked` in them are ticked first."""

    words: str
    ticked: tuple[str, ...] = ()


class Save(NamedTuple):
    """A file that a link hands out, by words on the link: what the next table is filled in."""

    words: str


class Upload(NamedTuple):
    """A file chosen in a form and sent. `form`: the kind of import, or the page's only such form.

    `rows`: header → cell, written into the table that was saved last; none: a file that is no table.
    """

    form: str
    name: str
    rows: tuple[Mapping[str, str], ...]


class See(NamedTuple):
    """Words that the page says now."""

    words: str


class Gone(NamedTuple):
    """Words that the page says no more."""

    words: str


Step = Go | Link | Row | Search | Deed | Send | Draft | Press | Save | Upload | See | Gone


class Story(NamedTuple):
    """`make`: what it begins with (`who` in it: somebody else than `who`); `steps`: from that to the end."""

    audience: str
    who: tuple[str, str]
    make: Callable[[Weeks], Awaitable[Json]]
    steps: Callable[[Json], list[Step]]


class Teller:
    """Takes steps on one page in one way."""

    def __init__(self, looker: Looker, page: Any, watch: Watch, way: str) -> None:
        self.looker, self.page, self.watch = looker, page, watch
        self.script = way != "no script"
        self.hand = Keys(page) if way == "keys" else Pointer(page)
        self.faults, self.steps, self.saved = self.hand.faults, 0, b""

    async def enter(self, tenant: str, login: str) -> None:
        """From the page of signing in."""
        self.steps += 1
        await self.page.goto(f"{self.looker.base}/console/enter")
        await self._arrived()
        link = self.page.locator(f'a[href="/console/demo/{tenant}/{login}"]')
        if await link.count():
            await self._follow(link)
        else:  # of the demo's people the page lists one of each kind
            await self.page.goto(f"{self.looker.base}/console/demo/{tenant}/{login}")
            await self._arrived()

    async def take(self, step: Step) -> None:
        """One step; AssertionError where a person could not go on."""
        self.steps += 1
        match step:
            case Go(place):
                await self._follow(self.page.locator("nav.nav a", has_text=place).first)
            case Link(words):
                await self._follow(self.page.locator("main a:not([data-peek])", has_text=words).first)
            case Row(words):
                await self._follow(self.page.locator("main tr", has_text=words).locator("a.name").first)
            case Search(field, words):
                await self.hand.fill(self.page.locator(field), words)
                async with self.page.expect_navigation():
                    await self.page.keyboard.press("Enter")
                await self._arrived()
            case Deed(operation, fields, judge):
                await self._deed(operation, fields, judge=judge)
            case Send(field, words):
                await self.hand.fill(self.page.locator(field), words)
                await self._follow(self.page.locator(f"form:has({field}) button").first)
            case Draft(fields):
                await self._draft(fields)
            case Press(words, ticked):
                for each in ticked:
                    await self.hand.tick(self.page.locator("main tr", has_text=each).locator("[name=pick]"))
                await self._follow(self.page.locator("main button", has_text=words).first)
                await self._refused()
            case Save(words):
                self.saved = await saved(self.page, self.hand, words)
            case Upload(form, name, rows):
                chosen = await choose(self.page, self.hand, form, name, filled(self.saved, rows))
                await self._sent(chosen.locator("xpath=ancestor::form"))
            case See(words):
                again = self.page.locator("main a", has_text="刷新看结果")
                while words not in await self._text():  # without a script whoever waits asks again
                    assert await again.count(), f"{self.page.url} does not say {words!r}"
                    await self._follow(again.first)
            case Gone(words):
                assert words not in await self._text(), f"{self.page.url} still says {words!r}"

    async def _text(self) -> str:
        if self.script and await self.page.locator('[hx-trigger~="load"]').count():
            await self.page.wait_for_function(COMING)
        return str(await self.page.locator("main").inner_text())

    async def _follow(self, thing: Any) -> None:
        assert await thing.count(), f"{self.page.url} has nothing to press: {thing}"
        await self._unfold(thing)
        async with self.page.expect_navigation():
            await self.hand.press(thing)
        await self._arrived()

    async def _sent(self, form: Any) -> None:
        """A form with a file: a script that shows how far it came swaps the page, anybody else gets a new one."""
        button = form.locator("button:not([type=button])").first
        if not self.script or await form.get_attribute("data-upload") is None:
            await self._follow(button)
            return
        async with self.page.expect_response(lambda answer: answer.request.redirected_from is not None):
            await self.hand.press(button)
        await self._arrived()

    async def _arrived(self) -> None:
        """What holds of every page on the way."""
        at = self.page.url.removeprefix(self.looker.base)
        if self.script and await self.page.locator('[hx-trigger~="load"]').count():
            await self.page.wait_for_function(COMING)
        headings, _ = await self.page.evaluate(HEADING)
        self.faults += [] if headings == 1 else [f"{at} has {headings} headings"]
        self.faults += [f"{at}: {name}: {each}" for name, told in self.watch.taken().items() for each in told]
        html = await self.page.content()
        self.faults += [f"{at} shows {code}" for code in Shown(_Page(200, html)).codes]  # type: ignore[arg-type]
        await self.hand.arrived()

    async def _deed(self, operation: str, fields: Given, *, judge: bool) -> None:
        form = f'form:has(> input[name="_op"][value="{operation}"]) >> nth=0'
        outside = f'[form="deed-{operation}"]'
        assert await self.page.locator(form).count(), f"{self.page.url} offers no {operation}"
        if judge:
            for each in await self.page.locator(f'{outside}[name$="/accepted:boolean"][value="true"]').all():
                await self.hand.tick(each)
        for pointer, given in fields.items():
            for text in (given,) if isinstance(given, str) else given:
                await self._give(f"{form} >> ", pointer, text)
        for each in await self.page.locator(f'{form} >> textarea[name^="/reasons/"]').all():
            await self._unfold(each)
            await self.hand.fill(each, "已经集体研究，确有必要，措施见申报材料")
        left = await self.page.locator(form).evaluate(_INVALID)
        assert not left, f"{self.page.url}: {operation} also wants {left}"
        buttons = self.page.locator(f"{form} >> button:not([type=button])")
        main = buttons.and_(self.page.locator(".main"))  # of two, what goes on: to look again is the other
        await self._follow((main if await main.count() else buttons).first)
        await self._refused()

    async def _refused(self) -> None:
        problem = self.page.locator("#problem")
        if await problem.count():
            raise AssertionError(f"{self.page.url} refuses: {await problem.inner_text()}")

    async def _draft(self, fields: Mapping[str, str]) -> None:
        left = dict(fields)
        for _ in range(8):
            if not await self.page.locator("#draft").count():
                break
            for pointer in list(left):
                if await self._give("#draft section:not([hidden]) ", pointer, left[pointer]):
                    del left[pointer]
            wrong = await self.page.locator("#draft").evaluate(_INVALID)
            assert not wrong, f"{self.page.url} also wants {wrong}"
            await self._follow(self.page.locator("#draft .batch button.main"))
            await self._refused()
        assert not left, f"{self.page.url}: nobody asked for {sorted(left)}"

    async def _give(self, scope: str, pointer: str, text: str) -> bool:
        """Fills a field, whatever it is; False where the page has none of that name."""
        names = (f'[name="{pointer}"]', f'[name^="{pointer}:"]')
        field = self.page.locator(f"{scope}:is({', '.join(names)})")
        if not await field.count():
            assert "#draft" in scope, f"{self.page.url} has no field {pointer}"
            return False
        await self._unfold(field.first)
        kind = await field.first.evaluate("(at) => at.type")
        if kind in ("radio", "checkbox"):
            await self.hand.tick(self.page.locator(f'{scope}:is({", ".join(names)})[value="{text}"]'))
        elif kind == "select-one":
            first = await field.first.evaluate(_FIRST) if text == ANY else text
            await self.hand.choose(field.first, first)
        else:
            await self.hand.fill(field.first, text)
        return True

    async def _unfold(self, thing: Any) -> None:
        """Opens what is folded around a thing, the outermost first."""
        folded = thing.locator("xpath=ancestor::details[not(@open)]")
        while await folded.count():
            await self.hand.press(folded.first.locator("> summary"))


class _Page(NamedTuple):
    status_code: int
    text: str
