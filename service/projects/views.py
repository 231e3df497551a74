"""Cases as answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from service.kit.api import Call
from service.kit.clock import legal_day
from service.kit.db import Row
from service.kit.money import yuan, yuan_or_none
from service.kit.rows import of_row
from service.kit.wire import in_yuan, unsent
from service.measures.figures import Figures
from service.measures.gated_case import GatedCase
from service.measures.law import MOVABLE, label
from service.measures.lifecycle import Action, Holder, State
from service.measures.offers import Offer, offers
from service.measures.offices import Tier
from service.measures.side_acts import Obstacle, Place
from service.measures.splitting import CODES
from service.projects.case import WORKING, Case, roles_on
from service.projects.dated_facts import gated_case_of, governing
from service.projects.deciding import book_of
from service.projects.gatekeeping import decide_again
from service.projects.hands import Hands, barred, roles_of
from service.projects.law import amended_law, amended_meanwhile
from service.projects.noted_dated import Dated, Known
from service.projects.operations import OPERATIONS
from service.projects.readiness import why_not
from service.projects.reuse import KEY, told
from service.projects.schemas_out import ActionView, FindingView, Owner, ProjectView
from service.projects.shown import NULL, Text, text_of
from service.rulebook.book import RuleBooks
from service.vocabulary import names

_LABELS = names("action")
SPLIT = CODES["split"]
_SPLIT = f'"{SPLIT}"'.encode()  # among findings as JSON
_ON_SUSPICION = frozenset(
    {Action.CONFIRM_SPLIT.value, Action.CLEAR_SPLIT.value}
)  # done on the suspicion, which names the case


class _Stand(NamedTuple):
    """What the table of acts is asked about a case beside its facts.

    `suspected`: whether the case stands in a suspicion of splitting (art. 8). `reported`: it once left its owner.
    """

    state: str
    route: str | None
    tier: str
    holder: str
    kind: str | None
    suspected: bool
    reported: bool

    @property
    def place(self) -> Place:
        return Place(State(self.state), self.route, Tier(self.tier), self.reported)


class Offered(NamedTuple):
    """What a case offers, and the same as it is told."""

    actions: list[ActionView]
    told: msgspec.Raw


_KNOWN: Known[Offered] = Known(8192)  # some 8 KB each


def offered(
    stand: _Stand, tenant: str, hands: Hands, dated: Dated, call: Call, *, sees_text: bool
) -> Offered:
    """What the case offers the reader, worked out once a day for all whose facts say the same of it."""
    roles = roles_on(stand.state, roles_of(call.principal), sees_text=sees_text)
    ruled_out = barred(hands, call.principal, call.services.policy.roles)
    on = legal_day(call.now)
    # Found of all facts, and part of the key: of the law that a case is under every case says something of its own.
    book = governing(dated, call.service(RuleBooks).of(tenant))

    def make(dated: Dated) -> Offered:
        gated = GatedCase(on, dated, Figures(book, on), kind=stand.kind)
        found = offers(stand.place, Holder(stand.holder), roles, gated, ruled_out)
        actions = told_of(found, suspected=stand.suspected)
        return Offered(actions, msgspec.Raw(msgspec.json.encode(actions)))

    under = (book.version(on), book.taken_in, tuple(map(label, book.aside)))
    return _KNOWN.of((stand, roles, tuple(ruled_out.items()), on, *under), dated, make)


def gated_case_at(stand: _Stand, tenant: str, dated: Dated, call: Call) -> GatedCase:
    """A case with these facts as gates read it now."""
    return gated_case_of(dated, call.service(RuleBooks), tenant, call.now, kind=stand.kind)


def told_of(found: Iterable[Offer], *, suspected: bool) -> list[ActionView]:
    """Offers as an answer tells them; what is done on a suspicion only where the case stands in one."""
    return [
        ActionView(
            each.action,
            each.allowed,
            each.why_not or None,
            each.article or each.articles[0],
            _LABELS[each.action],
            each.obstacle,
            list(each.articles),
            OPERATIONS[each.action],
        )
        for each in found
        if suspected or each.action not in _ON_SUSPICION
    ]


# The acts that hand a text in, and the article that asks for what is in it.
_HANDING_IN = {Action.SUBMIT.value: 15, Action.NEED_SUBMIT.value: 9, Action.NEED_REPORT.value: 8}


def _ready(actions: list[ActionView], why: str | None) -> list[ActionView]:
    """What would be refused for its text as it stands is not offered."""
    if why is None:
        return actions
    return [
        msgspec.structs.replace(
            each, allowed=False, why_not=why, article=_HANDING_IN[each.action], blocked_by=Obstacle.TEXT
        )
        if each.action in _HANDING_IN and each.allowed
        else each
        for each in actions
    ]


def _unready(row: Row, text: Text, dated: Dated, call: Call, beside: Row) -> str | None:
    """Why what a row of READ shows could not be submitted."""
    given: dict[str, Any] = {"name": text.named(row)}
    for name in ("facts", "materials", KEY):
        if part := text.part(name):
            given[name] = part
    office = {
        "tenant_id": row["tenant_id"],
        "name": row["owner_name"],
        "tier": row["tier"],
        "division": row["division"],
        "office_kind": row["office_kind"],
    }
    return why_not(call, row["state"], office, dated, given, beside["slots"], beside["rounds"])


def view(case: Case, call: Call) -> ProjectView:
    """The case as this reader may see it."""
    text: dict[str, Any] = case.text
    dated = msgspec.json.encode(case.dated).decode()
    place = call.service(RuleBooks).divisions.name_of
    return ProjectView(
        id=str(case.ref),
        tenant=case.tenant_id,
        external_ref=case.external_ref,
        name=text.get("name", case.name),
        owner=Owner(case.office_id, case.owner_name, case.tier, case.division, place(case.division)),
        tenant_name=place(case.tenant_id),
        state=case.state,
        holder=case.holder,
        route=case.route,
        facts=text.get("facts") or {},
        materials=text.get("materials") or {},
        investment_yuan=yuan(case.investment_fen),
        approved_amount_yuan=yuan_or_none(case.approved_fen),
        decision=case.decision,
        findings=msgspec.convert(case.findings, list[FindingView]),
        actions=offered_of(case, call),
        dated=_raw(in_yuan(dated)),
        origin=case.origin,
        warnings=case.warnings or msgspec.UNSET,
        reuse=told(text.get(KEY)),
        **{name: getattr(case, name) for name in _SAME},
    )


def stand_of(case: Case, call: Call) -> _Stand:
    """Where a case in memory stands."""
    suspected = any(each["code"] == SPLIT for each in case.findings)
    reported = reported_once(case.submissions, case.origin)
    route = _route_now(case, call)
    return _Stand(case.state, route, case.tier, case.holder, case.kind, suspected, reported)


def offered_of(case: Case, call: Call) -> list[ActionView]:
    """What a case in memory offers the reader, with what its text as it stands would be refused for."""
    stand, sees_text = stand_of(case, call), case.content is not None
    actions = offered(stand, case.tenant_id, case.hands, case.dated, call, sees_text=sees_text).actions
    if case.state not in WORKING or not case.content:
        return actions
    slots, rounds = case.slots or (), case.rounds or []
    return _ready(actions, why_not(call, case.state, case.office, case.dated, case.text, slots, rounds))


def reported_once(submissions: int, origin: str) -> bool:
    """Whether a case ever left its owner: a need given back before it was reported did not (library/links)."""
    return submissions > 0 or origin != "declared"


def read_view(row: Row, call: Call, beside: Row | None) -> ProjectView:
    """A row of READ as an answer: its JSON goes out undecoded. `beside`: of GIVEN, for a text at work."""
    tenant, state, route = row["tenant_id"], row["state"], row["route"]
    text = text_of(row)
    findings = unsent(row["findings"]) or b"[]"
    dated = msgspec.json.decode(row["dated"])
    route_now = _route_of_row(row, call, text, dated) if State(state) in MOVABLE else route
    reported = reported_once(row["submissions"], row["origin"])
    stand = _Stand(state, route_now, row["tier"], row["holder"], row["kind"], _SPLIT in findings, reported)
    found = offered(stand, tenant, row["hands"], dated, call, sees_text=row["sees_text"])
    unready = None if beside is None else _unready(row, text, dated, call, beside)
    place = call.service(RuleBooks).divisions.name_of
    return of_row(
        ProjectView,
        row,
        id=f"{tenant}-{row['id']}",
        tenant=tenant,
        name=text.named(row),
        owner=of_row(Owner, row, name=row["owner_name"], division_name=place(row["division"])),
        tenant_name=place(tenant),
        facts=text.shown("facts"),
        materials=text.shown("materials"),
        investment_yuan=yuan(row["investment_fen"]),
        approved_amount_yuan=yuan_or_none(row["approved_fen"]),
        decision=msgspec.Raw(unsent(row["decision"]) or NULL),
        findings=msgspec.Raw(findings),
        actions=found.told if unready is None else _ready(found.actions, unready),
        dated=_raw(in_yuan(row["dated"])),
        reuse=msgspec.UNSET if text.reuse_check == NULL else told(text.part(KEY)),
    )


def _route_of_row(row: Row, call: Call, text: Text, dated: Dated) -> str | None:
    """The same for a row of READ, taken apart only where later law reaches it."""
    if not amended_meanwhile(row["state"], dated, call.service(RuleBooks).of(row["tenant_id"])):
        route: str | None = row["route"]
        return route
    plain = {name: row[name] for name in Case.__struct_fields__ if name in row.keys()}  # noqa: SIM118 - a Record
    made = {
        "declared": {name: text.part(name) for name in ("facts", "materials", KEY)},
        "decision": msgspec.json.decode(unsent(row["decision"]) or NULL),
        "dated": dated,
        "findings": msgspec.json.decode(unsent(row["findings"]) or b"[]"),
    }
    return _route_now(Case(**{**plain, **made}), call)


def _route_now(case: Case, call: Call) -> str | None:
    """The route that the next desk will take a pending case along: amended law may have given it another one."""
    book = book_of(call.service(RuleBooks), case)
    on = legal_day(call.now)
    if case.stage not in MOVABLE or not case.declared or not amended_law(case, book, on):
        return case.route
    return decide_again(call.service(RuleBooks), case, on).route.value


# What stands alike in a case, a row and the answer.
_SAME = (
    "filing_number",
    "submissions",
    "created_by",
    "created_at",
    "updated_at",
    "submitted_at",
    "gatekept_at",
    "approved_at",
    "filed_at",
    "handed_over_at",
    "version",
)


def _raw(text: str) -> Any:
    return msgspec.Raw(text.encode())
