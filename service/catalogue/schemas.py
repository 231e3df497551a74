"""What goes over the wire of shared apps. Ids are `<tenant>-<uuid>`, amounts yuan as text with two decimals."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from service.kit.office_ids import OfficeId
from service.kit.text import Cursor, Email, LineOrNone, Name, Number, Phone, Remark, line, prose
from service.projects.schemas import Amount, Line, Said

# What an app is for; the names of the categories stand in search.CATEGORIES.
Category = Literal[
    "government_service", "approval", "video", "map", "identity", "seal", "payment", "data_exchange", "message",
    "certificate", "cloud", "cryptography", "grid", "hotline", "office", "supervision", "portal", "ai", "other",
]  # fmt: skip
Status = Literal["draft", "pilot", "available", "deprecated", "retired"]
Published = Literal["pilot", "available", "deprecated", "retired"]
ReachName = Literal["province", "tenant", "offices"]
Level = Annotated[int, Meta(ge=1, le=4, description="网络安全等级保护级别")]
Prose = Annotated[str, prose(8000)]
Short = LineOrNone
Summary = Annotated[str, prose(200)]
Url = Annotated[str, Meta(max_length=500, pattern=r"^https?://[!-~]+$(?!\n)")]
PublicId = Annotated[str, Meta(max_length=60, pattern=r"^[0-9A-Za-z]{2,16}-[0-9a-f-]{36}$(?!\n)")]


class DataItem(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A catalogue item of data that the app shares (art. 11)."""

    name: Name
    code: Annotated[str, line(100, kind="number", empty=True)] = ""
    sharing: Literal["unconditional", "conditional"] = "unconditional"


class Interface(Struct, forbid_unknown_fields=True):
    """An interface and where its OpenAPI document is."""

    name: Name
    openapi: Url


class Certificate(Struct, forbid_unknown_fields=True):
    """An assessment the app holds (art. 25); `valid_to` is the last day it counts."""

    kind: Literal["protection_level", "cryptography", "security_test", "other"]
    number: Number
    valid_to: date


class Cost(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """What the adopter pays: nothing, or an amount and what it is counted by."""

    amount_yuan: Amount = "0.00"
    basis: Short = ""


class Support(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Whom an adopter turns to."""

    name: Short = ""
    phone: Phone = ""
    email: Email = ""


class Release(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A version of the software."""

    number: Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[0-9A-Za-z][0-9A-Za-z._+-]*$(?!\n)")]
    released_on: date
    notes: Remark = ""


class AppContent(Struct, forbid_unknown_fields=True, kw_only=True):
    """Everything that is said of an app beside name, reach and status."""

    category: Category = "other"
    summary: Summary = ""
    description: Prose = ""
    functions: Annotated[list[Line], Meta(max_length=60)] = []
    data_items: Annotated[list[DataItem], Meta(max_length=100)] = []
    interfaces: Annotated[list[Interface], Meta(max_length=50)] = []
    security_level: Level | None = None
    certificates: Annotated[list[Certificate], Meta(max_length=20)] = []
    cost: Cost = field(default_factory=Cost)
    service_terms: Prose = ""
    support: Support = field(default_factory=Support)
    versions: Annotated[list[Release], Meta(max_length=50)] = []


class AppIn(AppContent, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A new draft. `provider_office_id` is the caller's own office when left out."""

    name: Name
    reach: ReachName = "tenant"
    office_ids: Annotated[list[OfficeId], Meta(max_length=200)] = []
    provider_office_id: OfficeId | None = None


class AppEdit(Struct, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Changes to the working copy: what is given replaces what was there."""

    name: Name | UnsetType = UNSET
    reach: ReachName | UnsetType = UNSET
    office_ids: Annotated[list[OfficeId], Meta(max_length=200)] | UnsetType = UNSET
    category: Category | UnsetType = UNSET
    summary: Summary | UnsetType = UNSET
    description: Prose | UnsetType = UNSET
    functions: Annotated[list[Line], Meta(max_length=60)] | UnsetType = UNSET
    data_items: Annotated[list[DataItem], Meta(max_length=100)] | UnsetType = UNSET
    interfaces: Annotated[list[Interface], Meta(max_length=50)] | UnsetType = UNSET
    security_level: Level | UnsetType = UNSET
    certificates: Annotated[list[Certificate], Meta(max_length=20)] | UnsetType = UNSET
    cost: Cost | UnsetType = UNSET
    service_terms: Prose | UnsetType = UNSET
    support: Support | UnsetType = UNSET
    versions: Annotated[list[Release], Meta(max_length=50)] | UnsetType = UNSET


class PublishIn(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """First publication opens the app as a pilot or for all; later ones publish the changed working copy."""

    status: Literal["pilot", "available"] = "available"


class StatusIn(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A published app's new status; a reason where the table asks for one, a successor for deprecation."""

    status: Published
    reason: Said | None = None
    successor: PublicId | None = None


class ImportIn(Struct, forbid_unknown_fields=True):
    """A description in the publiccode.yml-like form that the export writes."""

    publiccode: Annotated[str, prose(32768, least=1, kind="source")]
    provider_office_id: OfficeId | None = None


class ArtefactsIn(Struct, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What an accepted project leaves to the government (art. 31): names or addresses of the artefacts."""

    design_documents: Annotated[list[Line], Meta(max_length=50)] = []
    source: Annotated[list[Line], Meta(max_length=20)] = []
    test_documents: Annotated[list[Line], Meta(max_length=50)] = []
    data_resources: Annotated[list[DataItem], Meta(max_length=100)] = []
    interfaces: Annotated[list[Interface], Meta(max_length=50)] = []


class FromProjectIn(ArtefactsIn, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """The accepted project and its artefacts."""

    project_id: PublicId


class MoveView(Struct):
    """A status that the app may take next, and what must be said with it."""

    status: str
    reason_required: bool
    successor_required: bool
    articles: list[int]


class AppView(Struct, kw_only=True):
    """The working copy, for its provider."""

    id: str
    name: str
    status: str
    reach: str
    office_ids: list[str]
    provider_office_id: str
    content: AppContent
    successor: str | None
    source_project: str | None
    edition: int
    moves: list[MoveView]
    created_by: str
    created_at: datetime
    updated_at: datetime
    published_at: datetime | None
    version: int


class WorkingList(Struct):
    """The provider tenant's own apps, the last changed first."""

    items: list[AppView]
    next_cursor: str | None


class WorkingQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """A page of working copies."""

    status: Status | None = None
    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
