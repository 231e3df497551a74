"""What a page shows when there is nobody, nothing, no right, or something wrong: each is looked at."""

from __future__ import annotations

from typing import Any

from tests.browser.looking import Looker

UNIT = "/console/demo/360100/unit"
FOREIGN = "/console/admin/people"  # of administrators
_OLD_MARK = """() => { const form = document.querySelector('form.leave');
  form.querySelector('[name="_csrf"]').value = '0'.repeat(64); form.submit(); }"""
_WRONG = """() => { const form = document.getElementById('draft'); form.noValidate = true;
  form.querySelector('[name="/name"]').value = '试';
  form.querySelector('[name="/facts/investment_yuan"]').value = '四百万';
  delete form.dataset.dirty; form.submit(); }"""


async def states(looker: Looker, browser: Any) -> None:
    """Each of them once, in all widths and themes."""
    async with looker.opened(browser) as (page, watch):

        async def shown(name: str, address: str) -> None:
            answer = await page.goto(looker.base + address)
            await looker.look(page, watch, "states", name, None, answer.status if answer else 200)

        for address in ("/console/enter", "/console/enter?tenant=360100", "/verify"):
            await looker.go(page, watch, "states", address)
        await page.goto(looker.base + UNIT)
        await shown("(not there)", "/console/projects/360100-00000000-0000-4000-8000-000000000000")
        await shown("(not allowed)", FOREIGN)
        await shown("(classified)", "/console/apps?text=机密★十年")
        await shown("(nothing found)", "/console/apps?text=吹唢呐")
        await page.goto(looker.base + "/console/projects/new")
        amount = page.locator('[name="/facts/investment_yuan"]')
        for told, yuan in (
            ("３２０ 万元", "3200000"),
            ("1.25亿", "125000000"),
            ("4,800,000.00", "4800000.00"),
            ("四百万", "四百万"),
        ):
            await amount.fill(told)
            await amount.press("Tab")
            if await amount.input_value() != yuan:
                looker.found.append(f"an amount of {told} becomes {await amount.input_value()}")
        for name, address, script in (
            ("(old session)", "/console/apps", _OLD_MARK),
            ("(refused form)", "/console/projects/new", _WRONG),
        ):
            await page.goto(looker.base + address)
            async with page.expect_navigation():
                await page.evaluate(script)
            await looker.look(page, watch, "states", name)
