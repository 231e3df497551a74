"""The head of an answer: alone where nothing follows it, before what follows it, and never held back from who waits."""

from __future__ import annotations

from typing import Any

import pytest

from tests.server.clients import post, problem
from tests.server.conftest import GET

pytestmark = pytest.mark.long  # a real process


async def test_a_head_comes_alone_and_with_its_body(serving: Any) -> None:
    async with serving() as served:
        wire = await served.connect()
        await wire.send(b"HEAD /livez HTTP/1.1\r\nHost: x\r\n\r\n")  # no content, and the connection goes on
        head = await wire.head()
        assert head.startswith(b"HTTP/1.1 200") and b"content-length: " in head
        await wire.send(b"OPTIONS /livez HTTP/1.1\r\nHost: x\r\n\r\n")
        assert (await wire.head()).startswith(b"HTTP/1.1 204")
        await wire.send(GET)
        status, body = await wire.answer()
        assert status == 200 and body
        await wire.all()

        # Who waits to be asked for the body is asked: then comes the answer.
        raw = post(b"{}").replace(b"Host: x\r\n", b"Host: x\r\nExpect: 100-continue\r\nConnection: close\r\n")
        head, _, body = raw.partition(b"\r\n\r\n")
        wire = await served.connect()
        await wire.send(head + b"\r\n\r\n")
        assert (await wire.head()).startswith(b"HTTP/1.1 100")
        await wire.send(body)
        assert problem(await wire.all())[0] == 401
