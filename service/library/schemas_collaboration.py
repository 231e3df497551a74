"""What goes over the wire of frameworks and cross-level links (art. 12)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

from service.kit.coded import LinkStateCode
from service.kit.naming import By, TenantNamed
from service.kit.office_ids import OfficeId
from service.kit.text import Number, PublicRef, prose
from service.library.schemas import Tenant
from service.projects.schemas import Said

Goals = Annotated[str, prose(20000, least=2)]
# Empty where none of the declared participants has an office in the tenant: they are shown by paper (R48).
Parties = Annotated[list[OfficeId], Meta(max_length=50)]


class FrameworkIn(Struct, forbid_unknown_fields=True):
    """A framework: who takes part besides the owner, goals, main content."""

    participants: Parties
    goals: Goals
    content: Goals


class FrameworkEdit(Struct, forbid_unknown_fields=True, kw_only=True):
    """A changed text; every signature on the earlier one falls away."""

    participants: Parties | UnsetType = UNSET
    goals: Goals | UnsetType = UNSET
    content: Goals | UnsetType = UNSET


class SignIn(Struct, forbid_unknown_fields=True):
    """Which text is signed."""

    edition: Annotated[int, Meta(ge=1, le=10000)]


class ConcludeIn(Struct, forbid_unknown_fields=True):
    """The text that was agreed."""

    edition: Annotated[int, Meta(ge=1, le=10000)]


class PartyView(Struct):
    """A party and its signature on the present text."""

    party: str
    name: str
    signed_by: By | None
    signed_at: datetime | None


class FrameworkView(Struct):
    """A framework as its parties read it."""

    id: str
    project_id: str
    project_name: str
    goals: str
    content: str
    led_by: str
    edition: int
    parties: list[PartyView]
    complete: bool
    opened_by: By
    opened_at: datetime
    updated_at: datetime
    version: int


class InviteIn(Struct, forbid_unknown_fields=True):
    """Whom the lead asks, and for what part."""

    child_tenant: Tenant
    task: Said


class StandardIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """Requirements and standards for every child: a further version."""

    text: Said
    document_number: Number | None = None
    on: date


class LinkAnswerIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """Joins with a project of one's own, or declines with a reason."""

    join: bool
    project_id: PublicRef | None = None
    reason: Said | None = None


class StandardView(Struct):
    """One version of the lead's requirements."""

    number: int
    text: str
    document_number: str | None
    on: date


class LinkView(Struct):
    """The lead's side: an invited tenant, and what its project has told of itself."""

    id: str
    child_tenant: TenantNamed
    child_project: str | None
    task: str
    state: LinkStateCode
    summary: dict[str, Any] | None
    invited_at: datetime
    updated_at: datetime


class InvitationView(Struct):
    """The child's side."""

    id: str
    lead_tenant: TenantNamed
    lead_project: str
    lead_name: str
    lead_owner: str
    task: str
    standards: list[StandardView]
    state: LinkStateCode
    project_id: str | None
    reason: str | None
    answered_at: datetime | None
    invited_at: datetime


class InvitationList(Struct):
    """The tenant's invitations, newest first."""

    items: list[InvitationView]


class Links(Struct):
    """A project's part in cross-level work: as the lead, and as a child."""

    as_lead: list[LinkView]
    standards: list[StandardView]
    as_child: list[InvitationView]
