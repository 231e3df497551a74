"""/events: the tenant's feed, from which a portal that was away catches up."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call, Error, operation
from service.kit.errors import ServiceError
from service.webhooks.queries import BOUNDS, FEED
from service.webhooks.schemas import Feed, FeedQuery

AHEAD = Error(409, "cursor_ahead", "游标超出事件流的末尾；head 是最新的编号")
GONE = Error(410, "cursor_gone", "游标之后的事件已超过保存期；oldest 是可以接着读的最早游标")


@operation(
    "GET",
    "/events",
    resource="feed",
    action="read",
    summary="事件流",
    tag="events",
    query=FeedQuery,
    answer=Feed,
    errors=(AHEAD, GONE),
)
async def read(call: Call) -> Answer:
    """本地区的事件，编号连续；以上次的 next_after 接着读，停机之后不会漏读。不给 after 时从仍保存的最早一条读起。"""
    query: FeedQuery = call.query
    tenant, after = call.principal.tenant, query.after or 0
    rows = await call.door.fetch(call.scope, FEED, of_tenant=tenant, after=after, limit=query.limit)
    if query.after is not None and (not rows or rows[0]["seq"] != after + 1):
        await _held(call, tenant, after)
    items = b",".join([row["item"] for row in rows])
    next_after = rows[-1]["seq"] if rows else after
    return Answer(b'{"events":[%b],"next_after":%d}' % (items, next_after))


async def _held(call: Call, tenant: str, after: int) -> None:
    """Tells a cursor that points past the feed's ends: read on from there, events would be missed in silence."""
    row = await call.door.row(call.scope, BOUNDS, of_tenant=tenant)
    first, head = (row["first"], row["head"]) if row else (1, 0)
    if after > head:
        raise ServiceError(
            409, AHEAD.code, f"游标超出事件流，目前最新的编号是 {head}", head=head, oldest=first - 1
        )
    if after < first - 1:
        detail = (
            f"游标之后的部分事件已超过保存期，不再提供；可从 after={first - 1} 接着读，缺失部分请以列表核对"
        )
        raise ServiceError(410, GONE.code, detail, head=head, oldest=first - 1)


ROUTES: list[HTTPRouteHandler] = [read]
