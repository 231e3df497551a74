"""Templates, and the one way to declare a page: `@page("GET", "/console/…")` on `async (visit) -> Rendered`."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

import asyncpg
import jinja2
from litestar import Request
from litestar.handlers import HTTPRouteHandler
from markupsafe import Markup

from service.console.chips import art, cited, reading
from service.console.choosing import roles_here
from service.console.places import places_of
from service.console.sentences import SENTENCES
from service.console.static import ADDRESSES
from service.console.visiting import CSRF, FOR, KEY, VERSION, WHO, Visit, drawn_for
from service.console.wording import FILTERS, today
from service.kit import clock
from service.kit.errors import TITLES, ServiceError
from service.kit.handler import Handler, Rendered
from service.kit.ids import new_id
from service.kit.refusals import AWAY

HTML = "text/html; charset=utf-8"
ENTER = "/console/enter"
TEMPLATES = Path(__file__).resolve().parent / "templates"
ENV = jinja2.Environment(
    loader=jinja2.FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    extensions=["jinja2.ext.do"],
)
ENV.filters.update({**FILTERS, **SENTENCES, "cited": cited})
ENV.globals.update(
    static=ADDRESSES,
    new_key=new_id,
    art=art,
    reading=reading,
    roles_here=roles_here,
    csrf_field=CSRF,
    key_field=KEY,
    version_field=VERSION,
)
_KEYS_OFF = re.compile(rb"(?:^|; *)(?:__Host-)?tongjian-keys=off(?:;|$)")
_THEME = re.compile(rb"(?:^|; *)(?:__Host-)?tongjian-theme=(light|dark)(?:;|$)")
Page = Callable[[Visit], Awaitable[Rendered]]


def compile_all() -> None:
    """Every template, so that a fault in one stops the start and not an official."""
    for name in ENV.list_templates(extensions=["html"]):
        ENV.get_template(name)


def render(visit: Visit, template: str, /, *, status: int = 200, **context: Any) -> Rendered:
    """A page in its frame. A refusal of the deed just tried gives the page its status."""
    if visit.problem is not None:
        status = visit.problem.status
    body = ENV.get_template(template).render(
        theme=theme_of(visit.request.scope),  # type: ignore[arg-type]
        visit=visit,
        visitor=visit.visitor,
        places=places_of(visit) if visit.visitor else [],
        today=today(clock.now()),
        keys=keys_of(visit.request.scope),  # type: ignore[arg-type]
        problem=visit.problem,
        sandbox=visit.request.scope.get("tj.sandbox", False),
        **context,
    )
    return Rendered(status, {"content-type": HTML, "vary": "cookie"}, body.encode())


def see(address: str) -> Rendered:
    """303: that page instead."""
    return Rendered(303, {"location": address}, b"")


def done(address: str) -> Rendered:
    """303 after a deed: the page that shows it also says that it is done (`#done` of frame.html)."""
    return see(f"{address}#done")


def page(
    method: Literal["GET", "POST"], path: str, *, known: bool = True
) -> Callable[[Page], HTTPRouteHandler]:
    """Declares a page. `known`: for people with a session only; others are led to sign in and back."""

    def decorate(handler: Page) -> HTTPRouteHandler:
        async def endpoint(request: Request[Any, Any, Any]) -> Rendered:
            visit = None
            try:
                visit = Visit(request)
                return await _answered(visit, handler, known=known)
            except ServiceError as error:
                return error_page(request.scope, error, visit)  # type: ignore[arg-type]
            finally:
                if visit is not None:
                    with suppress(asyncpg.PostgresError, *AWAY):  # the page stands already
                        await visit.moment.close()

        endpoint.__name__ = handler.__name__
        return Handler(path, http_method=[method], include_in_schema=False, name=f"console {method} {path}")(
            endpoint
        )

    return decorate


async def _answered(visit: Visit, handler: Page, *, known: bool) -> Rendered:
    if visit.request.method == "POST":
        visit.read_form()
        if known and not visit.marked():
            return _again(visit)
    elif known and visit.visitor is None:
        asked = visit.path + (f"?{visit.query_string}" if visit.query_string else "")
        return see(f"{ENTER}?to={quote(asked, safe='/')}")
    return await handler(visit)


def _again(visit: Visit) -> Rendered:
    """A form without this session's mark: nothing is done, nothing is lost; the same person sends it once more.

    Another person who signed in since on the same browser neither sees it nor sends it in his own name.
    """
    anothers = visit.anothers()
    kept = [] if anothers else [(name, value) for name, value in visit.form if name != CSRF]
    action = visit.path + (f"?{visit.query_string}" if visit.query_string else "")
    return render(
        visit, "again.html", status=403 if visit.visitor else 401, kept=kept, action=action, anothers=anothers
    )


def error_page(scope: MutableMapping[str, Any], error: ServiceError, visit: Visit | None = None) -> Rendered:
    """What a browser is shown of a refusal: the same code, the same words, where to go on. Echoes nothing sent.

    `visit`: where the page was asked for by somebody, so that the bar with his places stays.
    """
    visitor = scope.get("tj.visitor")
    body = ENV.get_template("error.html").render(
        error=error,
        title=TITLES.get(error.status, "请求未完成"),
        visitor=visitor,
        problem=None,
        places=places_of(visit) if visit is not None and visit.visitor else [],
        keys=keys_of(scope),
        request_id=scope.get("tj.request_id", ""),
        sandbox=scope.get("tj.sandbox", False),
        visit=visit,
        theme=theme_of(scope),
        today=today(clock.now()),
        retry=scope["path"] if error.status in (429, 503) and scope["method"] in ("GET", "HEAD") else None,
    )
    headers = {name: value for name, value in error.headers.items() if name.lower() != "www-authenticate"}
    return Rendered(error.status, {**headers, "content-type": HTML}, body.encode())


def marks(visitor: Any, version: int | None = None) -> Markup:
    """The hidden fields of every form: the session's mark, for whom, a key for one deed, the version drawn from."""
    fields = [(CSRF, visitor.csrf), (WHO, drawn_for(visitor)), (KEY, new_id())]
    if version is not None:
        fields.append((VERSION, f'"{version}"'))
    return Markup().join(
        Markup('<input type="hidden" name="{}" value="{}">').format(name, value) for name, value in fields
    )


def theme_of(scope: MutableMapping[str, Any]) -> str:
    """The colours that this browser was told to keep; empty: as the system has them."""
    for name, value in scope["headers"]:
        if name == b"cookie":
            found = _THEME.search(value)
            if found is not None:
                return str(found[1].decode())
    return ""


def keys_of(scope: MutableMapping[str, Any]) -> bool:
    """Whether single keys do something in this browser; anybody may switch them off (WCAG 2.1.4)."""
    return not any(name == b"cookie" and _KEYS_OFF.search(value) for name, value in scope["headers"])


def whose(visit: Visit, operation: str) -> Markup:
    """A choice in a deputy's form where he may act in more than one name; else nothing."""
    choices = visit.whose(operation)
    if not choices:
        return Markup()
    kept = visit.field(FOR)
    rows = Markup().join(
        Markup('<option value="{}"{}>{}</option>').format(
            code, Markup(" selected") if code == kept else "", label
        )
        for code, label in choices
    )
    return Markup('<label class="field"><span>以谁的名义</span><select name="{}">{}</select></label>').format(
        FOR, rows
    )


ENV.globals.update(marks=marks, whose=whose)
