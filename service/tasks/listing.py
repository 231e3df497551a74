"""The list of tasks: a page of every queue's first rows, of one login or of the two that the province reads by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.kit.call import Call
from service.kit.db import Row
from service.kit.paging import Pages, Wish
from service.tasks.conditions import Conditions
from service.tasks.counting import parts
from service.tasks.desks import behind
from service.tasks.lines import ORDER
from service.tasks.reading import page_statement

FIRST_DUE = Wish(frozenset(), "due", after=False, across=False)


class Tasks(Pages):
    """Merged of up to thirty queues over several tables, each bounded by its own index.

    `given`: desks, queue, the conditions, and the division that they name.
    """

    async def rows(
        self, call: Call, wish: Wish, given: Mapping[str, Any], *, cursor: str | None, limit: int
    ) -> list[Row]:
        """The rows behind the cursor, at most `limit`."""
        desks, found = given["desks"], list[Row]()
        params = {**desks.params, "tenant_id": call.principal.tenant, "limit": limit}
        if cursor is not None:
            params |= behind(self.place(call, wish, given, cursor), params["term_days"])
        asked: Conditions = given["asked"]
        if asked.division:
            params["division"] = given["division"]
        for scope, sources, across in parts(call.principal, desks, given["queue"]):
            statement = page_statement(sources, asked, across=across, after=cursor is not None)
            found += await call.door.fetch(scope, statement, **params)
        return sorted(found, key=lambda row: [row[name] for name, _ in ORDER.columns])[:limit]

    def whose(self, call: Call, wish: Wish, given: Mapping[str, Any]) -> str:
        """Whose desks they are, not only from where they are seen."""
        return f"{call.principal.scope}:{call.principal.actor}:{','.join(call.principal.roles)}"


TASKS = Tasks("tasks", "/tasks", {"due": ORDER})
