"""PostgreSQL's refusals as problems, told by SQLSTATE (scale.md, rule 10)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg

from service.kit.errors import Error, ServiceError


@contextmanager
def refusals(conflict: Error | None = None) -> Iterator[None]:
    """What PostgreSQL refuses, or that it is away, as a problem; a defect of ours goes on as it is, logged and 500."""
    try:
        yield
    except asyncpg.PostgresError as error:
        refusal = database_refusal(error, conflict)
        if refusal is None:
            raise
        raise refusal from error
    except (OSError, asyncpg.InterfaceError, TimeoutError) as error:
        raise unavailable() from error


def unavailable() -> ServiceError:
    """The database did not answer; whether the change was made is not known, so the key must be reused."""
    return ServiceError(503, "unavailable", "数据服务暂不可用，请以相同的 Idempotency-Key 稍后重试")


def database_refusal(error: asyncpg.PostgresError, conflict: Error | None) -> ServiceError | None:
    """PostgreSQL's refusal as a problem, told by SQLSTATE (scale.md, rule 10); None for what is our defect."""
    state = error.sqlstate or ""
    if state == "23505":
        known = conflict or Error(409, "conflict", "与已有记录重复")
        return ServiceError(known.status, known.code, known.meaning)
    if state == "23503":
        return ServiceError(422, "unknown_reference", "引用的记录不存在")
    if state == "42501":
        return ServiceError(404, "not_found", "未找到该记录，或当前身份不可见")
    if state in ("55P03", "40001", "40P01"):
        return ServiceError(409, "busy", "该记录正在被其他请求修改，请稍后重试")
    if state[:2] in ("22", "23"):
        return ServiceError(422, "invalid_value", "提交的内容无法保存，请检查取值范围与字符")
    if state[:2] in ("08", "53", "57") or state == "25006":  # gone, full, shutting down, a standby
        return unavailable()
    return None
