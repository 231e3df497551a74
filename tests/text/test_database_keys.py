"""PostgreSQL's generated keys are the keys of service/characters, character by character; rows of before survive."""

from __future__ import annotations

import random
import unicodedata

import asyncpg
import pytest

from service.characters.cleaning import Unclean, cleaned
from service.characters.keys import FOLDS, key
from service.kit.keyed import KEYED, key_sql
from service.settings import Settings

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
                table, column,
            )  # fmt: skip
            assert (wrong, kind) == (0, "ALWAYS"), (table, column)
        assert await connection.fetchval("SELECT count(*) FROM offices") > 10
    finally:
        await connection.close()
