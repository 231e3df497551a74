"""For every operation on a tenant's own object: how to bring one into the state in which its owner's call succeeds.

An operation without a recipe fails `test_tenants` by name. Operations without an object in their path need one only
when the first role of the matrix with the documented example does not do.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from importlib import import_module
from pathlib import Path

from service.kit import clock
from service.kit.clock import legal_day
from service.kit.ids import new_id
from tests import factories
from tests.contract.operations import Operation
from tests.lives import APPROVAL, REASON, Ready, Thing, World

Recipe = Callable[[World], Awaitable[Ready]]
RECIPES: dict[str, Recipe] = {}
KEEPER, ADMIN, GUARD = "city.gatekeeper", "city.administrator", "city.security_admin"


def recipe(*ids: str) -> Callable[[Recipe], Recipe]:
    def note(made: Recipe) -> Recipe:
        for each in ids:
            RECIPES[each] = made
        return made

    return note


async def prepare(operation: Operation, world: World) -> Ready:
    """The recipe's call, or for operations without an object: the first who may, with the documented example."""
    await world.forgotten()
    if operation.id in RECIPES:
        return await RECIPES[operation.id](world)
    assert not operation.path_names, f"{operation.id} is new: add its recipe to tests/contract/recipes.py"
    return Ready(operation.may[0] if operation.may else world.owner, body=operation.example)


def on(case: Thing, who: str, body: object = None, **more: str | int) -> Ready:
    return Ready(who, {"ref": case.id, **more}, body, case.etag or None)


# ---- projects --------------------------------------------------------------------------------------------


@recipe("projects_create")
async def _(w: World) -> Ready:
    body = factories.draft(w.tenant)
    if w.owner != "city.portal":
        del body["owner_office_id"]
    return Ready(w.owner, body=body)


@recipe("projects_preview_facts")
async def _(w: World) -> Ready:
    return Ready(w.owner, body={"facts": factories.draft(w.tenant)["facts"], **_office(w)})


def _office(w: World) -> dict[str, str]:
    return {"owner_office_id": factories.city_office(w.tenant)} if w.owner == "city.portal" else {}


@recipe("projects_read", "projects_actions", "projects_preview_case", "projects_delete")
async def _(w: World) -> Ready:
    return on(await w.draft(), w.owner)


@recipe("projects_edit")
async def _(w: World) -> Ready:
    return on(await w.draft(), w.owner, {"name": "改名的项目"})


@recipe("projects_submit")
async def _(w: World) -> Ready:
    case = await w.draft()
    preview = await case.preview()
    codes = preview["reasons_required"]
    case.etag = await factories.answered(w.by(w.owner), case.id, case.etag, preview)
    return on(case, w.owner, {"reasons": [{"code": code, "reason": "上级统一部署"} for code in codes]})


@recipe("projects_gatekeep_pass")
async def _(w: World) -> Ready:
    case = await w.submitted()
    return on(case, KEEPER, case.opinions())


@recipe("projects_gatekeep_return")
async def _(w: World) -> Ready:
    return on(await w.submitted(), KEEPER, REASON)


@recipe("projects_hand_over")
async def _(w: World) -> Ready:
    return on(await w.gatekept(provincial=True), KEEPER, {})


@recipe("projects_province_return")
async def _(w: World) -> Ready:
    return on(await w.with_province(), "province.office", REASON)


@recipe("projects_withdraw")
async def _(w: World) -> Ready:
    return on(await w.withdrawable(), w.owner, REASON)


@recipe("projects_history", "projects_records")
async def _(w: World) -> Ready:
    return on(await w.submitted(), w.owner)


@recipe("projects_version")
async def _(w: World) -> Ready:
    return on(await w.submitted(), w.owner, number=1)


# ---- filings ---------------------------------------------------------------------------------------------


@recipe("filings_approve")
async def _(w: World) -> Ready:
    return on(await w.gatekept(), "city.approver", APPROVAL)


@recipe("filings_file")
async def _(w: World) -> Ready:
    return on(await w.approved(), "city.portal", {})


@recipe("filings_read", "filings_receipt", "papers_receipt")
async def _(w: World) -> Ready:
    filing = await w.filed()
    return Ready(w.owner, {"ref": filing.id})


@recipe("filings_file_supplement")
async def _(w: World) -> Ready:
    case = await changed(w)
    return on(case, "city.portal", {})


async def changed(w: World) -> Thing:
    """Filed, and changed since with the approving organ's assent."""
    filing = await w.filed()
    case = Thing(filing.data["project"]["id"], filing.etag, filing.data["project"])
    asked = {"reason": "增加移动端", "content": {"technical_plan": "依托政务云，增加移动端"}}
    case = await w.made(w.owner, f"/projects/{case.id}/changes", asked, etag=case.etag)
    paper = {"number": "洪发改〔2026〕60号", "date": legal_day(clock.now()).isoformat(), "digest": "c" * 64}
    yes = {"approve": True, "document": paper}
    return await w.made("city.approver", f"/projects/{case.id}/changes/decide", yes, etag=case.etag)


@recipe("filings_query_approval")
async def _(w: World) -> Ready:
    return on(await w.approved(), "province.office", {"question": "为何尚未备案？"})


@recipe("filings_answer_query")
async def _(w: World) -> Ready:
    case = await w.approved()
    case = await w.made(
        "province.office", f"/projects/{case.id}/filing-query", {"question": "为何？"}, etag=case.etag
    )
    (query,) = case.data["dated"]["filing_queries"]["asked"]
    return on(case, KEEPER, {"query": query, "answer": "正在核对"})


@recipe("filings_supplements")
async def _(w: World) -> Ready:
    filing = await w.filed()
    return Ready(w.owner, {"ref": filing.id})


@recipe("filings_queries")
async def _(w: World) -> Ready:
    filing, _query = await w.asked()
    return Ready(w.owner, {"ref": filing.id})


@recipe("filings_ask")
async def _(w: World) -> Ready:
    filing = await w.filed()
    return Ready("province.office", {"ref": filing.id}, {"question": "如何与省级平台对接？"})


@recipe("filings_answer")
async def _(w: World) -> Ready:
    filing, query = await w.asked()
    return Ready(KEEPER, {"ref": filing.id, "query_id": query}, {"answer": "已列入建设内容"})


# ---- messages --------------------------------------------------------------------------------------------


@recipe("inbox_read", "inbox_mark")
async def _(w: World) -> Ready:
    await w.submitted()
    await w.delivered()
    found = (await w.by(KEEPER)("GET", "/inbox?limit=1")).json()["items"]
    return Ready(KEEPER, {"ref": found[0]["id"]})


@recipe("inbox_mark_all")
async def _(_: World) -> Ready:
    return Ready(KEEPER, body={})


# ---- what concerns any operation ---------------------------------------------------------------------------


@recipe("batches_submit")
async def _(w: World) -> Ready:
    person = {"login": f"b{new_id()}", "name": "成批登记", "office_id": factories.city_office(w.tenant)}
    return Ready(ADMIN, body={"operation_id": "users_create", "items": [{"body": person}]})


@recipe("operations_form")
async def _(w: World) -> Ready:
    return Ready(w.owner, {"operation_id": "projects_submit"})


# ---- the features' own, beside this file ------------------------------------------------------------------

for each in sorted(Path(__file__).parent.glob("recipes_*.py")):
    import_module(f"tests.contract.{each.stem}")
