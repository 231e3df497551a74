"""What a person handed out ends with the right it was made on, and stays ended when the right comes back.

Secret calendar addresses are opened without a token, so no cut of tokens reaches them for good (a cut is forgotten
once no token is older); and a cut also comes with changes that leave the right as it was, a further role for one.
"""

from __future__ import annotations

from sqlalchemy import Text, Uuid, bindparam, column, delete, func, or_, table

from service.kit.db import Tx
from service.kit.statements import Statement

# By name only: obligations stand on a higher floor than identity, so their model cannot be imported here.
_F = table(
    "obligation_feeds",
    column("tenant_id", Text),
    column("created_by", Text),
    column("role", Text),
    column("office_id", Uuid),
)
_any = bindparam("of_feed_role", type_=Text)
_END = Statement(
    delete(_F).where(
        _F.c.tenant_id == bindparam("of_feed_tenant", type_=Text),
        # Made by the person alone or through a client: `user:<tenant>:<login>[ via <client>]`.
        func.split_part(_F.c.created_by, " via ", 1) == bindparam("of_feed_maker", type_=Text),
        or_(_any == "*", _F.c.role == _any, func.concat("office:", _F.c.office_id) == _any),
    )
)


def end_feeds(tx: Tx, tenant: str, login: str, *, role: str | None = None, office: str | None = None) -> None:
    """Adds the end of the calendar addresses a person made: those of a role, those of an office, or all."""
    which = role if role is not None else "*" if office is None else f"office:{office}"
    tx.batch.add(
        _END,
        expect=None,
        of_feed_tenant=tenant,
        of_feed_maker=f"user:{tenant}:{login}",
        of_feed_role=which,
    )
