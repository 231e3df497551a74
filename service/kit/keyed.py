"""Columns that PostgreSQL itself fills with comparison keys (service/characters/keys.py), as generated columns.

So no writer can forget a key, an erased name loses its key with it, and names that look the same collide in an index.
They stand beside the models, not in them: nobody writes them, and no row is read with them. A key is an expression of
built-in functions, since the schema has no functions of its own (it may be spread over many servers).
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Table, Text, column, func, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.expression import bindparam

from service.characters.cleaning import UNSEEN
from service.characters.keys import BLANKS, FOLDS

PARTS: Final = "¦"  # between the parts of a key that is made of several columns
# Table and column, and what the key is made of.
KEYED: Final[dict[tuple[str, str], str]] = {
    ("projects", "search_key"): (
        f"name || '{PARTS}' || owner_name || '{PARTS}' || coalesce(external_ref, '') || '{PARTS}' || "
        f"coalesce(filing_number, '') || '{PARTS}' || coalesce(dated #>> '{{approved,number}}', '')"
    ),
    ("projects", "filing_key"): "filing_number",
    ("projects", "document_key"): "dated #>> '{approved,number}'",
    ("offices", "name_key"): "name",
    ("users", "name_key"): "name",
    ("experts", "person_key"): f"name || '{PARTS}' || employer_name || '{PARTS}' || told_apart",
}
UNIQUE: Final = {"uq_offices_name_key": "offices", "uq_experts_person_key": "experts"}
# Indexes of keys that need not be unique.
PLAIN: Final = {"ix_projects_filing_key": "projects", "ix_projects_document_key": "projects"}


def key_sql(expression: str) -> str:
    """SQL that gives the key of a text expression; the same as `keys.key`, character by character."""
    looks, plain = "".join(FOLDS), "".join(FOLDS.values())
    seen = f"normalize(regexp_replace({expression}, '[{UNSEEN}]+', '', 'g'), NFKC)"
    folded = f"translate({seen}, {_literal(looks)}, {_literal(plain)})"
    return f"normalize(regexp_replace({folded}, '[{UNSEEN}{BLANKS}]+', '', 'g'), NFKC)"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def key_of(table: Table, name: str) -> ColumnElement[str]:
    """The key column of a table, to compare with keys made in Python."""
    if (table.name, name) not in KEYED:
        raise KeyError(name)
    return literal_column(f"{table.name}.{name}", Text)


def finds(key: ColumnElement[str], parameter: str) -> ColumnElement[bool]:
    """Condition: every word of the search (`keys.words`, as an array parameter) is in the key, in whatever order."""
    word = (
        func.unnest(bindparam(parameter, type_=ARRAY(Text))).table_valued("word").render_derived(name="asked")
    )
    missing: Select[Any] = (
        select(literal_column("1")).select_from(word).where(func.strpos(key, column("word", Text)) == 0)
    )
    return ~missing.exists()
