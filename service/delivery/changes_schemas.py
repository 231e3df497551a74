"""Requests to change amount, class or content of an approved project, and decisions on them (arts 13, 24)."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from service.delivery.building_schemas import Digest, Document
from service.delivery.funding_schemas import Lines
from service.kit.text import Number
from service.projects.schemas import Amount, Line, Long, OpinionIn, ProjectClass, ReasonIn, Said


class ChangedFacts(Struct, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """The facts of the route that change; what is left out stays."""

    investment_yuan: Amount | UnsetType = UNSET
    of_which_maintenance_yuan: Amount | UnsetType = UNSET
    project_class: ProjectClass | UnsetType = UNSET
    participating_offices: Annotated[list[Line], Meta(max_length=200)] | UnsetType = UNSET
    cross_level: bool | UnsetType = UNSET


class ChangedContent(Struct, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """The parts of the declaration's text that change."""

    main_tasks: Long | UnsetType = UNSET
    technical_plan: Long | UnsetType = UNSET
    maintenance_plan: Long | UnsetType = UNSET


class ChangeIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """The owner's request. Another amount comes with all sources of money, which sum to it.

    `reasons`: for in-principle findings that the change, or the law of the day, brings up.
    """

    reason: Said
    facts: ChangedFacts = msgspec.field(default_factory=ChangedFacts)
    content: ChangedContent = msgspec.field(default_factory=ChangedContent)
    funding: Lines | None = None
    document: Document | None = None
    reasons: Annotated[list[ReasonIn], Meta(max_length=40)] = []


class ApprovalDocument(Struct, forbid_unknown_fields=True):
    """The document the changed approval rests on."""

    number: Number
    date: date
    digest: Digest


class DecideChangeIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """Approved with its document, or refused with the reason. An appraised project's change was appraised too.

    `opinions`: whether each of the request's reasons is accepted, by the finding's code.
    """

    approve: bool
    reason: Said | None = None
    document: ApprovalDocument | None = None
    appraisal: Document | None = None
    opinions: Annotated[list[OpinionIn], Meta(max_length=40)] = []
