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
from tests.province.made_up import BENDS, CODE, province

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


def _elsewhere(where: Path, *argv: str) -> subprocess.CompletedProcess[str]:
    """A process of that province's deployment: which one it is, is read when a process begins."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("TONGJIAN_", "PYTEST_"))}
    return subprocess.run(
        [sys.executable, *argv],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**env, VARIABLE: str(where)},
        timeout=900,
    )


def test_data_that_do_not_fit_together_are_told_before_any_is_written(tmp_path: Path) -> None:
    """All at once, by file and code."""
    where = province(tmp_path / "second")
    look = ("-c", "from service.setup.province_data import require; require()")
    assert _elsewhere(where, *look).returncode == 0
    rows = json.loads((where / "divisions.json").read_text(encoding="utf-8"))
    rows["rows"] += [
        {"code": "990301", "name": "无主县", "level": "county", "parent": "990300"},
        {"code": "990301", "name": "又一县", "level": "town", "parent": "990100"},
    ]
    (where / "divisions.json").write_text(json.dumps(rows), encoding="utf-8")
    apps = (where / "apps.json").read_text(encoding="utf-8").replace(CODE, HERE.code, 1)
    (where / "apps.json").write_text(apps, encoding="utf-8")
    done = _elsewhere(where, *look)
    assert done.returncode == 1
    for told in (
        "990301: its parent is no city",
        "990301: a level is one of",
        "990301: a code is given once",
        f"apps.json: portal is of {HERE.code}, which is no tenant",
    ):
        assert told in done.stderr


@pytest.mark.long
def test_another_province_declares_files_and_monitors(tmp_path: Path) -> None:
    """On servers of its own, over HTTP and over every page that a person of it is offered."""
    argv = ("-m", "pytest", "-q", "-n", "0", "tests/province/second.py")
    done = _elsewhere(province(tmp_path / "second"), *argv)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "6 passed" in done.stdout


@pytest.mark.long
def test_another_provinces_demo_plays_its_cases(tmp_path: Path) -> None:
    """By its own rule book, which sends one of them another way."""
    where = province(tmp_path / "second")
    done = _elsewhere(where, "-m", "service.cli", "demo", "--once", "--json")
    assert done.returncode == 0, done.stderr[-3000:]
    expected = json.loads((where / "demo_projects.json").read_text(encoding="utf-8"))["rows"]
    wanted = {row["external_ref"]: row["expected_route"] for row in expected}
    played = {row["external_ref"]: row["route"] for row in json.loads(done.stdout)}
    assert {ref for ref in wanted if played[ref] != wanted[ref]} == {BENDS}
    assert not _NAMED.search(done.stdout)
