"""What is asked of a declaration, and what of it is still missing: one code for preview, checklist and submission.

What is asked stands in the rule book (art. 15), in the announced round of the day (art. 14) and in the city's own
list (art. 5); what is there, in the working copy and in the slots of its attachments.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import column, func, literal_column, select, table

from service.kit.db import Row
from service.kit.money import fen
from service.kit.statements import ROW_ID, TENANT_ID, Statement, scope_ready
from service.measures import form_checks
from service.measures.completeness import (
    YEARS_AHEAD,
    YEARS_BACK,
    Asked,
    missing_materials,
    missing_name,
    missing_need,
)
from service.measures.declaration import Basics, FundingLine, Materials, Missing, Resolution
from service.measures.facts import Facts, Kind
from service.measures.form_plan import PARTS
from service.measures.lifecycle_states import NEED_STATES, State
from service.measures.parameters import BeforeFirstRules, RuleBook, UnknownParameter
from service.measures.requirements import BASE, KEY, Announced, announced_of, in_force, required
from service.rulebook.models import declaration_rounds

Fetch = Callable[..., Awaitable[Row | None]]
_OLDEST_BASE = tuple(
    key for key in BASE if not key.startswith("plan.")
)  # before the list stood in the rule book
# Attachments belong to a layer above; of them only the slots are asked for.
_files = table("documents", column("tenant_id"), column("project_id"), column("slot"), column("removed_at"))
SLOTS = (
    select(func.coalesce(func.array_agg(_files.c.slot.distinct()), literal_column("'{}'::text[]")))
    .where(
        _files.c.tenant_id == TENANT_ID,
        _files.c.project_id == ROW_ID,
        _files.c.removed_at.is_(None),
    )
    .scalar_subquery()
)
_R = declaration_rounds.c
_later = declaration_rounds.alias("later")
_superseded = select(literal_column("1")).where(_later.c.id == _R.id, _later.c.number > _R.number).exists()
CONFIRMED = (
    select(
        func.coalesce(
            func.jsonb_agg(
                _R.content.op("||")(func.jsonb_build_object(literal_column("'confirmed_at'"), _R.at))
            ),
            literal_column("'[]'::jsonb"),
        )
    )
    .where(_R.action == literal_column("'confirmed'"), ~_superseded)
    .scalar_subquery()
)
GIVEN = Statement(select(SLOTS.label("slots"), CONFIRMED.label("rounds")).where(scope_ready()))


class Given(NamedTuple):
    """What stands beside a working copy: the slots that hold a file, and the rounds confirmed so far."""

    slots: frozenset[str]
    rounds: tuple[Announced, ...]


async def given(fetch: Fetch, tenant: str, ref: str) -> Given:
    """Read in one statement, by a transaction's or the door's `row`."""
    row = await fetch(GIVEN, tenant_id=tenant, id=ref)
    if row is None:
        return Given(frozenset(), ())
    return Given(frozenset(row["slots"]), rounds_of(row["rounds"]))


def rounds_of(contents: list[dict[str, Any]]) -> tuple[Announced, ...]:
    """Confirmed rounds as the law core reads them, in the order of confirmation."""
    in_order = sorted(contents, key=lambda each: str(each["confirmed_at"]))
    return tuple(announced_of(content, number) for number, content in enumerate(in_order))


def materials_of(content: Mapping[str, Any], slots: frozenset[str] = frozenset()) -> Materials:
    """The stored materials as the law core reads them; members that older declarations lack are empty."""
    given: Mapping[str, Any] = content.get("materials") or {}
    resolution: Mapping[str, Any] = given.get("resolution") or {}
    day = resolution.get("date")
    plan: Mapping[str, Any] = given.get("plan") or {}
    return Materials(
        resolution=Resolution(
            resolution.get("body", ""), date.fromisoformat(day) if day else None, resolution.get("number", "")
        ),
        basics=Basics(**(given.get("basics") or {})),
        technical_plan=given.get("technical_plan", ""),
        maintenance_plan=given.get("maintenance_plan", ""),
        funding=tuple(
            FundingLine(line["source"], fen(line["amount_yuan"])) for line in given.get("funding") or ()
        ),
        extra=given.get("extra") or {},
        plan={key: plan.get(key, "") for key in PARTS},
        work_secrets=plan.get("involves_work_secrets", False),
        form=given.get("form") or {},
        attached=slots,
    )


def _listed(book: RuleBook, key: str, on: date, otherwise: tuple[str, ...] = ()) -> tuple[str, ...]:
    """A list of the rule book; on a day before it was known, `otherwise`."""
    try:
        return book.list_on(key, on)
    except (UnknownParameter, BeforeFirstRules):
        return otherwise


def _number(book: RuleBook, key: str, on: date, otherwise: int) -> int:
    try:
        return book.number_on(key, on)
    except (UnknownParameter, BeforeFirstRules):
        return otherwise


def extra_materials(book: RuleBook, on: date) -> tuple[str, ...]:
    """What a city asks for besides (art. 5)."""
    return _listed(book, "materials.extra", on)


def asked_of(facts: Facts, on: date, book: RuleBook, rounds: tuple[Announced, ...]) -> Asked:
    """What a declaration with these facts must carry on the day."""
    kind = Kind(facts.kind)
    base = _listed(book, KEY, on, _OLDEST_BASE)
    return Asked(
        kind=kind,
        investment_fen=facts.investment_fen,
        maintenance_fen=facts.maintenance_fen,
        required=required(base, in_force(rounds, on), kind, facts.investment_fen),
        terms={key: _listed(book, part.parameter, on) for key, part in PARTS.items()},
        on=on,
        city_extra=extra_materials(book, on),
        years_back=_number(book, form_checks.BACK, on, YEARS_BACK),
        years_ahead=_number(book, form_checks.AHEAD, on, YEARS_AHEAD),
    )


def cited(asked: Asked) -> dict[str, str]:
    """What a decision says of the notice its materials were judged by (art. 14); nothing where none stands."""
    document = asked.required.document_number
    return {"requirements": f"申报材料按{document}的申报要求核对（第十四条、第十五条）"} if document else {}


def missing(content: Mapping[str, Any], asked: Asked, slots: frozenset[str]) -> list[Missing]:
    """What is still asked for, with pointers into the request of submission."""
    told = missing_materials(materials_of(content, slots), asked, pointer_prefix="/materials")
    return [*missing_name(content.get("name") or ""), *told]


def lacking(
    state: str, content: Mapping[str, Any], asked: Asked | None = None, slots: frozenset[str] = frozenset()
) -> list[Missing]:
    """What the act that hands the text in would refuse it for: the need's report (arts 8, 9), or the submission.

    `asked` may be left out for a need.
    """
    if asked is None or State(state) in NEED_STATES:
        told = missing_need(materials_of(content), pointer_prefix="/materials")
        return [*missing_name(content.get("name") or ""), *told]
    return missing(content, asked, slots)
