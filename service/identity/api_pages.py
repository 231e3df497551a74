"""What the lists of one's own tenant share: addresses, words of a name, the tenant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from service.characters.keys import words
from service.kit.api import Answer, Call
from service.kit.db import Row
from service.kit.errors import not_found
from service.kit.ids import Ref, parse_ref
from service.kit.listing import Listing


def own_ref(call: Call) -> Ref:
    """The `ref` of the path; another tenant's is answered like an absent row, before any query."""
    ref = parse_ref(call.path("ref"))
    if ref.tenant != call.principal.tenant:
        raise not_found()
    return ref


async def page(
    call: Call,
    listing: Listing,
    view: Callable[[Row], Any],
    kind: Callable[[list[Any], str | None], Any],
    **more: Any,
) -> Answer:
    """A page of the caller's own tenant. `kind` is the Struct of the list; `more`: parameters beside the query's."""
    name = getattr(call.query, "name", None)
    if name is not None:
        more["name"] = list(words(name))
    return await listing.serve(call, view, kind, tenant_id=call.principal.tenant, **more)
