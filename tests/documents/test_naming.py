"""The checklist tells which papers the deeds name, and which of them lie here (arts 15, 39)."""

from __future__ import annotations

from typing import Any

from service.documents.naming import papers_in
from service.kit.digest import sm3
from tests.documents.test_documents import send
from tests.lives import lives

SCAN = "承建合同扫描前文本".encode()


async def test_a_named_paper_meets_its_attachment(as_user: Any, door: Any, settings: Any) -> None:
    site = await lives(as_user, door, settings)().at("filed")
    portal, office = as_user("360100"), as_user("360000", "office")
    await site.contract(document={"name": "承建合同", "digest": sm3(SCAN)})
    path = f"/projects/{site.id}/documents/checklist"

    def of(answer: Any, kind: str) -> list[tuple[str, str | None]]:
        return [(each["name"], each["document"]) for each in answer.json()["named"] if each["kind"] == kind]

    before = await portal("GET", path)
    assert of(before, "record_contract") == [("承建合同", None)]
    [(number, lying)] = of(before, "approval")
    assert number.startswith("洪发改") and lying is None
    made = await send(portal, site.id, SCAN, slot="contract")
    assert made.status_code == 201, made.text
    for reader in (portal, office):
        assert of(await reader("GET", path), "record_contract") == [("承建合同", made.json()["id"])]
    record = next(each for each in before.json()["named"] if each["kind"] == "record_contract")
    assert [each["id"] for each in await site.records("record_contract")] == [record["record"]]
    other = await as_user("360200", "gatekeeper")("GET", path)
    assert other.status_code == 404


def test_papers_are_found_wherever_they_stand() -> None:
    digest, other = "a" * 64, "b" * 64
    content = {
        "document": {"name": "甲", "digest": f"sm3:{digest}"},
        "papers": [{"title": "乙", "digest": other}, {"digest": "short"}],
        "document_number": "丙〔2026〕1号",
        "document_digest": other,
        "note": "无",
        "n": 1,
    }
    assert sorted(papers_in(content)) == sorted([("丙〔2026〕1号", other), ("甲", digest), ("乙", other)])
