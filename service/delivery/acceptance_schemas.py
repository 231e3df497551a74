"""What goes over the wire of trial run, acceptance and its filing (arts 30, 32)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal, get_args

from msgspec import Meta, Struct

from service.kit.coded import AcceptanceMaterialCode, AcceptancePartCode, StateCode
from service.kit.naming import By
from service.kit.office_ids import OfficeId
from service.kit.text import MOST_SAID, Cursor, Name, Named, Note, Number, Remark, TenantCodes
from service.projects.schemas import Said
from service.projects.schemas_out import ProjectView

Digest = Annotated[
    str,
    Meta(pattern=r"^(sm3:)?[0-9a-f]{64}$(?!\n)", description="文件的 SM3 或 SHA-256 摘要，小写十六进制"),
]
MaterialKey = Literal[
    "summary",
    "data_sharing_report",
    "data_confirmation",
    "safe_reliable",
    "financial_report",
    "third_party_audit",
    "third_party_test",
    "security_risk",
    "cryptography",
    "secrecy_risk",
    "archives",
]
PartKey = Literal[
    "catalogue", "access", "sharing", "function", "performance", "protection_level", "work_secrets"
]


class Paper(Struct, forbid_unknown_fields=True):
    """A document by name and digest."""

    name: Name
    digest: Digest


class TrialRunIn(Struct, forbid_unknown_fields=True):
    """The day the trial run began (art. 30)."""

    on: date
    note: Note = ""


class InspectIn(Struct, forbid_unknown_fields=True):
    """The owner's final inspection (art. 30)."""

    on: date
    conclusion: Said
    report: Paper


class ConfirmIn(Struct, forbid_unknown_fields=True):
    """Whether the organ confirms, and what it found; a failed one may be repeated (art. 30)."""

    passed: bool
    opinion: Said
    document: Paper | None = None


class ExtensionIn(Struct, forbid_unknown_fields=True):
    """The written request to apply for acceptance later (art. 30)."""

    reason: Said
    until: date
    document: Paper | None = None


class DecideExtensionIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """The answer to a request for more time: until when (as asked when left out, never later), or why not (art. 30)."""

    approve: bool
    until: date | None = None
    opinion: Said
    document: Paper | None = None


class MaterialIn(Struct, forbid_unknown_fields=True):
    """One material of art. 30, and which of its parts it covers; without a digest it is the file in its slot."""

    digest: Digest | None = None
    note: Remark = ""
    parts: Annotated[list[PartKey], Meta(max_length=10)] = []


Materials = Annotated[
    dict[MaterialKey, MaterialIn],
    Meta(extra_json_schema={"propertyNames": {"enum": list(get_args(MaterialKey))}}),
]


class ApplyIn(Struct, forbid_unknown_fields=True):
    """The application for completion acceptance with its materials (art. 30)."""

    materials: Materials
    work_secrets: bool
    note: Note = ""


class AcceptanceOpinionIn(Struct, forbid_unknown_fields=True):
    """What the general office or the finance organ says to the acceptance (art. 32)."""

    agreed: bool
    opinion: Said


class AcceptIn(Struct, forbid_unknown_fields=True):
    """The acceptance opinion issued (art. 32)."""

    on: date
    conclusion: Said
    document_number: Number
    document_digest: Digest


class ReturnAcceptanceIn(Struct, forbid_unknown_fields=True):
    """Why the application goes back."""

    reason: Said


class DelegateIn(Struct, forbid_unknown_fields=True):
    """Who is to run the acceptance, and what is expected (art. 32)."""

    to: Named
    terms: Said


class DelegatedReportIn(Struct, forbid_unknown_fields=True):
    """The acceptance report of a delegated acceptance, for all three organs (art. 32)."""

    on: date
    conclusion: Said
    report: Paper


class OperationIn(Struct, forbid_unknown_fields=True):
    """The day the system was put into operation (arts 30, 40); a day told before is corrected with a reason."""

    on: date
    note: Note = ""
    reason: Said | None = None


class FileAcceptanceIn(Struct, forbid_unknown_fields=True):
    """The filing of an acceptance with the leading group's office needs nothing but a note (art. 32)."""

    note: Remark = ""


class ChecklistQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Whether the project touches work secrets; as told in the application or the declaration where left out."""

    work_secrets: bool | None = None


class PartLine(Struct):
    """A part of a material."""

    key: AcceptancePartCode
    name: str
    given: bool


class ChecklistLine(Struct):
    """A material of art. 30: given, complete, by which parts."""

    key: AcceptanceMaterialCode
    name: str
    article: int
    given: bool
    complete: bool
    parts: list[PartLine]


class Checklist(Struct):
    """All materials; `complete` says whether an application would pass."""

    work_secrets: bool
    complete: bool
    items: list[ChecklistLine]


class AcceptanceStatus(Struct):
    """Where a project stands between trial run and evaluation; days are legal days, facts as left on the case."""

    state: StateCode
    trial_run_ends: date | None
    evaluation_from: date | None
    evaluation_until: date | None
    confirmed: bool
    facts: dict[str, Any]


class AcceptanceReceipt(Struct):
    """The receipt of an acceptance filing; it is no permission, and nobody rejects it. `digest` seals the rest."""

    number: str
    project_id: str
    project_name: str
    owner_name: str
    tenant: str
    accepted_on: date
    document_number: str
    filed_with: str
    filed_at: datetime
    articles: list[int]
    note: str
    digest: str


class AcceptanceFilingView(Struct):
    """An acceptance filing and its project. The receipt is as it was sealed, with codes."""

    id: str
    number: str
    project_id: str
    project_name: str
    owner_name: str
    tenant: str
    tenant_name: str | None
    accepted_on: date
    filed_by: By
    filed_at: datetime
    receipt: AcceptanceReceipt


class AcceptanceFilingList(Struct):
    """A page, newest first."""

    items: list[AcceptanceFilingView]
    next_cursor: str | None


class AcceptanceFilingQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Filters of the list."""

    tenant: TenantCodes | None = None
    year: Annotated[list[Annotated[int, Meta(ge=2000, le=9999)]], Meta(max_length=MOST_SAID)] | None = None
    owner_office_id: Annotated[list[OfficeId], Meta(max_length=MOST_SAID)] | None = None
    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class AcceptanceFiled(Struct):
    """The receipt together with the case."""

    filing_id: str
    receipt: AcceptanceReceipt
    project: ProjectView
