"""PostgreSQL's generated keys are the keys of service/characters, character by character; rows of before survive."""

from __future__ import annotations

import asyncio
import random
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest
from alembic import command

from service.characters.cleaning import Unclean, cleaned
from service.characters.keys import FOLDS, key
from service.kit.keyed import KEYED, UNIQUE, key_sql
from service.settings import Settings
from service.setup.migrate import _alembic

PIECES = "南昌市智慧水务AIai09（）〔〕·•—－- 　\u200b\u00a0e\u0301\u0316⻄⽂\uf9ddЕЁёｱﾞㇿ①㎡ﬁß"


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """Every character that may be kept, in rows of a few hundred, and mixtures in which they meet.

    What only a newer Unicode than Python's has is left out: no table of ours is about it.
    """
    kept = []
    for code in range(1, 0x32400):
        if unicodedata.category(chr(code)) == "Cn":
            continue
        try:
            kept.append(cleaned(chr(code)))
        except Unclean:
            continue
    rows = ["中".join(kept[at : at + 300]) for at in range(0, len(kept), 300)]
    dice = random.Random(20261129)
    pieces = [*PIECES, *FOLDS, *FOLDS.values()]
    return rows + ["".join(dice.choices(pieces, k=dice.randint(1, 12))) for _ in range(3000)]


async def test_both_make_the_same_key(settings: Settings, texts: list[str]) -> None:
    connection = await asyncpg.connect(settings.database_url)
    try:
        rows = await connection.fetch(f"SELECT t, {key_sql('t')} AS key FROM unnest($1::text[]) AS t", texts)
    finally:
        await connection.close()
    assert [row["t"] for row in rows if row["key"] != key(row["t"])] == []


async def test_the_columns_are_what_the_list_says(settings: Settings) -> None:
    connection = await asyncpg.connect(settings.database_url)
    try:
        for (table, column), expression in KEYED.items():
            wrong = await connection.fetchval(
                f"SELECT count(*) FROM {table} WHERE {column} IS DISTINCT FROM {key_sql(expression)}"
            )
            kind = await connection.fetchval(
                "SELECT is_generated FROM information_schema.columns WHERE table_name = $1 AND column_name = $2",
                table,
                column,
            )
            assert (wrong, kind) == (0, "ALWAYS"), (table, column)
        assert await connection.fetchval("SELECT count(*) FROM offices") > 10
    finally:
        await connection.close()


@pytest.mark.long
async def test_rows_of_before_that_look_the_same_stay_and_no_more_come(
    seeded: Settings, clone: Callable[..., str]
) -> None:
    url = clone("twins_of_before", "template1")
    await asyncio.to_thread(command.upgrade, _alembic(url), _before())
    connection = await asyncpg.connect(url)
    office = (
        "INSERT INTO offices (tenant_id, id, name, tier, division, office_kind, valid_from, version) "
        "VALUES ('360100', gen_random_uuid(), $1, 'city', '360100', 'other', '2024-01-01', 1)"
    )
    expert = (
        "INSERT INTO experts (tenant_id, id, name, title, fields, employer_name, valid_from, added_by, added_at, "
        "updated_at, version) VALUES ('360100', gen_random_uuid(), $1, 't', '{data}', $2, '2024-01-01', 'a', now(), "
        "now(), 1)"
    )
    try:
        await connection.execute("INSERT INTO tenant_local (tenant_id) VALUES ('360100')")
        for name in ("文旅局", "⽂旅局", "文旅\u200b局", "别的局"):
            await connection.execute(office, name)
        for _ in range(3):
            await connection.execute(expert, "王伟", "某某大学")
        await asyncio.to_thread(command.upgrade, _alembic(url), "head")
        assert await connection.fetchval("SELECT count(*) FROM offices WHERE name_key = '文旅局'") == 3
        assert await connection.fetchval("SELECT count(*) FROM experts WHERE told_apart = ''") == 3
        for insert, given in ((office, ("文 旅局",)), (office, ("別的局",)), (expert, ("王伟", "某某大学"))):
            with pytest.raises(asyncpg.UniqueViolationError) as refused:
                await connection.execute(insert, *given)
            assert refused.value.constraint_name in UNIQUE
        forced = "SELECT relname FROM pg_class WHERE relname = ANY($1) AND NOT (relrowsecurity AND relforcerowsecurity)"
        assert await connection.fetch(forced, [table for table, _ in KEYED]) == []
    finally:
        await connection.close()


def _before() -> str:
    """The revision before the keys came."""
    (file,) = (Path(__file__).parents[2] / "migrations/versions").glob("*_keys.py")
    return str(re.search(r'^down_revision = "(\d+)"', file.read_text(), re.MULTILINE)[1])  # type: ignore[index]
