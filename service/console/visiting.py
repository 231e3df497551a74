"""One request of a page: who comes, what was asked, and the operations it may call in the caller's name."""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast
from urllib.parse import parse_qsl, urlencode

import msgspec
from litestar import Request

from service.identity.visitors import Visitor
from service.kit import clock
from service.kit.acting import whose
from service.kit.api import Services
from service.kit.authn import Principal
from service.kit.authz import check
from service.kit.clock import legal_day
from service.kit.db import cases
from service.kit.errors import ServiceError, or_404
from service.kit.formdata import MULTIPART, File, body_of, pairs_of, parts_of
from service.kit.idempotency import Reply
from service.kit.inside import Ask, Inside
from service.kit.moment import MOMENT, Moment
from service.vocabulary import names

CSRF, KEY, VERSION, FILE, FOR, WHO = "_csrf", "_key", "_version", "_file", "_for", "_who"
QUERY = "_query."
TAKES_FILES = ("/papers", "/verify/file", "/draft-templates", "/workbooks/new")
Asked = Mapping[str, Any] | Iterable[tuple[str, str]] | str


class Visit:
    """A page's request. `problem`: the refusal of the deed it tried; `secret`: what its answer holds, shown once."""

    def __init__(self, request: Request[Any, Any, Any]) -> None:
        self.request = request
        self.services: Services = request.app.state.services
        self.inside: Inside = self.services.shelf[Inside]
        self.visitor = cast("Visitor | None", request.scope.get("tj.visitor"))
        self.request_id = cast(str, request.scope.get("tj.request_id", ""))
        self.path: str = request.scope["path"]
        self.query_string: str = request.scope["query_string"].decode("latin-1")
        self.query = _query(self.query_string)
        self.form: list[tuple[str, str]] = []
        self.files: dict[str, File] = {}
        self.problem: ServiceError | None = None
        self.lacking: Sequence[str] = ()  # pointers of a draft without which it is not submitted
        self.secret = ""
        across = self.visitor is not None and cases(self.visitor.principal).login == "province"
        self.moment = Moment(self.services.door, first="province" if across else "tenant")

    @property
    def principal(self) -> Principal:
        """Who comes; 401 for whom nobody knows."""
        if self.visitor is None:
            raise ServiceError(401, "session_over", "登录已过期，请重新登录")
        return self.visitor.principal

    @property
    def tier(self) -> str:
        return self.principal.tier

    @property
    def today(self) -> str:
        """The legal day, as answers spell days."""
        return legal_day(clock.now()).isoformat()

    def part(self, name: str) -> str:
        """A part of the path."""
        return str(self.request.path_params[name])

    def may(self, *operations: str) -> bool:
        """Whether the caller's roles open all of these."""
        return all(self.inside.may(self.principal, each) for each in operations)

    def whose(self, operation: str) -> list[tuple[str, str]]:
        """(login, how it is told) of those in whose name a deputy may do it; empty where there is no choice."""
        spec = self.inside.spec(operation)
        if spec is None or not self.principal.deputed:
            return []
        found = whose(self.principal, self.services.policy, ((spec.resource, spec.action), *spec.then))
        labels, tier = names("tier_role"), self.principal.tier
        told = {
            each.login: f"代 {each.login}（{labels.get(f'{tier}.{each.role}', '')}）"
            for each in self.principal.deputed
        }
        return [(each or "", told[each] if each else "本人") for each in found] if len(found) > 1 else []

    def must(self, operation: str) -> None:
        """403, as the operation would say it, where a page is of use only to those who may."""
        spec = or_404(self.inside.spec(operation))
        check(self.services.policy, self.principal, spec.resource, spec.action, spec.summary)

    async def reply(
        self,
        name: str,
        path: Mapping[str, str],
        *,
        query: Asked = (),
        body: bytes = b"",
        if_match: str | None = None,
        key: str | None = None,
        media: str = "application/json",
    ) -> Reply:
        """An operation's answer; refusals are raised. Reads are of the page's one moment, a deed of its own."""
        pairs = [(name, str(value)) for name, value in query.items()] if isinstance(query, Mapping) else query
        spec = self.inside.spec(name)
        if spec is not None and spec.unsafe:
            await self.moment.end()
        token = MOMENT.set(None if spec is not None and spec.unsafe else self.moment)
        try:
            return await self.inside.reply(
                Ask(
                    self.principal,
                    name,
                    path=path,
                    query=pairs,
                    body=body,
                    media=media,
                    if_match=if_match,
                    key=key,
                    request_id=self.request_id,
                    address=self.request.scope.get("tj.address"),
                    acting_for=(self.field(FOR) or None) if spec is not None and spec.unsafe else None,
                )
            )
        finally:
            MOMENT.reset(token)

    async def ask(self, name: str, query: Asked = (), **path: str) -> Any:
        """What a read answers."""
        reply = await self.reply(name, path, query=query)
        return msgspec.json.decode(reply.body) if reply.body else None

    async def maybe(self, name: str, query: Asked = (), **path: str) -> Any | None:
        """What a read answers, or None where the caller's roles or reach do not open it."""
        if not self.may(name):
            return None
        try:
            return await self.ask(name, query, **path)
        except ServiceError as error:
            if error.status in (403, 404, 409):
                return None
            raise

    async def do(self, name: str, /, **path: str) -> Any:
        """A deed with the form's fields as its body, once for each form that was drawn."""
        spec = self.inside.spec(name)
        version = self.field(VERSION)
        reply = await self.reply(
            name,
            path,
            query=self.asked_with(),
            body=body_of(self.form) if spec is not None and spec.body is not None else b"",
            if_match=version or None,
            key=self.field(KEY) or None,
        )
        return msgspec.json.decode(reply.body) if reply.body else None

    def asked_with(self) -> dict[str, str]:
        """What the form says for a deed's parameters: fields called `_query.<name>`."""
        return {name[len(QUERY) :]: value for name, value in self.form if name.startswith(QUERY) and value}

    def field(self, name: str) -> str:
        """A field of the form; empty where it was not sent."""
        return next((value for key, value in self.form if key == name), "")

    def touched(self, operation: str, at: str) -> bool:
        """Whether something at or below a pointer was typed, is wrong or is missing: what is folded opens for it."""
        below = list(self.lacking)
        if self.field("_op") == operation:
            below += [name.partition(":")[0] for name, value in self.form if value]
            below += [
                each.pointer for each in (self.problem.extensions.get("errors", []) if self.problem else [])
            ]
        return any(each == at or each.startswith(f"{at}/") for each in below)

    def rows(self, at: str) -> int:
        """How many rows the form sent for a list (its pointer), so that all of them come back."""
        heads = {name[len(at) + 1 :].partition("/")[0] for name, _ in self.form if name.startswith(f"{at}/")}
        return max((int(each) + 1 for each in heads if re.fullmatch(r"[0-9]{1,2}", each)), default=0)

    def read_form(self) -> None:
        """Reads the form. 403 unless the browser says it was sent from a page of ours."""
        raw = cast(bytes, self.request.scope.get("tj.body", b""))
        media = self.request.headers.get("content-type", "")
        if media.partition(";")[0].strip().lower() == MULTIPART and self.path.endswith(TAKES_FILES):
            self.form, self.files = parts_of(raw, media)
        else:
            self.form = pairs_of(raw, media)
        if not self._ours():
            raise ServiceError(403, "cross_site", "这次提交不是从本系统的页面发出的，未予办理")

    def marked(self) -> bool:
        """Whether the form carries the mark of this very session."""
        return self.visitor is not None and hmac.compare_digest(
            self.visitor.csrf.encode(), self.field(CSRF).encode("utf-8", "replace")
        )

    def anothers(self) -> bool:
        """Whether somebody is signed in for whom the form was not drawn: another person's, or nobody can tell whose."""
        return self.visitor is not None and self.field(WHO) != drawn_for(self.visitor)

    def _ours(self) -> bool:
        headers = self.request.headers
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site in ("same-origin", "none")
        # Browsers send it to https and this machine only; over plain http the origin says the same.
        return headers.get("origin", "").partition("://")[2] == headers.get("host", "-")

    def picked(self, *names: str) -> dict[str, str]:
        """Those of the page's parameters that an operation takes as they are."""
        return {name: self.query[name] for name in names if name in self.query}

    def link(self, **changes: Any) -> str:
        """The page's own address with some of its parameters changed; None takes one away."""
        here = changes.keys() == {
            "peek"
        }  # looking at a row leaves the list where it is; anything else begins it anew
        kept = {
            name: value
            for name, value in self.query.items()
            if name not in changes and (here or name != "cursor")
        }
        kept |= {name: str(value) for name, value in changes.items() if value not in (None, "")}
        return f"{self.path}?{urlencode(kept)}" if kept else self.path


def drawn_for(visitor: Visitor) -> str:
    """For whom a form is drawn, whatever the session and however he came in."""
    return f"{visitor.principal.tenant}/{visitor.principal.login}"


def _query(text: str) -> dict[str, str]:
    try:
        return dict(parse_qsl(text, keep_blank_values=False, max_num_fields=60, errors="strict"))
    except ValueError:
        raise ServiceError(400, "malformed_query", "地址中的参数无法读取") from None
