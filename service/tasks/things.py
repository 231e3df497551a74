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
from service.projects.models import AT_DESKS, projects
from service.reviews.models import appraisal_experts, appraisals
from service.rulebook.models import amendment_decisions, amendments, declaration_rounds
from service.signin.models import issuers
from service.tasks.lines import line, moment_of, paged, word
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


def assignments(tenant: Any, after: bool) -> Select[Any]:
    """Art. 18: what an expert was drawn for and has neither scored nor stepped aside from."""
    joined = appraisal_experts.join(appraisals, (_A.tenant_id == _X.tenant_id) & (_A.id == _X.appraisal_id))
    found = (
        select(
            *line(
                "assignment",
                "assignment",
                tenant=_X.tenant_id,
                id=_X.id,
                project=_X.project_id,
                due=_A.due_on,
                since=_X.assigned_at,
                basis=word("practice"),
                article=18,
            )
        )
        .select_from(joined)
        .where(
            _X.tenant_id == tenant,
            _X.user_id == ME,
            _X.scored_at.is_(None),
            _X.recused_at.is_(None),
            _A.status == word("drawn"),
        )
    )
    return paged(found, (_A.due_on, _X.assigned_at, _X.id), after=after)


def requested(tenant: Any, after: bool) -> Select[Any]:
    """Arts 5, 23: adoptions that the city confirms or refuses."""
    found = select(
        *line(
            "adoption",
            "adoption",
            tenant=_D.tenant_id,
            id=_D.id,
            since=_D.requested_at,
            article=23,
            name=_D.app_name + word("：") + _D.adopter_name,
            version=_D.version,
        )
    ).where(_D.tenant_id == tenant, _D.state == word("requested"))
    return paged(found, (_D.requested_at, _D.id), after=after)


def confirmed(tenant: Any, after: bool) -> Select[Any]:
    """Arts 3, 23: what the provider opens, or declines."""
    found = select(
        *line(
            "provision",
            "provision",
            tenant=_P.tenant_id,
            id=_P.id,
            since=_P.confirmed_at,
            article=23,
            name=_P.app_name + word("：") + _P.adopter_name,
            version=_P.version,
        )
    ).where(_P.tenant_id == tenant, _P.state == word("confirmed"))
    return paged(found, (_P.confirmed_at, _P.id), after=after)


def invited(tenant: Any, after: bool) -> Select[Any]:
    """Art. 12: invitations to a project across levels that the tenant has not answered."""
    found = select(
        *line(
            "invitation",
            "invitation",
            tenant=_I.tenant_id,
            id=_I.id,
            since=_I.invited_at,
            name=_I.lead_name,
            article=12,
        )
    ).where(_I.tenant_id == tenant, _I.state == word("invited"))
    return paged(found, (_I.invited_at, _I.id), after=after)


def unsigned(tier: str) -> Any:
    """Art. 12: frameworks of pending cases that the information centre of a tier has not signed as they are."""

    def source(tenant: Any, after: bool) -> Select[Any]:
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
        found = select(
            *line(
                "framework",
                "framework",
                tenant=_F.tenant_id,
                id=_F.id,
                project=_F.project_id,
                since=_F.updated_at,
                article=12,
                version=_F.version,
            )
        ).where(_F.tenant_id == tenant, _F.led_by == word(tier), ~signed, pending)
        return paged(found, (_F.updated_at, _F.id), after=after)

    return source


def answered(organ: str) -> Any:
    """Art. 41: answers to what the organ ordered, which it has not examined."""

    def source(tenant: Any, after: bool) -> Select[Any]:
        found = select(
            *line(
                "order_answered",
                "order",
                tenant=_O.tenant_id,
                id=_O.id,
                project=_O.project_id,
                since=moment_of(_O.answered_on),
                article=41,
            )
        ).where(_O.tenant_id == tenant, _O.organ == word(organ), _O.state == word("answered"))
        return paged(found, (_O.answered_on, _O.id), after=after)

    return source


def pending_clients(tenant: Any, after: bool) -> Select[Any]:
    """Keys, roles and secrets of clients that the security administrator agrees to."""
    at = func.cast(_C.pending["proposed_at"].astext, _C.created_at.type)
    found = select(
        *line(
            "client_confirmation",
            "client",
            tenant=_C.tenant_id,
            id=_C.id,
            name=_C.name,
            version=_C.version,
            since=func.coalesce(at, _C.created_at),
        )
    ).where(
        _C.tenant_id == tenant,
        _C.pending.is_not(None),
        _C.pending["proposed_user"].astext.is_distinct_from(USER),
    )
    return paged(found, (at, _C.id), after=after)


def pending_issuers(tenant: Any, after: bool) -> Select[Any]:
    """Settings of identity providers that the security administrator agrees to."""
    at = func.cast(_Y.pending["proposed_at"].astext, _Y.created_at.type)
    name = func.coalesce(_Y.pending["settings"]["name"].astext, _Y.current["name"].astext, _Y.id)
    found = select(
        *line(
            "issuer_confirmation",
            "issuer",
            tenant=_Y.tenant_id,
            id=_Y.id,
            name=name,
            version=_Y.version,
            since=func.coalesce(at, _Y.created_at),
        )
    ).where(
        _Y.tenant_id == tenant,
        _Y.pending.is_not(None),
        _Y.pending["proposed_user"].astext.is_distinct_from(USER),
    )
    return paged(found, (at, _Y.id), after=after)


def proposed_entries(tenant: Any, after: bool) -> Select[Any]:
    """Arts 8, 9: library entries of before, proposed by somebody else."""
    person = func.split_part(_L.proposed_by, word(" via "), literal_column("1"))
    person = func.split_part(person, word(" for "), literal_column("1"))
    found = select(
        *line(
            "entry_confirmation",
            "library_import",
            tenant=_L.tenant_id,
            id=_L.id,
            name=_L.project_name,
            since=_L.proposed_at,
            article=9,
            version=_L.version,
        )
    ).where(_L.tenant_id == tenant, _L.state == word("proposed"), person != ACTOR)
    return paged(found, (_L.proposed_at, _L.id), after=after)


def requested_spills(tenant: Any, after: bool) -> Select[Any]:
    """Art. 14: erasings that somebody else asked for; nothing is said of what is to be erased."""
    found = select(
        *line("spill_confirmation", "spill", tenant=_S.tenant_id, id=_S.id, since=_S.requested_at, article=14)
    ).where(_S.tenant_id == tenant, _S.state == word("requested"), _S.requested_user != ME)
    return paged(found, (_S.requested_at, _S.id), after=after)


def checked_workbooks(tenant: Any, after: bool) -> Select[Any]:
    """Workbooks of the kinds that two people put in force, sent by somebody else."""
    found = select(
        *line(
            "workbook_confirmation",
            "workbook",
            tenant=_W.tenant_id,
            id=_W.id,
            name=_W.name,
            since=_W.sent_at,
            version=_W.version,
        )
    ).where(
        _W.tenant_id == tenant, _W.state == word("checked"), _W.sheet == func.any(SHEETS), _W.sender != USER
    )
    return paged(found, (_W.sent_at, _W.id), after=after)


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
