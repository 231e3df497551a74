"""Who acts, and what they hold in their hands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.worlds import Caller

TENANT, FOREIGN, PROVINCE = "360100", "360200", "360000"
COUNTIES = {TENANT: ("360102", "360103"), FOREIGN: ("360202", "360203")}
People = Callable[[str, str], Caller]


def login_of(tenant: str, who: str, county: int = 0) -> str | None:
    """The seeded login of `<tier>.<role>`; None for the portal."""
    tier, _, role = who.partition(".")
    if role == "portal":
        return None
    return f"{COUNTIES[tenant][county]}.{role}" if tier == "county" else role


def people(as_user: Callable[..., Caller], county: int = 0) -> People:
    """people(tenant, "city.gatekeeper") as a caller; the province's people are the province's everywhere."""

    def find(tenant: str, who: str) -> Caller:
        home = PROVINCE if who.startswith("province.") else tenant
        return as_user(home, login_of(tenant, who, county))

    return find


@dataclass
class Thing:
    """Something that was made: its public id and the ETag it has now."""

    id: str
    etag: str = ""
    data: dict[str, Any] = field(default_factory=dict)


@dataclass
class Ready:
    """A call that will succeed: by whom, on what, with what."""

    who: str
    path: dict[str, Any] = field(default_factory=dict)
    body: Any = None
    etag: str | None = None
    query: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes | None = None  # a file instead of a JSON body
    refused: int | None = None  # the status where even the owner is refused (phases not built yet)


def good(answer: httpx.Response) -> httpx.Response:
    assert answer.is_success, (
        f"{answer.request.method} {answer.request.url} {answer.status_code} {answer.text}"
    )
    return answer
