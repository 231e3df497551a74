"""Against real servers: STARTTLS, who may send, refusals for good and for now, silence; a gateway's answers, signed."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook

from service.kit.http import Outbound
from service.reminders.jobs import _ANYWHERE
from service.reminders.transports import Gateway, MailServer, Outcome, Outgoing
from service.settings import Settings
from tests.reminders.post import certified, letting_in, post
from tests.webhooks.receiver import receiving

MAIL = Outgoing(
    "0192f0c1", "li@example.gov.cn", "统建：今日待办汇总", "统建：您有 3 件待办。https://x/console"
)
GIVEN = Settings(
    smtp_host="127.0.0.1",
    smtp_security="none",
    smtp_from="统建平台 <tj@example.gov.cn>",
    reminder_timeout_s=5,
    gateway_secret=base64.b64encode(bytes(range(32))).decode(),
)


async def test_a_mail_arrives_whole_with_an_id_that_stays(tmp_path: Path) -> None:
    context, authority = certified(tmp_path)
    password = tmp_path / "password"
    password.write_text("geheim 密码\n", encoding="utf-8")
    async with post(context, **letting_in("tj", "geheim 密码")) as server:
        given = replace(
            GIVEN,
            smtp_port=server.port,
            smtp_security="starttls",
            smtp_ca_file=authority,
            smtp_user="tj",
            smtp_password_file=password,
        )
        for _ in range(2):
            assert await MailServer(given).send(MAIL) == Outcome("sent")
        wrong = replace(given, smtp_password_file=None, smtp_password="x")
        assert await MailServer(wrong).send(MAIL) == Outcome("down", "smtp_auth")
    (to, one), (_, two) = server.got
    assert to == MAIL.address and one.get_content().strip() == MAIL.text and one["Subject"] == MAIL.subject
    assert one["From"] == "统建平台 <tj@example.gov.cn>" and one["Message-ID"] == two["Message-ID"]
    assert set(server.secured) == {True}


async def test_nothing_is_sent_to_a_server_that_is_not_who_it_says_or_has_no_tls(tmp_path: Path) -> None:
    context, _ = certified(tmp_path)
    async with post(context) as server:
        given = replace(GIVEN, smtp_port=server.port, smtp_security="starttls")
        assert (await MailServer(given).send(MAIL)).kind == "down"
    async with post() as plain:
        given = replace(GIVEN, smtp_port=plain.port, smtp_security="starttls")
        assert (await MailServer(given).send(MAIL)).kind == "down"
    assert server.got == [] and plain.got == []


@pytest.mark.parametrize(
    ("to", "says", "told"),
    [
        ("550 5.1.1 no such user", "250 OK", Outcome("refused", "smtp_550")),
        ("450 4.2.1 busy", "250 OK", Outcome("later", "smtp_450")),
        ("250 OK", "452 4.3.1 full", Outcome("later", "smtp_452")),
        ("250 OK", "554 5.7.1 spam", Outcome("refused", "smtp_554")),
    ],
)
async def test_what_a_mail_server_refuses(to: str, says: str, told: Outcome) -> None:
    async with post() as server:
        server.to, server.says = to, says
        assert await MailServer(replace(GIVEN, smtp_port=server.port)).send(MAIL) == told


async def test_a_server_that_hangs_or_is_not_there_is_down(tmp_path: Path) -> None:
    async with post() as server:
        server.hangs.clear()
        given = replace(GIVEN, smtp_port=server.port, reminder_timeout_s=1)
        assert await MailServer(given).send(MAIL) == Outcome("down", "timeout")
    assert (await MailServer(given).send(MAIL)).kind == "down"


async def test_a_gateway_gets_it_signed_and_its_answers_are_understood() -> None:
    async with receiving() as gateway:
        outbound = Outbound(_ANYWHERE, timeout=5)
        await outbound.open()
        sender = Gateway(replace(GIVEN, gateway_url=gateway.url), outbound)
        assert await sender.send(MAIL) == Outcome("sent")
        got = gateway.got[0]
        body = Webhook(GIVEN.gateway_secret).verify(got.body, got.headers)
        assert body == {"id": MAIL.id, "to": MAIL.address, "text": MAIL.text} == json.loads(got.body)
        assert got.id == f"msg_{MAIL.id}"
        kinds: dict[int, Any] = {
            422: "refused",
            400: "refused",
            409: "later",
            429: "down",
            503: "down",
            401: "down",
        }
        for status, kind in kinds.items():
            gateway.answer = lambda _got, status=status: status
            assert (await sender.send(MAIL)) == Outcome(kind, f"http_{status}")
        await outbound.close()


async def test_while_a_server_is_away_nothing_is_lost_and_the_other_way_goes_on(
    worker: Any, set_up: Any, settings: Settings
) -> None:
    from service.kit.outbox import Recipient
    from tests.notifications.events import emit_one, query

    city = "360700"
    await set_up(city, "gatekeeper", mode="at_once", kinds=["news"])
    await set_up(city, "approver", "13811112222", "gateway", mode="at_once", kinds=["news"])
    worker.post.to = "421 4.3.0 closing"
    await emit_one(
        worker.door, city, "filing.answered", [Recipient(city, "gatekeeper"), Recipient(city, "approver")]
    )
    await worker.go()
    assert worker.post.got == [] and len(worker.gateway.got) == 1
    worker.post.to = "250 OK"
    await query(
        settings.database_url, "UPDATE reminder_messages SET next_attempt_at = now() WHERE state = 'pending'"
    )
    await worker.send()
    assert len(worker.post.got) == 1
    await worker.reminders.sweep()
    assert b'tongjian_reminders_paused{channel="mail"} 0.0' in worker.telemetry.render()
