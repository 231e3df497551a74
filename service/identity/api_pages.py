"""What the lists of one's own tenant share: cursors, pages, addresses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from service.characters.keys import words
from service.kit.api import Answer, Call
from service.kit.db import Row
from service.kit.errors import not_found
from service.kit.ids import Ref, parse_ref
from service.kit.paging import next_link, seal, unseal
from service.kit.statements import Statement

NOT_FILTERS = ("cursor", "limit")


def own_ref(call: Call) -> Ref:
    """The `ref` of the path; another tenant's is answered like an absent row, before any query."""
    ref = parse_ref(call.path("ref"))
    if ref.tenant != call.principal.tenant:
        raise not_found()
    return ref


async def page(
    call: Call, name: str, statement: Callable[[frozenset[str]], Statement], filters: dict[str, Any],
    view: Callable[[Row], Any], kind: Callable[[list[Any], str | None], Any],
) -> Answer:  # fmt: skip
    """One keyset page ordered by id. `filters` are those given; `kind` is the Struct of the list."""
    query = call.query
    secret, context = call.services.cursor_secret, f"{name}:{call.principal.tenant}"
    given = {key: value for key, value in filters.items() if value is not None}
    if "name" in given:
        given["name"] = list(words(given["name"]))
    if query.cursor is not None:
        (given["after"],) = unseal(secret, context, query.cursor)
    rows = await call.door.fetch(
        call.scope,
        statement(frozenset(given)),
        tenant_id=call.principal.tenant,
        limit=query.limit + 1,
        **given,
    )
    shown = rows[: query.limit]
    cursor = seal(secret, context, [shown[-1]["id"]]) if len(rows) > query.limit else None
    headers = next_link(f"/api/v1/{name}", msgspec.to_builtins(query), cursor)
    return Answer(kind([view(row) for row in shown], cursor), headers=headers)


def filters_of(query: Any) -> dict[str, Any]:
    """The filters of a query Struct, without paging."""
    return {key: value for key, value in msgspec.structs.asdict(query).items() if key not in NOT_FILTERS}
