"""Whether an office can end as it is asked for: successor, people and what is in hand."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import to_builtins
from sqlalchemy import any_, bindparam
from sqlalchemy.dialects.postgresql import ARRAY, UUID

from service.identity.desks import OTHERS, PROVINCE, Desk, in_turn
from service.identity.holdings import COMMISSIONED, USED_TWICE, Held, held_by
from service.identity.models import users
from service.identity.queries import OFFICE_ENDING, PEOPLE_OF_OFFICE
from service.identity.reorganisation import Plan, held_view
from service.identity.rows import stands
from service.identity.schemas_reorganising import ReorganiseIn
from service.identity.succession import last_holder
from service.identity.views_offices import AGENCY
from service.kit.api import Call
from service.kit.clock import legal_day
from service.kit.db import Row, Scope, Tx
from service.kit.errors import FieldError, ServiceError, invalid, or_404
from service.kit.ids import Ref, is_uuid
from service.kit.scopes import OFFICE_BOUND
from service.kit.statements import OF_TENANT

U = users.c
PEOPLE = (
    U.tenant_id == OF_TENANT,
    U.id == any_(bindparam("of_ids", type_=ARRAY(UUID))),
)


async def commissioned_elsewhere(call: Call) -> list[str]:
    """Before BEGIN: cases of other tenants that this office of the province was commissioned to appraise."""
    tenant = call.principal.tenant
    bare = call.path("ref")[-36:]
    if tenant != PROVINCE or not is_uuid(bare):
        return []
    rows = await call.door.fetch(Scope("province", f"{tenant}/*/-"), COMMISSIONED, tenant=tenant, office=bare)
    return [f"{row['tenant_id']}-{row['id']}" for row in rows]


async def judge(call: Call, tx: Tx, ref: Ref) -> Plan:
    """What would be handed to whom; the same refusals as doing it."""
    if call.spec.if_match:
        await in_turn(tx, ref.tenant)
    office = or_404(await tx.row(OFFICE_ENDING, tenant_id=ref.tenant, id=ref.id))
    if call.spec.if_match:
        call.expected.check(office["version"])
    held = await held_of(call, tx, ref)
    successor = await _successor(call, tx, office)
    if successor is None and any(each.binds for each in held):
        raise orphans(ref.tenant, [each for each in held if each.binds])
    moving, ending = await _people(call, tx, ref, successor)
    plan = Plan(office, successor, held, moving, ending)
    if successor is not None:
        await _no_app_twice(tx, plan)
        await _still_manned(call, tx, plan)
    return plan


async def held_of(call: Call, tx: Tx, ref: Ref) -> list[Held]:
    held = await held_by(tx, ref.tenant, ref.id)
    elsewhere: list[str] = call.found or []
    if not elsewhere:
        return held
    own = next((each for each in held if each.kind == "appraisal"), Held("appraisal", 0, ()))
    rest = [each for each in held if each is not own]
    return [*rest, Held("appraisal", own.number + len(elsewhere), (*own.ids, *elsewhere)[:100])]


def orphans(tenant: str, held: Sequence[Held]) -> ServiceError:
    """409: what would be nobody's, and how to name who takes over."""
    views = [held_view(tenant, each) for each in held]
    told = "、".join(f"{each.name}{each.count}项" for each in views)
    detail = f"该单位名下还有：{told}，终止后将无人承担。请办理机构调整并指定承接单位（可先预览），同时把这些事项移交"
    return ServiceError(409, "office_not_empty", detail, held=to_builtins(views))


async def _successor(call: Call, tx: Tx, office: Row) -> Row | None:
    """The office that takes over: of the tenant, there on the day, of the same tier, and an agency after an agency."""
    body: ReorganiseIn = call.body
    if body.successor_office_id is None:
        return None
    found = None
    if body.successor_office_id != office["id"]:
        found = await tx.row(OFFICE_ENDING, tenant_id=office["tenant_id"], id=body.successor_office_id)
    today = legal_day(call.now)
    if found is None or not stands(found, today) or found["valid_to"] is not None:
        raise unfit("承接单位须是本地区另一个有效的单位，且未定终止日期")
    if found["tier"] != office["tier"]:
        raise unfit("承接单位须与原单位同一层级，项目的申报路径由层级决定")
    if (
        "other" in (found["office_kind"], office["office_kind"])
        and found["office_kind"] != office["office_kind"]
    ):
        raise unfit("承接单位的性质使项目不再适用本办法，请另行指定")
    if office["organ"] == AGENCY and found["organ"] != AGENCY:
        raise unfit("评估机构由另一评估机构承接")
    return found


def unfit(detail: str) -> ServiceError:
    return invalid([FieldError("/successor_office_id", "unfit_successor", detail)])


async def _people(call: Call, tx: Tx, ref: Ref, successor: Row | None) -> tuple[list[Row], list[Row]]:
    """Who goes along and whose account ends, each by choice; not the one who asks."""
    body: ReorganiseIn = call.body
    people = [
        each
        for each in await tx.fetch(PEOPLE_OF_OFFICE, tenant_id=ref.tenant, id=ref.id)
        if each["disabled_at"] is None
    ]
    if any(each["id"] == call.principal.user for each in people):
        raise ServiceError(409, "own_office", "不能撤并本人所在的单位，请由另一名管理员办理")
    here = {each["id"] for each in people}
    chosen: dict[str, str] = {}
    for user, goes in body.exceptions.items():
        if user[-36:] not in here or user[:-36] not in ("", f"{ref.tenant}-"):
            raise invalid([FieldError(f"/exceptions/{user}", "unknown_user", "该单位没有这个用户")])
        chosen[user[-36:]] = goes
    moving = [each for each in people if chosen.get(each["id"], body.people) == "move"]
    if moving and successor is None:
        raise invalid([FieldError("/people", "no_successor", "没有承接单位，人员只能停用（end）或先行调出")])
    return moving, [each for each in people if each not in moving]


async def _no_app_twice(tx: Tx, plan: Plan) -> None:
    """An office asks for an app once at a time: which of the two goes on is decided before."""
    assert plan.successor is not None  # noqa: S101
    tenant = plan.office["tenant_id"]
    rows = await tx.fetch(USED_TWICE, tenant=tenant, office=plan.office["id"], successor=plan.successor["id"])
    if rows:
        names = "、".join(row["name"] for row in rows)
        detail = f"两个单位都在使用：{names}。请先终止原单位的应用使用，再办理撤并"
        raise ServiceError(
            409, "adopted_twice", detail, adoptions=[str(Ref(tenant, row["id"])) for row in rows]
        )


async def _still_manned(call: Call, tx: Tx, plan: Plan) -> None:
    """The office's own desk was manned: so must be the successor's, which gets its cases (409 `last_holder`)."""
    assert plan.successor is not None  # noqa: S101
    if not any(each.binds for each in plan.held):
        return
    before = {role for each in (*plan.moving, *plan.ending) for role in each["roles"] if role in OFFICE_BOUND}
    along = {role for each in plan.moving if each["locked_at"] is None for role in each["roles"]}
    tenant = plan.office["tenant_id"]
    there = await tx.fetch(
        OTHERS, tenant_id=tenant, roles=sorted(before), leaving=[], day=legal_day(call.now)
    )
    manned = along | {row["role"] for row in there if row["office_id"] == plan.successor["id"]}
    if lacking := sorted(before - manned):
        desks = [Desk(role, plan.successor["id"]) for role in lacking]
        raise last_holder(desks, call.services.policy.roles)
