"""What goes over the wire of building (arts 13, 24-29, 31). Amounts are yuan as text with two decimals."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct

from service.kit.coded import CertificateCode, FundingSourceCode, RegimeCode
from service.kit.text import Name, Named, Number, Stated, line
from service.kit.text import Note as Note
from service.projects.schemas import Amount, Id, Said

Digest = Annotated[
    str, Meta(pattern=r"^(sm3:)?[0-9a-f]{64}$(?!\n)", description="文件的 SM3 或 SHA-256 摘要，小写十六进制")
]
Regime = Literal[
    "tendering",
    "government_procurement",
    "supervision",
    "performance",
    "contract",
    "archives",
    "security",
    "secrecy",
]
CertificateKind = Literal[
    "protection_level", "crypto_assessment", "security_test", "secrecy_test", "risk_assessment"
]


class Document(Struct, forbid_unknown_fields=True):
    """A file the record rests on."""

    name: Name
    digest: Digest


class ResponsibleIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """Who carries the project out and who answers for it (art. 24)."""

    implementing_body: Stated
    person: Stated
    title: Annotated[str, line(100, empty=True)] = ""
    named_on: date
    document: Document | None = None
    note: Note = ""


class RegimeIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """One management regime and the document that sets it up (art. 24)."""

    regime: Regime
    set_up_on: date
    document: Document
    note: Note = ""


class SupervisionIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """The supervision contract, with who answers for work safety (art. 26)."""

    company: Stated
    contract_number: Stated
    signed_on: date
    amount_yuan: Amount | None = None
    safety_responsibility: Said
    document: Document
    supersedes: Id | None = None


class OwnershipClause(Struct, forbid_unknown_fields=True):
    """Where the document says that results and their rights belong to government (art. 31), and its words."""

    reference: Number
    quote: Said


class ProcurementIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """Tender or procurement documents (arts 24, 31)."""

    number: Number
    method: Literal[
        "open_tender",
        "invited_tender",
        "negotiation",
        "consultation",
        "inquiry",
        "single_source",
        "framework",
    ]
    subject: Literal["works", "goods", "services"]
    parties: Annotated[list[Stated], Meta(min_length=1, max_length=20)]
    amount_yuan: Amount
    issued_on: date
    ownership_clause: OwnershipClause | None = None
    document: Document
    supersedes: Id | None = None


class ContractIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """A contract (arts 13, 24, 31). Recorded whatever its date; an early one is a finding."""

    number: Number
    parties: Annotated[list[Stated], Meta(min_length=2, max_length=20)]
    amount_yuan: Amount
    signed_on: date
    ownership_clause: OwnershipClause | None = None
    document: Document
    supersedes: Id | None = None


class CertificateIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """The outcome of a test or assessment that has to be repeated (art. 25)."""

    kind: CertificateKind
    number: Number
    issued_by: Named
    issued_on: date
    valid_to: date
    passed: bool
    level: Annotated[int, Meta(ge=1, le=5)] | None = None
    filing_number: Number | None = None
    document: Document
    supersedes: Id | None = None


class StartIn(Struct, forbid_unknown_fields=True):
    """The start of building (arts 13, 24); a day before the approval is recorded as it was."""

    started_on: date
    note: Note = ""


class EndTermIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """The end of a maintenance term (R30): what was done, how good the service was (art. 27), the report on it."""

    ended_on: date
    summary: Said
    service_quality: Said
    document: Document


class ForceMajeureIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """What keeps the project from starting through nobody's fault (art. 29); open while it lasts."""

    since: date
    until: date | None = None
    evidence: Said
    document: Document


class ForceMajeureEndIn(Struct, forbid_unknown_fields=True):
    """The last day of the hindrance."""

    until: date
    evidence: Said


class ForceMajeureDecisionIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """Whether a claim of force majeure is found to be so (art. 29), and why.

    `claim`: its record; may be left out where one waits. `until`: the end that is found, where it is known by now.
    """

    claim: Id | None = None
    accepted: bool
    until: date | None = None
    reason: Said


class RecallIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """Taking the money back (art. 29, in principle): why, and the document. The reason answers a waiting claim."""

    reason: Said
    document: Document


class IncidentIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """Serious overrun of time, or a serious loss (art. 28)."""

    kind: Literal["schedule_overrun", "loss", "other"]
    occurred_on: date
    description: Said
    planned_finish: date | None = None
    expected_finish: date | None = None
    loss_yuan: Amount | None = None
    measures: Said
    document: Document | None = None


class RegimeLine(Struct):
    """One of the eight regimes; `set_up_on` null while it is missing."""

    regime: RegimeCode
    name: str
    set_up_on: date | None


class CertificateLine(Struct):
    """The latest passed certificate of a kind."""

    kind: CertificateCode
    name: str
    valid_to: date
    expired: bool


class FundingLineView(Struct):
    """One source of money."""

    source: FundingSourceCode
    amount_yuan: str


class MoneyView(Struct, kw_only=True):
    """Art. 38 at a glance. `returnable`: issued, not spent and not yet given back."""

    approved_yuan: str
    issued_yuan: str
    paid_yuan: str
    returned_yuan: str
    surplus_yuan: str
    returnable_yuan: str
    lines: list[FundingLineView]


class BuildingView(Struct, kw_only=True):
    """How building stands: what is recorded, what is missing, what has run out."""

    regimes: list[RegimeLine]
    missing_regimes: list[RegimeCode]
    certificates: list[CertificateLine]
    expired_certificates: list[CertificateCode]
    start_due: date | None
    reported_years: list[int]
    open_change: str | None
    money: MoneyView
