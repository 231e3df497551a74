"""No webhook reaches the service's own servers: not by address, name or another spelling, at registration or later."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_network
from typing import Any
from urllib.parse import urlsplit

import pytest

from service.kit.http import Failure, Outbound, Response
from service.kit.own_servers import Own, OwnServers, is_local, parse_address
from service.settings import Settings
from service.webhooks.own import own_servers
from tests.kit.test_http import serving

CITY = "360800"
HOSTS = ("127.0.0.1", "127.9.8.7", "localhost", "LOCALHOST", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0")


def ports(settings: Settings) -> set[int]:
    database, valkey = urlsplit(settings.database_url), urlsplit(settings.valkey_url)
    return {database.port or 5432, valkey.port or 6379, settings.port}


async def test_registration_refuses_them_under_every_spelling(as_user: Any, settings: Settings) -> None:
    admin = as_user(CITY, "administrator")
    for port in ports(settings):
        for host in HOSTS:
            for scheme in ("http", "https"):
                answer = await admin("POST", "/webhooks", {"url": f"{scheme}://{host}:{port}/hook"})
                assert answer.status_code == 422, (scheme, host, port)
                codes = {each["code"] for each in answer.json()["errors"]}
                assert codes <= {"own_server", "address_not_allowed", "https_required"}, codes
    answer = await admin("POST", "/webhooks", {"url": f"http://127.0.0.1:{settings.port}/hook"})
    assert [each["code"] for each in answer.json()["errors"]] == ["own_server"]
    made = await admin("POST", "/webhooks", {"url": "http://127.0.0.1:9/hook"})
    assert made.status_code == 201, "another port of this machine is another matter"
    path, etag = f"/webhooks/{made.json()['id']}", made.headers["etag"]
    moved = await admin("PATCH", path, {"url": f"http://127.0.0.1:{settings.port}/"}, etag=etag)
    assert [each["code"] for each in moved.json()["errors"]] == ["own_server"]
    assert (await admin("PATCH", path, {"disabled": True}, etag=etag)).status_code == 200


async def test_delivery_refuses_them_by_address_and_by_whatever_a_name_leads_to(settings: Settings) -> None:
    asked: list[str] = []

    async def handler(_request: Any) -> Any:
        from aiohttp import web

        asked.append("reached")
        return web.Response()

    async def lookup(_host: str, _port: int) -> list[str]:
        return ["127.0.0.1"]

    async with serving(handler) as port, serving(handler) as others:
        own = own_servers(replace(settings, worker_metrics_port=port))
        outbound = Outbound([ip_network("0.0.0.0/0"), ip_network("::/0")], own=own, lookup=lookup)
        await outbound.open()
        for host in ("127.0.0.1", "127.0.0.2", "portal.example", "[::ffff:127.0.0.1]", "0.0.0.0"):
            answer = await outbound.post(f"http://{host}:{port}/", b"", {})
            assert answer == Failure("address_not_allowed"), host
        assert asked == []
        answer = await outbound.post(f"http://portal.example:{others}/", b"", {})
        await outbound.close()
    assert isinstance(answer, Response)
    assert asked == ["reached"]


async def test_the_machines_of_database_and_valkey_are_closed_on_every_port() -> None:
    names = {"db.internal": ["10.1.2.3", "10.1.2.4"], "kv.internal": ["10.1.2.5"], "gate.gov": ["10.9.9.9"]}

    async def lookup(host: str, _port: int) -> list[str]:
        if host not in names:
            raise OSError
        return names[host]

    settings = Settings(
        database_url="postgresql://o:p@db.internal:5432,10.1.2.9:5433/t",
        tenant_url="postgresql://tj_tenant:p@/t?host=/run/postgresql&port=5555",
        valkey_url="redis://:p@kv.internal/0",
        documents_url="https://10.1.2.20:9000/bucket",
        issuer="https://gate.gov/api",
        host="10.77.0.1",
        port=8000,
    )
    own = own_servers(settings)
    own = OwnServers(own._servers, lookup)

    async def holds(address: str, port: int, literal: bool = False) -> bool:
        parsed = parse_address(address)
        assert parsed is not None
        return await own.holds(parsed, port, literal=literal)

    for address in ("10.1.2.3", "10.1.2.4", "10.1.2.5", "10.1.2.9", "10.1.2.20"):
        for port in (22, 443, 5432, 6379):
            assert await holds(address, port), (address, port)
    assert await holds("10.77.0.1", 8000)
    assert not await holds("10.77.0.1", 443), "a receiver may stand beside the API"
    assert await holds("127.0.0.1", 5555), "a socket is this machine's"
    assert not await holds("127.0.0.1", 5432)
    # The issuer may be a gateway that others' portals stand behind too: by its name, or its bare address.
    assert own.named("GATE.gov.", 443)
    assert await holds("10.9.9.9", 443, literal=True)
    assert not await holds("10.9.9.9", 443)
    assert not await holds("10.200.0.1", 443)


def test_this_machine_is_known_by_every_address_of_its_own() -> None:
    local = ("127.0.0.1", "127.3.2.1", "0.0.0.0", "::1", "::", "::ffff:127.0.0.1")
    assert all(is_local(found) for text in local if (found := parse_address(text)))
    assert not is_local(parse_address("192.0.2.1"))  # type: ignore[arg-type]


async def test_what_cannot_be_looked_up_now_keeps_what_was_known() -> None:
    known = [["10.1.2.3"]]

    async def lookup(_host: str, _port: int) -> list[str]:
        if not known:
            raise OSError
        return known.pop()

    own = OwnServers([Own("db.internal", 5432, whole=True)], lookup)
    address = parse_address("10.1.2.3")
    assert address is not None
    assert await own.holds(address, 1, literal=True)
    own._until = 0.0
    assert await own.holds(address, 1, literal=True)


@pytest.mark.parametrize(
    ("networks", "allowed"),
    [
        ("10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,100.64.0.0/10", True),
        ("10.20.0.0/16,fd00::/8,2409:8000::/20", True),
        ("0.0.0.0/0", False),
        ("0.0.0.0/1,128.0.0.0/1", False),
        (",".join(f"{n}.0.0.0/8" for n in range(1, 224)), False),
        (",".join(f"{n}.{m}.0.0/16" for n in (11, 12, 13) for m in range(256)), False),
        ("8.0.0.0/7,10.0.0.0/8", False),
        ("::/0", False),
        ("::/1,8000::/1", False),
        ("2000::/3", False),
        (",".join(f"{n:x}::/16" for n in range(0x2400, 0x2420)), False),
    ],
)
def test_a_list_that_allows_everything_is_refused_however_it_is_written(networks: str, allowed: bool) -> None:
    settings = Settings(webhook_networks=tuple(ip_network(each) for each in networks.split(",")))
    told = [problem for problem in settings.problems() if "WEBHOOK_NETWORKS" in problem]
    assert (told == []) == allowed
