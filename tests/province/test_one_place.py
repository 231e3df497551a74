"""Which province this is stands in its data and nowhere else: nothing names Jiangxi, and another province works."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from service.console.monitor import COLUMNS
from service.province import HERE, ROOT, VARIABLE
from service.rulebook.loader import base_divisions

# The province's code and name. Cities of the demo are the demo's matter, whose cases stand in deploy/seed.
_NAMED = re.compile(r"\b360000\b|江西|赣江")


def test_no_source_names_the_province() -> None:
    assert _NAMED.search('tenant == "360000"')
    texts = [
        each for kind in ("py", "html", "typ", "js", "css") for each in (ROOT / "service").rglob(f"*.{kind}")
    ]
    found = {
        f"{path.relative_to(ROOT)}:{number}"
        for path in texts
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if _NAMED.search(line)
    }
    assert found == set()


def test_every_tenant_has_a_tile() -> None:
    tenants = {row.code for row in base_divisions() if row.tier.value in ("city", "province")}
    assert set(HERE.tiles) == tenants
    assert len(set(HERE.tiles.values())) == len(tenants)
    assert max(column for column, _ in HERE.tiles.values()) <= COLUMNS


def _second(where: Path) -> Path:
    """A made-up province's data: two cities, a county in each, the organs of the Measures, no shared apps yet."""
    seed = ROOT / "deploy" / "seed"
    rows = [
        ("990000", "示例省", "province", None), ("990100", "东州市", "municipality", "990000"),
        ("990101", "东一区", "county", "990100"), ("990200", "西州市", "municipality", "990000"),
        ("990201", "西一区", "county", "990200"),
    ]  # fmt: skip
    told = {
        "province.json": {
            "code": "990000",
            "name": "示例省",
            "measures": "示例省数字化项目管理办法",
            "filed_with": "示例省领导小组办公室",
        },
        "divisions.json": {
            "rows": [dict(zip(("code", "name", "level", "parent"), row, strict=True)) for row in rows]
        },
        "local_codes.json": {"rows": []},
    }
    where.mkdir()
    for name, content in told.items():
        (where / name).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    (where / "organs.json").write_bytes((seed / "organs.json").read_bytes())
    apps = json.loads((seed / "apps.json").read_text(encoding="utf-8"))
    (where / "apps.json").write_text(json.dumps({**apps, "apps": []} if isinstance(apps, dict) else []))
    return where


def test_data_that_are_none_are_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "province.json").write_text('{"code": "990000"}')
    done = subprocess.run(
        [sys.executable, "-c", "import service.province"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, VARIABLE: str(tmp_path)},
    )
    assert done.returncode == 1
    assert "province.json: not a province's data (" in done.stderr
    assert "TONGJIAN_PROVINCE_DIR names the directory" in done.stderr


@pytest.mark.long
def test_another_province_declares_files_and_monitors(tmp_path: Path) -> None:
    """In a process of its own, on servers of its own: which province it is, is read when a process begins."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("TONGJIAN_", "PYTEST_"))}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "0", "tests/province/second.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**env, VARIABLE: str(_second(tmp_path / "second"))},
        timeout=900,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "4 passed" in done.stdout
