"""/rulebook/amendments: previewed, asked for, confirmed by a second person (arts 44, 45)."""

from __future__ import annotations

from datetime import date
from typing import Any

from litestar.handlers import HTTPRouteHandler
from msgspec import Struct

from service.kit.api import Answer, Call, Error, operation
from service.kit.clock import legal_day
from service.kit.db import Tx
from service.kit.errors import not_found, or_404
from service.kit.ids import parse_ref
from service.kit.second_person import SAME_PERSON
from service.replay.amended import of_amendment
from service.replay.schemas import Effect
from service.rulebook import actions_amendments as actions
from service.rulebook.book import RuleBooks
from service.rulebook.queries import AMENDMENT, AMENDMENTS_ALL
from service.rulebook.reading_rows import amended_of
from service.rulebook.schemas_amendments import (
    AmendmentConfirmIn,
    AmendmentIn,
    AmendmentList,
    AmendmentPreviewIn,
    AmendmentView,
)
from service.rulebook.views_amendments import amendment_view, ref_of

TAG = "rulebook"
RESOURCE = "rulebook.amendment"
MOVED = Error(409, "rulebook_changed", "规则库在预览之后已有变动，请重新查看影响后再登记")
STRANDS = Error(409, "amendment_strands", "有在办项目按此过渡办法无法继续办理")
DECIDED = Error(409, "amendment_decided", "该修改已有决定")
LATE = Error(409, "amendment_late", "生效日已过，请重新登记")


class AmendmentPreview(Struct, kw_only=True):
    """`rulebook_version` is what recording and confirming want as `expected_version`; `_after` what it becomes."""

    rulebook_version: str
    rulebook_version_after: str
    effect: Effect


class AmendmentRecorded(Struct, kw_only=True):
    """The amendment, the version of the province's rule book on its first day, and what it does to open cases."""

    amendment: AmendmentView
    rulebook_version: str
    effect: Effect


@operation(
    "POST",
    "/rulebook/amendments/preview",
    resource=RESOURCE,
    action="preview",
    summary="预览规定修改的影响",
    tag=TAG,
    where="cases",
    body=AmendmentPreviewIn,
    answer=AmendmentPreview,
    unsafe=False,
)
async def amendment_preview(call: Call) -> Answer:
    """登记之前查看：各地区哪些在办项目改走另一程序（moves）、仍按原规定（stays）、按此过渡办法无法继续办理（stranded）。

    什么也不保存。有 stranded 的，登记和确认都会被拒绝，须改用不影响它们的过渡办法。
    """
    return Answer(await _preview(call, call.body))


async def _preview(call: Call, body: AmendmentPreviewIn) -> AmendmentPreview:
    change = actions.amended(call, body)
    book, start = call.service(RuleBooks).book, body.effective_from
    effect = await of_amendment(call, change.entries, start)
    return AmendmentPreview(
        rulebook_version=book.version(start),
        rulebook_version_after=book.with_entries(*change.entries).version(start),
        effect=effect,
    )


async def _proposing(call: Call) -> AmendmentPreview:
    """Reads open cases of all tenants, many pages of them: before BEGIN."""
    return await _preview(call, call.body)


@operation(
    "POST",
    "/rulebook/amendments",
    resource=RESOURCE,
    action="propose",
    summary="登记规定修改",
    tag=TAG,
    where="cases",
    body=AmendmentIn,
    answer=AmendmentRecorded,
    status=201,
    errors=(MOVED, STRANDS),
    conflict=MOVED,
    before=_proposing,
)
async def amendment_propose(call: Call, tx: Tx) -> Answer:
    """按修改文件登记：文号、日期、印发机关、修改的数值、生效日和过渡办法；由另一人确认后才生效。

    不写过渡办法的，此前已受理的仍按原规定办理，草稿按新规定。已作出的决定及其规则版本不变。
    """
    found: AmendmentPreview = call.found
    actions.strands_nobody(found.effect.stranded)
    row = await actions.propose(call, tx)
    view = amendment_view(call.service(RuleBooks).book, {**row, **_UNDECIDED}, legal_day(call.now))
    answer = AmendmentRecorded(amendment=view, rulebook_version=found.rulebook_version, effect=found.effect)
    return Answer(answer, headers={"location": f"/api/v1/rulebook/amendments/{view.id}"})


_UNDECIDED: dict[str, Any] = dict.fromkeys(("accepted", "decided_by", "decided_at", "note"))


async def _confirming(call: Call) -> tuple[int, Effect | None, str]:
    """What it does to the open cases of this moment, and the version it would give; nothing for what is not there."""
    number = await _number(call)
    row = await call.door.row(call.scope, AMENDMENT, number=number)
    book = call.service(RuleBooks).book
    body: AmendmentConfirmIn = call.body
    if row is None or row["decided_at"] is not None:
        return number, None, ""
    start: date = row["effective_from"]
    if not body.accepted:
        return number, None, book.version(start)
    change = amended_of(book, {**dict(row), "decided_at": call.now})
    effect = await of_amendment(call, change.entries, start)
    return number, effect, book.with_entries(*change.entries).version(start)


@operation(
    "POST",
    "/rulebook/amendments/{ref:str}/confirm",
    resource=RESOURCE,
    action="confirm",
    summary="确认规定修改",
    tag=TAG,
    where="cases",
    body=AmendmentConfirmIn,
    answer=AmendmentRecorded,
    errors=(MOVED, STRANDS, SAME_PERSON, DECIDED, LATE),
    conflict=DECIDED,
    before=_confirming,
)
async def amendment_confirm(call: Call, tx: Tx) -> Answer:
    """另一人确认后自生效日起施行，并通知各设区市；accepted 为 false 时不予确认。

    确认前重新核对在办项目，有项目因此无法继续办理的不能确认。
    """
    number, effect, version = call.found
    if effect is not None:
        actions.strands_nobody(effect.stranded)
    row, decision = await actions.decide(call, tx, number)
    shown = {**row, **decision, "digest": row["digest"]}
    view = amendment_view(call.service(RuleBooks).book, shown, legal_day(call.now))
    nothing = Effect(
        on=row["effective_from"], open_cases=0, changed=0, by_tenant=[], cases=[], truncated=False
    )
    return Answer(AmendmentRecorded(amendment=view, rulebook_version=version, effect=effect or nothing))


async def _number(call: Call) -> int:
    """The running number of the amendment in the path; 404 for what is none. There are some a year."""
    ref = parse_ref(call.path("ref"))
    for row in await call.door.fetch(call.scope, AMENDMENTS_ALL):
        if ref == ref_of(row["number"]):
            number: int = row["number"]
            return number
    raise not_found()


@operation(
    "GET",
    "/rulebook/amendments",
    resource=RESOURCE,
    action="read",
    summary="规定修改列表",
    tag=TAG,
    answer=AmendmentList,
)
async def amendment_list(call: Call) -> Answer:
    """全部修改，新登记的在前；所有角色可读。"""
    rows = await call.door.fetch(call.scope, AMENDMENTS_ALL)
    book, today = call.service(RuleBooks).book, legal_day(call.now)
    return Answer(AmendmentList([amendment_view(book, row, today) for row in rows]))


@operation(
    "GET",
    "/rulebook/amendments/{ref:str}",
    resource=RESOURCE,
    action="examine",
    summary="读取规定修改",
    tag=TAG,
    answer=AmendmentView,
)
async def amendment_read(call: Call) -> Answer:
    """一次修改的文件、数值、过渡办法和确认情况。"""
    row = or_404(await call.door.row(call.scope, AMENDMENT, number=await _number(call)))
    return Answer(amendment_view(call.service(RuleBooks).book, row, legal_day(call.now)))


AMENDMENT_ROUTES: list[HTTPRouteHandler] = [
    amendment_preview,
    amendment_propose,
    amendment_confirm,
    amendment_list,
    amendment_read,
]
