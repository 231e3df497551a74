"""Every typed parameter of every query is spelt one way; all that is wrong with a query is told at once (0301)."""

from __future__ import annotations

from typing import Any

import msgspec.inspect as look
import pytest

from service.audit.schemas import AuditQuery
from service.docs.document import routes_of, specs
from service.identity.schemas import UserQuery
from service.kit.asked import shape
from service.kit.errors import ServiceError
from service.kit.query import decode_query


@pytest.fixture(scope="module")
def queries(app: Any) -> list[Any]:
    """The Struct of each query that an operation takes."""
    return list({spec.query for _, spec in specs(routes_of(app.app)) if spec.query is not None})


# Of each kind: how other readers spell the same, or what is none of it.
SPELT_ELSEWHERE = {
    look.IntType: ["1e3", "2e1", "3.0", "-0", "+3", "03", "0x3", "3_0", "３", "%203", "3%20", "三", "9" * 30, "true"],
    look.BoolType: ["True", "TRUE", "1", "0", "yes", "on", "t", "%20true", "ｔｒｕｅ", "false%20"],
    look.DateType: [
        "2026-1-1", "20260101", "2026-W01-1", "2026-01-01T00:00:00Z", "01/02/2026", "%202026-01-01", "1767225600",
    ],
    look.DateTimeType: [
        "2026-01-01", "2026-01-01T00:00:00", "2026-01-01+00:00:00Z", "1767225600", "1.7e9", "2026-01-01T00:00:00+08:00",
        "0001-01-01T00:00:00%2B23:00", "9999-12-31T23:59:59-23:00", "2026-01-01T24:00:00Z", "2026-02-30T00:00:00Z",
    ],
}  # fmt: skip


def _in_ascii(text: str) -> str:
    return "".join(chr(each) if each < 128 else f"%{each:02X}" for each in text.encode())


def _typed(kind: Any) -> list[tuple[str, list[str]]]:
    found = []
    for field in look.type_info(kind).fields:  # type: ignore[attr-defined]
        within: list[Any] = [field.type]
        for part in within:
            within += getattr(part, "types", ())
            within += [
                each for each in (getattr(part, "type", None), getattr(part, "item_type", None)) if each
            ]
            if type(part) in SPELT_ELSEWHERE:
                found.append((field.encode_name, SPELT_ELSEWHERE[type(part)]))
    return found


def _refused(raw: str, kind: Any) -> list[tuple[str, str]]:
    with pytest.raises(ServiceError) as refused:
        decode_query(raw.encode(), kind)
    error = refused.value
    assert (error.status, error.code) == (400, "invalid_query"), raw
    return [(each.pointer, each.code) for each in error.body()["errors"]]


def test_each_kind_of_value_is_spelt_one_way(queries: list[Any]) -> None:
    typed = [(kind, *each) for kind in queries for each in _typed(kind)]
    assert len(typed) > 60
    for kind, name, others in typed:
        for other in [*others, "", "null", "%00", "1%0A"]:
            told = [pointer for pointer, _ in _refused(f"{name}={_in_ascii(other)}", kind)]
            assert told.count(name) == 1, (name, other, told)


def test_all_that_is_wrong_is_told_at_once(queries: list[Any]) -> None:
    for kind in queries:
        _all_told(kind)


def _all_told(kind: Any) -> None:
    """Each typed parameter misspelt, each that takes one given twice, a name that is none."""
    typed = {name for name, _ in _typed(kind)}
    single = sorted(set(kind.__struct_encode_fields__) - typed - shape(kind).several)[:15]
    asked = (
        [f"{name}=x" for name in sorted(typed)][:15]
        + [f"{name}=a&{name}=b" for name in single]
        + ["nonsense=1"]
    )
    pointers = [pointer for pointer, _ in _refused("&".join(asked), kind)]
    assert len(set(pointers)) == len(pointers), "once each"
    assert {each.partition("=")[0] for each in asked} <= set(pointers) or len(pointers) == 20


def test_what_is_right_is_read() -> None:
    kind = AuditQuery
    query = decode_query(b"limit=7&at_from=2026-01-01T00:00:00.5%2B08:00&at_to=2026-01-01t00:00:00z", kind)
    assert (query.limit, query.at_from.isoformat()) == (7, "2026-01-01T00:00:00.500000+08:00")
    assert decode_query(b"disabled=true&limit=200", UserQuery).disabled is True
