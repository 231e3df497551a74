"""The console's pages in the measuring of growth: each that leads on from 更多, and one of each that it lists."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import httpx

from tests.bench.growth_operations import CITY, PROVINCE, UNANSWERED, Skip, among
from tests.bench.lives import As
from tests.browser.pages import shape

READERS = (
    ("province", PROVINCE, "office"), ("city", CITY, "gatekeeper"), ("county office", CITY, "360102.unit"),
    ("finance", CITY, "finance"), ("supervisor", CITY, "supervisor"), ("provider", PROVINCE, "app_provider"),
    ("administrator", CITY, "administrator"), ("auditor", PROVINCE, "auditor"),
)  # fmt: skip
_ROW = re.compile(r"<(?:tr|li|article)\b")
LINK = re.compile(r'href="(/console[^"#]*)"')


async def pages(as_: As, skip: Skip, only: str = "") -> AsyncIterator[tuple[str, int]]:
    """Every reader's every page and how many rows it shows, asked for once before: statements are prepared, what is
    derived has been."""
    client = as_(CITY).client
    for label, tenant, login in READERS:
        client.cookies.clear()
        entered = await client.get(f"/console/demo/{tenant}/{login}")
        if entered.status_code != 303:
            raise RuntimeError(f"{tenant}/{login} cannot sign in: {entered.status_code}")
        async for name, shown in _led_to(client, skip, only):
            yield f"{label}: {name}", shown
    client.cookies.clear()


async def _led_to(client: httpx.AsyncClient, skip: Skip, only: str) -> AsyncIterator[tuple[str, int]]:
    """Pages that links lead to, each kind once."""
    queue, met = ["/console", "/console/more"], {"/console", "/console/more"}
    while queue:
        address = queue.pop(0)
        before = await client.get(address)
        for link in LINK.findall(before.text) if before.status_code == 200 else ():
            name = shape(link)
            if name is not None and name not in met:
                met.add(name)
                queue.append(link.replace("&amp;", "&"))
        if before.status_code in (303, 403, 404) or not among(address, only):
            continue
        skip()
        answer = await client.get(address)
        if answer.status_code >= 500:
            yield str(shape(address)), UNANSWERED
            continue
        if answer.status_code != 200:
            raise RuntimeError(f"{address}: {answer.status_code} {answer.text[-300:]}")
        yield str(shape(address)), len(_ROW.findall(answer.text))
