"""A deed from a page: the form's operation is called in the caller's name; refused, the form comes back filled."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from typing import Any

from service.console.pages import done
from service.console.visiting import Visit
from service.kit.errors import ServiceError, not_found
from service.kit.handler import Rendered

OPERATION, PART = "_op", "_part."
# What a page promises to show before it is done (previewing.promised): no other form does it.
SEEN_FIRST: set[str] = set()


async def deed(
    visit: Visit,
    show: Callable[[Visit], Awaitable[Rendered]],
    *,
    then: Callable[[Any], str] | None = None,
    once: Collection[str] = (),
    **path: str,
) -> Rendered:
    """Does what the form says and shows the page anew (303); `then`: another page, from the answer.

    `once`: deeds whose answer holds a secret: it stands on the page that answers, and nowhere after. What the page's
    own `path` says is not the form's to say.
    """
    name = visit.field(OPERATION)
    spec = visit.inside.spec(name)
    if spec is None or not spec.unsafe or name in SEEN_FIRST:
        raise not_found()
    parts = {key[len(PART) :]: value for key, value in visit.form if key.startswith(PART)}
    try:
        answer = await visit.do(name, **{**parts, **path})
    except ServiceError as error:
        if error.code == "classified_material":
            raise
        visit.problem = error
        return await show(visit)
    if name in once:
        visit.secret, visit.form = answer.get("secret") or answer.get("url") or "", []
        return await show(visit)
    return done(then(answer) if then is not None else visit.link())
