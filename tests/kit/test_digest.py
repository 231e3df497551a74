"""What seals is RFC 8785 byte for byte, whichever of the two ways it is written."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from service.kit.db import metadata
from service.kit.digest import _plain, canonical, sealed
from service.kit.proofs import Spelling, columns, digest
from service.kit.wire import encode

_SAFE = 2**53 - 1
TEXT = st.text(max_size=20)
LEAVES = st.none() | st.booleans() | st.integers(-_SAFE, _SAFE) | TEXT
VALUES: st.SearchStrategy[Any] = st.recursive(
    LEAVES | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(TEXT, inner, max_size=5),
    max_leaves=25,
)


@given(VALUES)
def test_canonical_json_is_the_reference_s(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@given(st.dictionaries(TEXT, LEAVES, max_size=6))
def test_objects_of_any_keys_are_the_reference_s(value: dict[str, Any]) -> None:
    assert canonical(value) == rfc8785.dumps(value)


def test_every_control_character_is_escaped_alike() -> None:
    value = {"all": "".join(map(chr, range(0x300))), "\u2028": '\u2029\x7f/\\"', "\x01": ""}
    assert _plain(value)
    assert canonical(value) == rfc8785.dumps(value)


def test_rows_of_every_proved_table_take_the_quick_way() -> None:
    """A column's name is SQLAlchemy's own kind of text, which took every digest of a row the slow way."""
    import service.setup.schema  # noqa: F401 - loads every table

    proved = [table for table in metadata.tables.values() if table.info.get("proved")]
    assert len(proved) > 5
    for table in proved:
        assert _plain(dict.fromkeys(columns(table))), table.name


@pytest.mark.parametrize(
    "value", [1.0, 1e21, 2**53, {"\U00020bb7": 1, "\uff21": 2}, {"on": date(2026, 1, 1)}, [(1, 2)]]
)
def test_what_the_fast_way_would_write_differently_takes_the_other(value: Any) -> None:
    assert not _plain(value)
    try:
        expected = rfc8785.dumps(msgspec.to_builtins(value))
    except rfc8785.IntegerDomainError:
        with pytest.raises(rfc8785.IntegerDomainError):
            canonical(value)
    else:
        assert canonical(value) == expected


def test_a_seal_is_sm3_of_it() -> None:
    assert (
        sealed({"b": "项目", "a": [1, None]})
        == hashlib.new("sm3", '{"a":[1,null],"b":"项目"}'.encode()).hexdigest()
    )


_AS_STORED = st.dictionaries(
    TEXT | st.sampled_from(["2026-01-01T00:00:00Z", "2026-01-01T00:00:00Y"]),
    VALUES | st.sampled_from(["2026-01-01T00:00:00Z", date(2026, 1, 1), datetime(2026, 1, 1, tzinfo=UTC)]),
    max_size=4,
)


@given(_AS_STORED, st.none() | _AS_STORED)
def test_a_row_whose_json_is_spelt_once_is_proved_and_stored_as_it_will_be_read(
    content: dict[str, Any], decision: dict[str, Any] | None
) -> None:
    from service.projects.models import project_versions

    names = ["content", "decision", "number"]
    given_values = {"content": content, "decision": decision, "number": 1}
    spelt = dict(given_values)
    Spelling().row(project_versions, spelt)
    read = {name: msgspec.json.decode(encode(spelt[name])) for name in names}  # what the codec sends
    assert read == {name: msgspec.json.decode(encode(given_values[name])) for name in names}
    there = sealed({name: value for name, value in read.items() if value is not None})
    assert digest(project_versions, spelt, names) == digest(project_versions, given_values, names) == there
    assert digest(project_versions, read, names) == there


def test_an_object_in_two_rows_is_spelt_once() -> None:
    spelling, content = Spelling(), {"name": "项目"}
    assert type(spelling.of(content)) is msgspec.Raw
    assert spelling.of(content) is spelling.of(content)


def test_a_row_of_which_one_object_takes_the_slow_way_is_sealed_all_the_same() -> None:
    alike, other = {"name": "项目"}, {"score": 0.5}
    of = Spelling().of
    assert sealed({"content": of(alike), "decision": of(other)}) == sealed(
        {"content": alike, "decision": other}
    )
