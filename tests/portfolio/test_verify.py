"""/verify: anybody asks whether a paper is what was issued, and learns nothing that he did not bring (art. 42)."""

from __future__ import annotations

from typing import Any

import pytest

from service.kit import bodies
from service.kit.bodies import Strangers
from service.kit.errors import ServiceError
from service.papers.codes import mark_of, new_code
from service.portfolio.erasing import purge_spills
from tests.contract import recipes
from tests.contract.recipes import RECIPES
from tests.contract.recipes_delivery import by_document
from tests.lives import World, good
from tests.papers import text_of

FILE = {"content-type": "application/pdf"}


async def issued(w: World, as_user: Any) -> tuple[bytes, dict[str, str], str]:
    """A receipt's PDF, what stands on it, and the filing."""
    filing = await w.filed()
    raw = good(await as_user("360100")("GET", f"/filings/{filing.id}/receipt.pdf")).content
    mark = mark_of(raw)
    assert mark is not None
    amount = filing.data["receipt"]["approved_amount_yuan"]
    return raw, {"code": mark.code, "number": mark.number, "amount_yuan": amount}, filing.id


async def ask(client: Any, body: dict[str, Any]) -> Any:
    return good(await client.post("/api/v1/verify", json=body)).json()


async def test_whoever_holds_the_paper_learns_that_it_is_ours(client: Any, build: Any, as_user: Any) -> None:
    raw, stands, _ = await issued(build(), as_user)
    by_code = await ask(client, stands)
    by_file = good(await client.post("/api/v1/verify/file", content=raw, headers=FILE)).json()
    assert by_code == by_file
    assert (by_code["agrees"], by_code["outcome"], by_code["kind"]) == (True, "agrees", "receipt")
    assert by_code["organ"] and by_code["made_on"]
    typed = {**stands, "code": stands["code"].lower().replace("-", " ")}
    assert (await ask(client, typed))["agrees"]


async def test_every_wrong_question_has_one_answer(client: Any, build: Any, as_user: Any, app: Any) -> None:
    """One look-up, one answer: nobody learns whether number, code or amount was the wrong one."""
    raw, stands, _ = await issued(build(), as_user)
    door = app.app.state.services.door
    wrong = [
        {**stands, "code": new_code()}, {**stands, "number": "360100-2026-9999"}, {**stands, "amount_yuan": "1.00"},
        {**stands, "number": "999999-2026-0001"}, {**stands, "code": "0000"}, {**stands, "number": "----"},
        {name: said for name, said in stands.items() if name != "amount_yuan"},
    ]  # fmt: skip
    answers, trips = [], []
    for body in wrong:
        before = door.round_trips
        answers.append(await ask(client, body))
        trips.append(door.round_trips - before)
    for other in (b"%PDF-1.7 nothing of ours", raw.replace(stands["code"].encode(), new_code().encode())):
        before = door.round_trips
        answers.append(good(await client.post("/api/v1/verify/file", content=other, headers=FILE)).json())
        trips.append(door.round_trips - before)
    assert all(answer == answers[0] for answer in answers) and set(trips) == {1}
    assert answers[0]["outcome"] == "differs"
    assert [answers[0][name] for name in ("kind", "kind_name", "organ", "made_on")] == [None] * 4


async def test_a_file_that_was_changed_is_told(client: Any, build: Any, as_user: Any) -> None:
    raw, _, _ = await issued(build(), as_user)
    for changed in (raw + b"\n", raw.replace(b"/Type", b"/Tybe", 1)):
        answer = good(await client.post("/api/v1/verify/file", content=changed, headers=FILE)).json()
        assert (answer["agrees"], answer["outcome"], answer["organ"]) == (False, "altered", None)


async def test_a_receipt_is_superseded_by_a_supplementary_filing(
    client: Any, build: Any, as_user: Any
) -> None:
    w = build()
    case = await recipes.changed(w)
    city = as_user("360100")
    (filing,) = good(await city("GET", "/filings", params={"project_id": case.id})).json()["items"]
    first = good(await city("GET", f"/filings/{filing['id']}/receipt.pdf")).content
    owed = good(await client.post("/api/v1/verify/file", content=first, headers=FILE)).json()
    assert (owed["outcome"], "尚未补充备案" in owed["message"]) == ("superseded", True)
    done = good(await city("POST", f"/projects/{case.id}/file-supplement", {}, etag=case.etag)).json()[
        "receipt"
    ]
    path = f"/filings/{filing['id']}/supplements/{done['number']}/receipt.pdf"
    second = good(await city("GET", path)).content
    told = [
        good(await client.post("/api/v1/verify/file", content=raw, headers=FILE)).json()
        for raw in (first, second)
    ]
    assert [(each["agrees"], each["outcome"], each["kind"]) for each in told] == [
        (True, "superseded", "receipt"),
        (True, "agrees", "supplement"),
    ]
    assert done["number"] not in str(told[0])  # what came after is not told to whom never brought it


async def test_a_receipt_whose_approval_was_corrected_does_not_plainly_agree(
    client: Any, build: Any, as_user: Any
) -> None:
    """R36: what corrects the approval is in force from its day; that it is not filed anew yet hides it from nobody."""
    raw, stands, filing = await issued(build(), as_user)
    assert (await ask(client, stands))["outcome"] == "agrees"
    ref = good(await as_user("360100")("GET", f"/filings/{filing}")).json()["project_id"]
    case = good(await as_user("360100", "approver")("GET", f"/projects/{ref}"))
    body = {"approved_amount_yuan": "3800000.00", "document": by_document(), "reason": "金额录入有误"}
    good(
        await as_user("360100", "approver")(
            "POST", f"/projects/{ref}/correct-approval", body, etag=case.headers["etag"]
        )
    )
    told = await ask(client, stands)
    assert told == good(await client.post("/api/v1/verify/file", content=raw, headers=FILE)).json()
    assert (told["agrees"], told["outcome"], "更正" in told["message"]) == (True, "superseded", True)
    assert "3800000" not in str(told) and body["document"]["number"] not in str(told)


async def test_art_14_an_erased_case_leaves_withdrawn_and_no_content(
    client: Any, build: Any, as_user: Any, door: Any, storage: Any, superuser: Any
) -> None:
    w = build()
    raw, stands, filing = await issued(w, as_user)
    project = await superuser.fetchval("SELECT project_id FROM papers WHERE number = $1", stands["number"])
    spill = await w.made(
        "city.security_admin", "/spills", {"reason": "text", "project_id": f"360100-{project}"}
    )
    await w.made("city.secrecy", f"/spills/{spill.id}/confirm", None)
    assert await purge_spills(door, storage) == 1
    row = await superuser.fetchrow("SELECT * FROM papers WHERE number = $1", stands["number"])
    assert row["content"] is None and row["withdrawn_at"] is not None
    gone = await as_user("360100")("GET", f"/filings/{filing}/receipt.pdf")
    assert (gone.status_code, gone.json()["code"]) == (410, "paper_withdrawn")
    for answer in (
        await ask(client, stands),
        good(await client.post("/api/v1/verify/file", content=raw, headers=FILE)).json(),
    ):
        assert (answer["agrees"], answer["outcome"], answer["kind"], answer["organ"]) == (
            False,
            "withdrawn",
            None,
            None,
        )


async def test_art_32_a_filed_acceptance_has_a_receipt_that_can_be_verified(
    client: Any, build: Any, as_user: Any, superuser: Any
) -> None:
    """Issued once, addressed to the city, without an amount; a change of the approval does not make it old."""
    ready = await RECIPES["acceptance_read_filing"](build())
    city, path = as_user("360100"), f"/acceptance-filings/{ready.path['ref']}"
    told = good(await city("GET", path)).json()["receipt"]
    raw = good(await as_user("360000", "office")("GET", f"{path}/receipt.pdf")).content
    assert raw == good(await city("GET", f"{path}/receipt.pdf")).content
    shown = text_of(raw)
    for said in (
        "数字化项目竣工验收备案回执",
        "南昌市",
        "第三十二条",
        told["number"],
        told["digest"],
        told["project_name"],
        told["owner_name"],
        told["filed_with"],
        "或填写核验码和编号。",
    ):
        assert said.replace(" ", "") in shown
    mark = mark_of(raw)
    assert mark is not None and mark.number == told["number"]
    stands = {"code": mark.code, "number": mark.number}
    for body in (stands, {**stands, "amount_yuan": "3900000.00"}):
        assert (await ask(client, body))["agrees"] is ("amount_yuan" not in body)
    ref = told["project_id"].partition("-")[2]
    put = "UPDATE projects SET dated = jsonb_set(dated, '{amended}', '{\"documents\": [1]}') WHERE id::text = $1"
    await superuser.execute(put, ref)
    answer = good(await client.post("/api/v1/verify/file", content=raw, headers=FILE)).json()
    await superuser.execute("UPDATE projects SET dated = dated - 'amended' WHERE id::text = $1", ref)
    assert (answer["outcome"], answer["kind"], answer["organ"]) == (
        "agrees",
        "acceptance_receipt",
        told["filed_with"],
    )
    assert (await as_user("360200")("GET", f"{path}/receipt.pdf")).status_code == 404


async def test_what_cannot_be_asked(client: Any) -> None:
    assert (await client.post("/api/v1/verify", json={"code": "x"})).status_code == 422
    assert (await client.post("/api/v1/verify/file", content=b"PK", headers=FILE)).status_code == 422
    large = await client.post("/api/v1/verify/file", content=b"%PDF-" + b"0" * Strangers.SIZE, headers=FILE)
    assert (large.status_code, large.json()["code"]) == (413, "too_large")


def test_strangers_files_are_few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    strangers = bodies.Strangers(("/here",))
    assert strangers.takes("POST", "/here") and not strangers.takes("GET", "/here")
    monkeypatch.setattr(Strangers, "MOST", 1)
    with strangers.held():
        with pytest.raises(ServiceError) as refused, strangers.held():
            raise AssertionError
        assert refused.value.status == 503
    with strangers.held():
        pass


async def test_the_page_needs_no_script(client: Any, build: Any, as_user: Any) -> None:
    raw, stands, _ = await issued(build(), as_user)
    site = {"sec-fetch-site": "same-origin"}
    shown = good(await client.get("/verify")).text
    assert 'action="/verify"' in shown and 'action="/verify/file"' in shown
    good_one = (await client.post("/verify", data=stands, headers=site)).text
    assert "与出具的文书一致" in good_one and "数字化项目备案回执" in good_one
    by_file = await client.post(
        "/verify/file", files={"file": ("r.pdf", raw, "application/pdf")}, headers=site
    )
    assert "与出具的文书一致" in by_file.text
    wrong = await client.post("/verify", data={**stands, "code": new_code()}, headers=site)
    assert "与出具的文书不符" in wrong.text and "数字化项目备案回执" not in wrong.text
    broken = await client.post("/verify", data={**stands, "amount_yuan": "很多"}, headers=site)
    assert broken.status_code == 422
    foreign = await client.post("/verify", data=stands, headers={"sec-fetch-site": "cross-site"})
    assert foreign.status_code == 403
