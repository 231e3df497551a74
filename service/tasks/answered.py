"""Which notices still wait for their deed: seen on the case, the duty or the thing itself, whoever did it and however.

What a notice asks is named by its queue (notifications/asked.py), and the deed waits for as long as the queue would
show it: a case in the queue's states since before the notice, a duty that is owed, a thing that nobody decided. Cases
are read where the caller meets cases, everything else in his own tenant: two statements at most.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text

from service.kit.api import Call
from service.kit.clock import legal_day
from service.kit.db import Row, cases, own
from service.kit.errors import ServiceError
from service.kit.ids import parse_ref
from service.kit.statements import Statement
from service.notifications.asked import Asked
from service.obligations.current import bring_up_changed
from service.tasks.queues import CASES

_STATES: dict[str, list[str]] = {}
for _queue in CASES:
    _STATES.setdefault(_queue.code, []).extend(state.value for state in _queue.states)
_GIVEN = (
    "SELECT m.id FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS m"
    "(id uuid, rule text, tenant text, object uuid, name text, code text, states text[], at timestamptz)"
    " WHERE s.tj_scope IS NOT NULL AND (false{rules})"
)


def _there(rule: str, table: str, more: str, key: str = "t.id = m.object") -> str:
    return f" OR m.rule = '{rule}' AND EXISTS (SELECT FROM {table} t WHERE t.tenant_id = m.tenant AND {key} AND {more})"


_OWED = "t.state IN ('open', 'lapsed')"
_OF_CASES = {
    # Entered before the notice and not again since: a case that came back has a notice of its own.
    "state": _there("state", "projects", "t.state = ANY (m.states) AND t.entered_at <= m.at"),
    # Asked to have it appraised or reviewed: done with the commission, though the case stays in its state until later.
    "commission": _there(
        "commission", "projects",
        "t.state = ANY (m.states) AND t.entered_at <= m.at AND NOT EXISTS (SELECT FROM appraisals a WHERE a.tenant_id "
        "= t.tenant_id AND a.project_id = t.id AND a.commissioned_at >= m.at)",
    ),
    "duty": _there("duty", "obligations", f"{_OWED} AND t.code = m.code", "t.project_id = m.object"),
    "obligation": _there("obligation", "obligations", _OWED),
    "order": _there("order", "rectification_orders", "t.state IN ('open', 'failed')"),
    "suspicion": _there("suspicion", "suspicions", "t.state = 'open'"),
    "assignment": _there(
        "assignment", "appraisal_experts",
        "t.scored_at IS NULL AND t.recused_at IS NULL AND EXISTS (SELECT FROM appraisals a WHERE a.tenant_id = "
        "t.tenant_id AND a.id = t.appraisal_id AND a.status = 'drawn')",
    ),
    "library_import": _there("library_import", "library_imports", "t.state = 'proposed'"),
    "spill": _there("spill", "spills", "t.state = 'requested'"),
}  # fmt: skip
# What was proposed again since has a notice of its own.
_PROPOSED = "CAST(t.pending ->> 'proposed_at' AS timestamptz) <= m.at"
_OF_OWN = {
    "adoption": _there("adoption", "adoptions", "t.state = 'requested'"),
    "provision": _there("provision", "provisions", "t.state = 'confirmed'"),
    "workbook": _there("workbook", "workbooks", "t.state = 'checked'"),
    "client": _there("client", "clients", _PROPOSED, "t.id = m.name"),
    "issuer": _there("issuer", "issuers", _PROPOSED, "t.id = m.name"),
}


def _within(rules: dict[str, str]) -> Statement:
    """Of things of one tenant, which the statement names: it finds its machine by that (docs/decisions/0277)."""
    given = _GIVEN.format(rules="".join(rules.values())).replace("= m.tenant", "= :tenant_id")
    return Statement(text(f"{given} AND m.tenant = :tenant_id"))


_CASES, _OWN = _within(_OF_CASES), _within(_OF_OWN)
# The province's, whose notices are of cases of any city.
_CASES_ACROSS = Statement(
    text(_GIVEN.replace("s.tj_scope IS NOT NULL AND ", "").format(rules="".join(_OF_CASES.values())))
)


async def _open(call: Call, rows: Sequence[Row]) -> frozenset[str]:
    asking = [each for row in rows if row["asked"] is not None and (each := _asked(row)) is not None]
    found, its = set[str](), {"tenant_id": call.principal.tenant}
    if of_cases := [each for each in asking if each["rule"] in _OF_CASES]:
        scope = cases(call.principal)
        across = scope.login == "province"
        if any(each["rule"] in ("duty", "obligation") for each in of_cases):
            tenant = None if across else call.principal.tenant
            await bring_up_changed(call.door, scope, tenant, legal_day(call.now))
        whose = {} if across else its
        statement = _CASES_ACROSS if across else _CASES
        found |= {str(row["id"]) for row in await call.door.fetch(scope, statement, rows=of_cases, **whose)}
    if of_own := [each for each in asking if each["rule"] in _OF_OWN]:
        rows = await call.door.fetch(own(call.principal), _OWN, rows=of_own, **its)
        found |= {str(row["id"]) for row in rows}
    return frozenset(found)


def _asked(row: Row) -> dict[str, Any] | None:
    """The rule by which it is seen whether the deed waits, with what it looks at; None for what names nothing."""
    kind, queue = row["object_kind"], row["asked"]
    thing = row["project_id"] if kind == "project" else row["object_id"]
    if thing is None:
        return None
    made = {
        "id": str(row["id"]),
        "code": queue,
        "states": _STATES.get(queue, []),
        "at": row["at"].isoformat(),
    }
    if kind in ("client", "issuer"):
        tenant, _, name = thing.partition(".")
        return {**made, "rule": kind, "tenant": tenant, "object": None, "name": name}
    try:
        ref = parse_ref(thing)
    except ServiceError:
        return None
    rule = kind if kind != "project" else _rule_of(queue)
    return {**made, "rule": rule, "tenant": ref.tenant, "object": ref.id, "name": None}


def _rule_of(queue: str) -> str:
    """How a case shows that the deed of this queue was done."""
    if queue in ("provincial_review", "need_appraisal"):
        return "commission"
    return "state" if queue in _STATES else "duty"


ANSWERED = Asked(_open)
