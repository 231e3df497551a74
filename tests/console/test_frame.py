"""What every page holds to: who may see it, what it may load, how a deed gets in, and that no code is on the screen."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from service.console import account, desk, pages
from service.console.api import ROUTES
from service.console.front import Console
from service.identity.sessions import IDLE, LONGEST, Sessions
from service.kit import clock
from service.kit.inside import Inside
from service.kit.moment import Moment
from tests.console.browser import Form
from tests.console.trips import TRIPS

AUDIENCES = [
    (tenant, login) for _, people in account.SHOWN for tenant, login in people
]  # one person of each audience of the demo
_OPENED: set[str] = set()
_NAV = re.compile(r'<nav class="nav".*?</nav>', re.S)
TEMPLATES = Path(pages.__file__).parent / "templates"
CONSOLE_PATHS = sorted(path for route in ROUTES for path in route.paths)
PAGES = (
    "/console",
    "/console/apps",
    "/console/apps?text=视频会议",
    "/console/adoptions",
    "/console/rules",
    "/console/duties",
    "/console/duties?all=1",
    "/console/provisions",
    "/console/projects/new",
    "/console/admin/people",
    "/console/admin/people/paste",
    "/console/admin/offices",
    "/console/admin/issuers",
    "/console/admin/clients",
    "/console/admin/webhooks",
    "/console/admin/audit?verify=1",
    "/console/admin/audit/verdict",
    "/console/admin/spills",
    "/console/admin/calendar",
    "/console/more",
)


def test_a_part_that_is_fetched_does_not_name_the_tab() -> None:
    """A look at a row and a case's papers come out of pages of their own, whose titles the tab would take on."""
    frame = (TEMPLATES / "frame.html").read_text(encoding="utf-8")
    config = re.search(r"""name="htmx-config" content='(.+?)'""", frame)
    assert config is not None and json.loads(config[1])["ignoreTitle"] is True


@pytest.mark.long
@pytest.mark.parametrize("who", AUDIENCES, ids=str)
async def test_each_audience_sees_its_pages_in_words(
    visit: Callable[..., Any], who: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And each in eight round trips."""
    browser, spent, fetch = await visit(*who), dict[int, Moment](), Moment.fetch

    async def counted(self: Moment, *asked: Any) -> Any:
        spent[id(self)] = self
        return await fetch(self, *asked)

    async def opened(path: str) -> Any:
        """The page; asked for again where the first had to derive what was changed last, which is no reading."""
        for _ in range(2):
            spent.clear()
            shown = await browser.go(path)
            if all(each.reads <= TRIPS for each in spent.values()):
                return shown
        told = [each.reads for each in spent.values() if each.reads > TRIPS]
        assert told == [], (path, told)
        return shown

    monkeypatch.setattr(Moment, "fetch", counted)
    shown = await _in_words(opened)
    offered = {each.partition('"')[0] for each in _NAV.findall(shown.html)[0].split('href="')[1:]}
    offered |= {
        each.partition('"')[0] for each in shown.html.partition('class="index"')[2].split('href="')[1:]
    }
    fresh = offered - set(PAGES) - _OPENED  # a register reads alike for all: once is enough
    _OPENED.update(fresh)
    for address in sorted(fresh):
        place = await opened(address)
        assert place.status == 200, (who, address, place.text)
        assert not place.codes, (who, address, place.codes)


async def _in_words(opened: Any) -> Any:
    """No code, no style and no script of its own; one place of the bar at most."""
    for path in PAGES:
        shown = await opened(path)
        assert shown.status in (200, 403, 404), (path, shown.text)
        assert not shown.codes, (path, shown.codes)
        assert "default-src 'none'" in shown.response.headers["content-security-policy"]
        assert shown.response.headers["cache-control"] == "no-store"
        for tag, given in shown.tags:
            assert "style" not in given and not any(name.startswith("on") for name in given), (
                path,
                tag,
                given,
            )
            assert tag != "style" and (tag != "script" or given.get("src", "").startswith("/console/static/"))
        bar = [
            given["href"] for tag, given in shown.tags if tag == "a" and given.get("aria-current") == "page"
        ]
        assert len(bar) <= 1
    return shown


def test_no_link_leads_to_a_page_that_is_not_built() -> None:
    """Addresses in templates and of tasks, each with the route that answers it."""
    served = [re.compile(re.sub(r"\{[^}]*\}", "[^/]+", path)) for path in CONSOLE_PATHS]
    told = {f"{place}/x" for place in desk._PAGES.values()}
    for template in TEMPLATES.rglob("*.html"):
        for address in re.findall(r'(?:href|action)="(/console[^"]*)"', template.read_text("utf-8")):
            told.add(re.split("[?#]", re.sub(r"\{\{.*?\}\}", "x", address))[0])
    assert len(told) > 15
    assert {each for each in told if not any(route.fullmatch(each) for route in served)} == set()


def test_what_a_script_fetches_after_the_page_is_a_link_where_there_is_none() -> None:
    """To the same address with the same parameters."""
    late, missed = 0, []
    for template in TEMPLATES.rglob("*.html"):
        text = template.read_text("utf-8")
        for tag in re.findall(r"<[a-z]+\b[^<]*?hx-trigger=\"load[^<]*?>", text):
            late += 1
            asked = re.search(r'hx-get="(.+?)"[ >]', tag)
            if asked is None or f'href="{asked[1]}"' not in text:
                missed.append((template.name, tag))
    assert late > 6 and not missed


async def test_nobody_is_led_to_sign_in_and_back(visit: Callable[..., Any]) -> None:
    browser = await visit()
    away = await browser.client.get("/console/apps?text=x")
    assert (away.status_code, away.headers["location"]) == (303, "/console/enter?to=/console/apps%3Ftext%3Dx")
    shown = await browser.go(away.headers["location"])
    assert shown.status == 200 and "/console/demo/360100/gatekeeper?to=/console/apps%3Ftext%3Dx" in shown.html
    entered = await browser.client.get("/console/demo/360100/gatekeeper?to=//elsewhere.test/")
    assert entered.headers["location"] == "/console"
    cookie = entered.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie
    assert (await browser.go("/console/nothing")).status == 404
    assert (await browser.go("/console/demo/360100/nobody")).status == 400


async def test_files_keep_for_a_year_under_the_name_of_their_content(visit: Callable[..., Any]) -> None:
    browser = await visit()
    shown = await browser.go("/console/enter")
    for address in set(re.findall(r'"(/console/static/[^"]+)"', shown.html)):
        file = await browser.client.get(address)
        assert file.status_code == 200 and "immutable" in file.headers["cache-control"], address
    assert (await browser.client.get("/console/static/console.css")).status_code == 404


async def test_a_session_ends_unused_after_its_longest_and_by_leaving(
    app: Any, visit: Callable[..., Any]
) -> None:
    sessions: Sessions = app.app.state.services.shelf[Console].sessions
    begun = clock.timestamp()

    async def status(browser: Any, after: timedelta) -> int:
        sessions.clock = lambda: begun + after.total_seconds()
        return int((await browser.go("/console/apps")).status)

    try:
        browser, quarter = await visit("360100", "unit"), timedelta(minutes=15)
        assert [await status(browser, n * quarter) for n in range(1, 4)] == [200] * 3  # used, it goes on
        assert await status(browser, 3 * quarter + IDLE + timedelta(seconds=90)) == 303
        sessions.clock = lambda: begun
        browser = await visit("360100", "unit")
        nearly = [await status(browser, n * (IDLE - timedelta(minutes=2))) for n in range(1, 22)]
        assert nearly == [200] * 21  # nine hours and 48 minutes
        assert await status(browser, LONGEST + timedelta(minutes=1)) == 303
    finally:
        sessions.clock = clock.timestamp
    browser = await visit("360100", "unit")
    shown = await browser.go("/console/apps")
    leave = next(form for form in shown.forms if form.action == "/console/leave")
    cookie = browser.client.cookies["tongjian"]
    left = await browser.send("/console/apps", leave)
    assert (left.status_code, left.headers["clear-site-data"]) == (303, '"storage"')
    browser.client.cookies.set("tongjian", cookie)
    assert (await browser.go("/console/apps")).status == 303


async def test_whoever_leaves_everywhere_is_signed_in_nowhere(visit: Callable[..., Any]) -> None:
    here, there, another = [await visit("360100", login) for login in ("unit", "unit", "gatekeeper")]
    form = next(each for each in (await here.go("/console/sessions")).forms if "all" in each.fields)
    assert (await here.send("/console/sessions", form)).status_code == 303
    assert [(await each.go("/console/apps")).status for each in (here, there, another)] == [303, 303, 200]


def test_what_a_browser_keeps_is_of_this_host_alone_and_no_scripts() -> None:
    """In production; in development there is no https, which the prefix asks for."""
    console = Console(None, secure=True)  # type: ignore[arg-type]
    for cookie in (console.set_cookie("x"), console.trip_cookie("x"), console.choice_cookie("theme", "dark")):
        assert cookie.startswith("__Host-tongjian")
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    kept = console.choice_cookie("theme", "dark").partition(";")[0].encode()
    off = console.choice_cookie("keys", "off").partition(";")[0].encode()
    scope = {"headers": [(b"cookie", kept + b"; " + off)]}
    assert pages.theme_of(scope) == "dark" and not pages.keys_of(scope)


async def test_a_form_from_elsewhere_or_of_an_old_session_does_nothing(visit: Callable[..., Any]) -> None:
    browser = await visit("360100", "360121.user")
    shown = await browser.go("/console/apps")
    leave = next(form for form in shown.forms if form.action == "/console/leave")
    for headers in ({"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}):
        assert (await browser.send("/console/apps", leave, **headers)).status_code == 403
    foreign = await browser.client.post(
        "/console/leave",
        content="x=1",
        headers={"content-type": "application/x-www-form-urlencoded", "origin": "http://elsewhere.test"},
    )
    assert foreign.status_code == 403
    old = Form({"method": "post"})
    old.fields = {**leave.fields, "_csrf": "0" * 64, "note": "<b>留下</b>"}
    again = await browser.send("/console/leave", old)
    assert again.status_code == 403 and "&lt;b&gt;留下" in again.text and "请再确认一次" in again.text
    assert (await browser.go("/console/apps")).status == 200  # nothing was done


async def test_what_one_left_unsent_is_not_the_next_ones_to_send(visit: Callable[..., Any]) -> None:
    """The session is over, another signs in on the same browser: the form is neither shown nor offered in his name."""
    first, second = await visit("360100", "unit"), await visit("360100", "gatekeeper")
    form = (await first.go("/console/projects/new")).form("projects_create")
    form.fields["/name"] = "未发出的系统"
    for anothers in (form, Form({"method": "post"})):
        anothers.fields = {**anothers.fields, "/name": "未发出的系统"}
        refused = await second.shown("/console/projects/new", anothers)
        assert refused.status == 403 and "未发出的系统" not in refused.html
        assert "不能用您的名义" in refused.text and "确认提交" not in refused.text
    back = await visit("360100", "unit")  # the same person in a new session sends it once more
    again = await back.shown("/console/projects/new", form)
    assert again.status == 403 and "未发出的系统" in again.html and "确认提交" in again.text
    nobody = await (await visit()).shown("/console/projects/new", form)
    assert nobody.status == 401 and "未发出的系统" in nobody.html


async def test_the_demo_lets_nobody_in_outside_development(app: Any, visit: Callable[..., Any]) -> None:
    console: Console = app.app.state.services.shelf[Console]
    console.sessions.demo = False
    try:
        browser = await visit()
        assert (await browser.go("/console/demo/360100/unit")).status == 404
        assert "/console/demo/" not in (await browser.go("/console/enter")).html
    finally:
        console.sessions.demo = True


async def test_a_cookie_opens_pages_and_nothing_of_the_api(visit: Callable[..., Any]) -> None:
    browser = await visit("360100", "unit")
    assert (await browser.client.get("/api/v1/projects")).status_code == 401


async def test_classified_text_is_refused_with_a_page_that_echoes_nothing(visit: Callable[..., Any]) -> None:
    browser = await visit("360100", "360121.user")
    shown = await browser.go("/console/apps?text=机密★十年")
    assert shown.status == 422 and "保密渠道" in shown.text and "十年" not in shown.html


def test_every_operation_a_page_names_is_one(app: Any) -> None:
    inside: Inside = app.app.state.services.shelf[Inside]
    root = Path(pages.__file__).parent
    named = re.compile(r"(?:may|ask|maybe|do|reply)\(\s*['\"]([a-z_]+)['\"]|_op\" value=\"([a-z_]+)\"")
    found = {
        one or other
        for file in [*root.glob("*.py"), *root.rglob("*.html")]
        for one, other in named.findall(file.read_text(encoding="utf-8"))
    }
    assert len(found) > 5 and not [name for name in sorted(found) if inside.spec(name) is None]
    pages.compile_all()
