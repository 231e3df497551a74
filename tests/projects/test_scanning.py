"""Which process looks at a request, and what happens when it does not come back."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest

from service.kit.beside import Beside
from service.kit.errors import ServiceError
from service.secrecy.scanning import SMALL, TARGET, Scanner
from tests.factories import draft


def dies(raw: bytes) -> None:
    """A target that never answers."""
    os._exit(1)


def problem() -> ServiceError:
    return ServiceError(422, "classified_material", "涉密")


async def refusal(bench: Beside, body: object) -> ServiceError | None:
    raw = json.dumps(body, ensure_ascii=False).encode()
    headers = [(b"content-type", b"application/json")]
    return await Scanner(bench, problem).refusal(b"/api/v1/projects", b"", headers, raw, "somebody")


async def test_large_bodies_are_looked_at_in_another_process_and_told_alike() -> None:
    bench = Beside(TARGET)
    await bench.start()
    try:
        small = await refusal(bench, {"a": ["x", "机密★10年"]})
        assert bench.pid is None
        large = await refusal(bench, {"a": ["普通的文字，密码应用" * (SMALL // 20), "机密★10年"]})
        assert bench.pid is not None
        assert small is not None and large is not None
        assert small.extensions == large.extensions
        assert small.extensions["errors"][0].pointer == "/a/1"
        assert await refusal(bench, {"a": "普通的文字，密码应用" * SMALL}) is None
    finally:
        await bench.stop()


async def test_what_its_process_did_not_survive_is_not_called_clean() -> None:
    bench = Beside("tests.projects.test_scanning:dies")
    await bench.start()
    try:
        refused = await refusal(bench, {"a": "x" * SMALL})
        assert refused is not None and (refused.status, refused.code) == (422, "cannot_be_checked")
    finally:
        await bench.stop()


async def test_the_scan_is_told_where_it_was_given(bench_of_nothing: Beside) -> None:
    scanner = Scanner(bench_of_nothing, problem)
    for path, query, headers, pointer, where in (
        ("/api/v1/projects/机密★", "", [], "", "请求地址"),
        ("/x", "limit=1&text=%E6%9C%BA%E5%AF%86%E2%98%85", [], "text", "查询参数 text"),
        ("/x", "", [(b"idempotency-key", "机密★")], "", "请求头 idempotency-key"),
        ("/x", "", [(b"x-note", "=?utf-8?b?5py65a+G4piF?=")], "", "请求头 x-note"),
    ):
        given = [(name, value.encode()) for name, value in headers]
        refused = await scanner.refusal(path.encode(), query.encode(), given, b"", "")
        assert refused is not None
        (error,) = refused.extensions["errors"]
        assert (error.pointer, error.detail) == (pointer, f"{where}含有涉密标志“机密★”")


@pytest.fixture
def bench_of_nothing() -> Beside:
    return Beside(TARGET)


async def test_the_law_may_be_quoted_and_forms_may_tick_what_is_not_secret(as_user: Any) -> None:
    for text in (
        "核心密码保护信息的最高密级为绝密级，普通密码保护信息的最高密级为机密级；本项目只用商用密码。",
        "涉密信息系统按照涉密程度分为绝密级、机密级、秘密级；本系统是非涉密系统。",
        "密级：☑非密 □秘密 □机密 □绝密",
        "保守国家秘密★人人有责",
    ):
        body = draft(name="密码应用改造")
        body["materials"] = {**body["materials"], "technical_plan": text}
        made = await as_user("360100")("POST", "/projects", body)
        assert made.status_code == 201, (text, made.text)
