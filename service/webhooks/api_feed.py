"""/events: the tenant's feed, from which a portal that was away catches up."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call, operation
from service.webhooks.queries import FEED
from service.webhooks.schemas import Feed, FeedQuery


@operation(
    "GET", "/events", resource="feed", action="read", summary="事件流", tag="events",
    query=FeedQuery, answer=Feed,
)  # fmt: skip
async def read(call: Call) -> Answer:
    """本租户的事件，编号连续；以上次的 next_after 接着读，停机之后不会漏读。"""
    query: FeedQuery = call.query
    rows = await call.door.fetch(
        call.scope, FEED, of_tenant=call.principal.tenant, after=query.after, limit=query.limit
    )
    items = ",".join([row["item"] for row in rows])
    next_after = rows[-1]["seq"] if rows else query.after
    return Answer(f'{{"events":[{items}],"next_after":{next_after}}}'.encode())


ROUTES: list[HTTPRouteHandler] = [read]
