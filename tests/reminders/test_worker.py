"""Two real workers at once, one of them killed: everything that came is told, once."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from service.kit.outbox import Recipient
from service.settings import Settings
from tests.notifications.events import emit_one, query, until
from tests.notifications.test_crash import Worker

CITY, EVENTS = "361100", 12
_LEFT = """SELECT (SELECT count(*) FROM reminder_marks WHERE tenant_id = $1 AND message_id IS NOT NULL) AS told,
    (SELECT count(*) FROM reminder_messages WHERE tenant_id = $1 AND state = 'pending') AS pending"""


@pytest.mark.long
async def test_real_workers_tell_everything_once(
    worker: Any, set_up: Any, door: Any, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await set_up(CITY, "gatekeeper", mode="at_once", kinds=["news"])
    for name, value in (
        ("SMTP_HOST", "127.0.0.1"),
        ("SMTP_PORT", str(worker.post.port)),
        ("SMTP_SECURITY", "none"),
        ("SMTP_FROM", "tongjian@example.gov.cn"),
        ("REMINDERS_PER_HOUR", "60"),
    ):
        monkeypatch.setenv(f"TONGJIAN_{name}", value)

    async def told(number: int) -> bool:
        (row,) = await query(settings.database_url, _LEFT, CITY)
        return bool(row["told"] >= number and not row["pending"])

    one, two = (Worker(settings, settings.valkey_url, tmp_path / f"{name}.log") for name in ("one", "two"))
    try:
        for number in range(EVENTS):
            await emit_one(door, CITY, "filing.answered", [Recipient(CITY, "gatekeeper")])
            if number == EVENTS // 2:
                await until(lambda: told(1), 60)
                one.kill()
        await until(lambda: told(EVENTS), 60)
        assert two.stop() == 0, two.log.read_text()
    finally:
        for each in (one, two):
            if each.process.poll() is None:
                each.process.kill()
                each.process.wait()
    mails = {mail["Message-ID"]: mail.get_content() for _, mail in worker.post.got}
    numbers = [int(found[1]) for text in mails.values() if (found := re.search(r"新到 (\d+) 条消息", text))]
    assert len(numbers) == len(mails) and sum(numbers) == EVENTS
