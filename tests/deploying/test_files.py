"""Every file parses, names only settings there are, keeps no secret, runs nothing as root."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import kubernetes_validate
import pytest
import yaml

from service.backup.taking import SLOT
from tests.deploying.files import COMPOSE, DEPLOY, NAME, SETTINGS, UNITS, containers, manifests, texts, unit

# Variables of the files themselves, which the service does not read.
_OWN = {"TONGJIAN_SECRETS_DIR"}
_TAG = re.compile(r":\d+\.\d+(\.\d+)?(-[a-z0-9.]+)*$|@sha256:[0-9a-f]{64}$")
KUBERNETES = "1.31"
OVERLAYS = ("single", "province")


def test_every_setting_named_exists() -> None:
    unknown = {
        (str(path.relative_to(DEPLOY)), name)
        for path, text in texts().items()
        for name in NAME.findall(text)
        if name not in SETTINGS | _OWN
    }
    assert not unknown


def test_no_file_keeps_a_secret() -> None:
    given = re.compile(r"(?i)(password|passwd|secret_key|requirepass)\s*[:=]\s*[\"']?[^\s\"'#{/…]{6,}")
    urls = re.compile(r"://[^/\s:]*:(?!PASSWORD@)[^@\s]+@")
    key = re.compile(r"BEGIN [A-Z ]*PRIVATE KEY|\"d\"\s*:")
    for path, text in texts().items():
        for number, line in enumerate(text.splitlines(), 1):
            bare = re.sub(r"tongjian-[a-z-]+|postgres-password", "", line)
            faults = [pattern.pattern for pattern in (given, urls, key) if pattern.search(bare)]
            assert not faults, f"{path.name}:{number}: {line.strip()}"
    assert not [where for where, each in manifests() if each["kind"] == "Secret"]
    filled = [
        line
        for line in (DEPLOY / "env.example").read_text().splitlines()
        if line.startswith("TONGJIAN_SECRET_KEY=") and line != "TONGJIAN_SECRET_KEY="
    ]
    assert not filled


def test_images_are_pinned() -> None:
    named = [each["image"] for each in yaml.safe_load(COMPOSE.read_text())["services"].values()]
    named += [each["image"] for _, _, each in containers() if each["image"] != "tongjian"]
    named += re.findall(r"^ARG \w+_IMAGE=(\S+)", (DEPLOY / "Dockerfile").read_text(), re.M)
    tag = yaml.safe_load((DEPLOY / "kubernetes/base/kustomization.yaml").read_text())["images"]
    named += [f"{each['name']}:{each['newTag']}" for each in tag]
    assert len(named) > 8
    assert not [image for image in named if not _TAG.search(image)]


def test_the_image_is_of_the_version() -> None:
    version = re.search(r'^version = "(.+)"', (DEPLOY.parent / "pyproject.toml").read_text(), re.M)
    assert version is not None
    ours = {each["image"] for each in yaml.safe_load(COMPOSE.read_text())["services"].values()}
    tag = yaml.safe_load((DEPLOY / "kubernetes/base/kustomization.yaml").read_text())["images"][0]["newTag"]
    assert f"tongjian:{version[1]}" in ours
    assert tag == version[1]


def test_the_dockerfile_has_two_stages_and_ends_as_nobody() -> None:
    text = (DEPLOY / "Dockerfile").read_text().replace("\\\n", " ")
    steps = [line.split(None, 1) for line in text.splitlines() if line and not line.startswith("#")]
    stages = [rest for word, rest in steps if word == "FROM"]
    assert len(stages) == 2
    last = steps[[word for word, _ in steps].index("FROM", 2) :]
    users = [rest for word, rest in last if word == "USER"]
    assert users == ["10001:10001"]
    assert not [rest for word, rest in last if word == "RUN" and "pip" in rest], (
        "tools stay in the first stage"
    )
    assert [json.loads(rest) for word, rest in last if word == "ENTRYPOINT"] == [["tongjian"]]
    assert "--require-hashes -r requirements.lock" in text
    # Whatever the image takes from here is let through by .dockerignore, and exists.
    let_through = {
        line[1:] for line in (DEPLOY.parent / ".dockerignore").read_text().splitlines() if line[:1] == "!"
    }
    copied = {
        source
        for word, rest in steps
        if word == "COPY" and not rest.startswith("--from")
        for source in rest.split()[:-1]
    }
    assert copied == let_through
    assert all((DEPLOY.parent / source).exists() for source in copied)


def test_compose_runs_nothing_as_root_or_on_a_writable_root() -> None:
    services = yaml.safe_load(COMPOSE.read_text())["services"]
    for name, each in services.items():
        assert each["read_only"] is True, name
        assert each["cap_drop"] == ["ALL"], name
        assert each["security_opt"] == ["no-new-privileges:true"], name
        assert int(each["user"].split(":")[0]) > 0, name
        assert "ports" not in each or name == "haproxy", f"{name} is reachable past the proxy"
    assert {"api1", "api2", "worker1", "worker2", "postgres", "valkey", "haproxy"} <= set(services)


def test_pods_are_restricted() -> None:
    seen = 0
    for where, pod, each in containers():
        assert pod["securityContext"]["runAsNonRoot"] is True, where
        assert pod["securityContext"]["runAsUser"] > 0, where
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, where
        assert pod["automountServiceAccountToken"] is False, where
        own = each["securityContext"]
        assert own["readOnlyRootFilesystem"] is True, where
        assert own["allowPrivilegeEscalation"] is False, where
        assert own["capabilities"] == {"drop": ["ALL"]}, where
        seen += 1
    assert seen >= 6


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_units_are_hardened(path: Path) -> None:
    found = unit(path)
    assert found["Service.User"] == ["tongjian"]
    for key, value in {
        "ProtectSystem": "strict",
        "NoNewPrivileges": "yes",
        "CapabilityBoundingSet": "",
        "ProtectHome": "yes",
        "PrivateTmp": "yes",
        "PrivateDevices": "yes",
        "RestrictNamespaces": "yes",
        "UMask": "0077",
    }.items():
        assert found[f"Service.{key}"] == [value], key
    assert all(line.startswith("/opt/tongjian/.venv/bin/tongjian ") for line in found["Service.ExecStart"])
    # Readers of files call setpriority and setrlimit: without them every upload would fail.
    assert "@resources" not in " ".join(found["Service.SystemCallFilter"])


def test_manifests_are_what_kubernetes_takes() -> None:
    seen = 0
    for where, each in manifests():
        try:
            kubernetes_validate.validate(each, KUBERNETES, strict=True)
        except kubernetes_validate.ValidationError as error:
            pytest.fail(f"{where}: {list(error.path)}: {error.message}")
        seen += 1
    assert seen > 15


@pytest.mark.skipif(not shutil.which("kubectl"), reason="kubectl renders the overlays where it is installed")
@pytest.mark.parametrize("overlay", OVERLAYS)
def test_overlays_render_to_what_kubernetes_takes(overlay: str) -> None:
    directory = DEPLOY / "kubernetes" / overlay
    done = subprocess.run(["kubectl", "kustomize", directory], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    made = list(yaml.safe_load_all(done.stdout))
    for each in made:
        kubernetes_validate.validate(each, KUBERNETES, strict=True)
    kinds = [each["kind"] for each in made]
    assert kinds.count("Deployment") == 2
    assert kinds.count("StatefulSet") == (2 if overlay == "single" else 0)


@pytest.mark.skipif(not shutil.which("kubectl"), reason="kubectl renders the overlays where it is installed")
def test_with_a_bucket_no_volume_is_shared_for_attachments(tmp_path: Path) -> None:
    shutil.copytree(DEPLOY / "kubernetes", tmp_path / "kubernetes")
    overlay = tmp_path / "kubernetes/province/kustomization.yaml"
    overlay.write_text(overlay.read_text() + "components: [../bucket]\n")
    argv = ["kubectl", "kustomize", overlay.parent]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    made = list(yaml.safe_load_all(done.stdout))
    for each in made:
        kubernetes_validate.validate(each, KUBERNETES, strict=True)
    named = {(each["kind"], each["metadata"]["name"]): each for each in made}
    assert ("PersistentVolumeClaim", "tongjian-documents") not in named
    assert ("PersistentVolumeClaim", "tongjian-anchors") in named
    data = named["ConfigMap", "tongjian-settings"]["data"]
    assert data["TONGJIAN_DOCUMENTS_URL"] and not data["TONGJIAN_DOCUMENTS_DIR"]
    for name in ("tongjian-api", "tongjian-worker"):
        volumes = named["Deployment", name]["spec"]["template"]["spec"]["volumes"]
        claims = {each["name"]: each.get("persistentVolumeClaim") for each in volumes}
        assert claims["documents"] is None
        assert claims["anchors"] is not None


def test_patroni_keeps_the_backups_slot_and_lets_its_login_in() -> None:
    """By the login and from the machine that deploy/README.md names (decision 0307)."""
    made = yaml.safe_load((DEPLOY / "patroni/patroni.yaml").read_text())
    assert made["bootstrap"]["dcs"]["slots"] == {SLOT: {"type": "physical"}}
    line = re.search(r"^host replication tj_backup \S+ \S+", (DEPLOY / "README.md").read_text(), re.M)
    assert line is not None
    assert line[0] in made["postgresql"]["pg_hba"]
