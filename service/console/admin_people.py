"""人员: who may do what here, which desk nobody is at; roles with what excludes what; people by a pasted table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any, NamedTuple

from litestar.handlers import HTTPRouteHandler

from service.console.admin_parts import list_of, offers, page_of, pages_of, said_roles
from service.console.listing import Filter
from service.console.pages import done, page
from service.console.registers_admin import PEOPLE as PEOPLE_LISTED
from service.console.visiting import KEY, Visit
from service.kit.errors import ServiceError
from service.kit.handler import Rendered
from service.vocabulary import names

PEOPLE = "/console/admin/people"
MOST = 600  # people read to tell which desk nobody is at
HEADER = ("登录名", "姓名", "单位", "角色")


class Role(NamedTuple):
    """A role and whether this person has it, may be given it, or why not."""

    code: str
    label: str
    held: bool
    since: str | None
    why_not: str


async def people(visit: Visit) -> Rendered:
    """The tenant's people, and desks nobody is at; 新增用户 leads to the new person, who has no role yet."""
    roles = _called(visit)
    places = tuple((each["office_id"], each["name"]) for each in await offices_of(visit))
    by = (Filter("role", "岗位", tuple(roles.items()), "pick"), Filter("office_id", "单位", places, "pick"))
    empty = await _empty(visit, roles)
    remark = "" if empty is None else f"无人在岗：{'、'.join(empty)}。" if empty else "各岗位都有人。"
    return await list_of(
        visit, PEOPLE_LISTED._replace(filters=(*PEOPLE_LISTED.filters, *by)), _told, remark=remark
    )


def _told(row: Any) -> dict[str, Any]:
    condition = (
        ("已锁定", "bad") if row["locked_at"] else ("已停用", "") if row["disabled_at"] else ("在用", "ok")
    )
    return {
        "told_roles": said_roles(row["tier"], row["roles"]) or "没有岗位，不能登录",
        "condition": condition,
    }


def _called(visit: Visit) -> dict[str, str]:
    """The roles of the tenant's tiers, as they are called there."""
    tiers = ("province.",) if visit.tier == "province" else ("city.", "county.")
    clients = visit.services.policy.roles.clients
    found = {
        code.partition(".")[2]: label for code, label in names("tier_role").items() if code.startswith(tiers)
    }
    return {role: label for role, label in found.items() if role not in clients}


async def _empty(visit: Visit, roles: dict[str, str]) -> list[str] | None:
    """Desks that nobody in force is at; None where there are more people than are read."""
    held, cursor = set[str](), None
    for _ in range(MOST // 200):
        asked = {"disabled": "false", "limit": "200"} | ({"cursor": cursor} if cursor else {})
        found = await visit.ask("users_list_page", asked)
        held |= {role for each in found["items"] if not each["locked_at"] for role in each["roles"]}
        cursor = found["next_cursor"]
        if cursor is None:
            return [label for role, label in roles.items() if role not in held]
    return None


async def offices_of(visit: Visit) -> list[Any]:
    """The tenant's offices for a choice, by name."""
    found = await visit.maybe("offices_list_page", {"limit": "200"})
    return sorted(found["items"], key=lambda each: (each["division"], each["name"])) if found else []


async def person(visit: Visit) -> Rendered:
    """One person: office, roles, what excludes what. Whoever follows at a desk is named in the deed that empties it."""
    ref = visit.part("ref")
    found = await visit.ask("users_read", ref=ref)
    grants = await visit.maybe("users_list_grants", ref=ref)
    others = await visit.ask("users_list_page", {"disabled": "false", "limit": "200"})
    given = {"name": found["name"], "office_id": found["office"].partition("-")[2]}
    lock = "users_unlock" if found["locked_at"] else "users_lock"
    return page_of(
        visit,
        "person.html",
        found=found,
        roles=_roles(visit, found, grants),
        offices=await offices_of(visit),
        others=[each for each in others["items"] if each["id"] != found["id"]],
        given=given,
        own=found["id"].endswith(visit.principal.user or "-"),
        offers=offers(visit, lock),
        edit=visit.may("users_edit"),
        grant=visit.may("users_grant"),
    )


def _roles(visit: Visit, found: dict[str, Any], grants: dict[str, Any] | None) -> list[Role]:
    """Those of the tier: held ones first, then what may be given, then what may not and why."""
    rules, labels = visit.services.policy.roles, names("tier_role")
    since = {each["role"]: each["granted_at"] for each in (grants or {}).get("items", [])}
    held, made = found["roles"], list[Role]()
    for code in (grants or {}).get("grantable", held):
        label = labels.get(f"{found['tier']}.{code}", code)
        clash = next((each for each in held if each != code and rules.conflict((each, code))), None)
        why = ""
        if code not in held and clash is not None:
            other = labels.get(f"{found['tier']}.{clash}", clash)
            alone = rules.alone & {code, clash}
            why = (
                "管理账号的人不经办业务，只能单独担任" if alone else f"与“{other}”互相制约，不能由同一人担任"
            )
        made.append(Role(code, label, code in held, since.get(code), why))
    return sorted(made, key=lambda each: (not each.held, bool(each.why_not)))


@page("GET", f"{PEOPLE}/paste")
async def paste(visit: Visit) -> Rendered:
    """A table copied from a spreadsheet."""
    return await _paste(visit)


async def _paste(visit: Visit) -> Rendered:
    sheets = await visit.ask("workbooks_sheets")
    sheet = next((each for each in sheets["items"] if each["sheet"] == "people"), None)
    if sheet is None:
        raise ServiceError(403, "forbidden", "您的岗位不登记人员")
    return page_of(visit, "paste.html", sheet=sheet, pasted=visit.field("pasted"), roles=_called(visit))


@page("POST", f"{PEOPLE}/paste")
async def pasted(visit: Visit) -> Rendered:
    """Read as a workbook is: each row judged by the rules of the operation, nothing in force before it is confirmed."""
    rows = table_of(visit.field("pasted"))
    try:
        made = await visit.reply(
            "workbooks_send",
            {},
            query={"sheet": "people", "name": "粘贴的人员名单.csv"},
            body=csv_of(rows),
            media="text/csv",
            key=visit.field(KEY),
        )
    except ServiceError as error:
        if error.code == "classified_material":
            raise
        visit.problem = error
        return await _paste(visit)
    return done(f"/console/workbooks/{made.headers['location'].rpartition('/')[2]}")


def table_of(text: str) -> list[list[str]]:
    """The cells of a pasted table (tabs between); a first line that is no header gets the usual one."""
    rows = [row for row in csv.reader(io.StringIO(text), delimiter="\t") if any(cell.strip() for cell in row)]
    if rows and HEADER[0] not in [cell.strip() for cell in rows[0]]:
        rows.insert(0, list(HEADER))
    return rows


def csv_of(rows: Iterable[Iterable[str]]) -> bytes:
    """The table as a spreadsheet program would save it."""
    out = io.StringIO()
    csv.writer(out).writerows([[cell.strip() for cell in row] for row in rows])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


ROUTES: list[HTTPRouteHandler] = [
    paste,
    pasted,
    *pages_of(PEOPLE, people, person, then=lambda made: f"{PEOPLE}/{made['id']}"),
]
