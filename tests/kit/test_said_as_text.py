"""Statements that are written as SQL keep the rules of one schema for one or many as well (docs/decisions/0165, 0286).

Those of tests/kit/test_one_or_many.py follow tables and tenants through SQLAlchemy's own; of a text they see nothing.
"""

from __future__ import annotations

import re
from collections import Counter

import pytest
from sqlalchemy.sql import elements

from service.identity import handing_over
from tests.kit.test_one_or_many import VOLATILE
from tests.statements import EVERY
from tests.tenancy import TENANT

_TEXTS = [" ".join(each._core.text.split()) for each in EVERY if isinstance(each._core, elements.TextClause)]
# Made on first use.
_TEXTS += [
    " ".join(each.split()) for each in (handing_over._TOLD, handing_over._PROJECTS, handing_over._RENAMED)
]
# Those over all tenants: how they begin, and what for. None is folded into a city's scope.
ACROSS = {
    "SELECT a.tenant_id, a.id::text AS id FROM appraisals a": "which cases of all cities an agency has in hand",
    "SELECT m.id FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS m(id uuid, rule text, tenant text, object uuid, "
    "name text, code text, states text[], at timestamptz) WHERE (false": "the province's notices of any city's cases",
}
_NAMES = re.compile(r"\b(FROM|JOIN|UPDATE|INTO|USING) (\w+)(?: (?:AS )?(\w+))?")
_TIES = re.compile(r"\b(?:(\w+)\.)?tenant_id = (:?\w+)(?:\.tenant_id)?")
_GIVEN = re.compile(r"CAST\((:\w+) AS text\) AS tenant_id[^()]*(?:\([^()]*\)[^()]*)*\) (\w+)")
_NO_ALIAS = ("WHERE", "SET", "CROSS", "JOIN", "LEFT", "ORDER", "GROUP", "USING", "ON", "SELECT", "VALUES")


def loose(sql: str) -> list[str]:
    """Tables of tenants in a text that nothing ties to the one parameter that is its tenant; or that there are two."""
    known = {alias: parameter for parameter, alias in _GIVEN.findall(sql)}
    tied: Counter[str] = Counter()
    parameters = set(known.values())
    for alias, other in _TIES.findall(sql):
        if other.startswith(":"):
            parameters.add(other)
        elif other not in known and not re.search(rf"\b{other}\.tenant_id = ", sql):
            continue
        tied[alias] += 1
    wrong = [f"two tenants: {sorted(parameters)}"] if len(parameters) > 1 else []
    for verb, table, alias in _NAMES.findall(sql):
        if table in TENANT and verb != "INTO":
            name = table if not alias or alias in _NO_ALIAS else alias
            at = name if tied[name] else ""
            if not tied[at]:
                wrong.append(table)
            tied[at] -= 1
    return wrong


def test_every_table_of_a_text_names_its_tenant() -> None:
    found = {sql: wrong for sql in _TEXTS if (wrong := loose(sql))}
    new = {sql: wrong for sql, wrong in found.items() if not sql.startswith(tuple(ACROSS))}
    assert not new
    assert not [begin for begin in ACROSS if not any(sql.startswith(begin) for sql in found)], "no longer so"
    assert not [sql for sql in found if "tj_scope" in sql], "a read of all tenants is not folded"
    assert len(_TEXTS) > 30


@pytest.mark.parametrize(
    ("sql", "wrong"),
    [
        ("SELECT id FROM apps a WHERE a.id = :id", ["apps"]),
        ("SELECT id FROM apps WHERE tenant_id = :tenant", []),
        (
            "UPDATE apps SET x = 1 FROM adoptions b WHERE apps.tenant_id = :a AND b.tenant_id = apps.tenant_id",
            [],
        ),
        (
            "UPDATE apps SET x = 1 FROM adoptions b WHERE apps.tenant_id = :a AND b.id = apps.id",
            ["adoptions"],
        ),
        ("SELECT 1 FROM apps a, m WHERE a.tenant_id = m.tenant", ["apps"]),
        (
            "SELECT 1 FROM apps a JOIN adoptions b ON true WHERE a.tenant_id = :a AND b.tenant_id = :b",
            ["two tenants: [':a', ':b']"],
        ),
    ],
)
def test_what_names_none_is_found(sql: str, wrong: list[str]) -> None:
    assert loose(sql) == wrong


def test_nothing_is_drawn_in_a_text() -> None:
    assert not [sql for sql in _TEXTS if VOLATILE.search(sql)], "give it as a parameter"
