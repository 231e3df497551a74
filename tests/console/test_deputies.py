"""代办安排 without JavaScript: named, shown to both, ended early; a refusal brings the form back filled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from service.kit import clock
from service.kit.clock import legal_day

AT = "/console/deputies"
HOSTILE = "<img src=x onerror=alert(1)>"


async def test_a_deputy_is_named_and_ended_on_a_page(visit: Callable[..., Any]) -> None:
    keeper, deputy = await visit("360100", "gatekeeper"), await visit("360100", "cyber")
    assert (
        AT in (await keeper.go("/console/more")).html
        and AT in (await deputy.go("/console/notifications")).html
    )
    today = legal_day(clock.now())
    form = (await keeper.go(AT)).form("deputies_name")
    assert form.fields["/role"] == "gatekeeper" and form.fields["/from_day"] == today.isoformat()
    form.fields |= {
        "/deputy_login": "nobody",
        "/until_day": (today - timedelta(days=1)).isoformat(),
        "/note": HOSTILE,
    }
    refused = await keeper.send(AT, form)
    assert refused.status_code == 422 and "<img src=x" not in refused.text and "&lt;img src=x" in refused.text
    form.fields |= {"/deputy_login": "cyber", "/until_day": today.isoformat(), "_key": "named"}
    assert (await keeper.send(AT, form)).status_code == 303
    theirs = await keeper.go(AT)
    assert "正在代办" in theirs.text and not theirs.codes and "<img src=x" not in theirs.html
    mine = await deputy.go(AT)
    assert "正在代办" in mine.text and not mine.codes and mine.form("deputies_end")
    assert "正在代办" not in (await (await visit("360100", "finance")).go(AT)).text, "concerns nobody else"
    assert (await keeper.send(AT, theirs.form("deputies_end"))).status_code == 303
    ended = await keeper.go(AT)
    assert "提前结束" in ended.text and not [f for f in ended.forms if f.fields.get("_op") == "deputies_end"]


async def test_an_administrator_names_for_somebody_absent(visit: Callable[..., Any]) -> None:
    admin = await visit("360100", "administrator")
    form = (await admin.go(AT)).form("deputies_name")
    day = (legal_day(clock.now()) + timedelta(days=3)).isoformat()
    form.fields |= {
        "/person_login": "supervisor",
        "/role": "supervisor",
        "/deputy_login": "archives",
        "/from_day": day,
        "/until_day": day,
    }
    made = await admin.send(AT, form)
    assert made.status_code == 303, made.text
    shown = await admin.go(AT)
    assert "尚未开始" in shown.text and not shown.codes
