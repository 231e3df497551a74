"""python -m tests.browser BASE [DIR]: every page of every audience of a running demo in Debian's Chromium.

Two widths, both themes: axe-core's findings, violations of the policy, requests to anywhere else, faults of scripts.
Keeps a screenshot of each; ends with 1 unless all counts are 0. axe-core comes from npm (not vendored, never served).
"""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

from playwright.async_api import async_playwright

from service.console.account import SHOWN
from tests.browser import reference

AXE = "axe-core@4.14.1"
PAGES = (
    "/console", "/console/monitor", "/console/projects", "/console/apps", "/console/apps?text=视频会议",
    "/console/adoptions", "/console/provisions", "/console/duties", "/console/rules", "/console/projects/new",
)  # fmt: skip
SIZES, THEMES = (1440, 1024), ("light", "dark")


def chromium() -> str:
    """The installed browser; ends with the package's name where there is none."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        raise SystemExit("make browser: no Chromium; install the package chromium (apt-get install chromium)")
    return found


def axe(where: Path) -> str:
    """axe-core's text, fetched once by npm."""
    kept = where / "axe.min.js"
    if not kept.exists():
        name = subprocess.run(
            ["npm", "pack", "--silent", AXE], cwd=where, check=True, capture_output=True, text=True
        ).stdout.split()[-1]
        with tarfile.open(where / name) as archive:
            member = archive.extractfile("package/axe.min.js")
            assert member is not None
            kept.write_bytes(member.read())
    return kept.read_text(encoding="utf-8")


class Walk:
    """What was found on the way."""

    def __init__(self, base: str, where: Path, script: str) -> None:
        self.base, self.where, self.script = base, where, script
        self.seen = 0
        self.found: list[str] = []

    def watch(self, page: Any) -> None:
        """Notes what the page should never do."""
        page.on("console", lambda said: self._said(page, said))
        page.on("pageerror", lambda error: self.found.append(f"{page.url}: {error}"))
        page.on("request", lambda asked: self._asked(page, asked))

    def _said(self, page: Any, said: Any) -> None:
        if "Content Security Policy" in said.text or "Content-Security-Policy" in said.text:
            self.found.append(f"{page.url}: {said.text[:200]}")

    def _asked(self, page: Any, asked: Any) -> None:
        if not asked.url.startswith((self.base, "data:")):
            self.found.append(f"{page.url}: asks {asked.url}")

    async def look(self, browser: Any, who: tuple[str, str], width: int, theme: str) -> None:
        """All pages of one person; what is not theirs is left out."""
        context = await browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=theme, locale="zh-CN", bypass_csp=False
        )
        page = await context.new_page()
        self.watch(page)
        await page.goto(f"{self.base}/console/demo/{'/'.join(who)}")
        cases = await page.eval_on_selector_all(
            "a[href^='/console/projects/3']", "all => all.map(a => a.pathname)"
        )
        for path in (*PAGES, *cases[:1]):
            answer = await page.goto(self.base + path)
            if answer is None or answer.status in (403, 404):
                continue
            self.seen += 1
            if answer.status >= 500:
                self.found.append(f"{who} {path}: {answer.status}")
            name = path.strip("/").replace("/", "-").replace("?", "-")
            await page.screenshot(path=self.where / f"{who[1]}-{name}-{width}-{theme}.png", full_page=True)
            # By the debugger, which the page's policy does not concern.
            await page.evaluate(self.script)
            told = await page.evaluate(
                "async () => (await axe.run()).violations.map(v => [v.id, v.nodes.length])"
            )
            self.found += [f"{who[1]} {path} {width} {theme}: axe {rule} x{count}" for rule, count in told]
        await context.close()


async def walk(base: str, where: Path) -> int:
    """Everybody, at both widths, in both themes."""
    where.mkdir(parents=True, exist_ok=True)
    found = Walk(base, where, axe(where))
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for who in [person for _, people in SHOWN for person in people]:
            for width in SIZES:
                for theme in THEMES:
                    await found.look(browser, who, width, theme)
        found.found += await reference.faults(browser, base)
        await browser.close()
    print(f"{found.seen} pages looked at, {len(found.found)} findings; screenshots in {where}")
    for each in sorted(set(found.found)):
        print(" ", each)
    return 1 if found.found else 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit("python -m tests.browser ADDRESS [directory], beside a running demo (make demo)")
    sys.exit(
        asyncio.run(walk(sys.argv[1].rstrip("/"), Path(sys.argv[2] if len(sys.argv) > 2 else "var/browser")))
    )
