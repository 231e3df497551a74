"""通知设置 without JavaScript: chosen, proved by the code, a wrong one comes back filled, stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import asyncpg

from service.reminders.codes import code_of
from service.settings import Settings
from tests.seeding import SECRET

AT = "/console/notifications"


async def test_reminders_are_chosen_proved_and_stopped_on_a_page(
    app: Any, settings: Settings, visit: Callable[..., Any]
) -> None:
    browser, shelf = await visit("360100", "approver"), app.app.state.services.shelf
    nothing = await browser.go(AT)
    assert nothing.status == 200 and "没有接入" in nothing.text and not nothing.codes
    shelf[Settings] = replace(settings, smtp_host="127.0.0.1", smtp_from="tj@example.gov.cn")
    try:
        assert AT in (await browser.go("/console/more")).html and AT in nothing.html
        form = (await browser.go(AT)).form("me_change_notifications")
        form.fields |= {"/address": "13800000000", "/mode": "digest", "/hour:number": "8"}
        refused = await browser.send(AT, form)
        assert (
            refused.status_code == 422
            and "须填写电子邮件地址" in refused.text
            and "13800000000" in refused.text
        )
        form.fields |= {"/address": "wang@example.gov.cn", "_key": "changed"}
        assert (await browser.send(AT, form)).status_code == 303
        shown = await browser.go(AT)
        assert "待核实" in shown.text and not shown.codes
        connection = await asyncpg.connect(settings.database_url)
        row = await connection.fetchrow(
            "SELECT * FROM reminder_settings WHERE address = 'wang@example.gov.cn'"
        )
        await connection.close()
        right = code_of(SECRET, row)
        entry = shown.form("me_verify_address")
        entry.fields["/code"] = f"{(int(right) + 1) % 10**6:06}"
        wrong = await browser.send(AT, entry)
        assert wrong.status_code == 422 and "验证码不对" in wrong.text
        entry.fields |= {"/code": right, "_key": "proved"}
        assert (await browser.send(AT, entry)).status_code == 303
        proved = await browser.go(AT)
        assert "已核实" in proved.text and "每个工作日汇总一次，8 时" in proved.text and not proved.codes
        assert (await browser.send(AT, proved.form("me_stop_notifications"))).status_code == 303
        assert "没有设置提醒" in (await browser.go(AT)).text
    finally:
        shelf[Settings] = settings
