"""Ports, paths, limits and keep-alive in `deploy/` are the service's own."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from service.app import ROOT_ROUTES
from service.cli.arguments import parser
from service.kit.gate import HTTPS
from service.kit.inside import PREFIX
from service.serving.health import ROUTES
from service.settings import Settings
from tests.deploying.files import COMPOSE, DEPLOY, UNITS, containers, documents, manifests, texts, unit

SETTINGS = Settings()
PATHS = {path for route in ROUTES for path in route.paths}
_SECONDS = re.compile(r"^(\d+)s?$")


def _example() -> dict[str, str]:
    lines = (DEPLOY / "env.example").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line.startswith("TONGJIAN_"))


def _environment(name: str) -> dict[str, str]:
    found: dict[str, str] = yaml.safe_load(COMPOSE.read_text())["services"][name]["environment"]
    return found


def _config_map() -> dict[str, str]:
    (found,) = documents(DEPLOY / "kubernetes/base/settings.yaml")
    data: dict[str, str] = found["data"]
    return data


def _directive(text: str, name: str) -> str:
    found = re.search(rf"^\s*{name}\s+([^;#\n]+?)\s*(?:;|#|$)", text, re.M)
    assert found is not None, name
    return found[1]


def _seconds(text: str) -> int:
    found = _SECONDS.match(text)
    assert found is not None, text
    return int(found[1])


def test_the_example_can_be_read() -> None:
    Settings.from_env({**_example(), "TONGJIAN_SECRET_KEY": "x" * 40})


def test_the_containers_settings_can_be_read() -> None:
    for given in (_environment("api1"), _environment("worker1"), _config_map()):
        made = Settings.from_env(given)
        assert made.production
        # Secrets, files and URLs come from outside; nothing else may be wrong.
        outside = ("SECRET_KEY", "SIGNING_KEYS_FILE", "URL", "_ISSUER is missing")
        assert not [each for each in made.problems() if not any(word in each for word in outside)]
        assert made.host == "0.0.0.0"
        assert made.trusted_proxies


def test_the_proxies_keep_connections_shorter_than_the_service() -> None:
    nginx, haproxy = ((DEPLOY / name).read_text() for name in ("nginx.conf", "haproxy.cfg"))
    ours = {SETTINGS.keep_alive_s, *(int(e["TONGJIAN_KEEP_ALIVE_S"]) for e in (_example(), _config_map()))}
    kept = [
        *re.findall(r"keepalive_timeout (\d+)s", nginx),
        _seconds(_directive(haproxy, "timeout http-keep-alive")),
    ]
    assert len(kept) == 3
    assert max(map(int, kept)) < min(ours)
    assert len(ours) == 1
    front = (DEPLOY / "kubernetes/base/front.yaml").read_text()
    said = re.findall(r'keep-alive "(\d+)", upstream-keepalive-timeout "(\d+)"', front)
    assert [int(each) < min(ours) for each in said[0]] == [True, True]


def test_the_proxies_limits_are_the_services() -> None:
    nginx, haproxy = ((DEPLOY / name).read_text() for name in ("nginx.conf", "haproxy.cfg"))
    assert _directive(nginx, "client_max_body_size") == f"{SETTINGS.max_document_bytes >> 20}m"
    number, size = _directive(nginx, "large_client_header_buffers").split()
    assert int(number) * int(size.removesuffix("k")) << 10 == SETTINGS.max_header_bytes
    assert _seconds(_directive(nginx, "client_header_timeout")) == SETTINGS.header_timeout_s
    assert _seconds(_directive(nginx, "client_body_timeout")) == SETTINGS.body_idle_s
    assert _seconds(_directive(nginx, "send_timeout")) == SETTINGS.write_timeout_s
    assert _seconds(_directive(haproxy, "timeout http-request")) == SETTINGS.header_timeout_s
    room = int(_directive(haproxy, "tune.bufsize")) - int(_directive(haproxy, "tune.maxrewrite"))
    assert room >= SETTINGS.max_header_bytes
    per_address = int(_directive(nginx, "limit_conn address"))
    assert per_address <= SETTINGS.max_connections_per_address
    assert f"sc_conn_cur(0) gt {per_address}" in haproxy
    for ingress in documents(DEPLOY / "kubernetes/base/front.yaml"):
        said = {name.rpartition("/")[2]: value for name, value in ingress["metadata"]["annotations"].items()}
        assert said["proxy-body-size"] == _directive(nginx, "client_max_body_size")
        assert int(said["limit-connections"]) == per_address
        for name in ("connect", "send", "read"):
            theirs = _seconds(_directive(nginx, f"proxy_{name}_timeout"))
            assert int(said[f"proxy-{name}-timeout"]) == theirs


def test_programs_are_not_redirected_to_https() -> None:
    """They would go on sending their secrets in the clear; the service refuses what comes so (kit/gate.py)."""
    redirected = {
        path["path"]: ingress["metadata"]["annotations"]["nginx.ingress.kubernetes.io/ssl-redirect"]
        for ingress in documents(DEPLOY / "kubernetes/base/front.yaml")
        for rule in ingress["spec"]["rules"]
        for path in rule["http"]["paths"]
    }
    assert {path for path, said in redirected.items() if said == "false"} == {
        "/api/v1",
        "/.well-known",
        "/feeds",
    }
    assert redirected["/console"] == redirected["/"] == "true"
    nginx, haproxy = ((DEPLOY / name).read_text() for name in ("nginx.conf", "haproxy.cfg"))
    assert not re.search(r"listen [^;]*\b80\b|return 30\d https", nginx)
    assert not re.search(r":80\b|redirect scheme", haproxy)


def test_the_proxies_speak_tls_as_of_today_and_say_so_as_the_service_does() -> None:
    nginx, haproxy = ((DEPLOY / name).read_text() for name in ("nginx.conf", "haproxy.cfg"))
    assert _directive(nginx, "ssl_protocols").split() == ["TLSv1.2", "TLSv1.3"]
    assert _directive(haproxy, "ssl-default-bind-options").split()[:2] == ["ssl-min-ver", "TLSv1.2"]
    suites = [_directive(nginx, "ssl_ciphers"), _directive(haproxy, "ssl-default-bind-ciphers")]
    assert suites[0] == suites[1]
    assert all(
        re.fullmatch(r"ECDHE-(ECDSA|RSA)-AES(128|256)-GCM-SHA\d+", each) for each in suites[0].split(":")
    )
    for text in (nginx, haproxy):
        (said,) = set(re.findall(r'Strict-Transport-Security "([^"]+)"', text))
        assert said == HTTPS[1].decode()


def test_compose_has_the_example_of_haproxy() -> None:
    """Only where it listens and what stands behind it differ."""

    def common(path: str) -> list[str]:
        lines = (DEPLOY / path).read_text().splitlines()
        return [line for line in lines if not re.match(r"#|\s*(bind|server) ", line)]

    assert common("compose/haproxy.cfg") == common("haproxy.cfg")
    servers = re.findall(r"^  server (\S+) (\S+):(\d+) ", (DEPLOY / "compose/haproxy.cfg").read_text(), re.M)
    compose = yaml.safe_load(COMPOSE.read_text())
    assert servers == [(name, name, _environment(name)["TONGJIAN_PORT"]) for name in ("api1", "api2")]
    bind = re.search(r"bind :(\d+) ", (DEPLOY / "compose/haproxy.cfg").read_text())
    assert bind is not None
    assert compose["services"]["haproxy"]["ports"] == [f"443:{bind[1]}"]
    # The one proxy that is believed is this one.
    address = compose["services"]["haproxy"]["networks"]["inside"]["ipv4_address"]
    assert _environment("api1")["TONGJIAN_TRUSTED_PROXIES"] == f"{address}/32"


def test_checks_ask_for_paths_and_ports_there_are() -> None:
    asked = [
        (int(port), path)
        for text in texts().values()
        for port, path in re.findall(r"http://127\.0\.0\.1:(\d+)(/[a-z]+)'", text)
    ]
    ports = {name: int(_config_map()[f"TONGJIAN_{name}"]) for name in ("PORT", "WORKER_METRICS_PORT")}
    for where, _, each in containers():
        named = {port["name"]: port["containerPort"] for port in each.get("ports", ())}
        for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
            if get := each.get(probe, {}).get("httpGet"):
                asked.append((named[get["port"]], get["path"]))
            assert each["image"] != "tongjian" or not named or probe == "readinessProbe" or probe in each, (
                where
            )
    assert {port for port, _ in asked} == set(ports.values())
    worker = ports["WORKER_METRICS_PORT"]
    assert all(path == "/metrics" if port == worker else path in PATHS - {"/metrics"} for port, path in asked)
    assert re.findall(r"^EXPOSE (.+)$", (DEPLOY / "Dockerfile").read_text(), re.M) == [
        f"{ports['PORT']} {_config_map()['TONGJIAN_METRICS_PORT']} {worker}"
    ]
    haproxy = (DEPLOY / "haproxy.cfg").read_text()
    assert set(re.findall(r"uri (/\w+)", haproxy)) <= PATHS
    assert SETTINGS.port == ports["PORT"]


def test_outside_sees_all_that_is_for_it_and_nothing_of_the_operators() -> None:
    rules = [
        rule for each in documents(DEPLOY / "kubernetes/base/front.yaml") for rule in each["spec"]["rules"]
    ]
    assert len({rule["host"] for rule in rules}) == 1
    told = {each["path"]: each["pathType"] == "Prefix" for rule in rules for each in rule["http"]["paths"]}

    def led(path: str) -> bool:
        return path in told or any(path.startswith(f"{each}/") for each, prefix in told.items() if prefix)

    served = {path for route in ROOT_ROUTES for path in route.paths}
    assert {path for path in served - PATHS if not led(path)} == set()  # pages, reference, feeds, keys
    assert {path for path in PATHS if led(path)} == set()
    led_nowhere = {each for each in told if not any(f"{path}/".startswith(f"{each}/") for path in served)}
    assert led_nowhere == {PREFIX}
    for name in ("nginx.conf", "haproxy.cfg"):
        assert "/metrics" in (DEPLOY / name).read_text()


def test_every_command_started_exists() -> None:
    started: list[list[str]] = [each["args"] for _, _, each in containers() if each["image"] == "tongjian"]
    services: dict[str, Any] = yaml.safe_load(COMPOSE.read_text())["services"]
    started += [each["command"] for each in services.values() if each["image"].startswith("tongjian:")]
    started += [line.split()[1:] for path in UNITS for line in unit(path)["Service.ExecStart"]]
    for arguments in started:
        assert parser([]).parse_args(arguments).command == arguments[0]
    assert {each[0] for each in started} >= {"serve", "worker", "migrate", "seed"}


@pytest.mark.parametrize(
    ("policy", "setting"), [("webhooks", "TONGJIAN_WEBHOOK_NETWORKS"), ("sign-in", "TONGJIAN_SSO_NETWORKS")]
)
def test_what_goes_out_goes_to_the_networks_of_the_settings_alone(policy: str, setting: str) -> None:
    allowed = set(_config_map()[setting].split(","))
    policies = [each for _, each in manifests() if each["kind"] == "NetworkPolicy"]
    (named,) = (each for each in policies if each["metadata"]["name"] == policy)
    blocks = {to["ipBlock"]["cidr"] for rule in named["spec"]["egress"] for to in rule["to"]}
    assert blocks == allowed
    assert any(each["spec"]["podSelector"] == {} and "ingress" not in each["spec"] for each in policies)


def test_ending_takes_no_longer_than_the_supervisors_wait() -> None:
    """`serve` ends within ten seconds (serve.py); who supervises waits for longer."""
    for path in UNITS:
        stop = unit(path).get("Service.TimeoutStopSec", ["90s"])[0]
        assert _seconds(stop) > 10
    services = yaml.safe_load(COMPOSE.read_text())["services"]
    assert all(_seconds(services[name]["stop_grace_period"]) > 10 for name in ("api1", "worker1"))
    for _, each in manifests():
        if each["kind"] == "Deployment":
            assert each["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] > 15


def test_everything_that_serves_has_a_disruption_budget() -> None:
    found = [each for _, each in manifests()]
    budgets = {
        str(each["spec"]["selector"]["matchLabels"]): each["spec"]
        for each in found
        if each["kind"] == "PodDisruptionBudget"
    }
    for each in found:
        if each["kind"] == "Deployment":
            budget = budgets[str(each["spec"]["selector"]["matchLabels"])]
            assert budget["maxUnavailable"] < each["spec"]["replicas"]


@pytest.mark.parametrize("where", ["compose", "kubernetes"])
def test_what_may_be_switched_on_is_named_where_it_is_run(where: str) -> None:
    """A bucket, metrics of the API, traces, reminders: an operator finds the setting beside the way out it needs."""
    text = "".join(text for path, text in texts().items() if where in path.parts)
    wanted = ("DOCUMENTS_URL", "METRICS_PORT", "OTLP_ENDPOINT", "SMTP_HOST", "GATEWAY_URL")
    assert not [name for name in wanted if f"TONGJIAN_{name}" not in text]


def test_the_metrics_port_is_the_monitorings_alone() -> None:
    port = int(_config_map()["TONGJIAN_METRICS_PORT"])
    assert _environment("api1")["TONGJIAN_METRICS_PORT"] == str(port)
    policies = [each["spec"] for _, each in manifests() if each["kind"] == "NetworkPolicy"]
    rules = [rule for each in policies for rule in each.get("ingress", ()) if each["podSelector"]]
    names = {
        source["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"]
        for rule in rules
        if port in [each["port"] for each in rule["ports"]]
        for source in rule["from"]
    }
    assert names == {"monitoring"}
