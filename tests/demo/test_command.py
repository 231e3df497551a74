"""The command line: exit codes, one-line errors, and the rule book's append-only record."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import asyncpg
import pytest

from service.measures.parameters import RuleBook
from service.rulebook.loader import base_rulebook
from service.rulebook.recording import RuleBookRewritten, problems, record
from service.settings import Settings
from tests.demo.support import CASES, ROOT, tongjian

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def test_route_decides_without_waiting(tmp_path: Path) -> None:
    facts = json.loads(CASES.read_text(encoding="utf-8"))["rows"][0]["facts"]
    done = tongjian("route", "-", input=json.dumps(facts))
    assert json.loads(done.stdout)["route"] == "provincial_review"
    # What only the server needs is not waited for: it is never loaded.
    code = (
        "import sys; sys.argv[1:] = ['route', '-']; from service.cli import main; main(); print(*sys.modules)"
    )
    told = subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps(facts),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert not {"sqlalchemy", "litestar", "asyncpg", "alembic", "jwt"} & set(told.stdout.split())
    assert tongjian("route", tmp_path / "none.json").returncode == 2


@pytest.mark.parametrize(
    ("arguments", "env", "says"),
    [
        (["serve"], {}, "settings refused (production)"),
        (["migrate"], {"TONGJIAN_ENVIRONMENT": "development"}, "TONGJIAN_DATABASE_URL is missing"),
        (["demo"], {"TONGJIAN_ENVIRONMENT": "production"}, "refuses to in production"),
        (["demo", "--cases", "/none.json"], {}, "/none.json: No such file"),
        (["keys", "rotate", "--file", "/none.json"], {}, "No such file"),
        (
            ["seed"],
            {
                "TONGJIAN_ENVIRONMENT": "development",
                "TONGJIAN_DATABASE_URL": "postgresql://u:hush@127.0.0.1:1/x",
            },
            "tongjian seed: ",
        ),
    ],
)
@pytest.mark.long
def test_expected_failures_are_told_without_a_traceback(
    arguments: list[str], env: dict[str, str], says: str
) -> None:
    done = tongjian(*arguments, env=env)
    assert done.returncode == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert "hush" not in done.stderr
    assert done.stdout == ""


def test_keys_are_generated_once_and_rotated(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    first = tongjian("keys", "generate", "--file", file).stdout.strip()
    assert tongjian("keys", "generate", "--file", file).returncode == 1
    second = tongjian("keys", "rotate", "--file", file).stdout.strip()
    assert [key["kid"] for key in json.loads(file.read_text())["keys"]] == [first, second]
    assert file.stat().st_mode & 0o077 == 0


async def test_rule_book_is_recorded_once_and_never_rewritten(settings: Settings) -> None:
    book, owner = base_rulebook(), settings.database_url
    await record(owner, book, NOW)
    assert await record(owner, book, NOW) == 0
    assert await problems(owner, book) == []
    changed = dataclasses.replace(book.entries[0], article=44)
    rewritten = RuleBook((changed, *book.entries[1:]), book.readings)
    with pytest.raises(RuleBookRewritten, match=changed.key):
        await record(owner, rewritten, NOW)
    assert [line.partition(":")[0] for line in await problems(owner, rewritten)] == ["changed in the files"]


async def test_an_amendment_is_added(settings: Settings) -> None:
    book, owner = base_rulebook(), settings.database_url
    await record(owner, book, NOW)
    amended = dataclasses.replace(book.entries[0], effective_from=date(2031, 1, 1), recorded_at=NOW)
    try:
        assert [line.partition(",")[0] for line in await problems(owner, book.with_entries(amended))] == [
            "not recorded"
        ]
        assert await record(owner, book.with_entries(amended), NOW) == 1
        assert [line.partition(",")[0] for line in await problems(owner, book)] == ["recorded"]
    finally:
        connection = await asyncpg.connect(owner)
        await connection.execute("DELETE FROM rulebook_entries WHERE effective_from = $1", date(2031, 1, 1))
        await connection.close()
