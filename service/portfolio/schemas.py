"""Existing systems and imports on the wire."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from service.kit.coded import FoundCode, NetworkCode, RouteCode, StateCode, SystemStatusCode
from service.kit.naming import TenantNamed
from service.kit.office_ids import OfficeId
from service.kit.text import MOST_SAID, Cursor, Name, PublicRef, Stated, TenantCodes, line
from service.measures.importing import IMPORTABLE
from service.projects.schemas import Amount, ExternalRef, Long, Materials

SystemStatus = Literal["running", "merged", "retired"]
Network = Literal["government_extranet", "internet", "dedicated"]


class SystemIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """A system an office runs (art. 6). `office_id` may be left out by whoever belongs to one office."""

    name: Name
    office_id: OfficeId | None = None
    purpose: Long = ""
    on_cloud: bool = False
    network: Network = "government_extranet"
    protection_level: Annotated[int, Meta(ge=1, le=5)] | None = None
    launched_on: dt.date | None = None
    yearly_maintenance_yuan: Amount | None = None
    project_id: PublicRef | None = None


class SystemEdit(Struct, forbid_unknown_fields=True, kw_only=True):
    """Changes: what is given replaces what was there."""

    name: Name | UnsetType = UNSET
    purpose: Long | UnsetType = UNSET
    on_cloud: bool | UnsetType = UNSET
    network: Network | UnsetType = UNSET
    protection_level: Annotated[int, Meta(ge=1, le=5)] | UnsetType | None = UNSET
    launched_on: dt.date | UnsetType | None = UNSET
    yearly_maintenance_yuan: Amount | UnsetType | None = UNSET
    status: SystemStatus | UnsetType = UNSET


class SystemView(Struct):
    """One system."""

    id: str
    tenant: TenantNamed
    office_id: str
    office_name: str
    name: str
    purpose: str
    on_cloud: bool
    network: NetworkCode
    protection_level: int | None
    launched_on: dt.date | None
    yearly_maintenance_yuan: str | None
    project_id: str | None
    status: SystemStatusCode
    version: int


class SystemQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Filters, by name."""

    tenant: TenantCodes | None = None
    owner_office_id: Annotated[list[OfficeId], Meta(max_length=MOST_SAID)] | None = None
    status: list[SystemStatus] | None = None
    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class SystemList(Struct):
    """A page; the Link header leads to the next."""

    items: list[SystemView]
    next_cursor: str | None


class OfficeCount(Struct):
    """How many running systems an office has (art. 6: one department, one system)."""

    tenant: TenantNamed
    office_id: str
    office_name: str
    running: int
    off_cloud: int


class SystemCounts(Struct):
    """Offices with the most running systems first; at most 500."""

    items: list[OfficeCount]


class Source(Struct, forbid_unknown_fields=True):
    """The paper a running project is taken from."""

    document: Stated
    number: Annotated[str, line(100, kind="number")]
    date: dt.date


class Dated(Struct, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What has happened, and when; the appraisal and the confirmations with a favourable outcome."""

    appraised: dt.date | UnsetType = UNSET
    approved: dt.date | UnsetType = UNSET
    started: dt.date | UnsetType = UNSET
    trial_run: dt.date | UnsetType = UNSET
    final_inspected: dt.date | UnsetType = UNSET
    acceptance_applied: dt.date | UnsetType = UNSET
    accepted: dt.date | UnsetType = UNSET
    operation: dt.date | UnsetType = UNSET
    evaluated: dt.date | UnsetType = UNSET
    retired: dt.date | UnsetType = UNSET
    data_confirmed: dt.date | UnsetType = UNSET
    crypto_confirmed: dt.date | UnsetType = UNSET
    suspended: dt.date | UnsetType = UNSET


class ImportLine(Struct, forbid_unknown_fields=True, kw_only=True):
    """One running project: one line of the file."""

    name: Name
    owner_office_id: OfficeId
    facts: dict[str, Any]
    state: Annotated[
        str,
        Meta(
            pattern="^(" + "|".join(state.value for state in IMPORTABLE) + r")$(?!\n)",
            extra_json_schema={"enum": [state.value for state in IMPORTABLE]},
        ),
    ]
    source: Source
    dated: Dated
    approved_amount_yuan: Amount
    approval_number: Annotated[str, line(100, kind="number")]
    budget_issued_yuan: Amount | None = None
    paid_yuan: Amount | None = None
    external_ref: ExternalRef | None = None
    materials: Materials = field(default_factory=Materials)


class ImportQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """`dry_run`: tell what would happen, store nothing."""

    dry_run: bool = False


class ImportNotice(Struct):
    """What a line's days show beside themselves: what the Measures forbid and has happened; taken as it was."""

    code: FoundCode
    article: int
    message: str


class Imported(Struct):
    """One line that was (or would be) taken, and what it shows beside itself."""

    line: int
    id: str | None
    name: str
    route: RouteCode
    state: StateCode
    findings: list[ImportNotice]


class ImportResult(Struct):
    """All lines of the file, or none."""

    dry_run: bool
    digest: str
    items: list[Imported]
