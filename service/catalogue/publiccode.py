"""publiccode.yml (publiccodeyml.org), versions 0 to 0.7: the keys that a shared app has a place for.

The standard's own keys carry what they can. What it has no word for, and what it bounds more narrowly, stands under
`tongjian`; `assumed` names the keys that the export filled in because the standard wants them and the app is silent.
Status and edition are told (`developmentStatus`) but never taken: what is imported is a draft.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

from service.catalogue.schemas import (
    Certificate,
    Cost,
    DataItem,
    Interface,
    Language,
    Level,
    Network,
    Paper,
    Prose,
    ReachName,
    Release,
    Short,
    Summary,
    Support,
)
from service.kit.text import Line, Name, Remark, line, opaque, prose

VERSION = "0.4"
KINDS = ("internal", "contract", "community", "none")  # of maintenance; the first is taken where none is said
Version = Annotated[str, line(40, kind="number", empty=True)]


class Texts(Struct, rename="camel", kw_only=True, omit_defaults=True):
    """The description in one language."""

    short_description: Annotated[str, prose(2000)] = ""
    long_description: Annotated[str, prose(20000)] = ""
    features: Annotated[list[Annotated[str, prose(2000)]], Meta(max_length=500)] = []


class Contact(Struct, omit_defaults=True):
    """Whom to turn to. Telephones of other countries are not refused with the whole file."""

    name: Short
    email: Annotated[str, opaque(200)] = ""
    phone: Annotated[str, opaque(200)] = ""


class Maintenance(Struct, omit_defaults=True):
    """Who keeps it."""

    type: Annotated[str, opaque(40)] = "internal"
    contacts: Annotated[list[Contact], Meta(max_length=11)] = []


class Legal(Struct, rename="camel", kw_only=True, omit_defaults=True):
    """Licence and rights."""

    license: Short = ""
    main_copyright_owner: Short = ""


class Localisation(Struct, rename="camel", kw_only=True):
    """The languages it speaks."""

    localisation_ready: bool = False
    available_languages: Annotated[list[Language], Meta(max_length=30)] = []


class Extension(Struct, rename="camel", kw_only=True, omit_defaults=True):
    """What the Measures ask for and the standard has no key for; and our own words where its bounds are narrower."""

    reach: Literal[ReachName] = "tenant"
    summary: Summary = ""
    description: Prose = ""
    data_shared: Annotated[list[DataItem], Meta(max_length=100)] = []
    interfaces: Annotated[list[Interface], Meta(max_length=50)] = []
    security_level: Level | None = None
    certificates: Annotated[list[Certificate], Meta(max_length=20)] = []
    cost: Cost = field(default_factory=Cost)
    service_terms: Prose = ""
    versions: Annotated[list[Release], Meta(max_length=50)] = []
    software_version: Version = ""
    networks: Annotated[list[Network], Meta(max_length=4)] = []
    licence_terms: Remark = ""
    papers: Annotated[list[Paper], Meta(max_length=50)] = []
    support: Support | None = None
    contacts: Annotated[list[Support], Meta(max_length=10)] = []
    assumed: Annotated[list[Annotated[str, opaque(80)]], Meta(max_length=20)] = []


class PublicCode(Struct, rename="camel", kw_only=True, omit_defaults=True):
    """The file. `platforms` may be a single word, and a language of `description` any."""

    publiccode_yml_version: Annotated[str, Meta(max_length=8, pattern=r"^0(?:\.[0-7](?:\.[0-9]+)?)?$(?!\n)")]
    name: Name
    url: Annotated[str, opaque(500)] = ""
    landing_url: Annotated[str, opaque(500)] = field(name="landingURL", default="")
    software_version: Version = ""
    release_date: Annotated[str, opaque(40)] = ""
    platforms: Annotated[list[Line], Meta(max_length=20)] = []
    categories: Annotated[list[Line], Meta(max_length=40)] = []
    development_status: Annotated[str, opaque(40)] = ""
    software_type: Annotated[str, opaque(40)] = ""
    description: dict[Language, Texts] = {}
    legal: Legal = field(default_factory=Legal)
    maintenance: Maintenance = field(default_factory=Maintenance)
    localisation: Localisation = field(default_factory=Localisation)
    tongjian: Extension = field(default_factory=Extension)


# The standard's categories and ours; the first of each line is what the export says.
CATEGORIES: dict[str, tuple[str, ...]] = {
    "government_service": ("digital-citizenship", "online-booking", "appointment-scheduling"),
    "approval": ("workflow-management", "business-process-management"),
    "video": ("video-conferencing", "web-conferencing", "video-editing"),
    "map": ("geographic-information-systems",),
    "identity": ("identity-management",),
    "seal": ("e-signature",),
    "payment": ("payment-gateway", "mobile-payment", "billing-and-invoicing"),
    "data_exchange": ("data-collection", "data-analytics", "data-visualization", "business-intelligence"),
    "message": ("communications", "instant-messaging", "email-management", "voip"),
    "certificate": ("digital-asset-management",),
    "cloud": ("cloud-management", "it-service-management", "it-management", "network-management", "backup"),
    "cryptography": ("it-security",),
    "grid": ("online-community", "property-management", "real-estate-management"),
    "hotline": ("call-center-management", "customer-service-and-support", "help-desk", "service-desk"),
    "office": ("office", "collaboration", "document-management", "productivity-suite", "task-management"),
    "supervision": ("compliance-management", "regulations-and-directives", "whistleblowing"),
    "portal": ("content-management", "website-builder"),
    "ai": ("predictive-analysis",),
    "other": ("other",),
}
OURS: dict[str, str] = {theirs: ours for ours, names in CATEGORIES.items() for theirs in names}
DEVELOPMENT: dict[str, Any] = {
    "draft": "development",
    "pilot": "beta",
    "available": "stable",
    "deprecated": "obsolete",
    "retired": "obsolete",
}
