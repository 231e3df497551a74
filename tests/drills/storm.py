"""Forty officials of one city save drafts, hand in files and submit at the same moment, while another city reads.

Everything over HTTP against the real `tongjian serve`. All of it is 201 or 200, nobody meets a 5xx.
"""

from __future__ import annotations

import asyncio
import io
import zipfile
from collections import Counter
from time import perf_counter
from typing import Any

import httpx

from service.demo.client import Client, Who
from service.kit.ids import new_id
from tests.drills.place import declaration, deployed, percentile

CITY, OTHER = Who("360100", "unit"), Who("360200", "unit")
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)


def paper(number: int) -> bytes:
    """A small honest docx."""
    body = f"<w:p><w:r><w:t>第{number}份建设方案：依托政务云建设业务系统。</w:t></w:r></w:p>"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", _TYPES)
        made.writestr("_rels/.rels", _RELS)
        made.writestr(
            "word/document.xml", f'<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'
        )
    return packed.getvalue()


class Caller:
    """Somebody, without patience: every answer counts as it is."""

    def __init__(self, http: httpx.AsyncClient, token: str) -> None:
        self._http, self._bearer = http, {"authorization": f"Bearer {token}"}
        self.told: Counter[str] = Counter()
        self.took: list[float] = []

    async def __call__(self, method: str, path: str, etag: str | None = None, **more: Any) -> httpx.Response:
        headers = dict(self._bearer)
        if method != "GET":
            headers["idempotency-key"] = new_id()
        if etag is not None:
            headers["if-match"] = etag
        begun = perf_counter()
        answer = await self._http.request(method, f"/api/v1{path}", headers=headers, **more)
        self.took.append(perf_counter() - begun)
        kind = path.rpartition("/")[2]
        code = answer.json().get("code", "") if answer.status_code >= 400 else ""
        self.told[
            f"{method} {kind if not kind[:1].isdigit() else 'case'} {answer.status_code} {code}".strip()
        ] += 1
        return answer

    @property
    def figures(self) -> str:
        p50, p95 = (percentile(self.took, part) * 1000 for part in (50, 95))
        return f"p50 {p50:.0f} ms, p95 {p95:.0f} ms, {len(self.took)} requests"


async def one_official(caller: Caller, number: int) -> None:
    """Drafts, saves twice, hands in a file, answers for reuse where asked, submits."""
    made = await caller("POST", "/projects", json=declaration(f"独名{new_id()}"))
    if made.status_code != 201:
        return
    path, etag = f"/projects/{made.json()['id']}", made.headers["etag"]
    for name in ("改过的", "再改的"):
        etag = (await caller("PATCH", path, etag, json={"name": f"{name}{new_id()}"})).headers["etag"]
    query = {"slot": "other", "name": f"方案{number}.docx"}
    await caller("POST", f"{path}/documents", params=query, content=paper(number))
    unanswered = (await caller("POST", f"{path}/preview")).json()["reuse"]["unanswered"]
    answers = [{"candidate": each, "answer": "build", "reason": "业务范围和对象不同"} for each in unanswered]
    if answers:
        etag = (await caller("POST", f"{path}/reuse-check", etag, json={"answers": answers})).headers["etag"]
    await caller("POST", f"{path}/submit", etag, json={})


async def reading(caller: Caller, until: asyncio.Event) -> None:
    """Somebody of another city who reads and now and then saves, all the while."""
    while not until.is_set():
        await caller("GET", "/projects")
        if len(caller.took) % 10 == 0:
            await caller("POST", "/projects", json=declaration(f"另名{new_id()}"))
        await asyncio.sleep(0.02)


async def often(caller: Caller, times: int) -> None:
    """Until the caller has had so many answers."""
    async with asyncio.timeout(300):
        while len(caller.took) < times:
            await asyncio.sleep(0.02)


async def watched(caller: Caller, work: Any) -> None:
    """The other city goes on while `work` runs."""
    over = asyncio.Event()
    other = asyncio.create_task(reading(caller, over))
    try:
        await work
    finally:
        over.set()
        await other


async def drill(short: bool) -> None:
    """Raises when anything is refused or breaks, or (long form) when the other city waits out of proportion."""
    officials, rounds = (12, 1) if short else (40, 3)
    async with (
        deployed(workers=1) as at,
        httpx.AsyncClient(
            base_url=at.base, timeout=120, trust_env=False, limits=httpx.Limits(max_connections=None)
        ) as http,
    ):
        await _storm(at.client, http, officials, rounds, short)


async def _storm(client: Client, http: httpx.AsyncClient, officials: int, rounds: int, short: bool) -> None:
    mine, theirs = await client.token(CITY), await client.token(OTHER)
    await one_official(Caller(http, mine), 0)  # the readers of files have started
    alone, meanwhile, crowd = Caller(http, theirs), Caller(http, theirs), Caller(http, mine)
    await watched(alone, often(alone, 40 if short else 200))
    print(f"another city alone: {alone.figures}")
    begun = perf_counter()

    async def all_of_them() -> None:
        for _ in range(rounds):
            await asyncio.gather(*(one_official(crowd, n) for n in range(officials)))

    await watched(meanwhile, all_of_them())
    print(f"{officials} officials at once, {rounds} times, {perf_counter() - begun:.1f} s: {crowd.figures}")
    for kind, count in sorted((crowd.told + meanwhile.told).items()):
        print(f"  {count:5} × {kind}")
    print(f"another city meanwhile: {meanwhile.figures}, slowest {max(meanwhile.took) * 1000:.0f} ms")
    wrong = {
        kind: count for kind, count in (crowd.told + meanwhile.told).items() if kind.split()[2][0] != "2"
    }
    assert not wrong, wrong
    assert crowd.told["POST submit 200"] == officials * rounds, crowd.told
    if not short:
        slowest = max(meanwhile.took)
        assert slowest < 5, f"another city waited {slowest:.1f} s"
