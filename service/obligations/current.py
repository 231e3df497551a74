"""Before duties are read: what an act or a new day has changed since they were derived last is derived first.

So what a draft, a new year or a finished trial run newly asks for is there when it is read, worker or no worker. Only
reminders wait for the worker: its daily look is another mark than this one. A reading takes a bounded share; beyond it
`reading.py` still tells state, rest and lateness of the day. What a reading costs follows what was done lately, not
how many cases there are (decision 0219).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from service.kit import clock
from service.kit.call import Services
from service.kit.db import Door, Scope, tenant_scope
from service.kit.scopes import is_commissioned
from service.kit.statements import Statement
from service.obligations.deriving import refresh
from service.obligations.queries import (
    BEHIND,
    BEHIND_SINCE,
    JUST_CHANGED,
    JUST_CHANGED_ANYWHERE,
    ONE_BEHIND,
    TENANTS,
    TENANTS_BEHIND,
    TENANTS_BEHIND_SINCE,
)
from service.obligations.statements import LOOKED, MARK_LOOK
from service.rulebook.book import RuleBooks
from service.rulebook.queries import TENANT_CHANGES

AT_ONCE = 100
MOST = 1000  # of a tenant and reading: about a second; the next reading goes on where this one stopped
# Seconds that a reading of the whole province gives to tenants of which all has to be looked at; the next goes on.
SHARE = 2.0
# How much further back is looked than the last whole look: acts that were under way, clocks that differ.
BACK = timedelta(hours=1)


class _Look(NamedTuple):
    """The last look of this process at all of a tenant that left nothing behind; `rules`: how many changes of the rule
    books it knew of then.
    """

    day: date
    at: datetime
    rules: int


# A whole tenant is looked at once a day, and when rules changed, by whichever process comes first; after that what was
# changed since. It is no truth, only what need not be asked again; what all processes know of it stands in
# obligation_looks (decision 0310).
_EVERYBODY = ""
LOOKS: WeakKeyDictionary[Door, dict[str, _Look]] = WeakKeyDictionary()


async def bring_up(services: Services, scope: Scope, tenant: str | None, today: date) -> None:
    """Derives what the readers of a tenant, or with None of the whole province, would find behind."""
    books: RuleBooks = services.shelf[RuleBooks]
    door, rules = services.door, books.total
    if tenant is not None:
        await _tenant(door, tenant, today, rules)
        return
    now, since = clock.now(), _since(door, _EVERYBODY, today, rules)
    all_cases = not is_commissioned(scope.literal)  # an agency sees its own, which is no look at all of them
    if since is None and all_cases:
        done = await _everybody(door, scope, today, rules)
    else:
        asked = TENANTS_BEHIND if since is None else TENANTS_BEHIND_SINCE
        given: dict[str, Any] = {} if since is None else {"since": since}
        rows = await door.fetch(scope, asked, today=today, **given)
        done = all([await _tenant(door, row["tenant_id"], today, rules) for row in rows])
    if done and all_cases:
        LOOKS.setdefault(door, {})[_EVERYBODY] = _Look(today, now, rules)


async def _everybody(door: Door, scope: Scope, today: date, rules: int) -> bool:
    """Whether nothing of any tenant is behind, as far as the share goes, and one tenant at least.

    Tenant by tenant: no single statement looks at a million cases in its time (decision 0296). Of those that were
    looked at today only what changed since is asked.
    """
    until, done, looked = clock.monotonic() + SHARE, True, False
    for row in await door.fetch(scope, TENANTS):
        fresh = await _known(door, row["tenant_id"], today, rules) is None
        if fresh and looked and clock.monotonic() > until:
            done = False
            continue
        looked = looked or fresh
        done = await _tenant(door, row["tenant_id"], today, rules) and done
    return done


async def bring_up_case(door: Door, tenant: str, project: str, today: date) -> None:
    """The same of one case."""
    rows = await door.fetch(
        tenant_scope(tenant), ONE_BEHIND, tenant_id=tenant, id=project, today=today, limit=1
    )
    await _derive(door, tenant, [row["id"] for row in rows], today)


async def bring_up_changed(door: Door, scope: Scope, tenant: str | None, today: date) -> None:
    """The same of what was changed last: a bounded look, for lists that must not grow with a tenant."""
    if tenant is None:
        rows = await door.fetch(scope, JUST_CHANGED_ANYWHERE, limit=AT_ONCE)
    else:
        rows = await door.fetch(tenant_scope(tenant), JUST_CHANGED, tenant_id=tenant, limit=AT_ONCE)
    behind: dict[str, list[str]] = {}
    for row in rows:
        behind.setdefault(row["tenant_id"], []).append(row["id"])
    for each, ids in behind.items():
        await _derive(door, each, ids, today)


def _since(door: Door, tenant: str, today: date, rules: int) -> datetime | None:
    """From when on what was changed may be behind; None: anything may."""
    last = LOOKS.get(door, {}).get(tenant)
    if last is None or (last.day, last.rules) != (today, rules) or last.at > clock.now():
        return None
    return last.at - BACK


async def _known(door: Door, tenant: str, today: date, rules: int) -> datetime | None:
    """The same, also by what another process has looked at."""
    since = _since(door, tenant, today, rules)
    if since is None and (at := await marked(door, tenant, today)) is not None:
        LOOKS.setdefault(door, {})[tenant] = _Look(today, at, rules)
        since = _since(door, tenant, today, rules)
    return since


async def marked(door: Door, tenant: str, today: date) -> datetime | None:
    """When some process looked at all of a tenant today, by the rules as they are."""
    row = await door.row(tenant_scope(tenant), LOOKED, tenant_id=tenant, today=today)
    return None if row is None else row["at"]


async def _tenant(door: Door, tenant: str, today: date, rules: int) -> bool:
    """Whether nothing of the tenant is behind any more."""
    now, since = clock.now(), await _known(door, tenant, today, rules)
    if since is None:
        done = await look(door, tenant, today)
    else:
        done = await _derived(door, tenant, today, BEHIND_SINCE, since=since)
    if done:
        LOOKS.setdefault(door, {})[tenant] = _Look(today, now, rules)
    return done


async def look(door: Door, tenant: str, today: date) -> bool:
    """Looks at all of a tenant. Whether nothing is behind any more: then no process need look at all of it today."""
    now, known = clock.now(), await door.row(tenant_scope(tenant), TENANT_CHANGES, tenant_id=tenant)
    done = await _derived(door, tenant, today, BEHIND)
    if done and known is not None:
        async with door.transaction(tenant_scope(tenant)) as tx:
            rules = known["rule_changes"]
            await tx.fetch(MARK_LOOK, tenant_id=tenant, day=today, at=now, rules=rules)
    return done


async def _derived(door: Door, tenant: str, today: date, statement: Statement, **given: Any) -> bool:
    """Derives what the statement finds behind; whether that was all."""
    for _ in range(0, MOST, AT_ONCE):
        rows = await door.fetch(
            tenant_scope(tenant), statement, tenant_id=tenant, today=today, limit=AT_ONCE, **given
        )
        await _derive(door, tenant, [row["id"] for row in rows], today)
        if len(rows) < AT_ONCE:
            return True
    return False


async def _derive(door: Door, tenant: str, ids: Sequence[str], today: date) -> None:
    if ids:
        async with door.transaction(tenant_scope(tenant)) as tx:
            await refresh(tx, tenant, ids, today, read=True)
