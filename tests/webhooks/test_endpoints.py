"""Administration of endpoints over the API."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from service.kit.ids import new_id
from service.settings import Settings
from service.webhooks.vault import Vault
from tests.notifications.events import query

CITY = "360200"
URL = "https://portal.example.gov.cn/hook"


async def made(as_user: Any, city: str = CITY, **body: Any) -> Any:
    answer = await as_user(city, "administrator")("POST", "/webhooks", {"url": URL, **body})
    assert answer.status_code == 201, answer.text
    return answer


async def test_the_secret_is_shown_once_and_stored_sealed(as_user: Any, settings: Settings) -> None:
    admin, key = as_user(CITY, "administrator"), {"idempotency-key": new_id()}
    first = await admin("POST", "/webhooks", {"url": URL, "kinds": ["filing.filed"]}, headers=key)
    body = first.json()
    assert first.headers["location"] == f"/api/v1/webhooks/{body['id']}"
    assert len(base64.b64decode(body["secret"].removeprefix("whsec_"))) == 32
    replay = await admin("POST", "/webhooks", {"url": URL, "kinds": ["filing.filed"]}, headers=key)
    assert replay.headers["idempotent-replayed"] == "true"
    assert replay.json() == {**body, "secret": None}
    read = (await admin("GET", f"/webhooks/{body['id']}")).json()
    assert read == {name: value for name, value in body.items() if name != "secret"}
    assert read in (await admin("GET", "/webhooks")).json()["items"]
    (row,) = await query(
        settings.database_url,
        "SELECT tenant_id || '/' || id AS context, secrets->0->>'sealed' AS sealed FROM webhook_endpoints "
        "WHERE tenant_id || '-' || id = $1",
        body["id"],
    )
    assert Vault(settings.secret_key).unseal(row["sealed"], row["context"]) == body["secret"]
    for table in ("webhook_endpoints", "idempotency", "audit_entries", "outbox"):
        rows = await query(
            settings.database_url,
            f"SELECT 1 FROM {table} t WHERE t::text LIKE '%' || $1 || '%' "
            + ("OR convert_from(body, 'UTF8') LIKE '%' || $1 || '%'" if table == "idempotency" else ""),
            body["secret"].removeprefix("whsec_"),
        )
        assert rows == [], table


async def test_changes_need_the_current_version(as_user: Any) -> None:
    first = await made(as_user)
    admin, path = as_user(CITY, "administrator"), f"/webhooks/{first.json()['id']}"
    assert (await admin("PATCH", path, {"disabled": True})).status_code == 428
    off = await admin("PATCH", path, {"disabled": True}, etag=first.headers["etag"])
    assert off.json()["disabled_reason"] == "administrator"
    assert (await admin("PATCH", path, {"disabled": False}, etag=first.headers["etag"])).status_code == 412
    on = await admin("PATCH", path, {"disabled": False, "kinds": ["filing.filed"]}, etag=off.headers["etag"])
    assert (on.json()["disabled_at"], on.json()["kinds"]) == (None, ["filing.filed"])
    assert (await admin("POST", f"{path}/rotate", etag=off.headers["etag"])).status_code == 412
    rotated = await admin("POST", f"{path}/rotate", etag=on.headers["etag"])
    assert rotated.status_code == 200, rotated.text
    assert rotated.json()["secret"] not in (None, first.json()["secret"])
    newest, older = rotated.json()["secrets"]
    assert newest["expires_at"] is None
    assert older["expires_at"] is not None


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://portal.example.gov.cn/hook", "https_required"),
        ("https://user:pass@portal.example.gov.cn/", "invalid_url"),
        ("https://user@portal.example.gov.cn/", "invalid_url"),
        ("https://@portal.example.gov.cn/", "invalid_url"),
        ("https://portal.example.gov.cn/#x", "invalid_url"),
        ("https://portal.example.gov.cn:0/", "invalid_url"),
        ("https://portal.example.gov.cn:99999/", "invalid_url"),
        ("https://portal example/", "invalid_url"),
        ("https:///hook", "invalid_url"),
        ("https://门户.example/", "invalid_url"),
        ("https://10.0.0.1/hook", "address_not_allowed"),
        ("https://[::ffff:10.0.0.1]/hook", "address_not_allowed"),
        ("https://169.254.169.254/latest", "address_not_allowed"),
        ("http://10.0.0.1/hook", "address_not_allowed"),
        ("ftp://127.0.0.1/hook", "https_required"),
        ("javascript:alert(1)", "invalid_url"),
    ],
)
async def test_addresses_we_would_never_send_to_are_refused(as_user: Any, url: str, code: str) -> None:
    answer = await as_user(CITY, "administrator")("POST", "/webhooks", {"url": url})
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["code"] == code
    assert answer.json()["errors"][0]["pointer"] == "/url"


async def test_loopback_may_be_http_where_the_settings_allow_it(as_user: Any) -> None:
    for url in ("http://127.0.0.1:9000/hook", "http://localhost:9000/hook", "http://[::1]:9000/"):
        await made(as_user, url=url)


async def test_unknown_kinds_and_fields_are_refused_and_endpoints_counted(as_user: Any) -> None:
    admin = as_user("360600", "administrator")
    assert (await admin("POST", "/webhooks", {"url": URL, "kinds": ["no.such"]})).status_code == 422
    assert (await admin("POST", "/webhooks", {"url": URL, "name": "x"})).status_code == 422
    for _ in range(20):
        await made(as_user, "360600")
    answer = await admin("POST", "/webhooks", {"url": URL})
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_endpoints")


async def test_only_the_tenants_administrator_sees_its_endpoints(as_user: Any) -> None:
    path = f"/webhooks/{(await made(as_user)).json()['id']}"
    other = as_user("360300", "administrator")
    assert (await other("GET", path)).status_code == 404
    assert (await other("GET", f"{path}/deliveries")).status_code == 404
    for method, suffix, body in (
        ("PATCH", "", {"disabled": True}),
        ("POST", "/rotate", None),
        ("POST", f"/deliveries/{new_id()}/redeliver", None),
        ("POST", "/redeliver", {"from": "2026-01-01T00:00:00Z", "to": "2026-02-01T00:00:00Z"}),
    ):
        answer = await other(method, path + suffix, body, etag='"1"')
        assert answer.status_code == 404, (suffix, answer.text)
    for login in ("gatekeeper", "approver", "unit"):
        assert (await as_user(CITY, login)("GET", path)).status_code == 403
    portal = as_user(CITY)
    assert (await portal("GET", f"{path}/deliveries")).status_code == 200, (
        "what was sent to it is the portal's"
    )
    assert (await portal("POST", f"{path}/rotate", None, etag='"1"')).status_code == 403


async def test_every_change_leaves_an_audit_entry(as_user: Any, settings: Settings) -> None:
    first = await made(as_user)
    admin, public = as_user(CITY, "administrator"), first.json()["id"]
    await admin("POST", f"/webhooks/{public}/rotate", etag=first.headers["etag"])
    rows = await query(
        settings.database_url,
        "SELECT action FROM audit_entries WHERE object_id = $1 ORDER BY at",
        public.partition("-")[2],
    )
    assert [row["action"] for row in rows] == ["webhook.create", "webhook.rotate"]
