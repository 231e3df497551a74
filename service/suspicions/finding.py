"""Looks at a declaration that just came in: whether it looks like a part of something, or like a mere label."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from service.kit import clock
from service.kit.clock import legal_day
from service.kit.counters import next_number
from service.kit.db import Row, Tx
from service.kit.ids import Ref, new_id, parse_ref
from service.kit.money import yuan
from service.kit.outbox import Event, Recipient, emit
from service.measures.amounts import parse_yuan
from service.measures.checks import other_offices
from service.measures.facts import Facts, ProjectClass, parse_facts
from service.measures.faults import FactsInvalid
from service.measures.lifecycle import UNDECLARED
from service.measures.offices import Tier
from service.measures.splitting import CODES, NEAR_DAYS, Part, Split, label_doubt, split_of
from service.projects.alike import project_of, write_keys
from service.projects.case import Case, case_of
from service.projects.deciding import with_office
from service.projects.queries import CASE
from service.projects.state import snapshot
from service.projects.submission import PROVINCE
from service.rulebook.book import RuleBooks
from service.suspicions.candidates import Similar, day_of, similar_to
from service.suspicions.queries import FULL, MEMBERS, MOST_LISTED, NOTHING_TO_BUILD, OF_PROJECT
from service.suspicions.rows import (
    absorb,
    add_findings,
    drop_findings,
    lapse,
    member,
    save_members,
    save_suspicion,
)

MOST_PHRASES = 8


async def examine(tx: Tx, books: RuleBooks, event: Event) -> None:
    """One submission. Tenant by tenant one after the other: two parts that come together must see each other."""
    ref = parse_ref(event.snapshot["project"]["id"])
    await next_number(tx, ref.tenant, "suspicions")
    row = await tx.row(CASE, tenant_id=ref.tenant, id=ref.id)
    if row is None:
        return
    case = case_of(row)
    if case.state in NOTHING_TO_BUILD or case.declared is None:
        return
    # A need is reported, not submitted; its month and day are those of its report.
    case.submitted_at = case.submitted_at or event.created_at
    case.month = case.month or legal_day(case.submitted_at).strftime("%Y-%m")
    await _split(tx, books, case, event)
    await _label(tx, books, case, event)
    await tx.flush()


async def _split(tx: Tx, books: RuleBooks, case: Case, event: Event) -> None:
    project, day = project_of(case.declared or {}), day_of(case)
    tokens = write_keys(tx, case, project, day)
    near = books.of(case.tenant_id).number_on(NEAR_DAYS, day)
    found = await similar_to(tx, case, project, tokens, near)
    inclusive = books.of(case.tenant_id).flag_on("limit.figure_included", day)
    others = {each.row["id"]: each for each in found}
    parts = [_part(key, each.row["decision"]) for key, each in others.items()]
    split = split_of(_part(case.id, case.decision), parts, inclusive=inclusive)
    seen = [] if split is None else [others[key] for key in split.parts if key != case.id]
    group = await _listed(tx, case, seen)
    if split is None or group:
        await _keep(tx, case, "split", split, group, event, seen)


async def _listed(tx: Tx, case: Case, seen: list[Similar]) -> list[Similar]:
    """Whom the case's group lists of those alike: at most so many, and nobody whom a full group lists already.

    Where all of them are in full groups, the most alike of them begins the next one. None, where a full group lists
    the case itself.
    """
    ids = [case.id, *(each.row["id"] for each in seen)]
    rows = (
        await tx.fetch(FULL, tenant_id=case.tenant_id, id=case.id, ids=ids, full=MOST_LISTED) if seen else []
    )
    full = {row["project_id"] for row in rows}
    if case.id in full:
        return []
    best = sorted(seen, key=lambda each: -each.likeness.score)
    free = [each for each in best if each.row["id"] not in full]
    return (free or best[:1])[: MOST_LISTED - 1]


def _part(key: str, decision: dict[str, Any] | None) -> Part:
    inputs = (decision or {}).get("inputs") or {}
    counted, limit = inputs.get("counted_yuan"), inputs.get("limit_yuan")
    return Part(key, parse_yuan(counted or "0"), None if limit is None else parse_yuan(limit))


async def _label(tx: Tx, books: RuleBooks, case: Case, event: Event) -> None:
    declared: dict[str, Any] = case.declared or {}
    try:
        facts: Facts = parse_facts(declared["facts"], with_office(books.divisions, case.office))
    except (FactsInvalid, KeyError):  # a division that fell away since: the label cannot be looked at
        return
    project = project_of(declared)
    text = "\n".join((project.name, project.main_tasks, project.goals))
    if facts.project_class is ProjectClass.INTEGRATION:
        # Not so for infrastructure: every plan says that it stands on the government cloud.
        text += "\n" + project.technical_plan
    others = other_offices(facts.participating_offices, case.owner_name)
    await _keep(tx, case, "label", label_doubt(facts, others, text, books.of(case.tenant_id)), [], event)


async def _keep(
    tx: Tx,
    case: Case,
    kind: str,
    split: Split | None,
    group: list[Similar],
    event: Event,
    seen: Sequence[Similar] = (),
) -> None:
    """The suspicion as it stands now; what a person decided is reopened only by more than was decided on."""
    old = await tx.row(OF_PROJECT, tenant_id=case.tenant_id, id=case.id, kind=kind)
    if split is None:
        if old is not None and old["state"] == "open":
            lapse(tx, old)
            drop_findings(tx, old, CODES[kind], [case.id])
        return
    members = [member(case, _part(case.id, case.decision).counted_fen), *map(_member, group)]
    state = await _state(tx, case, old, split, members)
    values = {
        "sum_fen": split.sum_fen,
        "line_fen": split.line_fen,
        "article": split.article,
        "score": max((round(each.likeness.score * 1000) for each in group), default=0),
        "phrases": _phrases(group),
        "size": len(members),
        "beyond": max(0, len(seen) - len(group)),
    }
    key = new_id() if old is None else old["id"]
    now = clock.now()
    save_suspicion(tx, case, key, kind, state, values, now)
    save_members(tx, case.tenant_id, key, members)
    if state in ("open", "confirmed"):
        add_findings(tx, case.tenant_id, CODES[kind], split.article, [case, *group], now)
    if kind == "split":
        absorb(tx, case.tenant_id, key, [case.id, *(each.row["id"] for each in seen)])
    if state == "open" and (old is None or old["state"] != "open"):
        _tell(tx, case, kind, key, split, values, event, now)


async def _state(tx: Tx, case: Case, old: Row | None, split: Split, members: list[dict[str, Any]]) -> str:
    """Open, but what a person decided stays while nobody joined and no money came; what is confirmed stays so."""
    decided: str | None = None if old is None else old["state"]
    if old is None or decided is None or decided in ("open", "lapsed"):
        return "open"
    before = await tx.fetch(MEMBERS, tenant_id=case.tenant_id, id=old["id"])
    more = {each["project_id"] for each in members} - {each["project_id"] for each in before}
    grown = split.sum_fen > old["sum_fen"]
    return decided if (not more and not grown) or decided == "confirmed" else "open"


def _member(each: Similar) -> dict[str, Any]:
    counted = _part(each.row["id"], each.row["decision"]).counted_fen
    return member(each.row, counted, round(each.likeness.score * 1000))


def _phrases(group: list[Similar]) -> list[str]:
    found = [phrase for each in group for phrase in each.likeness.phrases]
    return list(dict.fromkeys(found))[:MOST_PHRASES]


def _tell(
    tx: Tx,
    case: Case,
    kind: str,
    key: str,
    split: Split,
    values: dict[str, Any],
    event: Event,
    now: datetime,
) -> None:
    """The desks that may decide; what has not left its city is not told outside (law.md, trap 13)."""
    desks = [] if case.declarer is Tier.PROVINCE else [Recipient(case.tenant_id, "gatekeeper")]
    if case.state not in UNDECLARED:
        desks.append(Recipient(PROVINCE, "office"))
    total, size, beyond = yuan(split.sum_fen), values["size"] + values["beyond"], values["beyond"]
    if kind == "label":
        message = "项目类别使金额低于限额，而申报文本中没有相应依据，请核对类别（第九条）。"
    elif split.line_fen is None:
        message = f"与另外 {size - 1} 个项目内容相似，合计 {total} 元；相似项目不得拆分申报（第八条）。"
    else:
        line = yuan(split.line_fen)
        message = f"与另外 {size - 1} 个项目内容相似，合计 {total} 元，达到限额 {line} 元（第八条、第九条）。"
    if beyond:
        message += f"相似项目过多，本组只列 {values['size']} 个，另外 {beyond} 个已列入或将列入其他疑点。"
    emit(
        tx,
        tenant=case.tenant_id,
        kind=f"suspicion.{kind}",
        recipients=desks,
        snapshot={
            **snapshot(case),
            "suspicion": {"id": str(Ref(case.tenant_id, key)), "kind": kind},
            "message": message,
            "figures": _figures(split, size) if kind == "split" else {},
            "steps": dict.fromkeys(("gatekeeper", "office"), "请核对，属实的确认，不属实的说明理由后排除。"),
        },
        trace_id=event.trace_id,
        now=now,
    )


def _figures(split: Split, size: int) -> dict[str, Any]:
    line = {} if split.line_fen is None else {"line_yuan": yuan(split.line_fen)}
    return {"size": size, "sum_yuan": yuan(split.sum_fen), **line}
