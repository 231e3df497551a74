"""Alert rules and the dashboard name metrics that exist, with labels they have, and every alarm has its page."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from service.backup.age import ages, tell
from service.kit.telemetry import Telemetry
from service.kit.watched import Pools
from tests.deploying.files import DEPLOY

ROOT = DEPLOY.parent
HERE = DEPLOY / "observability"
RULES: list[dict[str, Any]] = yaml.safe_load((HERE / "alerts.yaml").read_text(encoding="utf-8"))["groups"][0][
    "rules"
]
PANELS = json.loads((HERE / "dashboard.json").read_text(encoding="utf-8"))["panels"]
EXPRESSIONS = [each["expr"] for each in RULES] + [one["expr"] for each in PANELS for one in each["targets"]]
_METRIC = re.compile(r"\btongjian_[a-z0-9_]+")
_BY = re.compile(r"by \(([a-z_, ]+)\)")
_SUFFIX = re.compile(r"_(total|bucket|sum|count)$")
LABELS = {"le", "operation", "status", "login", "limit", "client", "task", "tenant"}  # all of them bounded
TAKEN = {"job", "instance"}  # Prometheus writes its own over ours, which become exported_job and so on


def _told() -> set[str]:
    """Names of metrics as the code has them, by its literals: whatever is counted is named once in `service`."""
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "service").rglob("*.py")]
    return {name for text in texts for name in re.findall(r'"(tongjian_[a-z0-9_]+)"', text)}


def test_every_metric_that_is_watched_exists() -> None:
    told = _told()
    named = {name for text in EXPRESSIONS for name in _METRIC.findall(text)}
    assert {name for name in named if name not in told and _SUFFIX.sub("", name) not in told} == set()
    assert {
        each.strip() for text in EXPRESSIONS for by in _BY.findall(text) for each in by.split(",")
    } <= LABELS


def test_every_alarm_has_its_page_and_every_page_its_alarm() -> None:
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    pages = re.findall(r"^### (Tongjian\w+)\n\n`([^\n]+)`\n\n[^\n]+\*\*Do:\*\* \S", text, re.M)
    assert dict(pages) == {each["alert"]: each["expr"] for each in RULES}
    for each in RULES:
        assert each["annotations"]["page"] == f"docs/operations.md#{each['alert'].lower()}"
        assert each["labels"]["severity"] in ("page", "ticket")
        assert each["annotations"]["summary"]


def test_every_alarm_reaches_somebody() -> None:
    """Prometheus knows of an Alertmanager, whose file has a receiver for either severity, told again while it lasts."""
    asked = yaml.safe_load((HERE / "prometheus.yaml").read_text(encoding="utf-8"))
    assert asked["alerting"]["alertmanagers"][0]["static_configs"][0]["targets"] == ["127.0.0.1:9093"]
    told = yaml.safe_load((HERE / "alertmanager.yaml").read_text(encoding="utf-8"))
    routes = {"ticket": told["route"]} | {
        re.fullmatch(r'severity="(\w+)"', match)[1]: each  # type: ignore[index]
        for each in told["route"]["routes"]
        for match in each["matchers"]
    }
    assert {each["labels"]["severity"] for each in RULES} == set(routes)
    named = {each["name"] for each in told["receivers"] if each["email_configs"][0]["to"]}
    assert {each["receiver"] for each in routes.values()} == named
    assert all(each["repeat_interval"] for each in routes.values())


async def test_no_label_of_ours_is_one_that_prometheus_writes_over(app: Any) -> None:
    text = generate_latest(app.app.state.services.shelf[Telemetry].registry).decode()
    telemetry = Telemetry()
    telemetry.job("seal", 1, OSError())
    families = [*text_string_to_metric_families(text + telemetry.render().decode())]
    found = {name for family in families for sample in family.samples for name in sample.labels}
    assert "task" in found
    assert found & TAKEN == set()


async def test_pools_tell_who_waits_and_what_is_lent(door: Any) -> None:
    registry = CollectorRegistry()
    registry.register(Pools(door))
    door.lenders["tenant"].waits["360100"] += 2
    door.lenders["tenant"].waits["360200"] += 1
    text = generate_latest(registry).decode()
    found = {
        sample.name: sample
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.labels.get("login") == "tenant"
    }
    assert found["tongjian_pool_waits_total"].value >= 3
    assert found["tongjian_pool_lent"].value == 0


async def test_the_age_of_the_backup(tmp_path: Path) -> None:
    now = datetime(2026, 11, 30, tzinfo=UTC)
    assert ages(tmp_path, now) == (None, None)
    telemetry = Telemetry()
    await tell(tmp_path, telemetry)
    assert b"tongjian_backup_set_age_seconds +Inf" in telemetry.render()
    for name, days in (("old", 9), ("new", 2)):
        finished = (now - timedelta(days=days)).isoformat()
        note = tmp_path / "sets" / name / "set.json"
        note.parent.mkdir(parents=True)
        note.write_text(json.dumps({"name": name, "begun": finished, "finished": finished}), encoding="utf-8")
    half = tmp_path / "sets" / "half" / "set.json"  # a set that was cut off says nothing
    half.parent.mkdir()
    half.write_text("{", encoding="utf-8")
    assert ages(tmp_path, now) == (2 * 86400.0, None)
