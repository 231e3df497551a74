"""Subscribers: every declaration is looked at in its own tenant; decisions reach the cases they concern."""

from __future__ import annotations

from collections.abc import Sequence

from service.event_kinds import KINDS
from service.kit import clock
from service.kit.authn import Principal
from service.kit.db import Row, Tx
from service.kit.ids import Ref, parse_ref
from service.kit.outbox import Event
from service.kit.relay import Lane, Subscriber
from service.measures.splitting import CODES
from service.projects.alike import forget
from service.projects.state import Actor
from service.rulebook.book import RuleBooks
from service.rulebook.following import books_in
from service.suspicions.finding import examine
from service.suspicions.gating import cases_of, hold, opens, release, writable
from service.suspicions.queries import MEMBERS, NOTHING_TO_BUILD, SPLITS, SUSPICION
from service.suspicions.rows import add_findings, decide, drop_findings


async def _examine(tx: Tx, tenant: str, events: Sequence[Event]) -> None:
    """By the rule book of the moment: readings entered at run time count here too (art. 44)."""
    books = await books_in(tx)
    for event in events:
        await examine(tx, books, event)


async def _follow(tx: Tx, tenant: str, events: Sequence[Event]) -> None:
    """A decision of the province on cases that lie in the city, and the findings of what was settled."""
    books = await books_in(tx)
    for event in events:
        ref = parse_ref(event.snapshot["suspicion"]["id"])
        row = await tx.row(SUSPICION, tenant_id=ref.tenant, id=ref.id)
        if row is None or row["state"] != event.snapshot["suspicion"]["state"]:
            continue  # decided anew since; that decision's own event follows
        actor, reason = _actor(event, books), row["reason"] or ""
        members = await tx.fetch(MEMBERS, tenant_id=ref.tenant, id=ref.id)
        cases = await cases_of(tx, members)
        if row["state"] == "confirmed":  # once dismissed, the findings were gone
            add_findings(tx, ref.tenant, CODES[row["kind"]], row["article"], cases, clock.now())
        for case in cases if row["kind"] == "split" else []:
            if not writable(tx, case):
                continue
            if row["state"] == "confirmed":
                hold(tx, case, str(ref), reason, actor)
            elif opens(case, row["state"], row["joint_project_id"]):
                await release(tx, case, str(ref), reason, actor)
        if row["state"] != "confirmed":
            drop_findings(tx, row, CODES[row["kind"]], _settled(row, members))
        await tx.flush()


def _settled(row: Row, members: Sequence[Row]) -> list[str]:
    """Members that nothing is held against any more: a part that must still be withdrawn keeps its finding."""
    merged = row["joint_project_id"] if row["state"] == "joined" else None
    return [
        each["project_id"]
        for each in members
        if merged is None or each["project_id"] == merged or each["state"] in NOTHING_TO_BUILD
    ]


def _actor(event: Event, books: RuleBooks) -> Actor:
    """Whoever decided, as the event tells: the cases' history names the person, not the worker."""
    who = event.snapshot["decided"]
    principal = Principal(
        who["tenant"],
        who["tier"],
        who["user"],
        who["login"],
        who["client"],
        None,
        tuple(who["roles"]),
        0.0,
        event.id,
        0.0,
    )
    return Actor(principal, clock.now(), event.trace_id, books)


async def _left(tx: Tx, tenant: str, events: Sequence[Event]) -> None:
    """A project went: groups of which one is left are joined by that."""
    for event in events:
        ref = parse_ref(event.snapshot["project"]["id"])
        forget(tx, ref.tenant, ref.id)
        for row in await tx.fetch(SPLITS, tenant_id=ref.tenant, id=ref.id):
            members = await tx.fetch(MEMBERS, tenant_id=ref.tenant, id=row["id"])
            alive = [each for each in members if each["state"] not in NOTHING_TO_BUILD]
            if len(alive) < 2:
                await _joined(tx, row, members, event)
        await tx.flush()


async def _joined(tx: Tx, row: Row, members: list[Row], event: Event) -> None:
    books = await books_in(tx)
    cases = await cases_of(tx, members)
    if not all(writable(tx, case) for case in cases):
        return  # with the province: its office records the joining
    worker = Principal(row["tenant_id"], "city", None, None, "worker", None, (), 0.0, event.id, 0.0)
    actor = Actor(worker, clock.now(), event.trace_id, books)
    reason, ref = "其余相似项目已撤回", str(Ref(row["tenant_id"], row["id"]))
    for case in cases:
        await release(tx, case, ref, reason, actor)
    said = {
        "state": "joined" if row["state"] == "confirmed" else "lapsed",
        "reason": reason,
        "joint_project_id": cases[0].id if cases else None,
        "decided_by": worker.actor,
        "decided_tenant": row["tenant_id"],
        "decided_at": actor.now,
    }
    decide(tx, row, said)
    drop_findings(tx, row, CODES["split"], [each["project_id"] for each in members])


def _own(event: Event) -> set[str]:
    return {event.tenant}


# The dearest work there is, and nobody waits for it: a queue of its own, a few at a time.
EXAMINING = Lane("examining", 4)
look = Subscriber("suspicions", _own, _examine, EXAMINING)
follow = Subscriber("suspicions_decided", _own, _follow)
left = Subscriber("suspicions_left", _own, _left)

# What a project or a need is declared with, and what takes it away again.
DECLARED = ("project.submitted", "project.handed_over", "need.submitted", "need.reported")
GOING = ("project.withdrawn", "need.withdrawn", "project.terminated")
SUBSCRIBERS = [
    (look, tuple(kind for kind in DECLARED if kind in KINDS)),
    (follow, ("suspicion.dismissed", "suspicion.confirmed", "suspicion.joined")),
    (left, tuple(kind for kind in GOING if kind in KINDS)),
]
