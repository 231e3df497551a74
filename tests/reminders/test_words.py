"""What reminders say, when one is given up, and when a way out is left alone: pure."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest

from service.reminders.codes import GOOD_FOR, TRIES, code_of, open_until
from service.reminders.sending import AT_ONCE, OPENS_AFTER, PAUSES, Breaker, settled
from service.reminders.transports import SENT, Outcome
from service.reminders.words import Waiting, at_once, digest, whole
from service.settings import Settings


def test_only_numbers_are_told() -> None:
    assert digest(Waiting(3, 1, 0), []) == "您有 3 件待办，其中 1 件今日到期。"
    assert digest(Waiting(3, 1, 2), ["news", "tasks", "news"]) == (
        "您有 3 件待办，其中 1 件今日到期、2 件已逾期；另有 2 条新消息。"
    )
    assert digest(Waiting(), ["news"]) == "您有 1 条新消息。" and digest(Waiting(), ["tasks"]) == ""
    assert digest(Waiting(1000, capped=True), []) == "您有至少 1000 件待办。"
    assert at_once(Waiting(5, 1), ["tasks", "due", "tasks"]) == (
        "新到 2 件待办、1 条期限提醒。您有 5 件待办，其中 1 件今日到期。"
    )
    assert at_once(Waiting(), ["news"]) == "新到 1 条消息。"
    assert whole("甲", "https://x/console") == "统建：甲https://x/console"
    assert whole("甲", "", sandbox=True) == "统建（沙箱）：甲"


def test_a_code_is_of_one_person_address_and_moment() -> None:
    row = {
        "tenant_id": "360100",
        "user_id": "u",
        "channel": "mail",
        "address": "a@example.cn",
        "code_tries": 0,
        "code_at": datetime(2026, 3, 2, tzinfo=UTC),
    }
    made = code_of("s", row)
    assert len(made) == 6 and made.isdigit() and made == code_of("s", row)
    for change in (
        {"tenant_id": "360200"},
        {"user_id": "v"},
        {"address": "b@example.cn"},
        {"channel": "gateway"},
        {"code_at": datetime(2026, 3, 3, tzinfo=UTC)},
    ):
        assert code_of("s", row | change) != made
    assert code_of("t", row) != made
    assert open_until(row) == row["code_at"] + GOOD_FOR
    assert open_until(row | {"code_tries": TRIES}) is None and open_until(row | {"code_at": None}) is None


def test_a_message_is_tried_again_with_growing_pauses_and_given_up() -> None:
    later = Outcome("later", "smtp_451")
    told = [settled(n, later, 0) for n in range(len(PAUSES) + 1)]
    assert [each.outcome for each in told] == ["pending"] * len(PAUSES) + ["dead"]
    assert [each.pause for each in told[:-1]] == list(PAUSES)
    assert settled(0, Outcome("later", "http_409", wait=3600), 0).pause == timedelta(hours=1)
    assert settled(0, Outcome("refused", "smtp_550"), 0).outcome == "dead"
    assert settled(0, SENT, 0).outcome == "sent"
    down = settled(4, Outcome("down", "timeout"), 15)
    assert (down.outcome, down.tried, down.pause) == ("pending", 4, timedelta(seconds=15)), (
        "nobody's answer is no attempt"
    )


def test_a_way_out_that_does_not_answer_is_left_alone_and_tried_by_one() -> None:
    now = [0.0]
    breaker, down = Breaker(clock=lambda: now[0]), [Outcome("down", "timeout")]
    for _ in range(OPENS_AFTER):
        assert not breaker.open and breaker.begin() == AT_ONCE
        breaker.note(down)
    assert breaker.open
    now[0] += 15
    assert not breaker.open and breaker.begin() == 1
    assert breaker.open, "one tries, no other beside it"
    assert breaker.note(down) == 30.0 and breaker.open
    now[0] += 30
    assert breaker.begin() == 1
    assert breaker.note([SENT]) == 0 and not breaker.open and breaker.begin() == AT_ONCE
    assert breaker.note([Outcome("down", "http_503", wait=90.0)]) == 90.0


def test_settings_that_would_send_in_the_clear_or_unsigned_are_refused() -> None:
    def faults(**given: str) -> list[str]:
        env = {f"TONGJIAN_{name}": value for name, value in given.items()}
        told = Settings.from_env({"TONGJIAN_ENVIRONMENT": "production", **env}).problems()
        return [each for each in told if any(part in each for part in ("SMTP", "GATEWAY", "REMINDER"))]

    mail = {"SMTP_HOST": "mail.example.gov.cn", "SMTP_FROM": "tj@example.gov.cn"}
    secret = base64.b64encode(bytes(32)).decode()
    gateway = {"GATEWAY_URL": "https://sms.example.gov.cn/send", "GATEWAY_SECRET": secret}
    assert faults() == faults(**mail, **gateway) == []
    assert faults(**mail, SMTP_SECURITY="none") and not faults(
        **mail | {"SMTP_HOST": "127.0.0.1"}, SMTP_SECURITY="none"
    )
    assert faults(SMTP_HOST="mail.example.gov.cn") and faults(
        **mail, SMTP_PASSWORD_FILE="/nowhere", SMTP_CA_FILE="/no"
    )
    assert faults(**gateway | {"GATEWAY_SECRET": "short"}) and faults(
        **gateway | {"GATEWAY_URL": "http://sms.example/"}
    )
    assert faults(REMINDERS_PER_HOUR="0") and faults(REMINDER_TIMEOUT_S="500")
    for name, value in (
        ("GATEWAY_URL", "ftp://x/"),
        ("GATEWAY_URL", "https://u:p@x/"),
        ("SMTP_SECURITY", "ssl"),
    ):
        with pytest.raises(ValueError, match=name):
            faults(**{name: value})
