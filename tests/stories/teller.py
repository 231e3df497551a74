"""A story: who did what on which day, what came of it, and what was refused on the way, told as a table.

    story = Story("…", as_user, tools, owner=("360100", "unit"))
    story.on(date(2026, 6, 12))
    await story.as_("360100", "unit").does("提交需求", "POST", "need/submit", {}, state="need_submitted")

`{p}` in a path is the story's project, and a path without a slash in front is about it; further projects have names.
Before a deed the person reads the record it is about, as a client would, and sends its ETag back.
"""

from __future__ import annotations

import io
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import httpx
from rich.console import Console
from rich.table import Table

from service.kit import clock
from service.kit.clock import SHANGHAI, legal_day
from service.measures.citations import articles_label
from service.measures.lifecycle import STATE_NAMES, State
from tests.stories.called import PROVINCE, called

Who = tuple[str, str | None]
_RECORD = re.compile(
    r"^/(projects|plans|experts|adoptions|intake-rounds|suspicions)/([0-9A-Za-z]+-[0-9a-f-]{36})"
)


@dataclass
class Tools:
    """What the fixtures lend a story: callers, the worker's relay, the daily look at obligations."""

    as_user: Callable[..., Any]
    relay: Callable[[], Awaitable[int]]
    look: Callable[[str], Awaitable[None]]


@dataclass
class Row:
    """A line of the table."""

    day: str
    who: str
    what: str
    came: str
    articles: str
    refused: bool = False


def problem_of(answer: httpx.Response) -> dict[str, Any]:
    """A refusal's document: problem+json, with a code and a Chinese sentence."""
    assert answer.headers["content-type"].startswith("application/problem+json"), answer.text
    problem: dict[str, Any] = answer.json()
    assert problem["code"], answer.text
    assert problem["detail"], answer.text
    return problem


def names_article(problem: dict[str, Any], article: int) -> bool:
    """Whether a refusal cites the article: as a member, or in the sentence of the whole or of a field."""
    texts = [problem["detail"], *(each["detail"] for each in problem.get("errors", ()))]
    labels = (articles_label((article,)), f"第{article}条")
    cited = [problem.get("article"), *problem.get("articles", ())]
    cited += [each["article"] for each in problem.get("findings", ())]
    return article in cited or any(label in text for label in labels for text in texts)


@dataclass
class Story:
    """One life (or several that belong together) as its people live it."""

    title: str
    tools: Tools
    owner: Who
    ids: dict[str, str] = field(default_factory=dict)
    owners: dict[str, Who] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    reasons: dict[str, Any] = field(default_factory=dict)  # what the declarer gave, for whoever answers it
    steps: int = 0
    refusals: int = 0

    def on(self, day: date, hour: int = 10) -> Story:
        """It is ten in the morning of that day in Jiangxi."""
        clock.travel(datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI))
        return self

    def as_(self, tenant: str, login: str | None = None) -> Person:
        """Somebody of a tenant; without a login the portal."""
        return Person(self, tenant, login)

    def province(self, login: str) -> Person:
        return self.as_(PROVINCE, login)

    def path(self, path: str) -> str:
        """A path with its names filled in; one without a slash in front is about the story's project."""
        full = path if path.startswith("/") else f"/projects/{{p}}/{path}"
        return full.format(**self.ids)

    async def case(self, name: str = "p") -> dict[str, Any]:
        """The project as its owner sees it now."""
        answer = await self.tools.as_user(*self.owners.get(name, self.owner))(
            "GET", f"/projects/{self.ids[name]}"
        )
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def last_step(self, name: str) -> dict[str, Any]:
        caller = self.tools.as_user(*self.owners.get(name, self.owner))
        found = (await caller("GET", f"/projects/{self.ids[name]}/history")).json()["transitions"]
        return dict(found[-1]) if found else {}

    async def told(self, tenant: str, login: str, kind: str, *words: str, name: str = "p") -> None:
        """The desk has a message of this kind about the project, with these words in it."""
        await self.tools.relay()
        caller = self.tools.as_user(tenant, login)
        items = (await caller("GET", f"/inbox?kind={kind}&limit=200")).json()["items"]
        mine = [each for each in items if each["project_id"] == self.ids[name]]
        assert mine, f"{tenant}/{login} heard nothing of {kind}: {[each['kind'] for each in items]}"
        text = "\n".join(each["title"] + each["body"] for each in mine)
        for word in words:
            assert word in text, f"{word} not in {text}"
        self.note(f"{called(tenant, login)}", "收到消息", mine[0]["title"])

    async def due(
        self,
        code: str,
        on: date | None = None,
        state: str = "open",
        *,
        article: int | None = None,
        name: str = "p",
    ) -> dict[str, Any]:
        """What the project owes: an obligation of this code in this state, due that day."""
        await self.tools.relay()
        await self.tools.look(self.ids[name][:6])
        caller = self.tools.as_user(*self.owners.get(name, self.owner))
        answer = await caller("GET", f"/projects/{self.ids[name]}/obligations")
        assert answer.status_code == 200, answer.text
        found = [each for each in answer.json()["items"] if each["code"] == code]
        fits = [
            each for each in found if each["state"] == state and (on is None or each["due"] == on.isoformat())
        ]
        known = [(each["code"], each["state"], each["due"]) for each in answer.json()["items"]]
        assert fits, f"{code} {state} {on}: {known}"
        assert article is None or fits[-1]["article"] == article, fits
        words = {"open": "应办", "lapsed": "已逾期", "done": "已办结", "void": "不再适用"}
        self.note(
            "期限",
            f"{fits[-1]['title']}（{fits[-1]['due']}）",
            words[state],
            articles_label((fits[-1]["article"],)),
        )
        return dict(fits[-1])

    def note(self, who: str, what: str, came: str, articles: str = "", *, refused: bool = False) -> None:
        self.rows.append(Row(legal_day(clock.now()).isoformat(), who, what, came, articles, refused))

    def tell(self) -> str:
        """The table; printed by `pytest -s`."""
        table = Table(
            title=f"{self.title}（{self.steps} 步，{self.refusals} 次不予办理）", title_justify="left"
        )
        for heading in ("日期", "谁", "做了什么", "其后状态", "条款"):
            table.add_column(heading, overflow="fold")
        for row in self.rows:
            table.add_row(
                row.day, row.who, row.what, row.came, row.articles, style="red" if row.refused else None
            )
        out = io.StringIO()
        Console(file=out, width=150, force_terminal=False).print(table)
        text = out.getvalue()
        print(f"\n{text}")
        return text


@dataclass
class Person:
    """Somebody at a desk, acting over HTTP."""

    story: Story
    tenant: str
    login: str | None

    @property
    def call(self) -> Any:
        return self.story.tools.as_user(self.tenant, self.login)

    async def sees(self, path: str, **more: Any) -> Any:
        """A read that must succeed."""
        answer = await self.call("GET", self.story.path(path), **more)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text}"
        return answer.json()

    async def _etag(self, path: str, of: str | None) -> str | None:
        found = _RECORD.match(of or path)
        if found is None:
            return None
        return (await self.call("GET", of or found.group(0))).headers.get("etag")

    async def does(
        self,
        what: str,
        method: str,
        path: str,
        body: Any = None,
        *,
        state: str | None = None,
        holder: str | None = None,
        articles: tuple[int, ...] = (),
        new: str | None = None,
        name: str | None = None,
        of: str | None = None,
    ) -> Any:
        """What must succeed. `new`: the answer is a project of this name; `name`: the project it is about."""
        story = self.story
        real = story.path(path)
        etag = await self._etag(real, of and story.path(of))
        answer = await self.call(method, real, body, etag=etag)
        assert answer.is_success, f"{what}: {answer.status_code} {answer.text}"
        told = answer.json() if answer.content else None
        story.steps += 1
        if new is not None:
            story.ids[new] = told["id"]
        name = name or new or next((key for key, ref in story.ids.items() if ref in real), None)
        came, cited = "", ""
        if name is not None:
            now, last = await story.case(name), await story.last_step(name)
            came = STATE_NAMES[State(now["state"])]
            cited = articles_label(tuple(last["citation"]["articles"])) if last else ""
            for article in articles:
                assert article in last["citation"]["articles"], (what, last)
            assert state is None or now["state"] == state, f"{what}: {now['state']}"
            assert holder is None or now["holder"] == holder, f"{what}: {now['holder']}"
        story.note(called(self.tenant, self.login), what, came, cited)
        return told

    async def refused(
        self,
        what: str,
        method: str,
        path: str,
        body: Any,
        code: str,
        article: int | None = None,
        *,
        pointer: str | None = None,
        status: int | None = None,
        gate: str | None = None,
        name: str | None = None,
        of: str | None = None,
    ) -> dict[str, Any]:
        """What must be refused, by this code and article, with the project word for word what it was."""
        story = self.story
        real = story.path(path)
        name = name or next((key for key, ref in story.ids.items() if ref in real), None)
        before = await story.case(name) if name else None
        etag = await self._etag(real, of and story.path(of)) or (f'"{before["version"]}"' if before else None)
        answer = await self.call(method, real, body, etag=etag)
        assert not answer.is_success, f"{what} should be refused"
        problem = problem_of(answer)
        assert problem["code"] == code, answer.text
        assert status is None or answer.status_code == status, answer.text
        assert article is None or names_article(problem, article), answer.text
        assert gate is None or problem.get("gate") == gate, answer.text
        pointers = [each["pointer"] for each in problem.get("errors", ())]
        assert pointer is None or pointer in pointers, answer.text
        assert name is None or before == await story.case(name), f"{what} left a trace"
        story.refusals += 1
        cited = articles_label((article,)) if article else ""
        said = next(
            (each["detail"] for each in problem.get("errors", ()) if pointer in (None, each["pointer"])), ""
        )
        story.note(
            called(self.tenant, self.login), what, f"× {said or problem['detail']}"[:60], cited, refused=True
        )
        return problem
