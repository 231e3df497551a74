"""Article 14 by canary: classified material leaves no row, log line, queue entry, stored reply or audit text."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from base64 import b64encode
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from service.kit.ids import new_id
from tests.factories import draft

CANARY = "金丝雀七三九"  # stands beside every mark; it must be nowhere afterwards
MARKS = [
    "秘密★5年",
    "机密★",
    "绝密 ★ 长期",
    "机 密☆",
    "★绝密",
    "密级：机密",
    "絕密★",
    "机\u200b密★",
    "秘密⭐",
    "秘密&#9733;",
    "密级：\n机密",
    "机密\t★",
    '机"密★',
    "机·密★",
    "机密件*10年",
    "祕宻🟊",
]


def visible(text: str) -> bytes:
    """As a header value, which holds no line ends."""
    return re.sub(r"\s", " ", text).encode()


def spill(mark: str) -> list[tuple[str, dict[str, Any]]]:
    """Every way in: body, keys, escapes, free text, query, path, headers, other encodings."""
    text = f"{CANARY}{mark}"
    utf16 = text.encode("utf-16-be")
    escaped = "".join(f"\\u{utf16[i : i + 2].hex()}" for i in range(0, len(utf16), 2))
    body = draft(name=text)
    import json

    return [
        ("POST", {"url": "/projects", "json": body}),
        ("POST", {"url": "/projects", "json": draft(**{text: 1})}),
        (
            "POST",
            {
                "url": "/projects",
                "content": json.dumps(draft(name="X")).replace('"X"', f'"{escaped}"').encode(),
            },
        ),
        ("POST", {"url": "/projects", "content": json.dumps(body, ensure_ascii=False).encode("gb18030")}),
        ("POST", {"url": "/projects", "content": text.encode()}),
        ("POST", {"url": "/projects/x/submit", "json": {"reasons": [{"code": "x", "reason": text}]}}),
        ("GET", {"url": f"/projects?text={quote(text)}"}),
        ("GET", {"url": f"/projects?text={quote(quote(text))}"}),
        ("GET", {"url": f"/projects?text={quote(quote(quote(text)))}"}),
        ("GET", {"url": f"/projects/{quote(text)}"}),
        ("GET", {"url": "/projects", "headers": {"x-note": visible(text)}}),
        (
            "GET",
            {"url": "/projects", "headers": {"x-note": f"=?UTF-8?B?{b64encode(text.encode()).decode()}?="}},
        ),
        ("GET", {"url": "/projects", "headers": {"x-file-name": f"UTF-8''{quote(text)}".encode()}}),
        ("POST", {"url": "/oauth/token", "content": f"username={quote(text)}".encode()}),
        (
            "POST",
            {
                "url": "/projects/preview",
                "json": {"facts": {**draft()["facts"], "participating_offices": [text]}},
            },
        ),
    ]


@pytest.fixture(scope="module")
def server(settings: Any, workdir: Path) -> Any:
    """A real process, so that its log file can be searched afterwards."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = workdir / "canary.log"
    env = {
        **os.environ,
        "TONGJIAN_ENVIRONMENT": "development",
        "TONGJIAN_DATABASE_URL": settings.database_url,
        "TONGJIAN_VALKEY_URL": settings.valkey_url,
        "TONGJIAN_SECRET_KEY": settings.secret_key,
        "TONGJIAN_SIGNING_KEYS_FILE": str(settings.signing_keys_file),
        "TONGJIAN_AUDIT_ANCHOR_DIR": str(settings.audit_anchor_dir),
        "TONGJIAN_LOG_LEVEL": "DEBUG",
        "TONGJIAN_PORT": str(port),
    }
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "service.cli", "serve"], env=env, stdout=out, stderr=out
        )
        try:
            base = f"http://127.0.0.1:{port}"
            while process.poll() is None:  # one that ends is found by what is asked of it
                try:
                    if httpx.get(f"{base}/readyz", timeout=600).status_code == 200:
                        break
                except httpx.TransportError:
                    pass
                time.sleep(0.05)
            yield base, log
        finally:
            process.terminate()
            process.wait(600)


@pytest.mark.long
@pytest.mark.parametrize("mark", MARKS)
async def test_a_mark_anywhere_is_refused(server: Any, token: Any, mark: str) -> None:
    base, _ = server
    async with httpx.AsyncClient(base_url=f"{base}/api/v1", timeout=600) as client:
        for method, request in spill(mark):
            headers = {
                "authorization": f"Bearer {token('360100')}",
                "idempotency-key": new_id(),
                "if-match": '"1"',
                "content-type": "application/json",
                **request.pop("headers", {}),
            }
            answer = await client.request(method, headers=headers, **request)
            assert (answer.status_code, answer.json().get("code")) == (422, "classified_material"), (
                request,
                answer.text,
            )
            assert CANARY not in answer.text
            assert "保密" in answer.json()["detail"]
        ok = await client.get("/projects", headers={"authorization": f"Bearer {token('360100')}"})
        assert ok.status_code == 200


@pytest.mark.long
@pytest.mark.parametrize(
    "body",
    [
        {"facts": {"classified": True, "name": CANARY}, "surprise": [CANARY]},
        draft(name=CANARY, facts={"classified": True}),
        {**draft(name=CANARY), "materials": {"x": {"classified": True}}},
    ],
)
async def test_declared_classified_is_refused(server: Any, token: Any, body: Any) -> None:
    base, _ = server
    async with httpx.AsyncClient(base_url=f"{base}/api/v1", timeout=600) as client:
        for path in ("/projects", "/projects/preview"):
            headers = {"authorization": f"Bearer {token('360100')}", "idempotency-key": new_id()}
            answer = await client.post(path, json=body, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (422, "classified_material")
            assert answer.json()["articles"] == [14]


async def test_work_secrets_and_plain_words_are_not_refused(as_user: Any) -> None:
    for name in (
        "工作秘密信息防护系统",
        "密码应用改造",
        "保守国家秘密宣传平台",
        "机密计算平台",
        "五★服务大厅",
        "**机密性**、完整性保障",
        "* 机密性：传输加密",
        "※机密性要求",
        "★机密性要求",
        "工作秘密★5年",
        "工作秘密*",
        "商业秘密*",
        "商业秘密★",
        "**秘密**字段用掩码",
        "不涉及国家秘密（*）",
        "国家秘密 * 不得录入",
        "密级（秘密、机密、绝密）信息不进入系统",
        "不含密级为机密的内容",
        "**机密**",
        "秘密共享",
        "机密计算",
        "保守国家秘密",
    ):
        made = await as_user("360100")("POST", "/projects", draft(name=name))
        assert made.status_code == 201, (name, made.text)


@pytest.mark.long
async def test_the_search_would_find_what_was_kept(
    as_user: Any, servers: Any, settings: Any, server: Any
) -> None:
    """The control: an ordinary name is found in the dump, so the canary would be too."""
    made = await as_user("360100")("POST", "/projects", draft(name=f"{CANARY[::-1]}系统"))
    assert made.status_code == 201
    dump = subprocess.run(
        [_pg_dump(servers), "--data-only", settings.database_url], capture_output=True, check=True
    )
    assert CANARY[::-1].encode() in dump.stdout


def _pg_dump(servers: Any) -> Path:
    found: Path = servers._postgres.program("pg_dump")
    return found


def leaves_nothing(servers: Any, settings: Any, log: Path) -> None:
    """Database dump, server files as bytes, the service's log, Valkey."""
    forms = [
        CANARY.encode(),
        "".join(f"\\u{ord(c):04x}" for c in CANARY).encode(),
        quote(CANARY).encode(),
        CANARY.encode("gb18030"),
    ]
    dump = servers._postgres.program("pg_dump")
    text = subprocess.run(
        [dump, "--data-only", settings.database_url], capture_output=True, check=True
    ).stdout
    assert b"COPY public.projects" in text
    places = {"dump": text, "log": log.read_bytes()}
    for path in Path(servers._root).rglob("*"):
        if path.is_file() and (
            path.suffix in (".log", ".aof", ".rdb") or "wal" in str(path).lower() or "base" in path.parts
        ):
            places[str(path)] = path.read_bytes()
    assert len(places) > 10
    assert b"request" in places["log"]
    for name, content in places.items():
        assert not [form for form in forms if form in content], name


@pytest.mark.long
async def test_who_is_refused_is_told_the_field_and_the_words(server: Any, token: Any) -> None:
    base, _ = server
    told = []
    async with httpx.AsyncClient(base_url=f"{base}/api/v1", timeout=600) as client:
        for request in (
            {"url": "/projects", "method": "POST", "json": draft(name=f"{CANARY}，密级：机密")},
            {
                "url": "/projects",
                "method": "POST",
                "json": draft(name=f"{CANARY}，机密★10年", fill="甲" * 30_000),
            },
            {"url": "/projects", "method": "GET", "params": {"text": f"{CANARY}秘密★"}},
            {"url": "/projects", "method": "GET", "headers": {"x-note": f"{CANARY}绝密★长期".encode()}},
        ):
            headers = {
                "authorization": f"Bearer {token('360100')}",
                "idempotency-key": new_id(),
                **request.pop("headers", {}),
            }
            answer = await client.request(headers=headers, **request)
            assert answer.json()["code"] == "classified_material", answer.text
            assert CANARY not in answer.text
            told += [(error["pointer"], error["detail"]) for error in answer.json()["errors"]]
    assert told == [
        ("/name", "此处含有涉密标志“密级:机密”"),
        ("/name", "此处含有涉密标志“机密★10年”"),
        ("text", "查询参数 text含有涉密标志“秘密★”"),
        ("", "请求头 x-note含有涉密标志“绝密★长期”"),
    ]


@pytest.mark.long
async def test_what_cannot_be_checked_is_refused(server: Any, token: Any) -> None:
    base, _ = server
    deep = CANARY + "机密★"
    for _ in range(9):
        deep = quote(deep)
    async with httpx.AsyncClient(base_url=f"{base}/api/v1", timeout=600) as client:
        for name in (deep, CANARY + "&#26426;" * 40_000):
            answer = await client.post(
                "/projects",
                json=draft(name=name),
                headers={"authorization": f"Bearer {token('360100')}", "idempotency-key": new_id()},
            )
            assert (answer.status_code, answer.json()["code"]) == (422, "cannot_be_checked")
            assert "涉密检查" in answer.json()["detail"] and CANARY not in answer.text
        ok = await client.get("/projects", headers={"authorization": f"Bearer {token('360100')}"})
        assert ok.status_code == 200


@pytest.mark.long
async def test_nothing_of_all_that_was_refused_above_is_left(
    as_user: Any, servers: Any, settings: Any, server: Any
) -> None:
    """One look for the whole file: it reads every byte that the servers have written."""
    assert (await as_user("360100")("POST", "/projects", draft(name=CANARY + MARKS[0]))).status_code == 422
    leaves_nothing(servers, settings, server[1])
