"""`make advisories` finds what is planted, and is never green for having seen nothing."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests import advisories
from tests.advisories import FOUND, NOT_RUN, judged, main, pins


def _file(to: Path, *told: dict[str, Any]) -> Path:
    with zipfile.ZipFile(to / "osv.zip", "w") as archive:
        for one in told:
            archive.writestr(f"{one['id']}.json", json.dumps(one))
    return to / "osv.zip"


def _told(ident: str, **affected: Any) -> dict[str, Any]:
    return {"id": ident, "affected": [{"package": {"ecosystem": "PyPI", "name": "litestar"}, **affected}]}


def _range(*events: dict[str, str]) -> dict[str, Any]:
    return {"ranges": [{"type": "ECOSYSTEM", "events": list(events)}]}


VERSION = next(each.version for each in pins() if each.name == "litestar")


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (_told("listed", versions=[VERSION]), FOUND),
        (_told("open", **_range({"introduced": "0"})), FOUND),
        (_told("last", **_range({"introduced": "0"}, {"last_affected": VERSION})), FOUND),
        (_told("fixed", **_range({"introduced": "0"}, {"fixed": VERSION})), 0),
        (_told("later", **_range({"introduced": "999"})), 0),
        ({**_told("withdrawn", versions=[VERSION]), "withdrawn": "2026-01-01T00:00:00Z"}, 0),
    ],
    ids=lambda each: each["id"] if isinstance(each, dict) else str(each),
)
def test_what_an_advisory_touches(tmp_path: Path, told: dict[str, Any], code: int) -> None:
    assert main(["--file", str(_file(tmp_path, told))]) == code


def test_a_file_with_nothing_in_it_and_a_service_that_is_away_are_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--file", str(_file(tmp_path))]) == NOT_RUN
    assert main(["--file", str(tmp_path / "absent.zip")]) == NOT_RUN
    monkeypatch.setattr(advisories, "PLACE", tmp_path / "file" / "not" / "a" / "place")
    (tmp_path / "file").write_text("")
    assert main([]) == NOT_RUN
    assert "NOT RUN" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("packages", "code"),
    [
        ([{"name": "a", "version": "1", "vulns": []}, {"name": "b", "version": "1", "vulns": []}], 0),
        ([{"name": "a", "version": "1", "vulns": []}], NOT_RUN),
        ([{"name": "a", "version": "1", "vulns": []}, {"name": "b", "skip_reason": "unknown"}], NOT_RUN),
        ([{"name": "a", "version": "1", "vulns": [{"id": "PYSEC-1"}]}], FOUND),
    ],
)
def test_what_pip_audit_says_is_counted(packages: list[dict[str, Any]], code: int) -> None:
    assert judged(json.dumps({"dependencies": packages}), "", 2)[0] == code
    assert judged("", "connection refused", 2) == (NOT_RUN, "connection refused")
