"""The evidence pack (arts 39, 42): one project's whole history as one file, as far as its reader may see."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest

from service.kit import clock
from service.kit.db import metadata
from service.kit.digest import sm3
from service.kit.ids import new_id
from service.measures.lifecycle import Action
from service.portfolio import evidence
from service.portfolio.evidence_tables import LEFT_OUT, PARTS, concerned
from service.portfolio.step_names import AGAINST, STEP_NAMES, step_name
from service.setup import schema  # noqa: F401 - fills the metadata
from tests.contract import recipes  # noqa: F401 - joins the recipes in their order
from tests.lives import builder, good
from tests.lives import reviews as reviews

READERS = [
    ("360100", None), ("360100", "gatekeeper"), ("360100", "approver"), ("360100", "finance"), ("360100", "auditor"),
    ("360100", "supervisor"), ("360000", "office"), ("360000", "drc"), ("360000", "finance"), ("360000", "auditor"),
    ("360000", "supervisor"),
]  # fmt: skip


async def pack(as_user: Any, ref: str, who: tuple[str, str | None] = ("360100", "auditor")) -> Any:
    answer = await as_user(*who)("GET", f"/projects/{ref}/evidence")
    assert answer.status_code == 200, answer.text
    return zipfile.ZipFile(io.BytesIO(answer.content)), answer


def loaded(found: zipfile.ZipFile, path: str) -> Any:
    return json.loads(found.read(path))


async def upload(as_user: Any, ref: str, raw: bytes, name: str = "实施方案.txt") -> Any:
    answer = await as_user("360100")(
        "POST",
        f"/projects/{ref}/documents",
        content=raw,
        params={"slot": "technical_plan", "name": name},
        headers={"content-type": "application/octet-stream"},
    )
    return good(answer).json()


@pytest.fixture
async def filed(build: Any, as_user: Any) -> tuple[str, dict[str, Any]]:
    """A filed city project with an attachment, and a question that was answered."""
    w = build()
    filing, query = await w.asked()
    ref = filing.data["project"]["id"]
    document = await upload(as_user, ref, "全部实施步骤".encode())
    body = {"answer": "已列入建设内容"}
    good(await as_user("360100", "gatekeeper")("POST", f"/filings/{filing.id}/queries/{query}/answer", body))
    return ref, document


async def test_art_42_who_did_what_when_by_which_article_in_one_file(as_user: Any, filed: Any) -> None:
    ref, document = filed
    found, answer = await pack(as_user, ref)
    assert answer.headers["content-type"] == "application/zip"
    head, _, cover = found.read("cover.html").decode().partition("<h2>经过")
    assert "技术方案：等级保护" in head and "按第二级建设" in head
    order = [
        cover.index(word) for word in ("提交申报", "统筹把关通过", "市级批复", "报送备案", "备案询问和答复")
    ]
    assert order == sorted(order)
    assert "第十三条、第十四条、第十五条" in cover
    assert "user:360100:gatekeeper" in cover
    case = loaded(found, "case.json")
    assert (case["id"], case["state"]) == (ref, "filed")
    version = loaded(found, "versions/0001.json")
    assert version["digest"] == loaded(found, "tables/project_versions.json")[0]["digest"]
    assert [row["action"] for row in loaded(found, "tables/transitions.json")] == [
        "submit",
        "gatekeep_pass",
        "approve",
        "file",
    ]
    assert loaded(found, "tables/filing_queries.json")[0]["answer"] == "已列入建设内容"
    path = f"documents/{document['id'].partition('-')[2]}/实施方案.txt"
    assert found.read(path).decode() == "全部实施步骤"


async def test_art_39_every_file_is_vouched_for_by_its_digest(as_user: Any, filed: Any) -> None:
    found, answer = await pack(as_user, filed[0])
    manifest = found.read("manifest.json")
    assert answer.headers["tongjian-manifest-sm3"] == sm3(manifest)
    listed = {each["path"]: (each["sm3"], each["size"]) for each in json.loads(manifest)["files"]}
    actual = {n: (sm3(found.read(n)), len(found.read(n))) for n in found.namelist() if n != "manifest.json"}
    assert listed == actual
    assert f"documents/{filed[1]['id'].partition('-')[2]}/实施方案.txt" in listed


async def test_audit_entries_stand_at_their_place_in_the_chain(
    as_user: Any, filed: Any, settings: Any, door: Any
) -> None:
    from service.audit.jobs import seal
    from service.kit.telemetry import Telemetry

    clock.travel(clock.now() + timedelta(minutes=1))  # the sealer lets younger entries settle
    try:
        await seal(door, settings, Telemetry())
    finally:
        clock.travel(None)
    found, _ = await pack(as_user, filed[0])
    entries = loaded(found, "audit.json")
    assert {"project.submit", "project.approve", "document.upload"} <= {each["action"] for each in entries}
    assert all(each["seq"] >= 1 and len(each["head"]) == 64 for each in entries)


@pytest.mark.parametrize("who", READERS, ids=str)
async def test_who_decides_supervises_and_audits_gets_it(as_user: Any, filed: Any, who: Any) -> None:
    found, _ = await pack(as_user, filed[0], who)
    assert loaded(found, "manifest.json")["made_by"].startswith(("user:", "client:"))


async def test_nobody_else_gets_it(as_user: Any, filed: Any) -> None:
    ref = filed[0]
    for who in (("360100", "administrator"), ("360100", "expert"), ("360100", "360102.user")):
        assert (await as_user(*who)("GET", f"/projects/{ref}/evidence")).status_code == 403
    foreign = await as_user("360200", "auditor")("GET", f"/projects/{ref}/evidence")
    absent = await as_user("360200", "auditor")("GET", f"/projects/360100-{new_id()}/evidence")
    assert (foreign.status_code, foreign.json()["code"]) == (404, "not_found")
    assert {**foreign.json(), "request_id": ""} == {**absent.json(), "request_id": ""}


async def test_drafts_are_their_owners_alone(as_user: Any, build: Any) -> None:
    case = await build().draft()
    assert (await as_user("360000", "auditor")("GET", f"/projects/{case.id}/evidence")).status_code == 404
    found, _ = await pack(as_user, case.id, ("360100", None))
    assert loaded(found, "tables/transitions.json") == []


async def test_scores_come_only_once_the_appraisal_is_concluded_and_only_to_the_organs(
    build: Any, as_user: Any
) -> None:
    """Art. 18: sealed scores stay sealed; the owner gets neither panel nor sheets."""
    w = build()
    case = await reviews.scored(w, await w.with_province())
    before, _ = await pack(as_user, case.id, ("360000", "auditor"))
    assert loaded(before, "tables/appraisals.json")[0]["verdict"] is None
    assert loaded(before, "tables/appraisal_scores.json") == []
    case = await reviews.to_appraised(w)
    after, _ = await pack(as_user, case.id, ("360000", "auditor"))
    assert loaded(after, "tables/appraisal_scores.json")
    mine, _ = await pack(as_user, case.id, ("360100", None))
    assert "tables/appraisal_scores.json" not in mine.namelist()
    assert "tables/appraisal_experts.json" not in mine.namelist()
    assert "eligible" not in loaded(mine, "tables/appraisals.json")[0]
    assert "appraisal_experts" in loaded(mine, "manifest.json")["withheld"]


async def test_a_file_that_was_changed_on_disk_is_told_and_the_rest_goes_on(
    as_user: Any, filed: Any, storage: Any
) -> None:
    ref, document = filed
    storage.put("360100", document["id"].partition("-")[2], b"something else")
    found, _ = await pack(as_user, ref)
    told = loaded(found, "manifest.json")["problems"]
    assert len(told) == 1
    assert "摘要不符" in told[0]
    assert "需注意" in found.read("cover.html").decode()
    assert not [name for name in found.namelist() if name.startswith("documents/")]


async def test_too_much_for_one_pack_is_told_before_anything_is_read(
    as_user: Any, filed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "MAX_BYTES", 10)
    answer = await as_user("360100", "auditor")("GET", f"/projects/{filed[0]}/evidence")
    assert (answer.status_code, answer.json()["code"]) == (413, "evidence_too_large")


async def test_names_do_not_become_markup_or_paths(as_user: Any, build: Any) -> None:
    w = build()
    case = await w.draft()
    renamed = await as_user("360100")(
        "PATCH", f"/projects/{case.id}", {"name": "<script>alert(1)</script>"}, etag=case.etag
    )
    good(renamed)
    found, _ = await pack(as_user, case.id, ("360100", None))
    assert b"<script>" not in found.read("cover.html")
    assert not [name for name in found.namelist() if name.startswith("/") or ".." in name]


def test_every_table_that_knows_a_case_has_its_rule() -> None:
    """A new table is taken into the pack, or left out with a reason; it is never forgotten."""
    known = {table.name for table in concerned()}
    assert known - PARTS.keys() - LEFT_OUT.keys() == set()
    assert (PARTS.keys() | LEFT_OUT.keys()) - known == set(), "rules for tables that are not there"
    assert not PARTS.keys() & LEFT_OUT.keys()
    assert all(LEFT_OUT.values())
    for name, part in PARTS.items():
        columns = set(metadata.tables[name].c.keys())
        assert {part.column, *filter(None, (part.who, part.at)), *part.without} <= columns, name


def test_every_step_has_a_name() -> None:
    assert {action.value for action in Action} <= STEP_NAMES.keys()


@pytest.mark.parametrize(
    ("action", "content"),
    [
        ("close_order", {"done": False}),
        ("decide_change", {"approve": False}),
        ("confirm_data", {"passed": False}),
        ("confirm_crypto", {"passed": False}),
        ("give_acceptance_opinion", {"agreed": False}),
        ("close_joint_review", {"agreed": False}),
        ("record_leading_group", {"decision": "return"}),
        ("assess_affordability", {"passed": False}),
        ("conclude_appraisal", {"verdict": "revise"}),
        ("appraise", {"verdict": "fail"}),
    ],
)
def test_what_came_out_the_other_way_has_a_name_of_its_own(action: str, content: dict[str, Any]) -> None:
    assert step_name(action, content) == AGAINST[action] != STEP_NAMES[action]
    favour = {"decision": "approve", "verdict": "pass"}
    good = {name: favour.get(name, True) for name in content}
    assert step_name(action, good) == step_name(action, {}) == STEP_NAMES[action]
    assert step_name("record_certificate", {"passed": False}).startswith(STEP_NAMES["record_certificate"])
    assert step_name("record_certificate", {"passed": False}) != STEP_NAMES["record_certificate"]


async def test_an_order_closed_in_vain_is_not_told_as_settled(as_user: Any, filed: Any) -> None:
    ref, _ = filed
    case = builder(as_user)().case(ref)
    due = (date.today() + timedelta(days=2)).isoformat()
    order = await case.order("city.gatekeeper", "construction", due)
    await case.does("owner", "answer-order", {"order": order, "answer": "已补"})
    no = {"order": order, "done": False, "opinion": "仍缺验收记录"}
    await case.does("city.gatekeeper", "close-order", no)
    cover = (await pack(as_user, ref))[0].read("cover.html").decode()
    assert "认定整改不符合要求" in cover and "办结整改" not in cover
