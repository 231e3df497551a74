"""The worst the secrecy scan can be given: what it costs, and whether the service answers meanwhile.

A seeded fuzzer makes bodies of hostile alphabets (U+FDFA, nested escapes, percent, entities, zero width, combining
marks, stars, brackets, and the very words of marks). The costliest are sent to a real server by a city's unit while a
stranger asks for /livez all the time. What counts is that the costliest costs at most 20 times what plain text of that
size does, that every answer is a promised one, and that nothing of what was refused is kept.
"""

from __future__ import annotations

import asyncio
import json
import random
import time

import httpx

from service.demo.client import Who
from service.measures.secrecy import Verdict, look
from tests.drills.place import declaration, deployed, percentile

SIZE = 900_000  # bytes; the API takes 1 MiB, and JSON adds its escapes
RATIO = 20
SEED = 20261129
UNIT = Who("360100", "unit")
CANARY = "金丝雀八五二"
ALPHABETS = {
    "growing": ["密", "\ufdfa", "㍿", "㏩", "⑽", "ﬃ", "㊙"],
    "escapes": ["\\u5bc6", "\\\\u5bc6", "\\\\\\\\u5bc6", "\\ud83c", "\\n", "\\", "a", "密"],
    "percent": ["%E5%AF%86", "%25", "%2525", "%", "%u5bc6", "a", "密"],
    "entities": ["&#23494;", "&amp;", "&#x5bc6;", "&amp;amp;", "&", "&#0", "&lt;b&gt;", "密"],
    "unseen": ["密", "\u200b", "\u0301", "\u0316", "\u20dd", "\U000e0100", "\u202e", "\ufe0f", "机"],
    "markup": ["<", "<b>", "</b>", "<!--", "-->", "[b]", "[", "](", "{", "\\textbf{", "密", "<b 密>"],
    "words": ["机密", "绝 密", "秘密", "级", "★", "*", "10年", "密级", "：", "本项目", "为", "、", "非密", "☑", "□",
              "保密期限", "处理", "(", ")", "【", "文件", "国家", "\n", " ", ",", "商业"],
    "levels": ["机密", "秘密", "1", "2", "3", "4", "5", "6", "7", "8", "9", "甲", "乙", "丙", " "],
    "blanks": [" ", "\n", "\t", "\u3000", "\r", "密", "机"],
    "plain": ["项目", "建设", "内容", "，", "系统", "密码", "应用", "。", "数据"],
}  # fmt: skip


def made(alphabet: list[str], size: int, chance: random.Random) -> str:
    """A text of about `size` bytes; mixed, or one piece over and over."""
    pieces = alphabet if chance.random() < 0.7 else [chance.choice(alphabet), chance.choice(alphabet)]
    mean = sum(len(piece.encode("utf-8", "replace")) for piece in pieces) / len(pieces)
    text = "".join(chance.choices(pieces, k=int(size / mean)))
    return text.encode("utf-8", "replace")[:size].decode("utf-8", "ignore")


def plain_text(size: int) -> str:
    """What an honest portal sends: prose of a plan, with the cryptography every plan speaks of."""
    sentence = (
        "项目依托省级政务云建设业务系统，按等级保护第三级建设，开展商用密码应用安全性评估；不涉及国家秘密。"
    )
    return sentence * (size // len(sentence.encode()))


def cost(text: str) -> tuple[float, Verdict, float]:
    """CPU seconds of looking at the text as a body, the verdict, and characters read per byte."""
    raw = json.dumps({"name": text}, ensure_ascii=False).encode("utf-8", "replace")
    begun = time.process_time()
    found = look(raw)
    return time.process_time() - begun, found.verdict, found.read / len(raw)


async def drill(short: bool) -> None:
    chance = random.Random(SEED)
    look("密".encode())  # tables are made at first use
    size, rounds = (200_000, 1) if short else (SIZE, 6)
    plain = min(cost(plain_text(size))[0] for _ in range(3))
    print(f"plain text of {size} bytes: {plain * 1000:.0f} ms of CPU")
    worst: dict[str, tuple[float, str]] = {}
    for name, alphabet in ALPHABETS.items():
        for _ in range(rounds):
            text = made(alphabet, size, chance)
            took, verdict, read = cost(text)
            assert read <= 12, (name, read)
            if name not in worst or took > worst[name][0]:
                worst[name] = (took, text)
            print(
                f"  {name:10} {took * 1000:6.0f} ms, {took / plain:5.1f} × plain, {read:4.1f} read, {verdict}"
            )
    ratio = max(took for took, _ in worst.values()) / plain
    print(f"worst: {ratio:.1f} × plain text of that size")
    assert short or ratio <= RATIO, ratio
    await _on_the_service([text for _, text in worst.values()])


async def _on_the_service(texts: list[str]) -> None:
    """All of them against a real server, four at a time, and somebody who asks for /livez meanwhile."""
    async with deployed() as at, httpx.AsyncClient(base_url=at.base, timeout=120) as http:
        token = await at.client.token(UNIT)
        quiet = await _livez(http, 50)
        allowed = asyncio.Semaphore(4)

        async def post(number: int, text: str) -> str:
            headers = {"authorization": f"Bearer {token}", "idempotency-key": f"scan-drill-{number:04}"}
            headers["content-type"] = "application/json"
            draft = json.dumps(declaration(f"{CANARY}{text}"), ensure_ascii=False).encode("utf-8", "replace")
            async with allowed:
                answer = await http.post("/api/v1/projects", content=draft, headers=headers)
            assert answer.status_code in (400, 413, 422, 503), (answer.status_code, answer.text[:300])
            assert CANARY not in answer.text
            return f"{answer.status_code} {answer.json()['code']}"

        sent = asyncio.gather(*(post(number, text) for number, text in enumerate(texts)))
        busy: list[float] = []
        while not sent.done():
            busy += await _livez(http, 1)
        print("answers:", ", ".join(await sent))
        print(
            f"/livez p50, p95, worst: quiet {_figures(quiet)} ms; under {len(texts)} hostile bodies {_figures(busy)} ms"
        )
        kept = await at.rows("SELECT count(*) AS kept FROM projects WHERE name LIKE $1", f"%{CANARY}%")
        assert kept[0]["kept"] == 0


async def _livez(http: httpx.AsyncClient, times: int) -> list[float]:
    took = []
    for _ in range(times):
        begun = time.perf_counter()
        assert (await http.get("/livez")).status_code == 200
        took.append(time.perf_counter() - begun)
    return took


def _figures(took: list[float]) -> str:
    return " ".join(
        f"{value * 1000:.0f}" for value in (percentile(took, 50), percentile(took, 95), max(took))
    )
