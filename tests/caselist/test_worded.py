"""Cases by words: through snippets as without them, whatever the worker has reached and whoever reads."""

from __future__ import annotations

from collections.abc import AsyncIterator
from random import Random
from typing import Any
from urllib.parse import quote

import asyncpg
import pytest

from service.caselist import listing, snipping, worded
from service.caselist.snipping import snip
from service.characters.keys import words
from service.kit import looking
from service.kit.db import Door, Scope, tenant_scope
from service.kit.paging import Wish
from service.kit.telemetry import Telemetry
from tests import factories
from tests.lives import good
from tests.monitoring.conftest import all_pages

TENANT = "360100"
PIECES = [*"南昌市智慧水务政桥9％%_\\𠮷 ", "项目", "２０２６", "AI", "ai", "''", "（一）", "〔2026〕", "é"]
PROVINCE = Scope("province", "360000/*/-")
EVERYWHERE = frozenset({"text"})
# Text, and what else is asked.
_ASKED = (
    ("智 水", ""),
    ("智 水", "&order=amount_up"),
    ("％", "&order=updated&state=submitted,filed,draft"),
    ("ＡＩ", "&order=waiting"),
    ("项目甲乙", "&order=due"),
    ("9", "&amount_from=1000000&count=true"),
)
_SHOWN = "state NOT IN ('draft', 'need_draft', 'need_submitted', 'need_gatekept')"


def _text(dice: Random, most: int) -> str:
    return "".join(dice.choices(PIECES, k=dice.randint(1, most)))


@pytest.fixture
async def owner(settings: Any) -> AsyncIterator[Any]:
    """Past row level security; afterwards no case has snippets."""
    connection = await asyncpg.connect(settings.database_url)
    yield connection
    await connection.execute("TRUNCATE case_snippets")
    await connection.execute("UPDATE projects SET snipped_as = NULL")
    await connection.close()


async def _renamed(owner: Any, dice: Random, share: float) -> None:
    rows = await owner.fetch("SELECT tenant_id, id FROM projects ORDER BY tenant_id, id")
    chosen = [(row["tenant_id"], row["id"], "甲" + _text(dice, 12)) for row in rows if dice.random() < share]
    await owner.execute(
        "UPDATE projects SET name = n.name FROM unnest($1::text[], $2::uuid[], $3::text[]) n (tenant, id, name) "
        "WHERE projects.tenant_id = n.tenant AND projects.id = n.id",
        *zip(*chosen, strict=True),
    )


async def _all_found(owner: Any, door: Door, dice: Random, searches: int) -> list[int]:
    """Searches for parts of what there is, and for what is not; of each how many ids came, -1 where it is walked."""
    rows = await owner.fetch(f"SELECT tenant_id, id::text, search_key, {_SHOWN} AS shown FROM projects")
    counts = []
    for _ in range(searches):
        key = dice.choice(rows)["search_key"]
        at = dice.randrange(len(key))
        needle = key[at : at + dice.choice((1, 2, 3, 3, 5, 9))] if dice.random() < 0.7 else _text(dice, 3)
        asked = list(words(needle if dice.random() < 0.7 else f"{needle} {_text(dice, 1)}"))
        for across in (False, True):
            scope, given = (PROVINCE, {}) if across else (tenant_scope(TENANT), {"tenant_id": TENANT})
            wish = Wish(EVERYWHERE, "newest", False, across)
            found, tenants = await worded.worded(door, scope, wish, {"text": asked, **given})
            counts.append(-1 if found is None else len(found))
            if tenants is not None:
                has = {
                    row["tenant_id"]
                    for row in rows
                    if row["shown"] and all(word in row["search_key"] for word in asked)
                }
                assert has <= set(tenants), asked
            if found is not None:
                seen = [row for row in rows if (row["shown"] if across else row["tenant_id"] == TENANT)]
                has = {row["id"] for row in seen if all(word in row["search_key"] for word in asked)}
                assert has <= {str(each) for each in found}, (asked, across)
    return counts


async def test_no_case_is_missed_whatever_the_worker_has_reached(
    owner: Any, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice = Random(20261130)
    await _renamed(owner, dice, 0.7)
    assert -1 not in await _all_found(owner, door, dice, 4), "what is behind is searched by itself"
    with monkeypatch.context() as patched:
        patched.setattr(worded, "MOST_BEHIND", 10)
        assert set(await _all_found(owner, door, dice, 1)) == {-1}, "there is too much of it"
        patched.setattr(snipping, "_TURN", 1)
        patched.setattr(snipping, "BATCH", 20)
        assert 100 < await snip(door, Telemetry()) < 400, "a batch of each tenant"
    assert -1 not in await _all_found(owner, door, dice, 4)
    await snip(door, Telemetry())
    assert await snip(door, Telemetry()) == 0
    counts = await _all_found(owner, door, dice, 20)
    assert min(counts) == 0 < max(counts)
    await _renamed(owner, dice, 0.1)
    assert await owner.fetchval("SELECT count(*) FROM case_snippets") > 600 * 10
    assert -1 not in await _all_found(owner, door, dice, 6)
    monkeypatch.setattr(worded, "WITHIN", worded.Bounds(5, 30, 20))
    monkeypatch.setattr(worded, "ACROSS", worded.Bounds(5, 30, 20))
    assert {-1, 0} < set(await _all_found(owner, door, dice, 10)), "what is common is walked"


@pytest.mark.parametrize("reader", [("360000", "office"), (TENANT, "gatekeeper"), (TENANT, "unit")])
async def test_a_page_is_the_one_that_is_walked(
    owner: Any, door: Door, as_user: Any, monkeypatch: pytest.MonkeyPatch, reader: tuple[str, str]
) -> None:
    dice = Random(7)
    await _renamed(owner, dice, 0.7)
    await snip(door, Telemetry())
    await _renamed(owner, dice, 0.05)
    caller = as_user(*reader)
    asked = [f"/projects?text={quote(text)}{more}" for text, more in _ASKED]

    async def seen(path: str) -> list[Any]:
        return await all_pages(caller, path, limit=40)

    through = [await seen(path) for path in asked]
    assert any(through) and not all(through)

    async def many(*_: Any) -> worded.Found:
        """As where nothing is rare."""
        return worded.Found()

    monkeypatch.setattr(listing, "worded", many)
    assert through == [await seen(path) for path in asked]
    for look, share in ((7, -1.0), (3, 60.0)):  # from place to place, and as far as a full page
        monkeypatch.setattr(looking, "LOOK", look)
        monkeypatch.setattr(looking, "SHARE", share)
        assert through == [await seen(path) for path in asked], (look, share)


async def test_what_has_two_common_parts_is_taken_where_their_lists_are_not_too_long(
    owner: Any, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it is walked: over all tenants in those alone where a list is too long, or holds some."""
    named = "UPDATE projects SET name = '水务政桥' || name WHERE tenant_id = $1 RETURNING id"
    many = await owner.fetch(named, TENANT)
    shown = f"SELECT id FROM projects WHERE tenant_id = $1 AND {_SHOWN} LIMIT 1"
    (one,) = await owner.fetch(named.replace(" RETURNING", f" AND id = ({shown}) RETURNING"), "360200")
    await snip(door, Telemetry())

    async def found(across: bool, whole: int, few: int = 1_000) -> worded.Found:
        for name in ("WITHIN", "ACROSS"):
            monkeypatch.setattr(worded, name, worded.Bounds(2, whole, few))
        given = {"text": ["水务政桥"], **({} if across else {"tenant_id": TENANT})}
        wish = Wish(EVERYWHERE, "newest", False, across)
        return await worded.worded(door, PROVINCE if across else tenant_scope(TENANT), wish, given)

    assert len(many) > 10
    assert set((await found(False, len(many))).ids or ()) == {str(row["id"]) for row in many}
    everywhere = set((await found(True, len(many))).ids or ())
    assert str(one["id"]) in everywhere and len(everywhere) > 5
    assert (await found(False, 5)).ids is None
    assert await found(True, 5) == (None, [TENANT, "360200"])
    assert (await found(False, len(many), few=5)).ids is None


def test_of_common_parts_the_two_that_fewest_have_are_taken() -> None:
    """Of as many rows of each the last of the rarest lies the furthest; a list that ends before is the rarer one."""
    asked = worded.ranges(["第77期项"])
    assert len(asked) == 3
    wide = worded.ranges(["项"])

    def row(at: int, found: int, last: str, tenant: str = "a") -> dict[str, Any]:
        return {"at": at, "found": found, "last": last, "tenant": tenant, "ids": None}

    rows: list[Any] = [row(1, 300, "1c"), row(2, 300, "1f"), row(3, 300, "02"), row(0, 0, "")]
    assert worded._furthest(["第77期项"], asked, rows, 300) == [2, 1]
    rows += [row(at, found, "11", "b") for at, found in ((1, 250), (2, 300), (3, 20))]
    rows += [row(at, found, "11", "c") for at, found in ((1, 250), (2, 300), (3, 20))]
    assert worded._furthest(["第77期项"], asked, rows, 300) == [3, 1]
    two = ["第77期", "期项目"]
    assert len(worded.ranges(two)) == 3
    rows = [row(1, 300, "1f"), row(2, 300, "1e"), row(3, 300, "02")]
    assert worded._furthest(two, worded.ranges(two), rows, 300) == [1, 3, 2], "of another word first"
    short = ["第7", "项目"]
    assert worded._furthest(short, worded.ranges(short), rows, 300) == [1, 2]
    assert worded._furthest(["项"], wide, rows, 300) == [], "of one character there are many lists"


async def test_who_sees_not_all_of_a_tenant_sees_no_snippet(owner: Any, door: Door, settings: Any) -> None:
    await snip(door, Telemetry())
    (one,) = await owner.fetch("SELECT office_id FROM projects WHERE tenant_id = $1 LIMIT 1", TENANT)

    async def count(url: str, scope: str, of: str = "case_snippets") -> Any:
        login = await asyncpg.connect(url, server_settings={"app.scope": scope})
        try:
            return await login.fetchval(f"SELECT count(DISTINCT (tenant_id, {of}.project_id)) FROM {of}")
        finally:
            await login.close()

    whole = await owner.fetchval("SELECT count(*) FROM projects WHERE tenant_id = $1", TENANT)
    assert await count(settings.tenant_url, f"{TENANT}/*/-") == whole > 10
    away = await owner.fetchval(
        f"SELECT count(*) FROM projects WHERE {_SHOWN} AND NOT (state IN ('need_returned', 'withdrawn') "
        "AND submissions = 0 AND origin = 'declared')"
    )
    assert await count(settings.province_url, "360000/*/-") == away
    for scope in ("", f"{TENANT}/{one['office_id']}", f"{TENANT}/*/{one['office_id']}/commissioned"):
        assert await count(settings.tenant_url, scope) == 0, scope
    assert await count(settings.province_url, f"360000/*/{one['office_id']}/commissioned") == 0
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await _as_relay(settings, "SELECT snippet FROM case_snippets LIMIT 1")
    assert await _as_relay(settings, "SELECT name FROM projects LIMIT 1") is None, "no case without a scope"


async def _as_relay(settings: Any, sql: str) -> Any:
    relay = await asyncpg.connect(settings.relay_url)
    try:
        return await relay.fetchval(sql)
    finally:
        await relay.close()


async def test_a_case_that_goes_takes_its_snippets(owner: Any, door: Door, as_user: Any) -> None:
    unit = as_user(TENANT, "unit")
    made = good(await unit("POST", "/projects", {**factories.draft(TENANT), "name": "罕见的鹟鸟监测"}))
    ref = made.json()["id"]
    gatekeeper = as_user(TENANT, "gatekeeper")
    await snip(door, Telemetry())
    of_it = "SELECT count(*) FROM case_snippets WHERE tenant_id || '-' || project_id = $1"
    assert await owner.fetchval(of_it, ref) > 10
    shown = (await unit("GET", f"/projects?text={quote('鹟鸟')}")).json()["items"]
    assert [each["id"] for each in shown] == [ref]
    assert not (await gatekeeper("GET", f"/projects?text={quote('鹟鸟')}")).json()["items"], (
        "another office's draft"
    )
    good(await unit("DELETE", f"/projects/{ref}", etag=made.headers["etag"]))
    assert await owner.fetchval(of_it, ref) == 0
