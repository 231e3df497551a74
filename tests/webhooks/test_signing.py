"""Secrets, signatures and the schedule, against the official verifier."""

from __future__ import annotations

import statistics
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.exceptions import InvalidTag
from standardwebhooks import Webhook, WebhookVerificationError

from service.kit.ids import new_id
from service.webhooks.signing import (
    ATTEMPTS,
    MOST,
    in_force,
    new_secret,
    next_attempt,
    rotated,
    signature,
)
from service.webhooks.vault import Vault

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def test_the_official_verifier_accepts_either_secret() -> None:
    old, new = new_secret(), new_secret()
    stamp = int(datetime.now(UTC).timestamp())
    body = '{"type":"filing.filed","data":{"name":"智慧水务"}}'.encode()
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(stamp),
        "webhook-signature": signature([new, old], "msg_1", stamp, body),
    }
    for secret in (old, new):
        assert Webhook(secret).verify(body, headers)["type"] == "filing.filed"
    for changed in (body + b" ", body.replace(b"filed", b"fixed")):
        with pytest.raises(WebhookVerificationError):
            Webhook(new).verify(changed, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(new_secret()).verify(body, headers)


def test_sealed_secrets_open_only_for_their_endpoint_and_key() -> None:
    secret = new_secret()
    vault = Vault("one secret key of at least 32 bytes")
    sealed = vault.seal(secret, "360100/a")
    assert secret not in sealed
    assert sealed != vault.seal(secret, "360100/a")
    assert vault.unseal(sealed, "360100/a") == secret
    for other, context in ((vault, "360100/b"), (Vault("another key"), "360100/a")):
        with pytest.raises(InvalidTag):
            other.unseal(sealed, context)


def test_a_rotated_secret_signs_for_another_day() -> None:
    first = rotated([], "a", NOW)
    second = rotated(first, "b", NOW + timedelta(days=30))
    third = rotated(second, "c", NOW + timedelta(days=30, hours=1))
    assert [each["sealed"] for each in third] == ["c", "b", "a"]
    at = NOW + timedelta(days=30)
    assert [each["sealed"] for each in in_force(second, at + timedelta(hours=23))] == ["b", "a"]
    assert [each["sealed"] for each in in_force(second, at + timedelta(hours=25))] == ["b"]


@pytest.mark.parametrize("again", [1, 2, 3, 9])
def test_rotating_again_after_a_lost_answer_leaves_the_one_in_use(again: int) -> None:
    """The receiver still verifies by the first: it signs until its own day is over, however often this happens."""
    stored, at = rotated([], "used", NOW), NOW + timedelta(days=30)
    for number in range(again + 1):
        stored = rotated(stored, f"new{number}", at + timedelta(minutes=number))
    signing = [each["sealed"] for each in in_force(stored, at + timedelta(hours=23))]
    assert (signing[0], signing[-1], len(signing) <= MOST) == (f"new{again}", "used", True)
    assert "used" not in [each["sealed"] for each in in_force(stored, at + timedelta(hours=24))]


def test_ten_attempts_over_about_75_hours_with_jitter() -> None:
    totals = []
    for _ in range(200):
        delivery, at = new_id(), NOW
        for attempts in range(1, ATTEMPTS):
            following = next_attempt(delivery, attempts, at)
            assert following is not None
            assert following > at
            at = following
        assert next_attempt(delivery, ATTEMPTS, at) is None
        totals.append((at - NOW) / timedelta(hours=1))
    assert ATTEMPTS == 10
    assert 72 < min(totals) < max(totals) < 80
    assert statistics.stdev(totals) > 0.3
    assert next_attempt("x", 1, NOW) == next_attempt("x", 1, NOW), "foretellable"
