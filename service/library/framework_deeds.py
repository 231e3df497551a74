"""The deciding tier's information centre opens, edits and concludes a framework (art. 12)."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET

from service.kit.api import Answer
from service.kit.errors import Error, ServiceError
from service.kit.ids import new_id
from service.kit.rows import columns_of
from service.kit.tables import insert_row, update_read
from service.library.frameworks import CHANGED, framework_of, framework_view, same_text, tell
from service.library.models import frameworks
from service.library.parties import (
    demand_named,
    demand_participants,
    desks,
    leading_tier,
    named,
)
from service.library.queries_collaboration import SIGNATURES
from service.library.schemas_collaboration import (
    ConcludeIn,
    FrameworkEdit,
    FrameworkIn,
    FrameworkView,
)
from service.measures import side_acts as beside
from service.measures.lifecycle import Action
from service.measures.organs import Slot
from service.projects.dated_facts import without_fact
from service.projects.deeds import Desk, deed
from service.projects.phases import Deed, organ_desks, owner_desks

_OPEN = insert_row(frameworks)
F = frameworks.c
_MUTABLE = ("goals", "content", "parties", "party_names", "led_by", "edition", "updated_at")
_SAVE = update_read(frameworks, _MUTABLE)


def _unsigned(desk: Desk) -> Answer:
    """The framework that the judge left, which nobody has signed yet."""
    return Answer(framework_view(desk.left, []), version=desk.left["version"])


@deed(
    "framework",
    beside.OPEN_FRAMEWORK,
    body=FrameworkIn,
    summary="提出框架方案",
    may="framework/lead",
    tag="frameworks",
    status=201,
    answer=FrameworkView,
    reply=_unsigned,
    gated=False,
    errors=(Error(409, "not_joint", "不是跨部门共建项目"),),
    conflict=Error(409, "framework_exists", "该项目已有框架方案"),
)
async def create(desk: Desk) -> None:
    """跨部门共建的项目：参建部门、建设目标、主体内容；市级批复的由设区市信息中心提出，其他由省信息中心提出（第十二条）。"""
    body: FrameworkIn = desk.body
    call, case = desk.call, desk.case
    demand_participants(case)
    names = await named(desk.tx, case, body.participants, desk.today)
    row: dict[str, Any] = {
        "tenant_id": case.tenant_id,
        "id": new_id(),
        "project_id": case.id,
        "project_name": case.name,
        "goals": body.goals,
        "content": body.content,
        "parties": list(names),
        "party_names": names,
        "led_by": leading_tier(case).value,
        "edition": 1,
        "opened_by": call.principal.actor,
        "opened_at": call.now,
        "updated_at": call.now,
        "version": 1,
    }
    desk.tx.batch.add(_OPEN, **row)
    desk.left = row
    tell(call, desk.tx, row, "framework.opened", "请核对参建部门、建设目标和主体内容后会签。")


async def _as_read(desk: Desk) -> None:
    """The framework in the version that the caller read."""
    desk.left = await framework_of(desk.tx, desk.case.ref)
    desk.call.expected.check(desk.left["version"])


@deed(
    "framework",
    beside.EDIT_FRAMEWORK,
    method="PATCH",
    body=FrameworkEdit,
    summary="修改框架方案",
    may="framework/lead",
    tag="frameworks",
    answer=FrameworkView,
    reply=_unsigned,
    if_match=True,
    of_case=False,
    first=_as_read,
    gated=False,
)
async def edit(desk: Desk) -> Deed | None:
    """改动后成为新的一稿，原有会签失效。"""
    # A new edition that nobody has signed; what was agreed on the earlier one no longer holds.
    body: FrameworkEdit = desk.body
    case, row = desk.case, desk.left
    if body.participants is not UNSET:
        names = await named(desk.tx, case, body.participants, desk.today)
        row |= {"parties": list(names), "party_names": names}
    row["goals"] = body.goals if body.goals is not UNSET else row["goals"]
    row["content"] = body.content if body.content is not UNSET else row["content"]
    read, lead = row["version"], leading_tier(case).value
    row |= {"edition": row["edition"] + 1, "version": read + 1, "updated_at": desk.call.now, "led_by": lead}
    desk.tx.batch.add(
        _SAVE,
        of_tenant=row["tenant_id"],
        of_id=row["id"],
        read_version=read,
        **columns_of(row, *_MUTABLE),
    )
    if not case.dated.get("framework"):
        tell(desk.call, desk.tx, row, "framework.opened", "框架方案已改动，请重新会签。")
        return None
    case.dated = without_fact(case.dated, "framework")
    return desk.told(
        "framework.opened",
        desks(row),
        content={"framework": row["id"], "edition": row["edition"]},
        kind="framework_reopened",
        message="框架方案已改动，须重新会签。",
    )


@deed(
    "framework/conclude",
    Action.AGREE_FRAMEWORK,
    body=ConcludeIn,
    summary="确定框架方案",
    may="framework/lead",
    tag="frameworks",
    gated=False,
    errors=(
        CHANGED,
        Error(409, "signatures_missing", "尚有参建部门未会签"),
        Error(409, "participant_missing", "申报的参建部门没有列入框架方案"),
    ),
)
async def conclude(desk: Desk) -> Deed:
    """全部会签后方可确定，随后可进入联合会审，市级批复的可以批复。"""
    # All have signed: the framework stands, and joint review or the city's approval may follow (art. 12).
    body: ConcludeIn = desk.body
    case = desk.case
    row = await framework_of(desk.tx, case.ref)
    same_text(row, body.edition)
    shown = framework_view(row, await desk.tx.fetch(SIGNATURES, tenant_id=case.tenant_id, id=row["id"]))
    lacking = [each.name for each in shown.parties if each.signed_at is None]
    if lacking:
        detail = f"尚未会签：{'、'.join(lacking)}（第十二条）"
        raise ServiceError(409, "signatures_missing", detail, article=12, missing=lacking)
    await demand_named(desk.tx, case, row, desk.today)
    return desk.told(
        "framework.agreed",
        [*desks(row), *organ_desks(case, Slot.GENERAL_OFFICE, Slot.DRC), *owner_desks(case)],
        content={
            "framework": row["id"],
            "edition": row["edition"],
            "parties": [p.name for p in shown.parties],
        },
        dated={"framework": {"framework": row["id"], "edition": row["edition"]}},
        message="各参建部门已会签，框架方案确定。",
        steps={
            "office": "框架方案已确定（第十二条），可按第十九条组织联合会审。",
            "approver": "框架方案已确定（第十二条），可按程序批复（第二十三条）。",
        },
    )
