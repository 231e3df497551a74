"""The caller's address: what a trusted proxy says, and nothing that anybody else writes."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

import pytest

from service.kit.address import Hop, caller, parse, proxied
from service.kit.rates import Rate

TRUSTED = [ip_network("10.0.0.0/8"), ip_network("fd00::/8")]
PROXY, STRANGER = ("10.0.0.1", 1), ("203.0.113.9", 1)


def found(peer: tuple[str, int] | None, *forwarded: str, name: str = "x-forwarded-for") -> str:
    headers = [(name.encode(), value.encode("latin-1")) for value in forwarded]
    return caller(Hop.of(peer), headers, TRUSTED).text


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        (STRANGER, ["1.2.3.4"], "203.0.113.9"),
        (STRANGER, ["10.0.0.5"], "203.0.113.9"),
        (STRANGER, [], "203.0.113.9"),
        (PROXY, [], "10.0.0.1"),
        (PROXY, ["1.2.3.4"], "1.2.3.4"),
        (PROXY, ["6.6.6.6, 1.2.3.4"], "1.2.3.4"),
        (PROXY, ["6.6.6.6", "1.2.3.4"], "1.2.3.4"),
        (PROXY, ["6.6.6.6, 1.2.3.4, 10.0.0.2"], "1.2.3.4"),
        (PROXY, ["6.6.6.6", "1.2.3.4, 10.0.0.2", "10.3.3.3"], "1.2.3.4"),
        (PROXY, ["10.0.0.7, 10.0.0.2"], "10.0.0.7"),
        (PROXY, ["1.2.3.4, nonsense"], "10.0.0.1"),
        (PROXY, ["1.2.3.4, nonsense, 10.0.0.2"], "10.0.0.2"),
        (PROXY, ["1.2.3.4,"], "10.0.0.1"),
        (PROXY, ["1.2.3.4, unknown"], "10.0.0.1"),
        (PROXY, [""], "10.0.0.1"),
        (PROXY, ["1.2.3.4:5678"], "1.2.3.4"),
        (PROXY, ["[2001:db8::7]:443"], "2001:db8::7"),
        (PROXY, ["2001:db8::7"], "2001:db8::7"),
        (PROXY, ["::ffff:1.2.3.4"], "1.2.3.4"),
        (PROXY, ['"1.2.3.4"'], "1.2.3.4"),
        (PROXY, ["1.2.3.4:x"], "10.0.0.1"),
        (PROXY, ["256.1.1.1"], "10.0.0.1"),
        (PROXY, ["1.2.3.4\xff"], "10.0.0.1"),
        (PROXY, ["01.2.3.4"], "10.0.0.1"),
        (PROXY, ["9.9.9.9, " * 5000 + "1.2.3.4"], "1.2.3.4"),
        (("fd00::1", 1), ["2001:db8::9"], "2001:db8::9"),
        (("::ffff:10.0.0.1", 1), ["1.2.3.4"], "1.2.3.4"),
        (None, ["1.2.3.4"], "unknown"),
    ],
)
def test_the_rightmost_hop_that_is_not_ours_and_only_from_ours(
    peer: Any, forwarded: list[str], address: str
) -> None:
    assert found(peer, *forwarded) == address


@pytest.mark.parametrize(
    "name", ["forwarded", "x-real-ip", "true-client-ip", "cf-connecting-ip", "x-client-ip", "x-forwarded"]
)
def test_no_other_header_is_believed(name: str) -> None:
    for value in ("1.2.3.4", "for=1.2.3.4"):
        assert found(PROXY, value, name=name) == "10.0.0.1"


def test_what_a_subscriber_gets_is_counted_together() -> None:
    assert Hop(parse("2001:db8:1:2:3::4")).group == Hop(parse("2001:db8:1:2::9")).group
    assert Hop(parse("2001:db8:1:2::9")).group != Hop(parse("2001:db8:1:3::9")).group
    assert Hop(parse("1.2.3.4")).group != Hop(parse("1.2.3.5")).group


async def test_a_forged_header_gains_no_request_and_a_proxys_callers_are_told_apart(instances: Any) -> None:
    (one,) = await instances(1, limit_anonymous=Rate(0.001, 5), trusted_proxies=tuple(TRUSTED))
    direct = [
        await one.call("GET", "/api/v1/me", "203.0.113.9", headers={"x-forwarded-for": f"1.2.3.{n}"})
        for n in range(20)
    ]
    assert sum(each.status_code == 401 for each in direct) == 5
    through = [
        await one.call("GET", "/api/v1/me", "10.0.0.1", headers={"x-forwarded-for": f"6.6.6.{n}, 1.2.4.4"})
        for n in range(20)
    ]
    assert sum(each.status_code == 401 for each in through) == 5
    other = await one.call("GET", "/api/v1/me", "10.0.0.1", headers={"x-forwarded-for": "1.2.4.5"})
    assert other.status_code == 401


V2 = b"\r\n\r\n\x00\r\nQUIT\n"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"PROXY TCP4 1.2.3.4 10.0.0.1 5678 80\r\nGET", (("1.2.3.4", 5678), b"GET")),
        (b"PROXY TCP6 2001:db8::1 fd00::1 5678 80\r\n", (("2001:db8::1", 5678), b"")),
        (b"PROXY UNKNOWN\r\nGET", (None, b"GET")),
        (
            V2 + b"\x21\x11\x00\x0c\x01\x02\x03\x04\x0a\x00\x00\x01\x16\x2e\x00\x50GET",
            (("1.2.3.4", 5678), b"GET"),
        ),
        (V2 + b"\x20\x00\x00\x00GET", (None, b"GET")),
        (b"PROX", None),
        (V2[:5], None),
        (V2 + b"\x21\x11\x00\x0c\x01", None),
    ],
)
def test_proxy_lines_are_read(data: bytes, told: Any) -> None:
    assert proxied(data) == told


@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/1.1\r\n",
        b"PROXY TCP4 x 10.0.0.1 1 2\r\n",
        b"PROXY TCP4 1.2.3.4\r\n",
        b"PROXY " + b"x" * 200,
        V2 + b"\x11\x11\x00\x0c" + b"\x00" * 12,
        V2 + b"\x21\x11\xff\xff",
    ],
)
def test_nonsense_is_no_proxy_line(data: bytes) -> None:
    with pytest.raises(ValueError):
        proxied(data)
