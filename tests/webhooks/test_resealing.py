"""Keys and ciphers of stored secrets change under way: what was sealed before opens, and is sealed anew in place."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.exceptions import InvalidTag

from service.kit.db import Door, tenant_scope
from service.settings import Settings
from service.webhooks.queries import ENDPOINTS
from service.webhooks.resealing import Resealed, reseal
from service.webhooks.vault import Vault, _Sm4

NEW = "a new secret key of more than 32 bytes"
AES, SM4 = "aes-256-gcm", "sm4-gcm"


def test_several_keys_and_ciphers_open_and_the_first_seals() -> None:
    old, both, new = Vault("old"), Vault("new", ("old",), SM4), Vault("new", (), SM4)
    kept, fresh = old.seal("secret", "a/1"), both.seal("secret", "a/1")
    assert both.unseal(kept, "a/1") == both.unseal(fresh, "a/1") == new.unseal(fresh, "a/1") == "secret"
    assert Vault("new").unseal(fresh, "a/1") == "secret"  # by its name, whatever the settings say now
    assert fresh.startswith("sm4-gcm.") and "." not in kept
    assert (both.stale(kept, "a/1"), both.stale(fresh, "a/1")) == (True, False)
    assert Vault("new").stale(fresh, "a/1") and not old.stale(kept, "a/1")
    for vault, sealed, context in (
        (new, kept, "a/1"),
        (old, fresh, "a/1"),
        (both, fresh, "a/2"),
        (both, fresh.removeprefix("sm4-gcm."), "a/1"),
        (both, f"sm4-gcm.{kept}", "a/1"),
        (both, f"rot13.{kept}", "a/1"),
        (both, "sm4-gcm.AAAA", "a/1"),
    ):
        with pytest.raises(InvalidTag):
            vault.unseal(sealed, context)


def test_sm4_is_that_of_the_standard() -> None:
    """RFC 8998, A.1: SM4-GCM."""
    key, nonce = bytes.fromhex("0123456789abcdeffedcba9876543210"), bytes.fromhex("00001234567800000000abcd")
    data = bytes.fromhex("".join(16 * sign for sign in "abcdefea"))
    more = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    made = _Sm4(key).encrypt(nonce, data, more)
    assert made.hex() == (
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735d82710ca5c22f0ccfa7cbf93d496ac15"
        "a56834cbcf98c397b4024a2691233b8d83de3541e4c2b58177e065a9bf7b62ec"
    )
    assert _Sm4(key).decrypt(nonce, made, more) == data


async def test_secrets_are_sealed_anew_in_place_and_receivers_notice_nothing(
    as_user: Any, door: Door, settings: Settings
) -> None:
    admin, tenant = as_user("360100", "administrator"), "360100"
    made = await admin("POST", "/webhooks", {"url": "http://127.0.0.1:9/hook", "kinds": ["filing.filed"]})
    assert made.status_code == 201, made.text
    secret, path = made.json()["secret"], f"/webhooks/{made.json()['id']}"

    async def stored() -> tuple[str, str]:
        rows = await door.fetch(tenant_scope(tenant), ENDPOINTS, of_tenant=tenant)
        row = next(each for each in rows if path.endswith(str(each["id"])))
        return row["secrets"][0]["sealed"], f"{tenant}/{row['id']}"

    moved, back = Vault(NEW, (settings.secret_key,), SM4), Vault(settings.secret_key, (NEW,), AES)
    try:
        (first,) = [each for each in await reseal(door, moved) if each.tenant == tenant]
        assert first.done and not first.current and not first.lost
        assert Vault(NEW).unseal(*await stored()) == secret
        assert (await admin("GET", path)).headers["etag"] == made.headers["etag"]
        assert Resealed(tenant, 0, first.done, 0) in await reseal(door, moved)  # done again: nothing to do
        assert Resealed(tenant, 0, 0, first.done) in await reseal(door, Vault("another key"))
        assert Vault(NEW).unseal(*await stored()) == secret  # what no key opens is left as it is
    finally:
        assert all(not each.lost for each in await reseal(door, back))
    assert Vault(settings.secret_key).unseal(*await stored()) == secret
    entries = (await admin("GET", "/audit?action=webhook.reseal")).json()["items"]
    assert [each["actor"] for each in entries] == ["operator", "operator"]
