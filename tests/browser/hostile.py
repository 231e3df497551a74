"""Fifty texts that would like to be markup, script, template, address, formula or style; and a page typed full of them.

Each calls `hit()` or draws an element called `pwn` where it gets its way.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

from service.demo.client import Refused
from service.demo.queues import UNIT
from tests.browser.looking import Looker
from tests.browser.making import Desks, named

TEXTS = tuple(Path(__file__).with_name("hostile.txt").read_text(encoding="utf-8").strip("\n").split("\n"))
_WATCHED = "window.hits = 0; window.hit = () => { window.hits += 1; };"
_TAKEN = """() => window.hits + document.querySelectorAll(`pwn, main script, main iframe, main object, main embed, base,
  main style, main link, main meta`).length"""


async def faults(looker: Looker, browser: Any, desks: Desks) -> list[str]:
    """Where one of them had its way: drafts named so in lists and on their pages, searches, parts swapped in."""
    found: list[str] = []
    async with looker.opened(browser) as (page, watch):
        await page.add_init_script(_WATCHED)
        page.on("dialog", lambda told: found.append(f"{page.url}: {told.message}"))
        await page.goto(f"{looker.base}/console/demo/360100/unit")

        async def asked(what: str) -> None:
            taken = await page.evaluate(_TAKEN)
            said = [each for told in watch.taken().values() for each in told]
            found.extend([f"text {what}: taken {taken} times"] if taken else [])
            found.extend(f"text {what}: {each}" for each in said)

        for text in TEXTS:
            await page.goto(f"{looker.base}/console/apps?text={quote(text)}")
            await asked(f"{text} as a search")
        for text in TEXTS[::5]:
            await page.goto(f"{looker.base}/console/projects/new")
            async with page.expect_response(lambda told: "/console/projects/new" in told.url):
                await page.locator('[name="/name"]').fill(f"视频会议{text}")
            await page.wait_for_function("() => !document.querySelector('.htmx-request')")
            await asked(f"{text} in a part swapped in")
            await page.evaluate(
                "() => document.querySelectorAll('form').forEach(f => delete f.dataset.dirty)"
            )
        for address in await _drafts(desks):
            await page.goto(looker.base + address)
            await asked(f"in {address}")
    return found


async def _drafts(desks: Desks) -> list[str]:
    """Two drafts whose every text is one of these; the pages that show them."""
    addresses = ["/console/projects"]
    texts = iter(TEXTS * 2)

    def hostile(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: hostile(each) for key, each in value.items()}
        if isinstance(value, list):
            return [hostile(each) for each in value]
        return next(texts) if isinstance(value, str) and value.startswith("（演示）") else value

    for _ in range(3):
        body = desks.declaration(f"{named()}{next(texts)}", "900000.00")
        body["materials"] = hostile(body["materials"])
        made = await _made(desks, body)
        at = f"/console/projects/{made.data['id']}"
        steps = ("overview", "money", "content", "reuse", "papers", "submit")
        addresses += [at, f"{at}/papers", *(f"{at}/edit?step={step}" for step in steps)]
    return addresses


async def _made(desks: Desks, body: Any) -> Any:
    """The draft; what a field refuses (a number with a blank, a mark that turns writing around) is left to others."""
    while True:
        try:
            return await desks.client.send(UNIT, "POST", "/projects", body)
        except Refused as refused:
            for fault in refused.errors:
                *way, last = [
                    int(each) if each.isdecimal() else each for each in fault["pointer"].split("/")[1:]
                ]
                at = body
                for each in way:
                    at = at[each]
                assert at[last] in TEXTS or last == "name", fault
                at[last] = named() if last == "name" else "符合要求"
