"""From a portal: who is about to come in is shown first, and only the button uses the code up.

So a mail scanner or a preview that opens the address uses nothing, and nobody is signed in as somebody else unseen.
"""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.console.own import own_page
from service.console.pages import page, render, see
from service.console.sso import console_of, tried_of
from service.console.visiting import Visit
from service.identity.sessions import USED
from service.kit.handler import Rendered
from service.kit.refusals import reading, refusals

CODE, TO = "code", "to"


@page("GET", "/console/hand-over", known=False)
async def landing(visit: Visit) -> Rendered:
    """Whom the code lets in, or that it is over."""
    code = visit.query.get(CODE, "")
    with reading():
        holder = await console_of(visit).sessions.handed_over(code)
    return render(
        visit,
        "hand_over.html",
        status=200 if holder else 410,
        code=code,
        holder=holder,
        to=own_page(visit.query.get(TO, "")),
    )


@page("POST", "/console/hand-over", known=False)
async def enter(visit: Visit) -> Rendered:
    """The code for a session; whatever the browser came with ends."""
    console = console_of(visit)
    with refusals():
        cookie = await console.sessions.claim(visit.field(CODE), tried_of(visit.request, visit.request_id))
        if cookie is None:
            raise USED
        if old := console.cookie(visit.request.scope):  # type: ignore[arg-type]
            await console.sessions.end(old)
    answer = see(own_page(visit.field(TO)) or "/console")
    return Rendered(answer.status, {**answer.headers, "set-cookie": console.set_cookie(cookie)}, b"")


ROUTES: list[HTTPRouteHandler] = [landing, enter]
