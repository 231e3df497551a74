"""Two ways to use a page: by the pointer, and by the keyboard alone, which also watches where the focus goes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

MOST_TABS = 400
_MARK = "data-story-goal"
_FILE = Path(__file__).with_name("focus.js").read_text(encoding="utf-8").partition("() =>")
_FOCUS = "() =>" + _FILE[2]


class Pointer:
    """Clicks and types."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.faults: list[str] = []

    async def arrived(self) -> None:
        """A page was opened."""

    async def press(self, thing: Any) -> None:
        await thing.click()

    async def fill(self, field: Any, text: str) -> None:
        await field.fill(text)

    async def choose(self, field: Any, value: str) -> None:
        await field.select_option(value)

    async def tick(self, field: Any) -> None:
        await field.check()


class Keys(Pointer):
    """Tab, Shift, arrows, Space, Enter and letters; nothing else touches the page."""

    async def arrived(self) -> None:
        """The first stop of a page is the way past its bar; what was asked for by #main begins there."""
        if "#" in self.page.url or await self.page.evaluate("() => document.activeElement.id === 'problem'"):
            return
        await self.page.keyboard.press("Tab")
        at = await self.page.evaluate(_FOCUS)
        if "跳到正文" not in at["name"] or not at["clear"]:
            self.faults.append(f"{self.page.url}: the first stop is {at['name']!r}, not the way to the text")

    async def _reach(self, thing: Any) -> None:
        await thing.evaluate(f"(at) => at.setAttribute('{_MARK}', '')")
        for _ in range(MOST_TABS):
            at = await self.page.evaluate(_FOCUS)
            if not at["seen"] or not at["clear"]:
                why = "shows no focus" if not at["seen"] else "is covered while it has the focus"
                self.faults.append(f"{self.page.url}: {at['name']} {why}")
            if at["goal"] or at.get("group"):
                break
            await self.page.keyboard.press("Tab")
        else:
            raise AssertionError(f"{self.page.url}: {await thing.inner_text()} cannot be reached by Tab")
        await thing.evaluate(f"(at) => at.removeAttribute('{_MARK}')")

    async def press(self, thing: Any) -> None:
        await self._reach(thing)
        await self.page.keyboard.press("Enter")

    async def fill(self, field: Any, text: str) -> None:
        await self._reach(field)
        kind = await field.get_attribute("type")
        if kind == "date":
            await self._date(field, text)
        elif kind == "month":
            await self._month(field, text)
        else:
            await self.page.keyboard.press("Control+a")
            await self.page.keyboard.insert_text(text)
        assert await field.input_value() == text, (self.page.url, text, await field.input_value())

    async def _date(self, field: Any, text: str) -> None:
        """As one types it; the browser's own language says whether the year comes first; it alone does not go on."""
        year, month, day = text.split("-")
        for parts in ((year, month, day), (month, day, year)):
            for part in parts:
                await self.page.keyboard.type(part)
                if part == year and parts[0] == year:
                    await self.page.keyboard.press("ArrowRight")
            if await field.input_value() == text:
                return
            await self.page.keyboard.press("ArrowLeft")
            await self.page.keyboard.press("ArrowLeft")

    async def _month(self, field: Any, text: str) -> None:
        """The month is a name that arrows turn over; the year is typed."""
        for key in ("ArrowUp", "ArrowRight"):
            await self.page.keyboard.press(key)
        await self.page.keyboard.type(text.partition("-")[0])
        await self.page.keyboard.press("ArrowLeft")
        for _ in range(12):
            if await field.input_value() == text:
                return
            await self.page.keyboard.press("ArrowUp")

    async def choose(self, field: Any, value: str) -> None:
        await self._reach(field)
        await self.page.keyboard.press("Home")
        for _ in range(await field.locator("option").count()):
            if await field.input_value() == value:
                return
            await self.page.keyboard.press("ArrowDown")
        assert await field.input_value() == value, (self.page.url, value)

    async def tick(self, field: Any) -> None:
        await self._reach(field)
        if await field.get_attribute("type") == "radio":
            for _ in range(8):
                if await field.is_checked():
                    return
                if await field.evaluate("(at) => at === document.activeElement"):
                    await self.page.keyboard.press("Space")
                else:
                    await self.page.keyboard.press("ArrowDown")
        elif not await field.is_checked():
            await self.page.keyboard.press("Space")
        assert await field.is_checked(), self.page.url
