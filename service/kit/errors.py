"""Errors as RFC 9457 problem details, in Chinese, with stable codes.

`type` is a URN made of the code, `title` is generic per status, `detail` is specific; `errors` carries
JSON pointers (RFC 6901) into the request body. Every code is listed in `openapi/openapi.json`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple, TypeVar

import msgspec

from service.vocabulary import names

T = TypeVar("T")
TITLES = {int(status): title for status, title in names("http_status").items()}

PROBLEM_JSON = "application/problem+json"
RETRY_AFTER = 2  # seconds: what every 503 and `busy` advises where nobody knows better


class Choice(msgspec.Struct, frozen=True):
    """One value of those that would do, and what it is called."""

    code: str
    label: str


class FieldError(msgspec.Struct, frozen=True, omit_defaults=True):
    """One fault in the request: `pointer` is a JSON pointer into the body ('' = the whole body).

    `allowed`: the values there are, where the fault is that it is none of them.
    """

    pointer: str
    code: str
    detail: str
    allowed: tuple[Choice, ...] = ()


class Error(NamedTuple):
    """An error an operation documents beyond the usual ones."""

    status: int
    code: str
    meaning: str


class ServiceError(Exception):
    """An expected refusal. `headers` and `errors` are special extensions; the others become members."""

    def __init__(self, status: int, code: str, detail: str, **extensions: Any) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code
        self.detail = detail
        self.headers: dict[str, str] = dict(extensions.pop("headers", None) or {})
        if status == 503 and not any(name.lower() == "retry-after" for name in self.headers):
            self.headers["Retry-After"] = str(RETRY_AFTER)
        self.extensions = extensions

    def body(self, request_id: str | None = None) -> dict[str, Any]:
        """The problem document as a dictionary."""
        problem: dict[str, Any] = {
            "type": f"urn:tongjian:problem:{self.code}",
            "title": TITLES.get(self.status, "请求未完成"),
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
        }
        problem.update(self.extensions)
        if request_id:
            problem["request_id"] = request_id
        return problem


def invalid(
    errors: Iterable[FieldError], detail: str = "提交的内容有误，请按 errors 逐项修改"
) -> ServiceError:
    """422 with one entry per fault."""
    return ServiceError(422, "invalid_body", detail, errors=list(errors))


def not_found() -> ServiceError:
    """The same answer for absent and foreign rows, so that nothing leaks whether a row exists."""
    return ServiceError(404, "not_found", "未找到该记录，或当前身份不可见")


def or_404(thing: T | None) -> T:
    """What was looked for; 404 where it is absent or another's."""
    if thing is None:
        raise not_found()
    return thing


def stale() -> ServiceError:
    """The case changed since the caller read it (RFC 9110 section 13.1.1)."""
    return ServiceError(412, "stale_version", "记录已被更新，请重新读取后再试")
