"""What goes over the wire of shared apps. Ids are `<tenant>-<uuid>`, amounts yuan as text with two decimals."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from service.kit.coded import AppStatusCode, ReachCode
from service.kit.naming import By
from service.kit.office_ids import OfficeId
from service.kit.text import Cursor, Email, LineOrNone, Name, NameOrNone, Number, Phone, Remark, line, prose
from service.projects.schemas import Amount, Line, Said

# What an app is for; the names of the categories stand in search.CATEGORIES.
Category = Literal[
    "government_service",
    "approval",
    "video",
    "map",
    "identity",
    "seal",
    "payment",
    "data_exchange",
    "message",
    "certificate",
    "cloud",
    "cryptography",
    "grid",
    "hotline",
    "office",
    "supervision",
    "portal",
    "ai",
    "other",
]
Status = Literal["draft", "pilot", "available", "deprecated", "retired"]
Published = Literal["pilot", "available", "deprecated", "retired"]
ReachName = Literal["province", "tenant", "offices"]
Level = Annotated[int, Meta(ge=1, le=4, description="网络安全等级保护级别")]
Prose = Annotated[str, prose(8000)]
Short = LineOrNone
Summary = Annotated[str, prose(200)]
Url = Annotated[str, Meta(max_length=500, pattern=r"^https?://[!-~]+$(?!\n)")]
UrlOrNone = Annotated[str, Meta(max_length=500, pattern=r"^(?:https?://[!-~]+)?$(?!\n)")]
Repository = Annotated[str, Meta(max_length=500, pattern=r"^(?:(?:https?|git|ssh|svn)://[!-~]+)?$(?!\n)")]
SoftwareType = Literal[
    "standalone/web",
    "standalone/mobile",
    "standalone/desktop",
    "standalone/backend",
    "standalone/iot",
    "standalone/other",
    "addon",
    "library",
    "configurationFiles",
]
Language = Annotated[
    str, Meta(max_length=35, pattern=r"^[A-Za-z]{2,8}(?:-[0-9A-Za-z]{1,8})*$(?!\n)")
]  # BCP 47
Network = Literal["internet", "government_extranet", "government_intranet", "dedicated"]
PaperKind = Literal["screenshot", "manual", "design", "test_report", "other"]
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


class Rights(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Under what licence it may be used, and whose it is (art. 31: results belong to government)."""

    licence: Short = ""
    owner: NameOrNone = ""
    terms: Remark = ""


class Paper(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A screenshot or paper about the app and where it is."""

    name: Name
    address: Url
    kind: PaperKind = "other"


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
    contacts: Annotated[list[Support], Meta(max_length=10, description="支持联系人以外的联系人")] = []
    versions: Annotated[list[Release], Meta(max_length=50)] = []
    software_version: Annotated[
        str, line(40, kind="number", empty=True, told="版本记录之外单独写明的现行版本")
    ] = ""
    address: Annotated[UrlOrNone, Meta(description="应用的访问地址")] = ""
    repository: Annotated[Repository, Meta(description="源代码所在地址")] = ""
    software_type: SoftwareType | None = None
    platforms: Annotated[
        list[Line], Meta(max_length=20, description="使用者的终端，如 web、windows、linux、android")
    ] = []
    networks: Annotated[list[Network], Meta(max_length=4, description="部署和使用所在的网络")] = []
    languages: Annotated[list[Language], Meta(max_length=30)] = []
    rights: Rights = field(default_factory=Rights)
    papers: Annotated[list[Paper], Meta(max_length=50, description="截图和资料")] = []
    further: Annotated[
        str,
        prose(32768, kind="source"),
        Meta(description="publiccode.yml 中在此没有对应字段的内容（YAML），导出时原样带出"),
    ] = ""


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
    contacts: Annotated[list[Support], Meta(max_length=10)] | UnsetType = UNSET
    versions: Annotated[list[Release], Meta(max_length=50)] | UnsetType = UNSET
    software_version: Annotated[str, line(40, kind="number", empty=True)] | UnsetType = UNSET
    address: UrlOrNone | UnsetType = UNSET
    repository: Repository | UnsetType = UNSET
    software_type: SoftwareType | None | UnsetType = UNSET
    platforms: Annotated[list[Line], Meta(max_length=20)] | UnsetType = UNSET
    networks: Annotated[list[Network], Meta(max_length=4)] | UnsetType = UNSET
    languages: Annotated[list[Language], Meta(max_length=30)] | UnsetType = UNSET
    rights: Rights | UnsetType = UNSET
    papers: Annotated[list[Paper], Meta(max_length=50)] | UnsetType = UNSET
    further: Annotated[str, prose(32768, kind="source")] | UnsetType = UNSET


class PublishIn(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """First publication opens the app as a pilot or for all; later ones publish the changed working copy."""

    status: Literal["pilot", "available"] = "available"


class StatusIn(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A published app's new status; a reason where the table asks for one, a successor for deprecation."""

    status: Published
    reason: Said | None = None
    successor: PublicId | None = None


class ImportIn(Struct, forbid_unknown_fields=True):
    """A publiccode.yml of the standard's versions 0 to 0.7, such as the export writes."""

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

    status: AppStatusCode
    reason_required: bool
    successor_required: bool
    articles: list[int]


class AppView(Struct, kw_only=True):
    """The working copy, for its provider."""

    id: str
    name: str
    status: AppStatusCode
    reach: ReachCode
    office_ids: list[str]
    provider_office_id: str
    content: AppContent
    successor: str | None
    source_project: str | None
    edition: int
    moves: list[MoveView]
    created_by: By
    created_at: datetime
    updated_at: datetime
    published_at: datetime | None
    version: int


class ImportedView(AppView, kw_only=True):
    """The draft made of a file. `unread`: pointers to what has no place here; `further` keeps it where it can."""

    unread: list[str]


class WorkingList(Struct):
    """The provider tenant's own apps, the last changed first."""

    items: list[AppView]
    next_cursor: str | None


class WorkingQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """A page of working copies."""

    status: list[Status] | None = None
    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
