"""What may be chosen where a form asks for a record: offices, experts, orders, entries by name instead of by id."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from service.console.amounts import in_wan
from service.console.visiting import Visit
from service.console.wording import FILTERS, day
from service.docs.schemas_forms import FieldView, FormView
from service.measures.offices import Tier
from service.measures.organs import slot_of
from service.vocabulary import names

Choices = dict[str, list[tuple[str, str]]]
MOST = "200"
# By what an id refers to: the list, what it is asked, and how one of its rows is told.
LISTS: Mapping[str, tuple[str, Mapping[str, str], tuple[str, ...]]] = {
    "office": ("offices_list_page", {"limit": MOST}, ("name", "division_name")),
    "expert": ("experts_list_page", {"limit": MOST, "standing": "valid"}, ("name", "employer_name")),
    "user": ("users_list_page", {"limit": MOST}, ("name", "office_name")),
    "project": ("projects_list_page", {"limit": "100"}, ("name", "owner_name")),
    "library_entry": ("library_list_page", {"limit": MOST}, ("project_name", "owner_name")),
    "plan": ("plans_list_plans", {}, ("title",)),
    "app": ("apps_browse", {"limit": "50"}, ("name", "provider_name")),
}
# Deeds that name these take the id as it is within its own tenant, without the tenant before it.
BARE = frozenset({"expert", "user"})
# Members that name a place, its level, or the organ that an office is, by a code.
BY_NAME = frozenset({"child_tenant", "organ", "division", "tier"})
# A seat in a review: a desk writes from its own only.
SEAT = "slot"
# Seats of organs whose offices are marked by another word.
_MARKED = {
    "crypto": "cryptography",
    "data": "data_office",
    "info_centre": "information_centre",
    "leading_group": "leading_group_office",
}
# Where a deed names an earlier record of the same case: its kind in the record.
_RECORDS = {"payment": "payment", "contract": "contract", "claim": "force_majeure", "query": "filing_query"}


def roles_here(visit: Visit) -> list[tuple[str, str]]:
    """Code and name of every role that people of the caller's tenant may hold, by tier: what a list of roles offers."""
    tiers = _tiers(visit)
    known: dict[str, str] = {}
    for code, words in names("tier_role").items():
        tier, _, role = code.partition(".")
        if tier in tiers:
            known.setdefault(role, words)
    return list(known.items())


def _references(fields: list[FieldView]) -> Iterator[FieldView]:
    for each in fields:
        if each.type == "reference" or each.name in BY_NAME or each.name == SEAT:
            yield each
        yield from _references(each.fields)
        for variant in each.variants:
            yield from _references(variant.fields)


async def choices_for(visit: Visit, form: FormView, of: Mapping[str, Any] | None = None) -> Choices:
    """Pointer → (id, words) of every record the form asks for that the caller may list; `of`: the thing it is about."""
    found: Choices = {}
    for each in _references(form.fields):
        if each.name == "order" and of is not None:
            found[each.pointer] = await _orders(visit, str(of["id"]))
        elif each.of == "record" and of is not None:
            found[each.pointer] = await _records(visit, str(of["id"]), each.name, form.operation_id)
        elif each.name == SEAT:
            found[each.pointer] = _seats(visit, each)
        elif each.name == "organ":
            found[each.pointer] = await _organs(visit)
        elif each.name == "tier":
            found[each.pointer] = [(one.code, one.label) for one in each.choices if one.code in _tiers(visit)]
        elif each.name in BY_NAME:
            found[each.pointer] = await _places(visit, own=each.name == "division")
        elif each.of in LISTS:
            operation, query, told = LISTS[each.of]
            listed = await visit.maybe(operation, query)
            rows = listed["items"] if listed else []
            found[each.pointer] = _apart(rows, [choice(row, told, bare=each.of in BARE) for row in rows])
    return {pointer: rows for pointer, rows in found.items() if rows}


def choice(row: Mapping[str, Any], told: tuple[str, ...], *, bare: bool) -> tuple[str, str]:
    """(id, words) of a row of a list. `bare`: the id without its tenant."""
    known = str(row["id"])
    return known[-36:] if bare else known, "　".join(str(row[name]) for name in told if row.get(name))


def _apart(rows: list[Mapping[str, Any]], choices: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Of two people of one name in one office the login is told too: nothing else tells them apart."""
    met = Counter(words for _, words in choices)
    return [
        (known, f"{words}（{row['login']}）" if met[words] > 1 and row.get("login") else words)
        for row, (known, words) in zip(rows, choices, strict=True)
    ]


def _seats(visit: Visit, field: FieldView) -> list[tuple[str, str]]:
    """The seats that the reader's roles hold; one is all that most desks have, and then it is chosen."""
    mine = {each.value for each in slot_of(Tier(visit.tier), visit.principal.roles)}
    return [(each.code, each.label) for each in field.choices if each.code in mine]


def _tiers(visit: Visit) -> tuple[str, ...]:
    """Levels of the offices that a tenant may have."""
    return ("city", "county") if visit.principal.tier == "city" else (visit.principal.tier,)


async def _places(visit: Visit, *, own: bool) -> list[tuple[str, str]]:
    """The cities; `own`: the caller's place and what lies in it, where the state gave it a code."""
    listed = await visit.maybe("rulebook_divisions")
    here = visit.principal.tenant
    return [
        (row["code"], row["name"])
        for row in (listed["items"] if listed else [])
        if (row["tier"] in _tiers(visit) and here in (row["code"], row["parent"]) and not row["local"])
        or (row["tier"] == "city" and not own)
    ]


async def _organs(visit: Visit) -> list[tuple[str, str]]:
    """Which organ of the law an office is (arts 4, 19), and what else offices of this tenant are marked as."""
    known: dict[str, str] = {}
    for code, words in names("organ").items():
        tier, _, seat = code.partition(".")
        if tier == visit.principal.tier:
            known[_MARKED.get(seat, seat)] = words
    listed = await visit.maybe("offices_list_page", {"limit": MOST})
    for row in listed["items"] if listed else []:
        if row["organ"]:
            known.setdefault(row["organ"], row["name"])
    return list(known.items())


async def _orders(visit: Visit, project: str) -> list[tuple[str, str]]:
    listed = await visit.maybe("orders_list_page", {"project_id": project, "status": "open"})
    area = FILTERS["order_area"]
    return [
        (each["id"], f"{area(each['area'])}：{each['text'][:40]}（{day(each['due'])} 前）")
        for each in (listed["items"] if listed else [])
    ]


async def _records(visit: Visit, project: str, name: str, operation: str) -> list[tuple[str, str]]:
    listed = await visit.maybe("projects_records", {"limit": MOST}, ref=project)
    kind = _RECORDS.get(name) or operation.rpartition("record_")[2]
    found = []
    for each in listed["items"] if listed else []:
        if each["kind"] == kind:
            content = each["content"]
            words = next(
                (str(content[key]) for key in ("name", "question", "number", "note") if content.get(key)), ""
            )
            amount = in_wan(content["amount_yuan"]) if content.get("amount_yuan") else ""
            found.append(
                (each["id"], "　".join(filter(None, (day(each["on"] or each["at"]), words[:40], amount))))
            )
    return found
