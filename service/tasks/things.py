"""Tasks about things that are no cases: adoptions, assignments, orders, and what waits for a second person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer, Select, Text, Uuid, bindparam, cast, exists, func, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY

from service.catalogue.models import adoptions, provisions
from service.delivery.orders_models import rectification_orders
from service.identity.models import clients
from service.library.models import framework_signatures, frameworks, library_imports, link_invitations
from service.portfolio.models import spills, workbooks
from service.projects.models import projects
from service.projects.models_waiting import AT_DESKS
from service.reviews.models import appraisal_experts, appraisals
from service.rulebook.models import amendment_decisions, amendments, declaration_rounds
from service.signin.models import issuers
from service.tasks.lines import Source, line, moment_of, paged, things_of, word
from service.tasks.sources import ME

ACTOR = bindparam("actor", type_=Text)
USER = bindparam("user", type_=Text)
SHEETS = bindparam("sheets", type_=ARRAY(Text))
_X, _A, _D, _P, _I, _O = (
    appraisal_experts.c,
    appraisals.c,
    adoptions.c,
    provisions.c,
    link_invitations.c,
    rectification_orders.c,
)
_F, _G, _C, _L, _S, _W, _R, _M = (
    frameworks.c,
    framework_signatures.c,
    clients.c,
    library_imports.c,
    spills.c,
    workbooks.c,
    declaration_rounds.c,
    amendments.c,
)
_Y = issuers.c


# Art. 18: what an expert was drawn for and has neither scored nor stepped aside from.
assignments = things_of(
    "assignment",
    "assignment",
    _X,
    _X.user_id == ME,
    _X.scored_at.is_(None),
    _X.recused_at.is_(None),
    _A.status == word("drawn"),
    joined=appraisal_experts.join(appraisals, (_A.tenant_id == _X.tenant_id) & (_A.id == _X.appraisal_id)),
    project=_X.project_id,
    due=_A.due_on,
    since=_X.assigned_at,
    by=(_A.due_on, _X.assigned_at),
    basis=word("practice"),
    article=18,
)


# Arts 5, 23: adoptions that the city confirms or refuses.
requested = things_of(
    "adoption",
    "adoption",
    _D,
    _D.state == word("requested"),
    since=_D.requested_at,
    article=23,
    name=_D.app_name + word("：") + _D.adopter_name,
    version=_D.version,
)


# Arts 3, 23: what the provider opens, or declines.
confirmed = things_of(
    "provision",
    "provision",
    _P,
    _P.state == word("confirmed"),
    since=_P.confirmed_at,
    article=23,
    name=_P.app_name + word("：") + _P.adopter_name,
    version=_P.version,
)


# Art. 12: invitations to a project across levels that the tenant has not answered.
invited = things_of(
    "invitation",
    "invitation",
    _I,
    _I.state == word("invited"),
    since=_I.invited_at,
    name=_I.lead_name,
    article=12,
)


def unsigned(tier: str) -> Source:
    """Art. 12: frameworks of pending cases that the information centre of a tier has not signed as they are."""
    signed = exists().where(
        _G.tenant_id == _F.tenant_id,
        _G.framework_id == _F.id,
        _G.edition == _F.edition,
        _G.party == word("info_centre"),
    )
    pending = exists().where(
        projects.c.tenant_id == _F.tenant_id,
        projects.c.id == _F.project_id,
        projects.c.state.in_(list(map(word, AT_DESKS))),
    )
    return things_of(
        "framework",
        "framework",
        _F,
        _F.led_by == word(tier),
        ~signed,
        pending,
        project=_F.project_id,
        since=_F.updated_at,
        article=12,
        version=_F.version,
    )


def answered(organ: str) -> Source:
    """Art. 41: answers to what the organ ordered, which it has not examined."""
    return things_of(
        "order_answered",
        "order",
        _O,
        _O.organ == word(organ),
        _O.state == word("answered"),
        project=_O.project_id,
        since=moment_of(_O.answered_on),
        by=(_O.answered_on,),
        article=41,
    )


def _pending(queue: str, kind: str, c: Any, name: Any) -> Source:
    """What somebody else proposed of a client or a provider, for the security administrator to agree to."""
    at = func.cast(c.pending["proposed_at"].astext, c.created_at.type)
    return things_of(
        queue,
        kind,
        c,
        c.pending.is_not(None),
        c.pending["proposed_user"].astext.is_distinct_from(USER),
        name=name,
        version=c.version,
        since=func.coalesce(at, c.created_at),
        by=(at,),
    )


pending_clients = _pending("client_confirmation", "client", _C, _C.name)
_issuer = func.coalesce(_Y.pending["settings"]["name"].astext, _Y.current["name"].astext, _Y.id)
pending_issuers = _pending("issuer_confirmation", "issuer", _Y, _issuer)


_proposer = func.split_part(_L.proposed_by, word(" via "), literal_column("1"))
# Arts 8, 9: library entries of before, proposed by somebody else.
proposed_entries = things_of(
    "entry_confirmation",
    "library_import",
    _L,
    _L.state == word("proposed"),
    func.split_part(_proposer, word(" for "), literal_column("1")) != ACTOR,
    name=_L.project_name,
    since=_L.proposed_at,
    article=9,
    version=_L.version,
)


# Art. 14: erasings that somebody else asked for; nothing is said of what is to be erased.
requested_spills = things_of(
    "spill_confirmation",
    "spill",
    _S,
    _S.state == word("requested"),
    _S.requested_user != ME,
    since=_S.requested_at,
    article=14,
)


# Workbooks of the kinds that two people put in force, sent by somebody else.
checked_workbooks = things_of(
    "workbook_confirmation",
    "workbook",
    _W,
    _W.state == word("checked"),
    _W.sheet == func.any(SHEETS),
    _W.sender != USER,
    name=_W.name,
    since=_W.sent_at,
    version=_W.version,
)


def proposed_rounds(tenant: Any, after: bool) -> Select[Any]:
    """Art. 14: what one organ proposes to ask of declarations, and another confirms."""
    later = declaration_rounds.alias("later_round")
    superseded = exists().where(later.c.id == _R.id, later.c.number > _R.number)
    found = select(
        *line(
            "round_confirmation",
            "declaration_round",
            tenant=tenant,
            id=_R.id,
            since=_R.at,
            article=14,
            name=_R.content["document_number"].astext,
        )
    ).where(_R.action == word("proposed"), ~superseded, _R.by_user != USER)
    return paged(found, (_R.at, _R.id), after=after)


def proposed_amendments(tenant: Any, after: bool) -> Select[Any]:
    """Arts 44, 45: amendments that somebody else proposed."""
    decided = exists().where(amendment_decisions.c.number == _M.number)
    found = select(
        *line(
            "amendment_confirmation",
            "amendment",
            tenant=tenant,
            id=_M.number,
            since=_M.proposed_at,
            article=44,
            name=_M.document_number,
            version=cast(_M.number, Integer),
        )
    ).where(~decided, _M.proposed_user.is_distinct_from(cast(ME, Uuid(as_uuid=False))))
    return paged(found, (_M.proposed_at, _M.number), after=after)
