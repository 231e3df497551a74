"""The example configurations of `deploy/`, tried with the real nginx and haproxy, where they are installed.

Behind each: no answer is lost over connections that rest between requests, callers are told apart by their own
address whatever they write into headers, metrics stay inside, and what is too large or too slow is refused.
"""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import socket
import subprocess
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from tests.drills.place import Deployment, deployed

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as made:
        return int(made.getsockname()[1])


def _command(name: str, home: Path, port: int, api: int) -> list[str]:
    """The configuration as it stands, on ports and paths of this drill."""
    text = (DEPLOY / ("nginx.conf" if name == "nginx" else "haproxy.cfg")).read_text(encoding="utf-8")
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{api}")
    text = re.sub(r"(listen |bind 127\.0\.0\.1:)8080", rf"\g<1>{port}", text)
    text = text.replace("/var/log/nginx/tongjian.log", "/dev/null")
    own = home / name
    own.write_text(text, encoding="utf-8")
    if name == "haproxy":
        return ["haproxy", "-db", "-f", str(own)]
    return [
        "nginx",
        "-p",
        str(home),
        "-c",
        str(own),
        "-e",
        "stderr",
        "-g",
        f"daemon off; pid {home}/nginx.pid;",
    ]


@asynccontextmanager
async def _proxied(name: str, at: Deployment) -> AsyncIterator[int]:
    port = _free_port()
    api = at.at.listening.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="tj-proxy-") as home:
        Path(home).chmod(0o755)
        process = subprocess.Popen(_command(name, Path(home), port, api))
        try:
            async with asyncio.timeout(60):
                while (await _ask(port))[0] != 200:
                    assert process.poll() is None, f"{name} does not start"
                    await asyncio.sleep(0.05)
            yield port
        finally:
            process.terminate()
            process.wait(20)


async def _ask(
    port: int, path: str = "/livez", source: str = "127.0.0.1", head: str = ""
) -> tuple[int, bytes]:
    """Status and whole answer of one request on a connection of its own; 0 where nothing came."""
    found = b""
    with suppress(OSError):
        reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(source, 0))
        writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{head}\r\n".encode())
        with suppress(OSError):
            async with asyncio.timeout(60):
                found = await reader.read(-1)
        writer.close()
    return (int(found.split(b" ", 2)[1]) if found.startswith(b"HTTP/1.") else 0), found


async def _steady(port: int, rounds: int, pause: float) -> Counter[int]:
    """Forty callers at once, again and again with rests between: connections to the service rest and are reused."""
    statuses: Counter[int] = Counter()
    for _ in range(rounds):
        statuses.update(status for status, _ in await asyncio.gather(*(_ask(port) for _ in range(40))))
        await asyncio.sleep(pause)
    return statuses


async def _told_apart(port: int) -> Counter[int]:
    """One caller who writes a new address into every header he knows, thirty times; then another caller."""
    statuses: Counter[int] = Counter()
    for n in range(30):
        forged = f"X-Forwarded-For: 9.9.9.{n}\r\nForwarded: for=9.9.8.{n}\r\nX-Real-IP: 9.9.7.{n}\r\n"
        statuses[(await _ask(port, "/api/v1/me", "127.0.0.2", forged))[0]] += 1
    assert statuses == {401: 20, 429: 10}, statuses
    other, _ = await _ask(port, "/api/v1/me", "127.0.0.3")
    assert other == 401, f"another caller is refused with the first: {other}"
    return statuses


async def drill(short: bool) -> None:
    there = [name for name in ("nginx", "haproxy") if shutil.which(name)]
    if not there:
        print("neither nginx nor haproxy is installed: nothing tried")
        return
    for name in there:
        await _alone(name)
        await _try(name, short)


async def _alone(name: str) -> None:
    """Nobody behind it: scripts get the service's own 503 and when to come again, officials a sentence."""
    port = _free_port()
    with tempfile.TemporaryDirectory(prefix="tj-proxy-") as home:
        Path(home).chmod(0o755)
        process = subprocess.Popen(_command(name, Path(home), port, _free_port()))
        try:
            async with asyncio.timeout(60):
                while (await _ask(port))[0] in (0, 404):
                    await asyncio.sleep(0.05)
                while "暂时不可用".encode() not in (await _ask(port, "/console/enter"))[1]:
                    await asyncio.sleep(0.05)  # HAProxy has looked twice before it knows
            status, answer = await _ask(port, "/api/v1/me")
            page, text = await _ask(port, "/console/enter")
        finally:
            process.terminate()
            process.wait(20)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert (status, json.loads(body)["code"], page) == (503, "unavailable", 503), answer
    for one in (head, text):
        assert b"retry-after:" in one.lower() and b"strict-transport-security:" in one.lower(), one
    assert b"application/problem+json" in head and b"text/html" in text, (head, text)
    print(f"{name}: nobody behind it: {status} with Retry-After, pages in a sentence")


async def _try(name: str, short: bool) -> None:
    # Slow to refill, so that a busy machine changes no count; and only the proxy is believed.
    given = {"trusted_proxies": "127.0.0.1/32", "limit_anonymous": "0.0001/20"}
    async with deployed(workers=0, **given) as at, _proxied(name, at) as port:
        # Longer than uvicorn's own five seconds of keep-alive, at which every round would have met a 502.
        rounds, pause = (2, 0.5) if short else (6, 5.0)
        steady = await _steady(port, rounds, pause)
        print(f"{name}: {sum(steady.values())} requests over resting connections: {dict(steady)}")
        assert set(steady) == {200}, steady
        print(f"{name}: forged headers of one caller: {dict(await _told_apart(port))}; another caller passes")
        inside, _ = await _ask(port, "/metrics", "127.0.0.4")
        large, _ = await _ask(port, head="X: " + "a" * 60_000 + "\r\n", source="127.0.0.5")
        long, _ = await _ask(port, "/" + "p" * 60_000, "127.0.0.5")
        print(f"{name}: /metrics {inside}, 60 KB of headers {large}, 60 KB of path {long}")
        assert inside == 404
        assert large in (400, 431)
        assert long in (400, 414)
