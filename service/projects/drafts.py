"""Drafts and the working copy. What is not declared is under no article and leaves the tenant nowhere."""

from __future__ import annotations

from typing import Any

import asyncpg
import msgspec
from sqlalchemy import bindparam, delete, or_, update

from service.kit.api import Call
from service.kit.authz import check
from service.kit.clock import legal_day
from service.kit.db import Row, Tx
from service.kit.errors import Error, FieldError, ServiceError, invalid
from service.kit.ids import new_id, parse_ref
from service.kit.statements import OF_ID, OF_TENANT, READ_VERSION, Statement
from service.kit.tables import insert_row
from service.measures.facts import Facts
from service.measures.form_checks import codes_of
from service.measures.lifecycle import INITIAL, Action, values
from service.projects.case import WORKING, Case, seen, write
from service.projects.deciding import read_facts
from service.projects.hands import roles_of, with_hand
from service.projects.models import project_drafts, projects
from service.projects.queries import OWNER
from service.projects.reuse import KEY, Looked, is_new, look_up, noted
from service.projects.schemas import DraftEdit, DraftIn
from service.projects.state import actor_of, audited, permit
from service.rulebook.book import RuleBooks

# Nothing of it has left the owner yet: the columns follow the working copy.
NEW = values(INITIAL)
_OWNERS = ("city.unit", "county.unit", "province.department")
IN_USE = Error(409, "draft_in_use", "草稿已加入跨层级协同或正在清除，不能删除")
_CREATE = insert_row(projects)
_CREATE_DRAFT = insert_row(project_drafts)
_SAVE = Statement(
    update(project_drafts)
    .where(
        project_drafts.c.tenant_id == OF_TENANT,
        project_drafts.c.project_id == OF_ID,
    )
    .values(content=bindparam("content"), updated_at=bindparam("updated_at"))
)
_DELETE_DRAFT = Statement(
    delete(project_drafts).where(
        project_drafts.c.tenant_id == OF_TENANT,
        project_drafts.c.project_id == OF_ID,
    )
)
_DELETE = Statement(
    delete(projects).where(
        projects.c.tenant_id == OF_TENANT,
        projects.c.id == OF_ID,
        projects.c.version == READ_VERSION,
        or_(*(projects.c.state == state for state in NEW)),
    )
)


def may_declare(call: Call, facts: Facts) -> None:
    """Casbin knows the kind: a county's new build is allowed under art. 23's condition, a reason."""
    check(call.services.policy, call.principal, f"project.{facts.kind.value}", "declare")


def stored_facts(facts: Facts) -> dict[str, Any]:
    """Facts as the working copy keeps them: owner and day are added anew at every decision."""
    return {k: v for k, v in facts.as_dict().items() if k not in ("on", "declarant")}


async def owner_office(call: Call, tx: Tx, office_id: str | None) -> Row:
    """The declaring office: the caller's own, or one of the tenant's where the caller is not bound to one."""
    own = call.principal.declares_for
    wanted = office_id or own
    if wanted is None:
        raise invalid([FieldError("/owner_office_id", "missing_field", "请指明项目单位")])
    if own is not None and wanted != own:
        raise invalid([FieldError("/owner_office_id", "unknown_office", "没有这个单位，或不在您的权限内")])
    office = await tx.row(OWNER, tenant_id=call.principal.tenant, id=wanted)
    if office is None or not _stands(office, call):
        raise invalid([FieldError("/owner_office_id", "unknown_office", "没有这个单位，或不在您的权限内")])
    return office


def _stands(office: Row, call: Call) -> bool:
    today = legal_day(call.now)
    return bool(office["valid_from"] <= today and (office["valid_to"] is None or today < office["valid_to"]))


def _new_case(call: Call, office: Row, facts: Facts, content: dict[str, Any], state: str) -> Case:
    body: DraftIn = call.body
    return Case(
        tenant_id=call.principal.tenant,
        office_id=office["id"],
        id=new_id(),
        external_ref=body.external_ref,
        name=body.name,
        owner_name=office["name"],
        tier=office["tier"],
        division=office["division"],
        office_kind=office["office_kind"],
        state=state,
        holder="owner",
        route=None,
        project_class=facts.project_class.value,
        kind=facts.kind.value,
        investment_fen=facts.investment_fen,
        declared=None,
        decision=None,
        submissions=0,
        month=None,
        created_by=call.principal.actor,
        client=call.principal.client,
        created_at=call.now,
        updated_at=call.now,
        entered_at=call.now,
        version=1,
        project_codes=codes_of(content["materials"].get("form") or {}),
        hands=with_hand({}, call.principal, [role for role in roles_of(call.principal) if role in _OWNERS]),
        content=content,
        slots=[],
        rounds=office["rounds"],
    )


async def look_for_new(call: Call) -> Looked | None:
    """Before BEGIN: what a new build could reuse, by the text that was sent (art. 23)."""
    body: DraftIn = call.body
    if not is_new(body.facts):
        return None
    return await look_up(call, {"name": body.name, "materials": msgspec.to_builtins(body.materials)})


async def create(call: Call, tx: Tx, state: str) -> Case:
    """A new draft (of a declaration or a need) with its working copy; facts must be well-formed, materials may wait."""
    body: DraftIn = call.body
    office = await owner_office(call, tx, body.owner_office_id)
    facts = read_facts(call.service(RuleBooks), body.facts, office, legal_day(call.now))
    may_declare(call, facts)
    content = {
        "name": body.name,
        "facts": stored_facts(facts),
        "materials": msgspec.to_builtins(body.materials),
    }
    case = _new_case(call, office, facts, content, state)
    case.reuse, content = noted(call, facts, content)
    case.content = content
    row = {column.name: getattr(case, column.name) for column in projects.columns}
    tx.batch.add(_CREATE, **row)
    tx.batch.add(
        _CREATE_DRAFT,
        tenant_id=case.tenant_id,
        office_id=case.office_id,
        project_id=case.id,
        content=content,
        updated_at=call.now,
        client=case.client,
    )
    audited(tx, case, "create", actor_of(call), {})
    return case


async def look_for_edited(call: Call) -> Looked | None:
    """Before BEGIN: what the text as it will be could reuse; nothing where the command refuses anyhow."""
    body: DraftEdit = call.body
    case = await at_work(call)
    if case is None:
        return None
    facts = case.facts if body.facts is msgspec.UNSET else body.facts
    return await look_up(call, {**edited(case, body), "id": case.id}) if is_new(facts) else None


async def at_work(call: Call) -> Case | None:
    """The case of the path outside of any transaction, in the version of If-Match and in its owner's hands."""
    case = await seen(call.door, call.principal, parse_ref(call.path("ref")), call.scope)
    if (
        case is None
        or not call.expected.met(case.version)
        or case.state not in WORKING
        or case.content is None
    ):
        return None
    return case


def edited(case: Case, body: DraftEdit) -> dict[str, Any]:
    """The working copy with the given parts replaced."""
    content = dict(case.text)
    if body.name is not msgspec.UNSET:
        content["name"] = body.name
    if body.materials is not msgspec.UNSET:
        content["materials"] = merged(content.get("materials") or {}, body.materials)
    return content


def note_answers(tx: Tx, call: Call, case: Case, content: dict[str, Any], answers: dict[str, Any]) -> None:
    """The catalogue's word on the draft: what was found and what was answered, under the case's version."""
    case.content = {**content, KEY: {**content[KEY], "answers": answers}} if KEY in content else content
    save(tx, case, call)
    write(tx, case, call.now)
    audited(tx, case, "reuse_check", actor_of(call), {})


def merged(old: dict[str, Any], given: Any) -> dict[str, Any]:
    """Materials with the given parts replaced."""
    return {**old, **msgspec.to_builtins(given)}


def save(tx: Tx, case: Case, call: Call) -> None:
    """Adds the working copy to the transaction's rows."""
    tx.batch.add(_SAVE, of_tenant=case.tenant_id, of_id=case.id, content=case.content, updated_at=call.now)


async def end(call: Call, tx: Tx, case: Case) -> None:
    """A draft as it was read goes; see `gone`."""
    permit(case, Action.DELETE, actor_of(call))
    await gone(call, tx, case)


async def gone(call: Call, tx: Tx, case: Case) -> None:
    """Deletes a draft with what was attached to it or noted on it; a declared project is withdrawn instead.

    409 `draft_in_use` where somebody else leans on it: a joint undertaking of another level, a spill being erased.
    """
    audited(tx, case, "delete", actor_of(call), {})
    await tx.fetch(_DELETE_DRAFT, of_tenant=case.tenant_id, of_id=case.id)
    tx.batch.add(_DELETE, of_tenant=case.tenant_id, of_id=case.id, read_version=case.version)
    try:
        await tx.flush()
    except asyncpg.ForeignKeyViolationError:
        raise ServiceError(*IN_USE) from None
