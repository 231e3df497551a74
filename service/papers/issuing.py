"""Issuing a paper: drawn once, kept with its code's digest and its own, and given again as it was.

Drawing takes a process of its own and no connection (press.py); the row is written after it, in a short transaction of
the case's tenant: a reader of the province issues what its city filed. Of two who draw at once the first row stays.
"""

from __future__ import annotations

from typing import Any

from service.kit.api import Call
from service.kit.db import Row, tenant_scope
from service.kit.digest import sm3
from service.kit.errors import Error, ServiceError
from service.kit.ids import Ref, new_id
from service.kit.tables import insert_row
from service.papers.codes import code_digest, new_code
from service.papers.layout import Paper, drawn
from service.papers.press import Press
from service.papers.queries import OF_NUMBER
from service.portfolio.models import papers
from service.settings import Settings

WITHDRAWN = Error(410, "paper_withdrawn", "文书所据的案卷已清除，不再提供")
_ISSUE = insert_row(papers, ignore_conflict=True)


async def kept(call: Call, tenant: str, number: str) -> bytes | None:
    """The PDF issued under a number, None where none was; 410 where it was withdrawn."""
    row: Row | None = await call.door.row(tenant_scope(tenant), OF_NUMBER, tenant_id=tenant, number=number)
    if row is None:
        return None
    if row["withdrawn_at"] is not None:
        raise withdrawn()
    return bytes(row["content"])


async def issue(call: Call, project: Ref, paper: Paper, *, keep: bool) -> bytes:
    """Draws a paper and writes down what checking it will ask. `keep`: its bytes too."""
    press, settings = call.service(Press), call.service(Settings)
    code = new_code()
    pdf = await press.pdf(project.tenant, drawn(paper, code, settings.issuer, press.fonts))
    row: dict[str, Any] = {
        "tenant_id": project.tenant,
        "id": new_id(),
        "project_id": project.id,
        "kind": paper.kind,
        "number": paper.number,
        "organ": paper.organ,
        "made_on": paper.on,
        "amount_fen": paper.amount_fen,
        "code_digest": code_digest(code),
        "digest": sm3(pdf),
        "content": pdf if keep else None,
        "tells": paper.tells,
        "issued_at": call.now,
        "withdrawn_at": None,
    }
    async with call.door.transaction(tenant_scope(project.tenant)) as tx:
        await tx.fetch(_ISSUE, **row)
    return (await kept(call, project.tenant, paper.number) or pdf) if keep else pdf


def withdrawn() -> ServiceError:
    return ServiceError(WITHDRAWN.status, WITHDRAWN.code, WITHDRAWN.meaning)
