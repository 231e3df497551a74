"""Requests to change amount, class or content of an approved project, and decisions on them (arts 13, 24)."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from service.delivery.building_schemas import Digest, Document
from service.delivery.funding_schemas import Lines
from service.kit.text import Number, prose
from service.projects.schemas import Amount, Line, Long, OpinionIn, ProjectClass, ReasonIn, Said
from service.projects.schemas_form import Form


class ChangedFacts(Struct, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """The facts of the route that change; what is left out stays."""

    investment_yuan: Amount | UnsetType = UNSET
    of_which_maintenance_yuan: Amount | UnsetType = UNSET
    project_class: ProjectClass | UnsetType = UNSET
    participating_offices: Annotated[list[Line], Meta(max_length=200)] | UnsetType = UNSET
    cross_level: bool | UnsetType = UNSET


class ChangedPlan(Struct, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """The parts of the technical plan that change (art. 15); what is left out stays, an empty text removes one."""

    intensive: Annotated[Long, Meta(description="集约化建设")] | UnsetType = UNSET
    sharing: Annotated[Long, Meta(description="数据资源共享分析")] | UnsetType = UNSET
    security: Annotated[Long, Meta(description="系统及数据安全防护")] | UnsetType = UNSET
    protection: Annotated[Long, Meta(description="等级保护")] | UnsetType = UNSET
    crypto: Annotated[Long, Meta(description="密码应用")] | UnsetType = UNSET
    safe_products: Annotated[Long, Meta(description="软硬件产品的安全可靠情况")] | UnsetType = UNSET
    work_secrets: Annotated[Long, Meta(description="涉及工作秘密的信息防护内容")] | UnsetType = UNSET
    involves_work_secrets: Annotated[bool, Meta(description="是否涉及工作秘密")] | UnsetType = UNSET


class ChangedContent(Struct, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """The parts of the declaration's text that change; a plan's part and a form's group each replace their own."""

    main_tasks: Long | UnsetType = UNSET
    location: Annotated[str, prose(500)] | UnsetType = UNSET
    basis: Long | UnsetType = UNSET
    performance_goals: Long | UnsetType = UNSET
    implementation: Long | UnsetType = UNSET
    technical_plan: Long | UnsetType = UNSET
    maintenance_plan: Long | UnsetType = UNSET
    plan: Annotated[ChangedPlan, Meta(description="技术方案中变更的部分，其余不变")] | UnsetType = UNSET
    form: (
        Annotated[Form, Meta(description="申报表中变更的各项，逐项整体替换，其余不变；清空的列表即取消该项")]
        | UnsetType
    ) = UNSET


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
