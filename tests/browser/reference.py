"""/docs as a browser of 2020 runs it: what came to Chromium after 86 is taken away before any script runs."""

from __future__ import annotations

from typing import Any

from playwright.async_api import TimeoutError

# Of what Swagger UI might use: the built-ins that came with Chromium 87 to 130 and stand on prototypes or globals.
_LATER = """
for (const [thing, names] of [
  [Object, ["hasOwn", "groupBy"]], [Map, ["groupBy"]],
  [Array.prototype, ["at", "findLast", "findLastIndex", "toSorted", "toReversed", "toSpliced", "with", "group"]],
  [String.prototype, ["at", "isWellFormed", "toWellFormed"]], [Array, ["fromAsync"]],
  [Promise, ["withResolvers", "try"]],
  [window, ["structuredClone", "reportError", "scheduler", "navigation"]], [Crypto.prototype, ["randomUUID"]],
  [AbortSignal, ["timeout", "any"]], [URL, ["canParse", "parse"]],
  [Set.prototype, ["union", "intersection", "difference", "isSubsetOf", "isSupersetOf"]],
]) for (const name of names) delete thing[name];
"""


async def faults(browser: Any, base: str) -> list[str]:
    """What goes wrong on the page, opened with one operation unfolded; nothing where it works."""
    context = await browser.new_context(bypass_csp=False)
    await context.add_init_script(_LATER)
    page = await context.new_page()
    page.set_default_timeout(180_000)
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(f"/docs: {error}"))
    page.on(
        "console", lambda said: found.append(f"/docs: {said.text[:200]}") if said.type == "error" else None
    )
    page.on(
        "request",
        lambda ask: None if ask.url.startswith((base, "data:")) else found.append(f"/docs: {ask.url}"),
    )
    try:
        await page.goto(f"{base}/docs")
        block = page.locator(".opblock").first
        await block.wait_for()
        await block.locator(".opblock-summary-control").first.click()
        await block.locator(".opblock-body").wait_for()
        if not await page.locator(".opblock").count() > 100:
            found.append("/docs: hardly any operation")
    except TimeoutError as error:
        found.append(f"/docs: {error}")
    finally:
        await context.close()
    return found
