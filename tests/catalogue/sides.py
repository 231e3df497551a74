"""The two sides of an adoption, as their callers see it."""

from __future__ import annotations

from typing import Any

CITY, OTHER, PROVINCE = "360100", "360200", "360000"


def wish(app: str, **changes: Any) -> dict[str, Any]:
    return {"app_id": app, "users": 40, "scope": "窗口人员办件核验", "data_needs": ["地名地址库"], **changes}


class Side:
    """An adoption (or its provision) as one caller sees it; every step reads the newest version first."""

    def __init__(self, caller: Any, path: str) -> None:
        self.caller, self.path = caller, path

    async def now(self) -> dict[str, Any]:
        answer = await self.caller("GET", self.path)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def do(self, verb: str, body: dict[str, Any] | None = None, method: str = "POST") -> Any:
        etag = (await self.caller("GET", self.path)).headers["etag"]
        return await self.caller(method, f"{self.path}/{verb}", body or {}, etag=etag)
