"""Which papers the deeds on a case name by digest, and which of them lie here as attachments (arts 15, 30, 39)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from service.documents.schemas import NamedPaper
from service.kit.api import Call
from service.kit.db import Row
from service.kit.ids import Ref
from service.kit.statements import ROW_ID, TENANT_ID, Statement, scope_ready
from service.projects.models import approvals
from service.projects.queries import RECORDS

MOST = 500  # newest records looked at: a whole life has some dozens
_DIGEST = re.compile(r"(?:sm3:)?([0-9a-f]{64})")
_NAMES = ("name", "title", "number", "document_number", "reference")
A = approvals.c
_APPROVAL = Statement(
    select(A.document_number, A.document_digest, A.document_date)
    .where(
        A.tenant_id == TENANT_ID,
        A.project_id == ROW_ID,
        scope_ready(),
    )
    .order_by(A.edition.desc())
    .limit(1)
)


async def named_papers(call: Call, ref: Ref, attached: list[Row]) -> list[NamedPaper]:
    """Newest first; a paper that several deeds name stands once for each. Two reads, however many there are."""
    scope, given = call.scope, {"tenant_id": ref.tenant, "id": ref.id}
    records = await RECORDS.rows(call, RECORDS.wish(given), given, cursor=None, limit=MOST)
    approval = await call.door.row(scope, _APPROVAL, **given)
    lying = {bare(row["digest"]): str(Ref(row["tenant_id"], row["id"])) for row in attached}
    found = [
        NamedPaper(row["kind"], str(row["id"]), row["on"], name, digest, lying.get(digest))
        for row in records
        for name, digest in papers_in(row["content"])
    ]
    if approval is not None and (digest := bare(approval["document_digest"])):
        number, on = approval["document_number"], approval["document_date"]
        found.append(NamedPaper("approval", None, on, number, digest, lying.get(digest)))
    return found


def bare(digest: str) -> str:
    """The 64 characters, however the algorithm was named before them; empty when it is no digest."""
    match = _DIGEST.fullmatch(digest)
    return match[1] if match else ""


def papers_in(content: Any) -> Iterator[tuple[str, str]]:
    """(name, digest) of every paper in what a deed left, wherever it stands there."""
    if isinstance(content, list):
        for each in content:
            yield from papers_in(each)
    elif isinstance(content, dict):
        for key in ("digest", "document_digest"):
            value = content.get(key)
            if isinstance(value, str) and bare(value):
                yield next((str(content[n]) for n in _NAMES if content.get(n)), ""), bare(value)
        for each in content.values():
            yield from papers_in(each)
