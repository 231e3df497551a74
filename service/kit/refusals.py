"""What PostgreSQL refuses, or that it is away, as problems; told by SQLSTATE and by the driver's classes.

Whatever a server that is gone, full, frozen, shutting down or read-only makes the
driver raise is 503, in reads, commands, tokens, feeds alike; a defect of ours stays a logged 500.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg

from service.kit.errors import RETRY_AFTER, Error, ServiceError

# Beside the states below: the network, the pool, and the driver's own words for a connection that broke.
AWAY = (OSError, TimeoutError, asyncpg.InterfaceError, asyncpg.InternalClientError)
# Connections, resources, intervention, system and internal errors of the server; a login or database it will not
# have; a transaction it ended; a plan or snapshot that a migration made old; locks a read waited for in vain.
_AWAY_CLASSES = ("08", "28", "3D", "53", "57", "58", "72", "F0", "XX")
_AWAY_STATES = ("25006", "25P03", "25P04", "26000", "40003", "55000")
# Somebody else holds what is asked for: the same once more finds it free.
BUSY = ("55P03", "40001", "40P01")


def away(error: BaseException) -> bool:
    """Whether the database did not do its work through no fault of the request or of ours."""
    if isinstance(error, asyncpg.PostgresError):
        state = error.sqlstate or ""
        stale_plan = isinstance(error, asyncpg.InvalidCachedStatementError)
        return state[:2] in _AWAY_CLASSES or state in _AWAY_STATES or stale_plan or not state
    return isinstance(error, AWAY)


READING = (asyncpg.PostgresError, *AWAY)


def read_refusal(error: BaseException) -> ServiceError | None:
    """503 for what a read raised (READING) where the database is away, or locked by somebody's maintenance."""
    if away(error) or getattr(error, "sqlstate", None) in BUSY:
        return ServiceError(503, "unavailable", "数据服务暂不可用，请稍后重试")
    return None


@contextmanager
def reading() -> Iterator[None]:
    """For a read: what `read_refusal` says of what it raises."""
    try:
        yield
    except READING as error:
        if (refusal := read_refusal(error)) is None:
            raise
        raise refusal from error


# Names that look the same, by the index of their keys (kit/keyed.py): which of several conflicts it was.
ALIKE = {
    "uq_offices_name_key": Error(
        409, "office_exists", "本地区在该区划已有名称相同的单位（全角半角、空格、形近字符不作区分）"
    ),
    "uq_experts_person_key": Error(
        409,
        "expert_exists",
        "专家库中已有同名同单位的专家；确系不同的人的，请同时写明以何区分",
    ),
}


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
    except AWAY as error:
        raise unavailable() from error


def unavailable() -> ServiceError:
    """The database did not answer; whether the change was made is not known, so the key must be reused."""
    return ServiceError(503, "unavailable", "数据服务暂不可用，请以相同的 Idempotency-Key 稍后重试")


def busy() -> ServiceError:
    """Somebody else is changing the same record; nothing was done."""
    headers = {"Retry-After": str(RETRY_AFTER)}
    return ServiceError(409, "busy", "该记录正在被其他请求修改，请稍后重试", headers=headers)


def database_refusal(error: asyncpg.PostgresError, conflict: Error | None) -> ServiceError | None:
    """PostgreSQL's refusal as a problem, by SQLSTATE (docs/decisions/0165, rule 10); None for what is our defect."""
    state = error.sqlstate or ""
    if state == "23505":
        named = ALIKE.get(str(getattr(error, "constraint_name", "")))
        known = named or conflict or Error(409, "conflict", "与已有记录重复")
        return ServiceError(known.status, known.code, known.meaning)
    if state == "23503":
        return ServiceError(422, "unknown_reference", "引用的记录不存在")
    if state == "42501":
        return ServiceError(404, "not_found", "未找到该记录，或当前身份不可见")
    if state in BUSY:
        return busy()
    if state[:2] in ("22", "23"):
        return ServiceError(422, "invalid_value", "提交的内容无法保存，请检查取值范围与字符")
    return unavailable() if away(error) else None
