"""Maintenance money: the yearly proposal by 31 August (art. 36) and the three cases without money (art. 37)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from service.measures.findings import Finding, Severity, in_order
from service.measures.periods import annual
from service.measures.rectification import lapsed
from service.vocabulary import names

# Art. 37's cases by item, as findings.
UNSHARED, INSECURE, OFF_NETWORK = (
    "maintenance_unshared",
    "maintenance_insecure",
    "maintenance_off_network",
)
_INSECURE_AREAS = ("cryptography", "network_security")
_CERTIFICATES = {code: names("certificate_kind")[code] for code in ("protection_level", "crypto_assessment")}


@dataclass(frozen=True, slots=True)
class Watch:
    """What monitoring found of a running system; None: not looked at (never reads as passed, law.md, trap 11)."""

    data_shared: bool | None = None
    collects_twice: bool | None = None
    crypto_and_security_met: bool | None = None
    serious_hazard: bool | None = None
    on_government_network: bool | None = None
    on_government_cloud: bool | None = None


def _case(code: str, item: int, why: list[str]) -> list[Finding]:
    if not why:
        return []
    return [Finding(code, Severity.IN_PRINCIPLE, 37, "；".join(why), item)]


def _orders(dated: Mapping[str, Any], areas: tuple[str, ...], on: date) -> list[str]:
    found = (dated.get("orders") or {}).get("open") or {}
    hit = [order for order in found.values() if order.get("area") in areas and lapsed(order, on)]
    return ["有逾期或整改不合要求的相关整改事项"] if hit else []


def _expired(dated: Mapping[str, Any], on: date) -> list[str]:
    by_kind = (dated.get("certificates") or {}).get("by_kind") or {}
    return [
        f"{name}已于 {by_kind[kind]} 到期"
        for kind, name in _CERTIFICATES.items()
        if by_kind.get(kind) and date.fromisoformat(by_kind[kind]) < on
    ]


def _told(pairs: list[tuple[bool, str]]) -> list[str]:
    return [text for hit, text in pairs if hit]


def unfunded(
    watch: Watch, dated: Mapping[str, Any], negative: Mapping[str, Any], on: date
) -> tuple[Finding, ...]:
    """Art. 37, in principle: findings of a maintenance line, from monitoring, open orders, certificates and what
    was declared. Passing one needs a reason that the organ of the money accepts by name."""
    unshared = _told(
        [
            (watch.data_shared is False, "没有按要求共享数据"),
            (watch.collects_twice is True, "重复采集数据"),
        ]
    ) + _orders(dated, ("data_sharing",), on)
    insecure = (
        _told(
            [
                (watch.crypto_and_security_met is False, "密码应用或网络安全不符合要求"),
                (watch.serious_hazard is True, "存在重大安全隐患"),
            ]
        )
        + _orders(dated, _INSECURE_AREAS, on)
        + _expired(dated, on)
    )
    declared_off = watch.on_government_cloud is None and negative.get("off_cloud") is True
    off = _told(
        [
            (watch.on_government_network is False, "没有依托政务外网"),
            (watch.on_government_cloud is False, "没有部署在政务云"),
            (declared_off, "申报时即不在政务云部署"),
        ]
    )
    notice = []
    if any(getattr(watch, item.name) is None for item in fields(watch)):
        notice = [Finding("maintenance_not_checked", Severity.NOTICE, 37, "部分情形未核对，不视为符合要求")]
    return in_order(
        [
            *_case(UNSHARED, 1, unshared),
            *_case(INSECURE, 2, insecure),
            *_case(OFF_NETWORK, 3, off),
            *notice,
        ]
    )


def unconfirmed(dated: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Art. 30, R33: confirmations that a system accepted before the Measures never had, told on its line."""
    told = (
        ("data_confirmed", "data_unconfirmed", "办法施行前验收，数据共享情况未经确认"),
        ("crypto_confirmed", "crypto_unconfirmed", "办法施行前验收，安全可靠和密码应用情况未经确认"),
    )
    return tuple(Finding(code, Severity.NOTICE, 30, text) for fact, code, text in told if not dated.get(fact))


def weak_score(total: int | None, line: int) -> tuple[Finding, ...]:
    """Art. 40: the result weighs in next year's money; a card under the line of practice is shown on the line."""
    if total is None or total >= line * 100:
        return ()
    return (
        Finding("weak_evaluation", Severity.NOTICE, 40, "上一次绩效评价结果低于合格线，安排经费时应予考虑"),
    )


def proposal_due(year: int, month_day: str) -> date:
    """Art. 36: the last day on which a year's proposals go out, in the year before; late ones are marked."""
    return annual(month_day, year - 1)


def is_late(on: date, year: int, month_day: str) -> bool:
    """Art. 36: the day itself is in time."""
    return on > proposal_due(year, month_day)
