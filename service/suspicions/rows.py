"""What is written of suspicions: the row, its members, and the findings beside the cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Text,
    bindparam,
    column,
    delete,
    exists,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    table,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from service.kit.clock import legal_day
from service.kit.db import Row, Tx
from service.kit.errors import ServiceError
from service.kit.statements import OF_ID, OF_TENANT, ROW_IDS, Statement
from service.kit.tables import insert_rows, update_read, update_row
from service.projects.case import Case
from service.projects.models import project_findings
from service.suspicions.candidates import Similar
from service.suspicions.models import suspicion_members, suspicions
from service.suspicions.queries import MOST_LISTED

SMALL = 8  # members of an absorbed group whose list is kept, so that its course can be read
S, M, F = suspicions.c, suspicion_members.c, project_findings.c

_FOUND = (
    "project_name",
    "owner_name",
    "month",
    "line_fen",
    "sum_fen",
    "article",
    "score",
    "size",
    "phrases",
    "beyond",
)
_insert = insert(suspicions).values({c.name: bindparam(c.name, type_=c.type) for c in suspicions.columns})
_SAVE = Statement(
    _insert.on_conflict_do_update(
        index_elements=["tenant_id", "kind", "project_id"],
        set_={name: _insert.excluded[name] for name in (*_FOUND, "found_at", "state")}
        | {"version": S.version + literal_column("1")},
    )
)
_LAPSE = update_row(
    suspicions, S.state == "open", state=literal("lapsed", Text), version=S.version + literal_column("1")
)
_theirs: Any = select(literal_column("1")).where(M.tenant_id == S.tenant_id, M.suspicion_id == S.id)
_within: tuple[ColumnElement[bool], ...] = (
    S.tenant_id == OF_TENANT,
    S.id != OF_ID,
    S.kind == literal_column("'split'"),
    S.state == literal_column("'open'"),
    S.size < bindparam("full", type_=Integer),
    exists(_theirs.where(M.project_id == func.any(ROW_IDS))),
    ~exists(_theirs.where(func.not_(M.project_id == func.any(ROW_IDS)))),
)
_ABSORB = Statement(
    update(suspicions).where(*_within).values(state="lapsed", version=S.version + literal_column("1"))
)
# The lists of all but small ones go: kept, they would grow with the square of what is alike.
_absorbed: Any = suspicion_members.alias("absorbed")
_FORGET_ABSORBED = Statement(
    delete(_absorbed).where(
        _absorbed.c.tenant_id == OF_TENANT,
        _absorbed.c.suspicion_id.in_(
            select(S.id).where(*_within, S.size > bindparam("small", type_=Integer))
        ),
    )
)
_ADD_MEMBERS = insert_rows(suspicion_members, ignore_conflict=True)
_DROP_MEMBERS = Statement(
    delete(suspicion_members).where(
        M.tenant_id == OF_TENANT, M.suspicion_id == OF_ID, func.not_(M.project_id == func.any(ROW_IDS))
    )
)
_ADD_FINDINGS = insert_rows(project_findings, ignore_conflict=True)
_DROP_FINDINGS = Statement(
    delete(project_findings).where(
        F.tenant_id == OF_TENANT,
        F.project_id == func.any(ROW_IDS),
        F.code == bindparam("code", type_=Text),
        ~exists(
            select(literal_column("1"))
            .select_from(suspicions.join(suspicion_members, M.suspicion_id == S.id))
            .where(
                S.tenant_id == F.tenant_id,
                M.tenant_id == F.tenant_id,
                M.project_id == F.project_id,
                S.id != OF_ID,
                S.kind == bindparam("kind", type_=Text),
                or_(S.state == "open", S.state == "confirmed"),
            )
        ),
    )
)
# A case counts in the figures by the suspicions that it raised: it is derived anew (obligations/watching.py).
_cases: Any = table("obligation_cases", *map(column, ("tenant_id", "project_id", "derived_version")))
_again = update(_cases).where(_cases.c.tenant_id == OF_TENANT).values(derived_version=null())
_COUNT_AGAIN = Statement(_again.where(_cases.c.project_id == OF_ID))
_COUNT_ABSORBED = Statement(_again.where(_cases.c.project_id.in_(select(S.project_id).where(*_within))))
DECIDE = update_read(
    suspicions, ("state", "reason", "joint_project_id", "decided_by", "decided_tenant", "decided_at"), "new_"
)


def member(of: Case | Row, counted: int, score: int = 1000) -> dict[str, Any]:
    """A member of a group, without the group."""
    get = of.__getattribute__ if isinstance(of, Case) else of.__getitem__
    return {
        "office_id": get("office_id"),
        "project_id": get("id"),
        "name": get("name"),
        "owner_name": get("owner_name"),
        "counted_fen": counted,
        "score": score,
        "day": legal_day(get("submitted_at")).isoformat(),
    }


def save_suspicion(
    tx: Tx, case: Case, key: str, kind: str, state: str, values: Mapping[str, Any], now: datetime
) -> None:
    """Adds or renews the suspicion a project raised; one of each kind."""
    nobody = dict.fromkeys(("reason", "joint_project_id", "decided_by", "decided_tenant", "decided_at"))
    tx.batch.add(
        _SAVE,
        tenant_id=case.tenant_id,
        office_id=case.office_id,
        id=key,
        kind=kind,
        project_id=case.id,
        project_name=case.name,
        owner_name=case.owner_name,
        month=case.month,
        state=state,
        found_at=now,
        version=1,
        **values,
        **nobody,
    )
    count_again(tx, case.tenant_id, case.id)


def count_again(tx: Tx, tenant: str, project: str) -> None:
    """The case of a suspicion that has changed is counted anew before figures are read."""
    tx.batch.add(_COUNT_AGAIN, expect=None, of_tenant=tenant, of_id=project)


def decide(tx: Tx, row: Row, said: Mapping[str, Any], miss: ServiceError | None = None) -> None:
    """Writes a decision on the suspicion as it was read."""
    new = {f"new_{name}": value for name, value in said.items()}
    tx.batch.add(
        DECIDE, miss=miss, of_tenant=row["tenant_id"], of_id=row["id"], read_version=row["version"], **new
    )
    count_again(tx, row["tenant_id"], row["project_id"])


def save_members(tx: Tx, tenant: str, key: str, members: Sequence[Mapping[str, Any]]) -> None:
    """The group as it is now."""
    ids = [each["project_id"] for each in members]
    tx.batch.add(_DROP_MEMBERS, expect=None, of_tenant=tenant, of_id=key, ids=ids)
    rows = [{"tenant_id": tenant, "suspicion_id": key, **each} for each in members]
    tx.batch.add(_ADD_MEMBERS, expect=None, of_tenant=tenant, rows=rows)


def lapse(tx: Tx, row: Row) -> None:
    """Undecided, and no longer the case."""
    tx.batch.add(_LAPSE, expect=None, of_tenant=row["tenant_id"], of_id=row["id"])
    count_again(tx, row["tenant_id"], row["project_id"])


def absorb(tx: Tx, tenant: str, key: str, ids: Sequence[str]) -> None:
    """Undecided groups with nothing but what was seen here, and not full, are told by this one from now on."""
    given: dict[str, Any] = {
        "of_tenant": tenant,
        "of_id": key,
        "ids": list(ids),
        "full": MOST_LISTED,
        "small": SMALL,
    }
    tx.batch.add(_COUNT_ABSORBED, expect=None, **{k: v for k, v in given.items() if k != "small"})
    tx.batch.add(_ABSORB, expect=None, **given)
    tx.batch.add(_FORGET_ABSORBED, expect=None, **given)


def add_findings(
    tx: Tx, tenant: str, code: str, article: int, of: Iterable[Case | Similar], now: datetime
) -> None:
    """The finding beside each case of the tenant: what the gatekeeper and the province read there."""
    rows = []
    for each in of:
        get = each.__getattribute__ if isinstance(each, Case) else each.row.__getitem__
        at = get("submitted_at") or now
        rows.append(
            {
                "tenant_id": tenant,
                "office_id": get("office_id"),
                "project_id": get("id"),
                "code": code,
                "severity": "notice",
                "article": article,
                "reason": None,
                "opinion": None,
                "opinion_by": None,
                "submitted_at": at.isoformat(),
            }
        )
    tx.batch.add(_ADD_FINDINGS, expect=None, of_tenant=tenant, rows=rows)


def drop_findings(tx: Tx, row: Row, code: str, ids: Sequence[str]) -> None:
    """Takes the finding off, where no other suspicion still says it."""
    tx.batch.add(
        _DROP_FINDINGS,
        expect=None,
        of_tenant=row["tenant_id"],
        of_id=row["id"],
        ids=list(ids),
        code=code,
        kind=row["kind"],
    )
