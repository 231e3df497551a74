"""Which heads are refused before anything reads them: a proxy in front may have read another request."""

from __future__ import annotations

import pytest

from service.kit.heads import misleading

HOST = (b"host", b"x")


@pytest.mark.parametrize(
    ("headers", "version", "word"),
    [
        ([], "1.1", "Host"),
        ([HOST, HOST], "1.1", "Host"),
        ([HOST], "0.9", "HTTP/1.1"),
        ([HOST], "2.0", "HTTP/1.1"),
        ([HOST, (b"transfer-encoding", b"gzip, chunked")], "1.1", "chunked"),
        ([HOST, (b"transfer-encoding", b"identity")], "1.1", "chunked"),
        ([HOST, (b"transfer-encoding", b"chunked"), (b"transfer-encoding", b"chunked")], "1.1", "chunked"),
        ([HOST, (b"transfer-encoding", b"chunked")], "1.0", "chunked"),
        *(
            ([HOST, (name.lower().encode(), b"a"), (name.lower().encode(), b"b")], "1.1", name)
            for name in ("Authorization", "Content-Type", "Idempotency-Key", "Acting-For", "Origin")
        ),
    ],
)
def test_what_two_programs_read_differently_is_refused(
    headers: list[tuple[bytes, bytes]], version: str, word: str
) -> None:
    assert word in (misleading(headers, version) or "")


def test_what_is_said_in_parts_is_taken() -> None:
    """Lists may come in several fields, cookies too (RFC 9113, 8.2.3)."""
    parts = [
        (name, value)
        for name in (b"if-match", b"cookie", b"accept", b"x-forwarded-for")
        for value in (b"a", b"b")
    ]
    assert misleading([HOST, *parts, (b"transfer-encoding", b" Chunked ")], "1.1") is None
    assert misleading([], "1.0") is None
