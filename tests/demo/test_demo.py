"""`tongjian demo`: the 20 cases and others through the real API, twice, and over a kill -9."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.demo.support import CASES, ROOT, dump, once, running, settled
from tests.factories import NEGATIVE

ROWS = json.loads(CASES.read_text(encoding="utf-8"))["rows"]
FILED = {row["external_ref"] for row in ROWS if row["expected_route"] == "city_filing"}
REFUSED = next(row for row in ROWS if row["expected_route"] == "refused_classified")


def judged(outcomes: list[dict[str, Any]]) -> None:
    """Route, filing number and inboxes of the 20 cases."""
    assert [each["external_ref"] for each in outcomes] == [row["external_ref"] for row in ROWS]
    assert [each["route"] for each in outcomes] == [row["expected_route"] for row in ROWS]
    assert not [each["errors"] for each in outcomes if "errors" in each]
    numbers = {each["external_ref"]: each["filing_number"] for each in outcomes if each["filing_number"]}
    assert numbers.keys() == FILED
    assert len(set(numbers.values())) == len(FILED) == 13
    for each in outcomes:
        told = set(each["notified"])
        if each["route"] == "refused_classified":
            assert (each["articles"], told) == ([14], set())
            continue
        assert "360000/office" in told
        if each["external_ref"] in FILED:
            assert {f"{each['tenant']}/gatekeeper", f"{each['tenant']}/portal"} <= told
            assert each["filing_number"].startswith(f"{each['tenant']}-")
        assert all({"code", "severity", "article"} <= finding.keys() for finding in each["findings"])


def _played(rows: list[str]) -> list[str]:
    """Without what the worker finds by itself in its own time: projects alike, what is due."""
    return sorted(row for row in rows if ",suspicion." not in row and ",obligation." not in row)


@pytest.mark.long
async def test_stays_resumes_and_plays_nothing_twice(workdir: Path) -> None:
    home, log = workdir / "demo", workdir / "demo.log"
    with running(home, CASES, log) as killed:
        killed.wait_for("demo-")  # some cases are played, some are half way, some have not begun
        killed.process.kill()
        killed.process.wait()
    with running(home, CASES, log) as resumed:
        played = resumed.outcomes()
        judged(played)
        await settled(home)
        tables = await dump(home)
        # Fourteen more are left on the desks (service/demo/queues.py), one of them filed.
        assert len(tables["projects"]) == 19 + 14
        assert len(tables["filings"]) == 13 + 1
        _leaves_no_trace(home, tables)
        resumed.process.kill()
        resumed.process.wait()
    with running(home, CASES, log) as again:
        assert again.outcomes() == played
        assert again.ready_after < 120  # 1.5 s alone on the machine; other tests run beside this one
        assert urllib.request.urlopen(again.base + "/readyz", timeout=120).read() == b"ready"
        await settled(home)
        after = await dump(home)
        for name in ("projects", "filings", "transitions", "offices", "users", "inbox", "rulebook_entries"):
            assert _played(after[name]) == _played(tables[name]), name
        _declared_by_hand(again.base, workdir)
        again.process.send_signal(signal.SIGINT)
        assert again.process.wait(600) == 0


def _declared_by_hand(base: str, place: Path) -> None:
    """README's declaration as it stands there; only the port differs."""
    told = (ROOT / "README.md").read_text(encoding="utf-8").partition("## One declaration, by hand")[2]
    script = told.partition("```console\n")[2].partition("```")[0]
    assert "T=http://127.0.0.1:8000/api/v1" in script
    script = script.replace("http://127.0.0.1:8000", base)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script], cwd=place, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    statuses = re.findall(r"HTTP/1\.1 (\d+)", done.stdout)  # a body ends without a line feed
    assert statuses == ["201", "200", "200", "200", "200", "201", "200"], done.stdout


def _leaves_no_trace(home: Path, tables: dict[str, list[str]]) -> None:
    """The classified case is nowhere: not in a row, not in a log, not in a file of the demo."""
    for word in (REFUSED["name"], REFUSED["external_ref"], REFUSED["owner"]):
        assert not [name for name, rows in tables.items() for row in rows if word in row], word
    for path in [*home.glob("*.log"), *home.glob("valkey/**/*"), *home.glob("anchors/*")]:
        if path.is_file():
            assert REFUSED["name"].encode() not in path.read_bytes(), path


def case(ref: str, division: str, tier: str, amount: Any, **facts: Any) -> dict[str, Any]:
    declarant = {
        "tier": tier,
        "division": division,
        "office_kind": facts.pop("office_kind", "administrative"),
    }
    return {
        "external_ref": ref,
        "name": facts.pop("name", f"项目{ref}"),
        "owner": facts.pop("owner", f"单位{ref}"),
        "flag": "never read",
        "expected_route": "never read",
        "facts": {
            "on": "2026-05-06",
            "declarant": declarant,
            "project_class": "other",
            "kind": "new",
            "investment_yuan": amount,
            "fiscal_funds": True,
            "classified": False,
            "negative": NEGATIVE,
            **facts,
        },
    }


OWN = [
    (case("a-1", "361000", "city", "4999999.99"), "city_filing", "361000"),
    (case("a-2", "361000", "city", 5000000), "provincial_review", "361000"),
    (case("a-3", "361002", "county", "300000.01", owner="县数据局"), "city_filing", "361000"),
    (case("a-4", "361002", "county", "300000.02", owner="县数据局", kind="migrate"), "city_filing", "361000"),
    (
        case("a-5", "361000", "city", "2000000", participating_offices=["抚州市公安局", "没有登记的单位"]),
        "city_filing",
        "361000",
    ),
    (case("b-1", "36N001", "county", "810000"), "city_filing", "360100"),
    (case("b-2", "36GJ00", "city", "2000000", owner="赣江新区数据局"), "city_filing", "36GJ00"),
    (case("c-1", "360000", "province", "10.5", owner="省某厅"), "provincial_review", "360000"),
    (case("d-1", "360500", "city", "700000", office_kind="court", owner="同名单位"), "city_filing", "360500"),
    (case("d-2", "360500", "city", "700001", office_kind="party", owner="同名单位"), "city_filing", "360500"),
    (case("e-1", "360200", "city", "900000", office_kind="other"), "out_of_scope", "360200"),
    (case("e-2", "360200", "city", "900000", fiscal_funds=False), "out_of_scope", "360200"),
    (case("f-1", "360300", "city", "900000", classified=True), "refused_classified", "360300"),
    (case("f-2", "360300", "city", "900000", name="某系统（机密★）"), "refused_classified", "360300"),
]
FAULTY = [
    case("x-1", "360300", "city", 1.5),
    case("x-2", "999999", "city", "100.00"),
    case("x-3", "360300", "city", "100.00", unknown=1),
    case("x-4", "360300", "county", "100.00"),
    {"external_ref": "x-5", "name": "无事实"},
    {**case("x-6", "360300", "city", "100.00"), "facts": {"classified": False}},
    case("x-7", "360300", "city", "100.00", on="2019-01-01"),
]


@pytest.mark.long
def test_once_plays_a_file_of_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "cases.json"
    rows = [row for row, *_ in OWN] + FAULTY + [OWN[0][0]]
    file.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    found = once(file)
    assert [each["external_ref"] for each in found] == [row["external_ref"] for row in rows]
    for each, (_, route, tenant) in zip(found, OWN, strict=False):
        assert (each["route"], each["tenant"], each.get("errors")) == (route, tenant, None), each
        assert (each["filing_number"] is not None) is (route == "city_filing")
        assert ("360000/office" in each["notified"]) is (route in ("city_filing", "provincial_review"))
    for each in found[len(OWN) : -1]:
        assert (each["route"], each["filing_number"]) == (None, None), each
        assert all(error["pointer"] for error in each["errors"]), each
    assert [error["code"] for error in found[-1]["errors"]] == ["external_ref_taken"]
