"""A spill's erasing is complete by its plan, and permitted to the worker for a confirmed spill only (art. 14)."""

from __future__ import annotations

import re
from typing import Any

import asyncpg
import pytest

from migrations.spread import leave_before
from service.kit.db import metadata
from service.kit.ids import parse_ref
from service.obligations.counted_as import FIGURES
from service.obligations.models_watched import WATCHED
from service.portfolio import erasing
from service.portfolio.erasure_plan import RULES, columns
from service.portfolio.erasure_untouched import PARTIAL, UNTOUCHED, tables, wordy
from service.setup import schema  # noqa: F401 - fills the metadata
from tests.contract import recipes  # noqa: F401 - joins the recipes in their order
from tests.lives import good
from tests.portfolio.spilling import Planted, agreed, ask, delivered


async def test_without_a_confirmed_spill_the_worker_can_erase_nothing(
    build: Any, settings: Any, as_user: Any, superuser: Any
) -> None:
    """Least privilege: the login itself is refused, not only the code."""
    # What other tests confirmed and left is not of this one: the worker may see it, and has to.
    await superuser.execute(_ENDED)
    case = await build(kind=Planted).submitted()
    good(await ask(as_user, project_id=case.id))  # asked for is not confirmed
    relay = await asyncpg.connect(settings.relay_url)
    try:
        for name in sorted(
            {each for each in RULES if columns(each)}
            - {"outbox", "idempotency", "webhook_deliveries", "app_entries"}
        ):
            assert await relay.fetchval(f"SELECT count(*) FROM {name}") == 0, name
            for column in columns(name)[:1]:
                done = await relay.execute(f"UPDATE {name} SET {column} = {column}")
                assert done == "UPDATE 0", name
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await relay.execute("UPDATE spills SET confirmed_by = 'me'")
        assert (
            await relay.execute("UPDATE spills SET state = 'purged' WHERE state = 'requested'") == "UPDATE 0"
        )
    finally:
        await relay.close()


async def test_the_database_itself_asks_for_two_people(settings: Any, build: Any, as_user: Any) -> None:
    case = await build().submitted()
    spill = parse_ref(good(await ask(as_user, project_id=case.id)).json()["id"])
    city = await asyncpg.connect(settings.tenant_url)
    try:
        await city.execute("SET app.scope = '360100/*'")
        with pytest.raises(asyncpg.CheckViolationError):
            await city.execute(
                "UPDATE spills SET state = 'confirmed', confirmed_by = 'x', confirmed_tenant = '360100', "
                "confirmed_user = requested_user WHERE id = $1",
                spill.id,
            )
        await city.execute("SET app.scope = '360200/*'")
        assert await city.execute("UPDATE spills SET state = 'confirmed'") == "UPDATE 0"
    finally:
        await city.close()


_ENDED = "UPDATE spills SET state = 'purged', purged_at = now() WHERE state = 'confirmed'"
_SEEN = "SELECT count(*) FROM inbox WHERE tenant_id = $1"
_TELL = "INSERT INTO spill_words VALUES ($1, $2, 'projects', $3, '360100')"


async def test_what_tells_of_a_case_elsewhere_is_found_by_what_its_tenant_was_told(
    settings: Any, build: Any, as_user: Any, superuser: Any, door: Any
) -> None:
    """Only policies for the version before ask where the spill is; a tenant's words open that tenant's rows alone."""
    ref = str((await build().filed()).data["project"]["id"])
    await delivered(door)
    spill, project = parse_ref(await agreed(as_user, project_id=ref)), parse_ref(ref)
    relay, city = await asyncpg.connect(settings.relay_url), await asyncpg.connect(settings.tenant_url)
    try:
        await leave_before(superuser)
        assert await relay.fetchval(_SEEN, "360000") == 0
        await city.execute("SET app.scope = '360100/*'")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await city.execute(_TELL, "360000", spill.id, str(project.id))
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await relay.execute(_TELL, "360000", spill.id, str(project.id))
        await city.execute(_TELL, "360100", spill.id, str(project.id))
        assert (await relay.fetchval(_SEEN, "360000"), await relay.fetchval(_SEEN, "360100") > 0) == (0, True)
        await city.execute("SET app.scope = '360000/*'")
        await city.execute(_TELL, "360000", spill.id, str(project.id))
        assert await relay.fetchval(_SEEN, "360000") > 0
        with pytest.raises(
            asyncpg.InsufficientPrivilegeError
        ):  # to a tombstone of that spill, and to nothing else
            await relay.execute("UPDATE inbox SET title = '' WHERE tenant_id = '360000'")
        gone = "UPDATE inbox SET snapshot = jsonb_build_object('purged', $1::text) WHERE tenant_id = '360000'"
        assert await relay.execute(gone, spill.id) != "UPDATE 0"
    finally:
        await superuser.execute(f"DELETE FROM spill_words; {_ENDED}")  # the next test counts what is erased
        await relay.close()
        await city.close()


# ---- nothing can be forgotten ------------------------------------------------------------------------------


def test_every_column_that_could_hold_words_is_erased_or_kept_on_purpose() -> None:
    """A new table or column stands in the plan, or here is where it is missed."""
    names = {table.name for table in tables()}
    assert names - RULES.keys() - UNTOUCHED.keys() == set()
    assert (RULES.keys() | UNTOUCHED.keys()) - names == set()
    assert not RULES.keys() & UNTOUCHED.keys()
    for name, rules in RULES.items():
        table, erased = metadata.tables[name], {c for rule in rules for c in rule.erase}
        kept = {c for rule in rules for c in rule.keep}
        assert not erased & kept, name
        if not any(rule.delete for rule in rules) and name not in PARTIAL:
            assert erased | kept == wordy(table), f"{name}: {wordy(table) ^ (erased | kept)}"
        assert set(columns(name)) - {"snipped_as"} <= set(table.c.keys())


async def test_the_worker_may_write_exactly_what_the_plan_erases(superuser: Any) -> None:
    """Migration 0015 and the plan say the same; `python -m migrations.erasing` writes its file."""
    rows = await superuser.fetch(
        "SELECT table_name, column_name FROM information_schema.role_column_grants "
        "WHERE grantee = 'tj_relay' AND privilege_type = 'UPDATE' AND table_schema = 'public'"
    )
    attempts = ("attempts", "next_attempt_at", "last_error", "handed", "dead_at")
    own = {("outbox", c) for c in (*attempts, "done_at")} | {("outbox_work", c) for c in attempts}
    own |= {("summary", c) for c in ("count", "amount_fen", "summed_count", "summed_fen")}
    own |= {("summary_totals", c) for c in ("count", "amount_fen")}
    own |= {("duty_totals", name) for name in FIGURES} | {("watched_totals", name) for name in WATCHED}
    # As the version before 0085 erases; for one that is upgraded to, or back from.
    own |= {("obligations", "pauses")}
    own |= {("leases", c) for c in ("holder", "fence", "until")}
    own |= {("spills", c) for c in ("state", "erased_at", "purged_at")}
    planned = {(name, column) for name in RULES for column in columns(name)}
    assert {(row["table_name"], row["column_name"]) for row in rows} == planned | own


def test_no_statement_of_the_erasing_reads_two_tenants() -> None:
    """What tells of a case of another tenant is found by ids that were looked up before (docs/decisions/0278)."""
    seen = 0
    for name, rules in RULES.items():
        for index, rule in enumerate(rules):
            for alone in (False, True):
                statement = erasing._statement(name, index, alone)
                if statement is None:
                    continue
                seen += rule.across
                assert "row_tenant" in statement.names
                others = re.findall(r"(?:FROM|JOIN) (\w+) (\w+) WHERE", statement.sql)
                for _, alias in others if rule.across else ():
                    assert f"{alias}.tenant_id = {name}.tenant_id" in statement.sql, (name, statement.sql)
    assert seen > 15
