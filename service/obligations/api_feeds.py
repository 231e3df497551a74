"""Calendar feeds: by token, and by a secret address for calendar programs that cannot send one.

The secret address names tenant and feed and carries 256 random bits of which only a digest is kept. It opens one
office's (or one desk's) deadlines, for reading, until it is rotated or revoked; it stands in no log.
"""

from __future__ import annotations

import hmac
from typing import Any

from litestar import Request, get
from litestar.handlers import HTTPRouteHandler
from litestar.response.base import ASGIResponse
from sqlalchemy import delete

from service.audit.actions import audited
from service.identity.queries import LOGIN
from service.identity.secrets import digest, new_secret
from service.kit import clock
from service.kit.api import Answer, Call, Services, operation
from service.kit.clock import legal_day
from service.kit.db import Row, Scope, Tx, tenant_scope
from service.kit.errors import FieldError, ServiceError, invalid, not_found
from service.kit.ids import Ref, parse_ref, stable_id
from service.kit.limits import Limits
from service.kit.rows import of_row
from service.kit.scopes import literal
from service.kit.statements import OF_ID, OF_TENANT, Statement
from service.kit.tables import insert_row, update_row
from service.measures.duties import desks_of
from service.obligations.current import bring_up
from service.obligations.ical import MEDIA_TYPE, render
from service.obligations.listing import LISTING
from service.obligations.models import obligation_feeds
from service.obligations.queries import FEED, FEEDS
from service.obligations.schemas import FeedIn, FeedList, FeedMade, FeedView, ObligationView
from service.obligations.views import mine, view
from service.settings import Settings

TAG = "obligations"
LIMIT = 1000  # deadlines in one file
_V = obligation_feeds.c
_at = (
    _V.tenant_id == OF_TENANT,
    _V.id == OF_ID,
)
_MAKE = insert_row(obligation_feeds)
_ROTATE = update_row(obligation_feeds, digest="new_digest", created_by="by", created_at="now")
_REVOKE = Statement(delete(obligation_feeds).where(*_at))


async def _owed(services: Services, scope: Scope, tenant: str, given: dict[str, Any]) -> list[ObligationView]:
    """What is owed and on whom the filter falls, the earliest first."""
    across = scope.login == "province"
    owed = {"owed": True, **given}
    more = {} if across else {"tenant_id": tenant}
    today = legal_day(clock.now())
    await bring_up(services, scope, None if across else tenant, today)
    wish, told = LISTING.seated(scope, LISTING.wish(owed, across=across), {**owed, **more})
    rows = await services.door.fetch(scope, LISTING.statement(wish), limit=LIMIT, today=today, **told)
    return [view(row, today, services.policy.roles) for row in rows]


@operation(
    "GET",
    "/obligations/calendar.ics",
    resource="obligation",
    action="feed",
    summary="本单位期限日历",
    tag=TAG,
    where="cases",
    answer=bytes,
    media_type=MEDIA_TYPE,
)
async def calendar_file(call: Call) -> Answer:
    """本单位或本岗位未办结期限的 iCalendar 文件（RFC 5545），每项一个全天日程。"""
    items = await _owed(call.services, call.scope, call.principal.tenant, mine(call.principal))
    return Answer(render(items, "统建：待办期限", call.now))


def _desk(call: Call) -> tuple[str | None, str]:
    """The office, or the desk (role) the caller makes a feed for; 422 when it is not theirs or not named."""
    body: FeedIn = call.body
    roles, office = call.principal.roles, call.principal.office
    role = body.role or (roles[0] if len(roles) == 1 or office is not None else "")
    if role not in roles:
        raise invalid([FieldError("/role", "not_held", "请指明本人所任的一个岗位")])
    return office, role


def _view(row: Any) -> FeedView:
    return of_row(FeedView, row, id=str(Ref(row["tenant_id"], row["id"])))


@operation(
    "POST",
    "/obligations/feeds",
    resource="obligation",
    action="feed",
    summary="生成或更换日历订阅地址",
    tag=TAG,
    body=FeedIn,
    answer=FeedMade,
    status=201,
)
async def make_feed(call: Call, tx: Tx) -> Answer:
    """地址只显示这一次，相当于口令，请勿转发；再次生成即更换，原地址随即失效。订阅内容仅限本单位（或本岗位）的期限。"""
    office, role = _desk(call)
    who, tenant = call.principal, call.principal.tenant
    # Two agencies of a tenant have one role and different cases.
    desk = f"{role}:{who.seat}" if role == "agency" else role
    feed_id = stable_id("obligation_feed", tenant, office or desk)
    secret = new_secret()
    row: dict[str, Any] = {
        "tenant_id": tenant,
        "id": feed_id,
        "office_id": office,
        "tier": who.tier,
        "role": role,
        "digest": digest(secret),
        "created_by": who.actor,
        "created_at": call.now,
    }
    if await tx.row(FEED, tenant_id=tenant, id=feed_id) is None:
        tx.batch.add(_MAKE, **row)
    else:
        tx.batch.add(
            _ROTATE, of_tenant=tenant, of_id=feed_id, new_digest=row["digest"], by=who.actor, now=call.now
        )
    _record(call, tx, "obligation.feed_made", feed_id)
    url = f"{call.service(Settings).issuer}/feeds/obligations/{tenant}.{feed_id}.{secret}.ics"
    made = FeedMade(_view(row), url)
    return Answer(made, replayed=FeedMade(made.feed, None))


@operation(
    "GET",
    "/obligations/feeds",
    resource="obligation",
    action="feed",
    summary="日历订阅",
    tag=TAG,
    answer=FeedList,
)
async def feeds(call: Call) -> Answer:
    """本单位（或本岗位）的订阅，不含地址。"""
    rows = await call.door.fetch(call.scope, FEEDS, tenant_id=call.principal.tenant)
    return Answer(FeedList([_view(row) for row in rows if _theirs(call, row)]))


def _theirs(call: Call, row: Row) -> bool:
    if call.principal.office is not None:
        return bool(row["office_id"] == call.principal.office)
    return row["office_id"] is None and row["role"] in call.principal.roles


@operation(
    "DELETE",
    "/obligations/feeds/{ref:str}",
    resource="obligation",
    action="feed",
    summary="停用日历订阅",
    tag=TAG,
    status=204,
)
async def revoke_feed(call: Call, tx: Tx) -> Answer:
    """地址随即失效。"""
    ref = parse_ref(call.path("ref"))
    if ref.tenant != call.principal.tenant:
        raise not_found()
    row = await tx.row(FEED, tenant_id=ref.tenant, id=ref.id)
    if row is None or not _theirs(call, row):
        raise not_found()
    tx.batch.add(_REVOKE, of_tenant=ref.tenant, of_id=ref.id, miss=not_found())
    _record(call, tx, "obligation.feed_revoked", ref.id)
    return Answer(None)


def _record(call: Call, tx: Tx, action: str, feed_id: str) -> None:
    audited(call, tx, action, feed_id, {}, kind="obligation_feed")


@get("/feeds/obligations/{name:str}", include_in_schema=False, name="obligation_feed")
async def secret_feed(request: Request[Any, Any, Any]) -> ASGIResponse:
    """The file of one feed by its secret address; whatever is wrong with it is 404."""
    services: Services = request.app.state.services
    name = str(request.path_params["name"])
    limits: Limits = services.shelf[Limits]
    # Without the secret; what has not the form of an address is all one.
    which = ".".join(name.split(".")[:2]) if name.count(".") == 3 else ""
    async with limits.attempt("feed", which, request.scope["tj.address"]) as attempt:  # type: ignore[typeddict-item]
        try:
            row, seat = await _feed_of(services, name)
        except ServiceError as error:
            attempt.passed = False if error.status == 404 else None
            raise
        attempt.passed = True
    given: dict[str, Any]
    if row["office_id"] is not None:
        scope, given = tenant_scope(row["tenant_id"], row["office_id"]), {"owner": True}
    else:
        reach = literal(row["tenant_id"], None, seat=seat, client=None, roles=frozenset({row["role"]}))
        scope = Scope("province" if row["tier"] == "province" else "tenant", reach)
        given = {"desks": desks_of(row["tier"], [row["role"]])}
    items = await _owed(services, scope, row["tenant_id"], given)
    return ASGIResponse(body=render(items, "统建：待办期限", clock.now()), media_type=MEDIA_TYPE)


async def _feed_of(services: Services, name: str) -> tuple[Row, str]:
    """The feed, and the office in which its maker sits."""
    tenant, _, rest = name.removesuffix(".ics").partition(".")
    feed_id, _, secret = rest.partition(".")
    ref = parse_ref(f"{tenant}-{feed_id}")
    row = await services.door.row(tenant_scope(ref.tenant), FEED, tenant_id=ref.tenant, id=ref.id)
    if row is None or not hmac.compare_digest(row["digest"], digest(secret)):
        raise not_found()
    maker = await _maker(services, row)
    if maker is None or not _still_theirs(row, maker):
        raise not_found()
    return row, maker["office_id"]


async def _maker(services: Services, feed: Row) -> Row | None:
    tenant = feed["tenant_id"]
    login = feed["created_by"].removeprefix(f"user:{tenant}:").partition(" via ")[0]
    return await services.door.row(tenant_scope(tenant), LOGIN, tenant_id=tenant, login=login)


def _still_theirs(feed: Row, maker: Row) -> bool:
    """An address dies with the right it was made on: whoever left, changed desks or was disabled reads no more.

    The right as it is now, never a cut of tokens: those come with every grant, and lie seconds ahead of it. What
    was taken away has ended its addresses for good (identity/handed_out.py).
    """
    if maker["disabled_at"] is not None or feed["role"] not in maker["roles"]:
        return False
    moved = maker["tier"] != feed["tier"] or feed["office_id"] not in (None, maker["office_id"])
    today, ends = legal_day(clock.now()), maker["valid_to"]
    return not moved and maker["valid_from"] <= today and (ends is None or today < ends)


ROUTES: list[HTTPRouteHandler] = [calendar_file, make_feed, feeds, revoke_feed]
ROOT_ROUTES: list[HTTPRouteHandler] = [secret_feed]
