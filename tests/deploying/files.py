"""How the files of `deploy/` are read: documents, containers, settings, units."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from service.settings import Settings

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
COMPOSE = DEPLOY / "compose" / "compose.yaml"
MANIFESTS = sorted(
    path for path in (DEPLOY / "kubernetes").rglob("*.yaml") if path.name != "kustomization.yaml"
)
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
SETTINGS = {f"TONGJIAN_{name.upper()}" for name in Settings.__dataclass_fields__}
NAME = re.compile(r"\bTONGJIAN_[A-Z0-9_]*[A-Z0-9]\b")


def texts() -> dict[Path, str]:
    """Every file of deploy/ but the seed data, by its path."""
    found = (path for path in sorted(DEPLOY.rglob("*")) if path.is_file() and "seed" not in path.parts)
    return {path: path.read_text(encoding="utf-8") for path in found}


def documents(path: Path) -> list[dict[str, Any]]:
    return [each for each in yaml.safe_load_all(path.read_text(encoding="utf-8")) if each]


def manifests() -> Iterator[tuple[str, dict[str, Any]]]:
    """(file: kind/name, object) of all Kubernetes objects."""
    for path in MANIFESTS:
        for each in documents(path):
            where = f"{path.relative_to(DEPLOY)}: {each['kind']}/{each['metadata']['name']}"
            yield where, each


def pods() -> Iterator[tuple[str, dict[str, Any]]]:
    """(where, pod spec) of whatever starts pods."""
    for where, each in manifests():
        if "template" in each.get("spec", {}):
            yield where, each["spec"]["template"]["spec"]


def containers() -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """(where, its pod's spec, container)."""
    for where, pod in pods():
        for each in [*pod.get("initContainers", ()), *pod["containers"]]:
            yield f"{where}/{each['name']}", pod, each


def unit(path: Path) -> dict[str, list[str]]:
    """`Section.Key` → its values in order; ValueError for a line that is none."""
    found: dict[str, list[str]] = {}
    section = ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        if head := re.fullmatch(r"\[(\w+)\]", line):
            section = head[1]
        elif section and (pair := re.fullmatch(r"(\w+)=(.*)", line)):
            found.setdefault(f"{section}.{pair[1]}", []).append(pair[2])
        else:
            raise ValueError(f"{path.name}:{number}: {line!r}")
    return found
