"""What one connection may take of the real process: refused in time and by count, while others are served."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import psutil
import pytest

from tests.server.clients import open_connections, post, problem, request, until
from tests.server.conftest import GET, Served, Wire

pytestmark = pytest.mark.long  # a real process, and clients that make it wait

SECOND = {
    "header_timeout_s": 1,
    "body_timeout_s": 2,
    "body_idle_s": 1,
    "write_timeout_s": 1,
    "keep_alive_s": 1,
}


@pytest.fixture(scope="module")
async def served(serving: Any) -> AsyncIterator[Served]:
    """The bounds as they are by default."""
    async with serving() as made:
        yield made


@pytest.fixture(scope="module")
async def hasty(serving: Any) -> AsyncIterator[Served]:
    """Deadlines of a second."""
    async with serving(**SECOND) as made:
        yield made


@pytest.mark.parametrize(
    "data",
    [
        request("X: " + "a" * 33_000 + "\r\n"),
        request("".join(f"X-{n}: {'b' * 1000}\r\n" for n in range(40))),
        request("".join(f"a{n}: b\r\n" for n in range(3000))),
        request("a: b\r\n" * 300),
        request("N" * 40_000 + ": v\r\n"),
        request("Authorization: Bearer " + "a" * 400_000 + "\r\n"),
    ],
    ids=["one value", "many values", "many fields", "same field", "one name", "400 KB"],
)
async def test_a_header_section_beyond_32_kb_is_431(served: Served, data: bytes) -> None:
    assert problem(await served.ask(data)) == (431, "headers_too_large")


async def test_a_header_that_never_ends_is_431_before_it_takes_memory(served: Served) -> None:
    """100 MB of one value: the process takes none of it."""
    before = psutil.Process(served.process.pid).memory_info().rss
    wire = await served.connect()
    await wire.send(b"GET /livez HTTP/1.1\r\nX: ")
    for _ in range(1600):
        if wire.told():
            break
        await wire.send(b"a" * 65_536)
    # Whoever never stops sending is cut off in the end, and may not read the answer any more.
    answer = await wire.all()
    assert not answer or problem(answer) == (431, "headers_too_large")
    assert psutil.Process(served.process.pid).memory_info().rss - before < 20 << 20


async def test_32_kb_of_headers_and_8_kb_of_path_are_taken(served: Served) -> None:
    assert (await served.ask(request("X: " + "a" * 32_000 + "\r\n"))).startswith(b"HTTP/1.1 200")
    assert (await served.ask(request(path="/livez?" + "q" * 8000))).startswith(b"HTTP/1.1 200")
    assert (await served.ask(request("a: b\r\n" * 190))).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("size", [8_200, 100_000, 1_000_000])
async def test_a_request_line_beyond_8_kb_is_414(served: Served, size: int) -> None:
    assert problem(await served.ask(request(path="/" + "p" * size))) == (414, "uri_too_long")


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01\x02\x00\x01",
        b"GET\r\n\r\n",
        b"GET / HTTP/1.1\r\nX\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /livez HTTP/1.1\r\n\r\n",
        b"GET /livez HTTP/1.1\r\nHost: x\r\nHOST: y\r\n\r\n",
        b"GET /livez HTTP/2.0\r\nHost: x\r\n\r\n",
        b"GET /livez\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        b"GET /livez HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nIdempotency-Key: 1\r\nIdempotency-Key: 2\r\nContent-Length: 0\r\n\r\n",
    ],
)
async def test_what_is_no_request_is_a_problem_document(served: Served, data: bytes) -> None:
    assert problem(await served.ask(data)) == (400, "malformed_request")


async def test_an_offered_upgrade_is_ignored_and_the_answer_comes(served: Served) -> None:
    for offer in ("websocket", "h2c"):
        wire = await served.connect()
        data = f"GET /livez HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: {offer}\r\n\r\n"
        await wire.send(data.encode())
        answer = await wire.all()  # and the connection ends: nothing could be read on it
        assert answer.startswith(b"HTTP/1.1 200"), answer


@pytest.mark.parametrize(
    "path", ["/api/v1/projects", "/api/v1/oauth/token", "/api/v1/projects/x/documents", "/livez", "/nowhere"]
)
async def test_nobody_unknown_sends_more_than_16_kb(served: Served, path: str) -> None:
    for data in (
        post(b"x" * 16_385, path=path),
        post(b"x" * 20_000, path=path, token="x.y.z"),
        post(b"", path=path, length=10**12),
        post(b"", path=path, length=10**18),
        f"POST {path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        + (b"1000\r\n" + b"x" * 4096 + b"\r\n") * 5,
    ):
        assert problem(await served.ask(data)) == (413, "too_large")


async def test_a_valid_token_lifts_the_limit_and_one_that_ended_says_so(served: Served, token: Any) -> None:
    body = json.dumps({"x": "y" * 100_000}).encode()
    wire = await served.connect()
    await wire.send(post(body, token=token("360100")))
    status, told = await wire.answer()
    assert status in (400, 422), told  # read, and judged
    await wire.send(post(b"x" * 10, length=(1 << 20) + 1, token=token("360100")))
    assert problem(await wire.all()) == (413, "too_large")
    assert problem(await served.ask(post(body, token=token("360100", now=1_700_000_000)))) == (
        401,
        "token_expired",
    )


async def test_900_half_sent_requests_are_ended_and_others_are_served(hasty: Served) -> None:
    halves = [b"GET /livez HTTP/1.1\r\nHost: x", b"G", b"GET /livez HTTP/1.1\r\n", b"POST /a HTTP/1.1\r\nA"]
    wires = []
    for number in range(900):
        wires.append(await hasty.connect(f"127.0.0.{2 + number // 300}"))
        await wires[-1].send(halves[number % 4])
    assert await hasty.alive()
    answers = await asyncio.gather(*(wire.all() for wire in wires))
    # One whose bytes came too late, on a busy machine, had asked nothing yet and is ended without a word.
    assert {problem(answer) for answer in answers if answer} == {(408, "request_timeout")}


async def test_a_head_sent_by_drops_is_ended_too(hasty: Served) -> None:
    """Progress is no excuse: the deadline is for the whole head."""
    wire = await hasty.connect()
    data = b"GET /livez HTTP/1.1\r\nX: " + b"a" * 100_000
    for byte in data:
        await wire.send(bytes([byte]))
        try:
            async with asyncio.timeout(0.05):
                await wire.reader.readuntil(b"\r\n")
            break
        except TimeoutError:
            continue
    assert b"408" in await wire.all() or wire.reader.at_eof()
    assert await hasty.alive()


async def test_connections_at_rest_are_closed_without_a_word(hasty: Served) -> None:
    silent = [await hasty.connect() for _ in range(50)]
    blank = await hasty.connect()
    await blank.send(b"\r\n\r\n")  # allowed before a request, and none
    used = await hasty.connect()
    await used.send(GET.replace(b"Connection: close\r\n", b""))
    assert (await used.answer())[0] == 200
    await used.send(b"\r\n")
    for wire in (*silent, blank, used):
        assert await wire.all() == b""


async def test_150_stalled_bodies_are_408_and_leave_nothing(hasty: Served, token: Any) -> None:
    mine = token("360100")
    wires = []
    for _ in range(150):
        wires.append(await hasty.connect())
        await wires[-1].send(post(b"{" + b" " * 200_000, token=mine, length=1_000_000))
    assert await hasty.alive()
    answers = await asyncio.gather(*(wire.all() for wire in wires))
    assert {problem(answer) for answer in answers if answer} == {(408, "request_timeout")}
    assert await hasty.alive()


async def test_a_body_by_drops_is_ended_by_the_whole_deadline(hasty: Served) -> None:
    wire = await hasty.connect()
    await wire.send(post(b"", path="/api/v1/oauth/token", length=10_000))
    while True:
        await wire.send(b"x")
        try:
            async with asyncio.timeout(0.1):
                head = await wire.reader.readuntil(b"\r\n\r\n")
            break
        except TimeoutError:
            continue
    assert head.startswith(b"HTTP/1.1 408")


async def test_who_does_not_read_is_cut_off(hasty: Served) -> None:
    """Many large answers asked for at once and never read: the process holds them for a second."""
    wires: list[Wire] = []
    for _ in range(6):
        wire = await hasty.connect()
        wire.writer.transport.pause_reading()  # type: ignore[attr-defined]
        wires.append(wire)
        await wire.send(b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 3)
    await until(lambda: open_connections(hasty) == 0)
    assert await hasty.alive()
    for wire in wires:
        wire.writer.close()


async def test_a_refused_sender_who_goes_on_is_cut_off(hasty: Served) -> None:
    wire = await hasty.connect()
    await wire.send(post(b"", length=10**9))
    for _ in range(100_000):
        if wire.writer.is_closing():
            break
        await wire.send(b"x" * 65_536)
    assert wire.writer.is_closing()
    assert await hasty.alive()


async def test_connections_are_bounded_in_all_and_per_address(serving: Any) -> None:
    async with serving(max_connections=40, max_connections_per_address=10) as served:
        held = [await served.connect("127.0.0.9") for _ in range(10)]
        refused = await served.ask(GET, "127.0.0.9")
        assert problem(refused) == (503, "too_many_connections")
        assert b"Retry-After: " in refused
        assert await served.alive()  # another address
        held += [await served.connect(f"127.0.0.{20 + n // 10}") for n in range(30)]
        await until(lambda: open_connections(served) == 40)
        assert problem(await served.ask(GET, "127.0.0.99")) == (503, "too_many_connections")
        for wire in held:
            wire.writer.close()
        await until(lambda: open_connections(served) == 0)
        assert await served.alive()
        assert (await served.ask(GET, "127.0.0.9")).startswith(b"HTTP/1.1 200")


async def test_a_proxys_line_tells_the_caller_and_a_strangers_is_nonsense(serving: Any) -> None:
    given = {"trusted_proxies": "127.0.0.1/32", "proxy_protocol": "on", "limit_anonymous": "0.0001/3"}
    ask = request(path="/api/v1/me")
    async with serving(ready=b"PROXY UNKNOWN\r\n" + GET, **given) as served:
        for first in (b"PROXY TCP4 192.0.2.1 10.0.0.1 5 80\r\n", b"PROXY TCP4 192.0.2.2 10.0.0.1 5 80\r\n"):
            answers = [await served.ask(first + ask) for _ in range(5)]
            assert [each.split(b" ", 2)[1] for each in answers] == [b"401"] * 3 + [b"429"] * 2
        wire = await served.connect()
        for part in (b"PROXY TCP4 192.", b"0.2.3 10.0.0.1 5 80\r", b"\n" + ask[:9], ask[9:]):
            await wire.send(part)
        assert (await wire.all()).startswith(b"HTTP/1.1 401")
        assert problem(await served.ask(ask)) == (400, "malformed_request")
        forged = await served.ask(b"PROXY TCP4 192.0.2.9 10.0.0.1 5 80\r\n" + ask, "127.0.0.7")
        assert problem(forged) == (400, "malformed_request")  # not from the proxy: the line is no request


async def test_keep_alive_outlasts_a_proxys(served: Served) -> None:
    """By default 75 s: requests go on over one connection, and pipelined ones are answered in order."""
    wire = await served.connect()
    again = GET.replace(b"Connection: close\r\n", b"")
    for _ in range(5):
        await wire.send(again)
        assert (await wire.answer())[0] == 200
    await wire.send(again * 3 + request())
    for _ in range(4):
        assert (await wire.answer())[0] == 200
    assert await wire.all() == b""
