"""What comes out on A4: no frame and no deeds, light whatever is chosen, nothing cut off at the right."""

from __future__ import annotations

from typing import Any

from tests.browser.looking import Looker

# Whose page, and how it is found: the first link of this kind on that page.
SHEETS = (
    ("case", "360100/gatekeeper", "/console/projects", "a.name[href^='/console/projects/']"),
    ("receipt", "360100/gatekeeper", "/console/filings", "a.name[href^='/console/filings/']"),
    ("monitor", "360000/office", "/console/monitor", ""),
    ("leading-group", "360000/leading_group_secretary", "/console/leading-group", ""),
)
# Of what is not for paper, what is shown all the same; and what the paper cuts off (A4 less its margins, in points).
_SHOWN = """() => [...document.querySelectorAll('.top, .foot, form, button, .filters, .batch, .skip')]
  .filter(each => each.getClientRects().length).map(each => each.className || each.tagName)"""
_CUT = """() => [...document.querySelectorAll('main *')]
  .filter(each => each.getBoundingClientRect().right > innerWidth + 1)
  .map(each => each.className || each.tagName).slice(0, 3)"""
_DARK = """() => [...document.querySelectorAll('.panel, .steps, .answers')].slice(0, 1)
  .map(each => getComputedStyle(each).backgroundColor).filter(each => each !== 'rgb(255, 255, 255)')"""
PAPER = 718  # CSS pixels between margins of 10 mm on A4


async def faults(looker: Looker, browser: Any) -> list[str]:
    """Prints each sheet to a PDF beside the screenshots."""
    found: list[str] = []
    for name, who, address, link in SHEETS:
        async with looker.opened(browser) as (page, _):
            await page.goto(f"{looker.base}/console/demo/{who}")
            await page.goto(looker.base + address)
            if link:
                first = page.locator(link).first
                if not await first.count():
                    found.append(f"print {name}: nothing to print at {address}")
                    continue
                await page.goto(looker.base + str(await first.get_attribute("href")))
            await page.set_viewport_size({"width": PAPER, "height": 1040})
            await page.evaluate("() => document.documentElement.dataset.theme = 'dark'")
            await page.emulate_media(media="print", color_scheme="dark")
            found += [f"print {name}: on {each}" for each in await page.evaluate(_DARK)]
            found += [f"print {name}: shows {each}" for each in await page.evaluate(_SHOWN)]
            found += [f"print {name}: cuts off {each}" for each in await page.evaluate(_CUT)]
            margin = dict.fromkeys(("top", "right", "bottom", "left"), "10mm")
            await page.pdf(path=looker.where / f"print-{name}.pdf", format="A4", margin=margin)
    return found
