"""A line of a list that PostgreSQL renders is to the byte what `json_build_object` makes of the same row."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import Text, func, literal_column, select, text

from service.caselist.queries import PROJECTS
from service.kit.clock import legal_day, now
from service.kit.statements import Statement
from service.kit.wire import coded, free, json_line, plain
from service.measures.facts import Kind, ProjectClass
from service.measures.lifecycle_states import Holder, State
from service.measures.offices import Tier
from service.measures.routing import Route
from tests.bench.bare_sql import LIST

TENANT = "360100"
ODD = r"""U&'"引号" \\ 斜线 / <b> %s %1$s {} \0009 \000A \2028 \+01F600 ''单'' '"""
# Rows as no desk would leave them, and a suspicion on some; all of it is rolled back.
ODDITIES = f"""
UPDATE projects SET name = {ODD} || name, owner_name = owner_name || {ODD},
    external_ref = CASE WHEN substr(external_ref, 6)::int % 2 = 0 THEN external_ref || {ODD} END,
    filing_number = CASE WHEN state = 'filed' THEN {ODD} || filing_number END,
    dated = CASE WHEN approved_at IS NULL THEN dated ELSE
        dated || jsonb_build_object('approved', jsonb_build_object('number', {ODD})) END,
    project_codes = CASE WHEN state = 'submitted' THEN ARRAY['2406-360100-04-01-123456', {ODD}] ELSE '{{}}' END,
    investment_fen = CASE WHEN state = 'returned' THEN 5 ELSE investment_fen END,
    updated_at = date_trunc('day', updated_at) + interval '1 microsecond'
WHERE tenant_id = '{TENANT}'"""
SUSPECTED = f"""
WITH made AS (
    INSERT INTO suspicions (tenant_id, office_id, id, kind, project_id, project_name, owner_name, month, sum_fen,
        article, score, size, phrases, state, found_at, version)
    SELECT tenant_id, office_id, id, 'split', id, name, owner_name, '2026-01', 1, 8, 1, 1, '[]',
        (ARRAY['open', 'confirmed', 'joined', 'dismissed'])[1 + row_number() OVER () % 4], now(), 1
    FROM projects WHERE tenant_id = '{TENANT}' AND submitted_at IS NOT NULL RETURNING *)
INSERT INTO suspicion_members
SELECT tenant_id, office_id, id, project_id, project_name, owner_name, 1, 1, found_at::date FROM made"""


async def test_a_line_of_a_case_is_what_postgresql_makes_of_the_row(superuser: Any) -> None:
    page = PROJECTS.statement(PROJECTS.wish({"tenant_id": TENANT}))
    scope, today = f"{TENANT}/*/~portal", legal_day(now())
    given = {"tenant_id": TENANT, "limit": 2000, "today": today}
    found: dict[bool, list[str]] = {}
    transaction = superuser.transaction()
    await transaction.start()
    try:
        for statement in (ODDITIES, SUSPECTED):
            await superuser.execute(statement)
        for sees in (True, False):
            told = page.arguments({**given, "sees_suspicions": sees})
            mine = await superuser.fetch(page.folded, *told, scope)
            plainly = await superuser.fetch(LIST, scope, TENANT, 2000, today, sees)
            found[sees] = [row["item"] for row in mine]
            assert found[sees] == [row["item"] for row in plainly]
    finally:
        await transaction.rollback()
    assert len(found[True]) > 150
    for member in (
        "route",
        "submitted_at",
        "filed_at",
        "approved_amount_yuan",
        "filing_number",
        "document_number",
    ):
        without = sum(f'"{member}" : null' in line for line in found[True])
        assert 0 < without < len(found[True]), f"{member}: with and without"
    told = {match[1] for line in found[True] if (match := re.search(r'"suspicion" : (\S+)}', line))}
    assert told == {"null", '"open"', '"confirmed"', '"joined"'}
    assert all(line.endswith('"suspicion" : null}') for line in found[False])


async def test_a_line_is_an_object_whatever_is_in_it(superuser: Any) -> None:
    """NULL, quotes, nested JSON and what `format` itself would read."""
    values = text(
        f"(VALUES ('a', {ODD}, 7, '{{\"b\": [1, \"%s\"]}}'::jsonb), (NULL, NULL, 0, '[]')) v(a, b, c, d)"
    )
    a, b, c, d = (literal_column(f"v.{name}", Text) for name in "abcd")
    line = json_line({"a": coded(a, null=True), "b": free(b), "c": plain(c), "d": plain(d)})
    names = {name: literal_column(f"'{name}'") for name in "abcd"}
    theirs = func.json_build_object(names["a"], a, names["b"], b, names["c"], c, names["d"], d)
    statement = Statement(select(line.label("mine"), theirs.label("theirs")).select_from(values))
    rows = await superuser.fetch(statement.sql)
    assert len(rows) == 2
    assert [row["mine"].decode() for row in rows] == [row["theirs"] for row in rows]


async def test_what_is_written_between_quotes_has_nothing_to_escape(superuser: Any) -> None:
    """`coded` trusts these codes: a new one with a quote in it would break every line."""
    codes = {each.value for kind in (State, Holder, Tier, Route, Kind, ProjectClass) for each in kind}
    rows = await superuser.fetch("SELECT id FROM tenants UNION SELECT code AS id FROM divisions")
    codes |= {row["id"] for row in rows}
    assert len(codes) > 100
    assert [code for code in codes if not re.fullmatch("[0-9A-Za-z_]+", code)] == []
