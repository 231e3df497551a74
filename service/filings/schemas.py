"""What goes over the wire of approvals, filings and queries."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta, Struct

from service.kit.naming import By, TenantNamed
from service.kit.office_ids import OfficeId
from service.kit.text import MOST_SAID, Cursor, PublicRef, Remark, TenantCodes, line
from service.projects.approving import ApprovalIn
from service.projects.schemas import Id, Said
from service.projects.schemas_out import ProjectView


class ApproveIn(ApprovalIn, forbid_unknown_fields=True, kw_only=True):
    """The city's approval."""


class FileIn(Struct, forbid_unknown_fields=True):
    """Filing needs nothing but the approved case; a note goes to the office."""

    note: Remark = ""


class ChangeDocument(Struct):
    """The document of an approved change."""

    number: str
    date: date
    digest: str


class Receipt(Struct, omit_defaults=True):
    """What the city holds in hand after filing: a receipt, never a permission. `digest` seals the rest (SM3).

    `changes`: what changed the approval before it was filed.
    """

    filing_number: str
    project_id: str
    project_name: str
    owner_name: str
    tenant: str
    tenant_name: str
    approved_amount_yuan: str
    document_number: str
    document_date: date
    document_digest: str
    filed_with: str
    filed_at: datetime
    articles: list[int]
    note: str
    digest: str
    changes: list[ChangeDocument] = []


class SupplementReceipt(Struct):
    """The receipt of a supplementary filing (art. 23, R27): a number of its own, beside the first, which stays sealed.

    `approved_amount_yuan`: the amount in force; `changes`: the documents that it tells. `digest` seals the rest (SM3).
    """

    number: str
    filing_number: str | None
    project_id: str
    project_name: str
    owner_name: str
    tenant: str
    tenant_name: str
    approved_amount_yuan: str
    changes: list[ChangeDocument]
    filed_with: str
    filed_at: datetime
    articles: list[int]
    note: str
    digest: str


class SupplementList(Struct):
    """All supplementary filings of one filing, oldest first."""

    items: list[SupplementReceipt]


class Supplemented(Struct):
    """The project together with the receipt of its supplementary filing."""

    receipt: SupplementReceipt
    project: ProjectView


class AnswerQueryIn(Struct, forbid_unknown_fields=True):
    """The city's answer to a question on an approval that is not filed (art. 39)."""

    query: Id
    answer: Said


class FilingView(Struct):
    """A filing and its project, with the amount in force; `filed_amount_yuan` is that of the first receipt.

    `supplements`: how many supplementary filings there are; `supplement_owed`: a change that none of them tells.
    """

    id: str
    number: str
    project_id: str
    project_name: str
    owner_name: str
    tenant: TenantNamed
    approved_amount_yuan: str
    filed_by: By
    filed_at: datetime
    filed_amount_yuan: str
    supplements: int
    supplement_owed: bool


class FilingList(Struct):
    """A page, newest first."""

    items: list[FilingView]
    next_cursor: str | None


class FilingFilter(Struct, forbid_unknown_fields=True, kw_only=True):
    """Filters of the filings, all to be met; of several values of one, any."""

    tenant: TenantCodes | None = None
    number: Annotated[str, line(60, kind="number")] | None = None
    year: Annotated[list[Annotated[int, Meta(ge=2000, le=9999)]], Meta(max_length=MOST_SAID)] | None = None
    project_id: Annotated[list[PublicRef], Meta(max_length=MOST_SAID)] | None = None
    owner_office_id: Annotated[list[OfficeId], Meta(max_length=MOST_SAID)] | None = None


class FilingQuery(FilingFilter, forbid_unknown_fields=True, kw_only=True):
    """A page of them."""

    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class AskIn(Struct, forbid_unknown_fields=True):
    """The province's question on a filing (art. 39); it rejects nothing."""

    question: Said


class AnswerIn(Struct, forbid_unknown_fields=True):
    """The city's answer."""

    answer: Said


class QueryView(Struct):
    """A query and, once given, its answer."""

    id: str
    filing_id: str
    question: str
    asked_by: By
    asked_at: datetime
    answer: str | None
    answered_by: By | None
    answered_at: datetime | None


class QueryList(Struct):
    """All queries on one filing, oldest first."""

    items: list[QueryView]


class Filed(Struct):
    """The filed project together with its receipt."""

    filing_id: str
    receipt: Receipt
    project: ProjectView
