"""Keys that nobody reads: a unit, compose and Prometheus pass a mistyped one by, and what it should do is not done.

Kubernetes' manifests are held by its own schemas (test_files), the proxies by the programs (the drill `proxies`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploying.files import DEPLOY, unit

# What systemd 252 knows of that we use; `systemd-analyze verify` was asked once of each.
UNIT = {
    "Unit": "After Description Documentation StartLimitIntervalSec Wants",
    "Install": "WantedBy",
    "Timer": "OnCalendar Persistent RandomizedDelaySec",
    "Service": """
        AmbientCapabilities CapabilityBoundingSet EnvironmentFile ExecStart Group KillMode KillSignal
        LimitCORE LimitNOFILE LockPersonality MemoryDenyWriteExecute MemoryMax NoNewPrivileges PrivateDevices
        PrivateTmp PrivateUsers ProcSubset ProtectClock ProtectControlGroups ProtectHome ProtectHostname
        ProtectKernelLogs ProtectKernelModules ProtectKernelTunables ProtectProc ProtectSystem ReadWritePaths
        RemoveIPC Restart RestartSec RestrictAddressFamilies RestrictNamespaces RestrictRealtime
        RestrictSUIDSGID SystemCallArchitectures SystemCallErrorNumber SystemCallFilter TasksMax
        TimeoutStopSec Type UMask User WorkingDirectory""",
}
COMPOSE = {
    "": "name networks secrets services volumes",
    "services.*": """build cap_drop command depends_on env_file environment healthcheck image logging networks ports
        profiles read_only restart secrets security_opt shm_size stop_grace_period tmpfs user volumes""",
    "services.*.healthcheck": "disable interval retries start_period test timeout",
    "services.*.build": "context dockerfile args",
    "services.*.logging": "driver options",
}
PROMETHEUS = {
    "": "global rule_files alerting scrape_configs",
    "alerting": "alertmanagers",
    "alerting.alertmanagers.*": "static_configs",
    "alerting.alertmanagers.*.static_configs.*": "targets",
    "global": "scrape_interval evaluation_interval",
    "scrape_configs.*": "job_name static_configs",
    "scrape_configs.*.static_configs.*": "targets",
}
ALERTS = {
    "": "groups",
    "groups.*": "name rules",
    "groups.*.rules.*": "alert expr for labels annotations",
    "groups.*.rules.*.labels": "severity",
    "groups.*.rules.*.annotations": "summary page",
}


def strange(held: Any, known: dict[str, str], where: str = "") -> Iterator[str]:
    """Keys that stand where `known` names others; what it does not name is free (names of services, of variables)."""
    if isinstance(held, list):
        for each in held:
            yield from strange(each, known, f"{where}.*".lstrip("."))
    elif isinstance(held, dict):
        if where in known:
            yield from (
                f"{where}.{key}" for key in held if key not in known[where].split() and key[:2] != "x-"
            )
        below = "*" if where in ("services", "networks", "secrets", "volumes") else None
        for key, value in held.items():
            yield from strange(value, known, f"{where}.{below or key}".lstrip("."))


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("compose/compose.yaml", COMPOSE),
        ("compose/bucket.yaml", COMPOSE),
        ("observability/prometheus.yaml", PROMETHEUS),
        ("observability/alerts.yaml", ALERTS),
    ],
)
def test_every_key_is_one_that_is_read(name: str, known: dict[str, str]) -> None:
    held = yaml.safe_load((DEPLOY / name).read_text(encoding="utf-8"))
    assert [*strange(held, known)] == []
    # The look itself: a letter lost is seen, at the top and below.
    assert [*strange({"nam": 1, **held}, known)] == [".nam"]
    deepest = max((each for each in known if each.endswith("*")), key=len)
    planted: Any = {"onyl": True}
    for step in reversed(deepest.split(".")):
        planted = [planted] if step == "*" and not deepest.startswith("services") else {step: planted}
    assert [*strange(planted, known)] == [f"{deepest}.onyl"]


@pytest.mark.parametrize("path", sorted((DEPLOY / "systemd").glob("*.*")), ids=lambda path: path.name)
def test_every_key_of_a_unit_is_one_of_systemds(path: Path) -> None:
    known = {f"{section}.{key}" for section, keys in UNIT.items() for key in keys.split()}
    assert {*unit(path)} - known == set()


def test_every_span_of_an_alarm_is_one() -> None:
    held = yaml.safe_load((DEPLOY / "observability" / "alerts.yaml").read_text(encoding="utf-8"))
    spans = [rule["for"] for group in held["groups"] for rule in group["rules"]]
    assert len(spans) > 20
    assert [each for each in spans if not re.fullmatch(r"\d+(s|m|h|d)", each)] == []
