"""An amendment over HTTP: seen, proposed by one office, confirmed by another."""

from __future__ import annotations

from typing import Any

FAR = "2099-01-01"
RATIO = [{"key": "amount.unusual.ratio", "value": 49}]


def deed(**changes: Any) -> dict[str, Any]:
    return {
        "effective_from": FAR,
        "entries": RATIO,
        "document_number": "赣府厅发〔2026〕31号",
        "document_date": "2026-01-15",
        "issued_by": ["general_office"],
        "reason": "按办法修改执行",
        **changes,
    }


async def seen(as_user: Any, **changes: Any) -> Any:
    names = ("effective_from", "entries", "transition", "document_number")
    body = {name: each for name, each in deed(**changes).items() if name in names}
    answer = await as_user("360000", "finance")("POST", "/rulebook/amendments/preview", body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def propose(as_user: Any, **changes: Any) -> Any:
    version = (await seen(as_user, **changes))["rulebook_version"]
    return await as_user("360000", "office")(
        "POST", "/rulebook/amendments", {**deed(**changes), "expected_version": version}
    )


async def confirm(as_user: Any, made: Any, who: str = "drc", **changes: Any) -> Any:
    ref, version = made.json()["amendment"]["id"], made.json()["rulebook_version"]
    body = {"accepted": True, "expected_version": version, **changes}
    return await as_user("360000", who)("POST", f"/rulebook/amendments/{ref}/confirm", body)


async def amended(as_user: Any, **changes: Any) -> Any:
    made = await propose(as_user, **changes)
    assert made.status_code == 201, made.text
    done = await confirm(as_user, made)
    assert done.status_code == 200, done.text
    return done
