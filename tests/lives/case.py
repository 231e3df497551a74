"""One case: any deed on it by anybody, what must be refused and leaves no trace, and what its readers see."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx

from service.measures.citations import articles_label
from tests.lives.people import Thing, good

if TYPE_CHECKING:
    from tests.lives.world import World

KNOWN = "known"  # the version that a case knows


@dataclass
class Case(Thing):
    """A project with the ETag and the text it has now."""

    id: str = ""
    world: World = field(kw_only=True, repr=False)
    codes: list[str] = field(
        default_factory=list, kw_only=True
    )  # what its declaration gave reasons for (art. 17)

    def by(self, who: str) -> Any:
        """A desk as a caller, for what is no deed on this case."""
        return self.world.by(who)

    async def tried(
        self, who: str, verb: str, body: Any = None, *, etag: str | None = KNOWN
    ) -> httpx.Response:
        """The answer, whatever it is; `etag`: under another version than this life knows, or under none."""
        version = self.etag if etag is KNOWN else etag
        answer = await self.world.by(who)("POST", f"/projects/{self.id}/{verb}", body, etag=version)
        if answer.is_success:
            self.etag = answer.headers.get("etag", self.etag)
            told = answer.json()
            now = told.get("project", told)
            self.data = now if now.get("id") == self.id else self.data
        return answer

    async def does(self, who: str, verb: str, body: Any = None) -> dict[str, Any]:
        """What must succeed; the answer, which is the case unless the deed makes something of its own."""
        return dict(good(await self.tried(who, verb, {} if body is None else body)).json())

    async def refused(
        self,
        who: str,
        verb: str,
        body: Any,
        status: int,
        code: str,
        *,
        pointer: str | None = None,
        field_code: str | None = None,
        article: int | None = None,
        gate: str | None = None,
    ) -> dict[str, Any]:
        """The problem of what must be refused, by this code, field, article and gate; the case is word for word what
        it was, and so are its records."""
        before = await self.read(), await self.records()
        answer = await self.tried(who, verb, body)
        problem: dict[str, Any] = answer.json()
        assert (answer.status_code, problem["code"]) == (status, code), answer.text
        assert answer.headers["content-type"].startswith("application/problem+json")
        if pointer is not None:
            fields = {each["pointer"]: each["code"] for each in problem["errors"]}
            assert pointer in fields, answer.text
            assert field_code is None or fields[pointer] == field_code, answer.text
        assert article is None or cites(problem, article), answer.text
        assert gate is None or problem.get("gate") == gate, answer.text
        assert (await self.read(), await self.records()) == before, f"{verb} left a trace"
        return problem

    async def wrong(
        self,
        who: str,
        verb: str,
        body: Any,
        pointer: str,
        field_code: str | None = None,
        *,
        article: int | None = None,
    ) -> dict[str, Any]:
        """Refused for what one of its fields says."""
        return await self.refused(
            who,
            verb,
            body,
            422,
            "invalid_body",
            pointer=pointer,
            field_code=field_code,
            article=article,
        )

    async def read(self, who: str = "owner") -> dict[str, Any]:
        """The case as this desk sees it now."""
        answer = good(await self.world.by(who)("GET", f"/projects/{self.id}"))
        self.etag, self.data = answer.headers["etag"], answer.json()
        return self.data

    async def sees(self, what: str, who: str = "owner") -> Any:
        """What hangs on the case: "history", "building", "acceptance", "versions/2" …"""
        return good(await self.world.by(who)("GET", f"/projects/{self.id}/{what}")).json()

    async def records(self, kind: str | None = None) -> list[dict[str, Any]]:
        """The latest first; all of them, or of one kind."""
        return list((await self.sees(f"records?limit=200{f'&kind={kind}' if kind else ''}"))["items"])

    def opinions(self) -> dict[str, Any]:
        """Every reason of the declaration accepted by name (art. 17)."""
        return {"opinions": [{"code": code, "accepted": True} for code in self.codes]}


def cites(problem: dict[str, Any], article: int) -> bool:
    """By its member; a refusal of single fields names the article in what it says of them."""
    if problem.get("article") is not None or problem["code"] != "invalid_body":
        return bool(problem.get("article") == article)
    said = " ".join([problem["detail"], *(each["detail"] for each in problem.get("errors", ()))])
    return f"第{article}条" in said or articles_label((article,)) in said
