"""The sandbox's calls, its marks, and that nothing of it is anywhere else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.cli import sandbox as sandbox_command
from service.kit import clock
from service.kit.ids import new_id
from service.settings import Settings
from service.setup.demo_mark import A_SANDBOX, NO_SANDBOX, refuse_demo
from tests import factories
from tests.contract.operations import DOCUMENT
from tests.lives import builder
from tests.notifications.events import query
from tests.worlds import running

CITY, OTHER = "360100", "360200"
CALLS = (("GET", "/sandbox"), ("POST", "/sandbox/clock"), ("POST", "/sandbox/play"))


async def declared(as_user: Any) -> str:
    """A declaration of the portal's own, submitted; its id."""
    return (await builder(as_user)(tenant=CITY).submitted()).id


async def test_a_portal_alone_leads_its_case_to_a_filing_an_order_and_a_question(as_user: Any) -> None:
    portal = as_user(CITY)
    ref = await declared(as_user)

    async def play(act: str, **more: Any) -> Any:
        answer = await portal("POST", "/sandbox/play", {"act": act, "ref": ref, **more})
        assert answer.status_code == 200, answer.text
        return answer.json()

    assert (await play("pass"))["by"] == f"{CITY}/gatekeeper"
    assert (await play("approve"))["body"]["state"] == "city_approved"
    filed = (await play("file"))["body"]
    assert filed["project"]["state"] == "filed"
    asked = await play("query", ref=filed["filing_id"], body={"question": "如何与省级平台对接？"})
    assert asked["by"] == "360000/office"
    order = await play("order")
    assert order["operation_id"] == "orders_order_rectification"
    history = (await portal("GET", f"/projects/{ref}/history")).text
    assert f"user:{CITY}:gatekeeper via portal" in history, "it says who was played by whom"


async def test_the_desk_is_refused_in_its_own_words(as_user: Any) -> None:
    portal = as_user(CITY)
    ref = await declared(as_user)
    early = await portal("POST", "/sandbox/play", {"act": "file", "ref": ref})
    assert (early.status_code, early.json()["code"]) == (409, "action_not_allowed")
    wrong = await portal("POST", "/sandbox/play", {"act": "pass", "ref": ref, "by": "finance"})
    assert (wrong.status_code, wrong.json()["code"]) == (403, "forbidden")
    stale = await portal("POST", "/sandbox/play", {"act": "pass", "ref": ref, "version": 1})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_version")
    for act in ("no_such_act", "sandbox_play", "oauth_token"):
        unknown = await portal("POST", "/sandbox/play", {"act": act})
        assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown_operation"), act


async def test_a_deed_is_played_once_under_one_key(as_user: Any) -> None:
    portal, key = as_user(CITY), {"idempotency-key": new_id()}
    body = {"act": "pass", "ref": await declared(as_user)}
    first = await portal("POST", "/sandbox/play", body, headers=dict(key))
    again = await portal("POST", "/sandbox/play", body, headers=dict(key))
    assert (again.status_code, again.headers["idempotent-replayed"]) == (200, "true")
    assert again.json() == first.json()


async def test_only_a_portal_plays_and_only_its_own_city_and_the_province(as_user: Any) -> None:
    portal = as_user(CITY)
    ref = await declared(as_user)
    shown = (await portal("GET", "/sandbox")).json()
    assert {each["by"].partition("/")[0] for each in shown["desks"]} == {CITY, "360000"}
    for by in (f"{OTHER}/gatekeeper", "nobody", f"{CITY}/nobody"):
        answer = await portal("POST", "/sandbox/play", {"act": "pass", "ref": ref, "by": by})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/by"), by
    assert (await as_user(OTHER)("POST", "/sandbox/play", {"act": "pass", "ref": ref})).status_code == 404
    for login in ("gatekeeper", "administrator"):
        for method, path in CALLS:
            body = None if method == "GET" else {"act": "pass", "to": "2040-01-01T00:00:00Z"}
            assert (await as_user(CITY, login)(method, path, body)).status_code == 403


async def test_the_clock_moves_forward_for_everybody_here(as_user: Any) -> None:
    portal = as_user(CITY)
    before = (await portal("GET", "/sandbox")).json()["clock"]
    to = clock.now() + timedelta(days=40)
    moved = (await portal("POST", "/sandbox/clock", {"to": to.isoformat()})).json()
    assert moved["day"] == clock.legal_day(to).isoformat() != before["day"]
    assert clock.legal_day(clock.now()) == clock.legal_day(to)
    back = await portal("POST", "/sandbox/clock", {"to": (to - timedelta(days=1)).isoformat()})
    assert (back.status_code, back.json()["code"], back.json()["sandbox"]) == (409, "clock_backwards", True)
    far = await portal("POST", "/sandbox/clock", {"to": "2099-01-01T00:00:00Z"})
    assert (far.status_code, far.json()["errors"][0]["pointer"]) == (422, "/to")
    made = await portal("POST", "/projects", factories.draft(CITY))
    assert made.json()["updated_at"][:10] >= moved["now"][:10]


async def test_every_answer_and_page_says_that_it_is_a_sandbox(
    as_user: Any, client: httpx.AsyncClient
) -> None:
    for path in (
        "/livez",
        "/docs",
        "/openapi.json",
        "/console/enter",
        "/api/v1/me",
        "/nowhere",
        "/console/nowhere",
    ):
        answer = await client.get(path)
        assert answer.headers["tongjian-sandbox"] == "true", path
    for path in ("/docs", "/console/enter"):
        title = (await client.get(path)).text.partition("<title>")[2].partition("</title>")[0]
        assert "沙箱" in title, path
    document = (await client.get("/openapi.json")).json()
    assert "沙箱" in document["info"]["title"]
    assert {f"/api/v1{path}" for _, path in CALLS} <= document["paths"].keys()
    assert (await client.get("/api/v1/me")).json()["sandbox"] is True, "refused by the gate"
    assert (await as_user(CITY)("GET", f"/projects/{CITY}-{new_id()}")).json()["sandbox"] is True


async def test_nothing_of_it_is_in_any_other_deployment(settings: Settings, token: Any) -> None:
    assert not [path for path in DOCUMENT["paths"] if "sandbox" in path]
    assert "sandbox" not in {tag["name"] for tag in DOCUMENT["tags"]}
    real = replace(settings, environment="development", clock_file=None)
    async with (
        running(real) as app,
        httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://127.0.0.1:8000") as client,
    ):
        headers = {"authorization": f"Bearer {token(CITY)}", "idempotency-key": new_id()}
        for method, path in CALLS:
            answer = await client.request(method, f"/api/v1{path}", headers=headers, json={"act": "pass"})
            assert (answer.status_code, answer.json().get("sandbox")) == (404, None)
            assert "tongjian-sandbox" not in answer.headers
        assert "沙箱" not in (await client.get("/docs")).text


async def test_a_sandbox_and_all_others_refuse_each_others_database(settings: Settings) -> None:
    await refuse_demo(settings)
    for environment in ("development", "production"):
        with pytest.raises(SystemExit) as refused:
            await refuse_demo(replace(settings, environment=environment))
        assert refused.value.code == A_SANDBOX
    await query(settings.database_url, "UPDATE tenant_local SET sandbox = false")
    await refuse_demo(replace(settings, environment="development"))
    with pytest.raises(SystemExit) as refused:
        await refuse_demo(settings)
    assert refused.value.code == NO_SANDBOX


async def test_the_command_takes_no_database_that_is_anothers(settings: Settings, tmp_path: Path) -> None:
    await sandbox_command.claim(settings, tmp_path / "marked")
    await query(settings.database_url, "UPDATE tenant_local SET sandbox = false")
    with pytest.raises(SystemExit, match="no sandbox"):
        await sandbox_command.claim(settings, tmp_path / "other")
    empty = replace(settings, database_url=settings.database_url.rpartition("/")[0] + "/postgres")
    with pytest.raises(SystemExit, match="no sandbox"):
        await sandbox_command.claim(empty, tmp_path / "logins")  # whose logins are there already


def test_the_command_reads_no_setting_of_another_deployment(tmp_path: Path) -> None:
    real = {
        "TONGJIAN_DATABASE_URL": "postgresql://real/x",
        "TONGJIAN_SECRET_KEY": "real" * 10,
        "PATH": "/bin",
        "TONGJIAN_SIGNING_KEYS_FILE": "/etc/real",
        "TONGJIAN_SANDBOX_ISSUER": "https://sandbox.example",
        "TONGJIAN_PROVINCE_DIR": "/srv/province",
    }
    found = sandbox_command.environment_of(real, tmp_path)
    assert not [value for value in found.values() if "real" in value]
    assert found["TONGJIAN_ISSUER"] == "https://sandbox.example"
    assert found["TONGJIAN_PROVINCE_DIR"] == "/srv/province", (
        "its processes are of the province that this one is of"
    )
    assert len(found["TONGJIAN_SECRET_KEY"]) >= 48
    assert (tmp_path / "secret").stat().st_mode & 0o077 == 0
    assert sandbox_command.environment_of(real, tmp_path) == found, "the next start finds its secret again"
    made = Settings.from_env({**found, "TONGJIAN_ENVIRONMENT": "sandbox", "TONGJIAN_CLOCK_FILE": "x"})
    assert made.problems() == []
    assert Settings.from_env({"TONGJIAN_ENVIRONMENT": "sandbox"}).problems() != []
