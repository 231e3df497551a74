"""Forty honest files and some bad ones from one city at the same moment, while another city reads and hands in too."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from time import perf_counter

import httpx

from service.demo.client import Client, Who
from service.kit.ids import new_id
from tests.documents.papers import para, run, word, zipped
from tests.documents.test_documents import pdf_of
from tests.drills.place import Watch, declaration, deployed, percentile

Hand = Callable[[str, bytes], Awaitable[tuple[int, str]]]
CITY, OTHER = Who("360100", "unit"), Who("360200", "unit")
HONEST = 40


def hostile() -> dict[str, bytes]:
    """Files built to keep a reader busy, or to bring something in."""
    deep = zipped({"a.txt": "公开"})
    for _ in range(12):
        deep = zipped({"a.zip": deep})
    return {
        "长.pdf": pdf_of(b"BT /F1 12 Tf 20 100 Td " + b"(a) Tj " * 200_000 + b"ET", pages=400),
        "大.docx": word(para(*(run(f"建设{n * 7919 % 1_000_003}") for n in range(300_000)))),
        "包.zip": deep,
        "膨胀.zip": zipped({"a.txt": b"0" * (64 << 20)}),
        "密.docx": word(para(run("机"), run("密★"), run("10年"))),
        "展开.txt": ("\ufdfa" * 60_000).encode(),
    }


async def drill(short: bool) -> None:
    """Raises when an honest file is not taken, when anybody else is turned away, or (long form) when he waits."""
    async with (
        deployed(workers=0) as at,
        httpx.AsyncClient(base_url=at.base, timeout=120, trust_env=False) as http,
    ):
        city, other = [await _hand(at.client, http, who) for who in (CITY, OTHER)]
        assert (await city("先.docx", word()))[0] == 201  # the readers have started
        watch = Watch(at.client, OTHER)
        await watch.alone(40 if short else 160)
        print(f"another city reads, alone: p50 {watch.p50 * 1000:.0f} ms, p95 {watch.p95 * 1000:.0f} ms")
        alone = watch.p95
        async with watch.watching():
            begun = perf_counter()
            theirs = asyncio.create_task(_one_by_one(other, 5 if short else 20))
            bad = {name: asyncio.create_task(city(name, raw)) for name, raw in hostile().items()}
            honest = [asyncio.create_task(city(f"方案{n}.docx", _honest(n))) for n in range(HONEST)]
            codes = Counter([(await task)[0] for task in honest])
            done = perf_counter() - begun
            told = {name: await task for name, task in bad.items()}
            took = await theirs
        print(f"{HONEST} honest files at once: {dict(codes)}, the last after {done:.1f} s")
        for name, (status, said) in told.items():
            print(f"  {name}: {status} {said}")
        print(f"another city reads, meanwhile: p50 {watch.p50 * 1000:.0f} ms, p95 {watch.p95 * 1000:.0f} ms")
        print(
            f"  {watch.failed} of {len(watch.took)} failed; hands in: p95 {percentile(took, 95) * 1000:.0f} ms"
        )
        assert codes == {201: HONEST}, codes
        assert watch.failed == 0
        assert {status for status, _ in told.values()} <= {201, 422}, told
        assert told["密.docx"] == (422, "classified_material"), told
        assert {told[name][1] for name in ("长.pdf", "大.docx")} <= {"not_checked", "clean"}, told
        assert {told[name][0] for name in ("包.zip", "膨胀.zip")} == {422}, told
        if not short:
            assert watch.p95 < max(0.5, 20 * alone), (watch.p95, alone)


async def _hand(client: Client, http: httpx.AsyncClient, who: Who) -> Hand:
    """Whoever hands in files to a case of his own: (status, what was told) of each."""
    case = (await client.send(who, "POST", "/projects", declaration("城管业务系统"))).data["id"]
    bearer = {"authorization": f"Bearer {await client.token(who)}"}

    async def send(name: str, raw: bytes) -> tuple[int, str]:
        answer = await http.post(
            f"/api/v1/projects/{case}/documents",
            content=raw,
            params={"slot": "technical_plan", "name": name},
            headers={**bearer, "idempotency-key": new_id(), "content-type": "application/octet-stream"},
        )
        told = answer.json()
        return answer.status_code, str(told.get("checked") or (told.get("errors") or [told])[0]["code"])

    return send


async def _one_by_one(hand: Hand, files: int) -> list[float]:
    """Seconds each file of a quiet city took."""
    took = []
    for number in range(files):
        begun = perf_counter()
        status, _ = await hand(f"附件{number}.docx", _honest(number))
        assert status == 201, status
        took.append(perf_counter() - begun)
    return took


def _honest(number: int) -> bytes:
    return word(
        "".join(para(run(f"第{number}章"), run("依托政务云建设，接入共享平台。" * 40)) for _ in range(30))
    )
