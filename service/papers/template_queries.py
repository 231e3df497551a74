"""Statements over the templates of offices."""

from __future__ import annotations

from sqlalchemy import Integer, Text, Uuid, bindparam, null, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from service.kit.statements import OF_TENANT, TENANT_ID, Statement, scope_ready
from service.kit.tables import insert_row
from service.portfolio.models_drafts import draft_templates

T = draft_templates.c
_LIGHT = [column for column in draft_templates.columns if column.name != "content"]
_office = bindparam("office_id", type_=Uuid(as_uuid=False))
_OF = (T.tenant_id == TENANT_ID, T.office_id == _office)
_KIND = (*_OF, T.kind == bindparam("kind", type_=Text))
INSERT = insert_row(draft_templates)
# The latest change of a kind, with its file: what stands, if it is a `put`.
LATEST = Statement(
    select(*draft_templates.columns).where(*_KIND, scope_ready()).order_by(T.number.desc()).limit(1)
)
CHANGES = Statement(
    select(*_LIGHT, T.content.is_not(None).label("kept"))
    .where(*_OF, T.kind == bindparam("kinds", type_=ARRAY(Text)).any_(), scope_ready())
    .order_by(T.kind, T.number.desc())
    .limit(400)
)
ONE = Statement(
    select(*draft_templates.columns).where(
        *_KIND, T.number == bindparam("number", type_=Integer), scope_ready()
    )
)
FORGET = Statement(
    update(draft_templates)
    .where(
        T.tenant_id == OF_TENANT,
        T.office_id == bindparam("of_office", type_=Uuid(as_uuid=False)),
        T.kind == bindparam("of_kind", type_=Text),
        T.number <= bindparam("up_to", type_=Integer),
        T.content.is_not(None),
    )
    .values(content=null())
)
