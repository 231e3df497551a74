"""Every SELECT of papers."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Text, Uuid, bindparam, exists, func, literal_column, select

from service.kit.statements import TENANT_ID, Statement, scope_ready
from service.portfolio.models import papers
from service.projects.models import projects
from service.projects.models_records import project_records

P = papers.c
R = project_records.c
C = projects.c
_number = bindparam("number", type_=Text)

OF_NUMBER = Statement(
    select(P.content, P.withdrawn_at).where(P.tenant_id == TENANT_ID, P.number == _number, scope_ready())
)
SUPPLEMENT = Statement(
    select(R.content).where(
        R.tenant_id == TENANT_ID,
        R.project_id == bindparam("project_id", type_=Uuid(as_uuid=False)),
        R.kind == literal_column("'file_supplement'"),
        R.content["number"].astext == _number,
        scope_ready(),
    )
)
# What a later filing or change of the approval makes old; evidence tells a moment, an acceptance is filed once.
_OF_FILINGS: tuple[ColumnElement[str], ...] = (literal_column("'receipt'"), literal_column("'supplement'"))
# What was changed or corrected since the last filing of the case and is not filed yet (facts.py: `amended`, R27).
_unfiled = C.dated[("amended", "documents")]
# What checking compares. A receipt is superseded by a later supplementary filing of the same case (`superseded`), or by
# an approval that was changed or corrected since and of which there is no filing yet (`owed`).
CHECKED = Statement(
    select(
        P.kind,
        P.organ,
        P.made_on,
        P.amount_fen,
        P.code_digest,
        P.digest,
        P.withdrawn_at,
        (
            P.kind.in_(_OF_FILINGS)
            & exists().where(
                R.tenant_id == P.tenant_id,
                R.project_id == P.project_id,
                R.kind == literal_column("'file_supplement'"),
                R.at > P.tells,
            )
        ).label("superseded"),
        (
            P.kind.in_(_OF_FILINGS)
            & exists().where(
                C.tenant_id == P.tenant_id,
                C.id == P.project_id,
                func.jsonb_array_length(func.coalesce(_unfiled, literal_column("'[]'::jsonb")))
                > literal_column("0"),
            )
        ).label("owed"),
    ).where(P.tenant_id == TENANT_ID, P.number == _number, scope_ready())
)
