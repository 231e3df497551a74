"""What goes over the wire. Amounts are yuan as text with two decimals; ids are `<tenant>-<uuid>`."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, get_args

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from service.kit import text
from service.kit.office_ids import OfficeId
from service.kit.text import FindingCode, LineOrNone, Note, Remark, line, opaque, prose
from service.projects import schemas_form
from service.projects.schemas_answers import AnswersIn
from service.projects.schemas_form import Form, Plan

# The kinds of text (kit/text) that the other features' wire is made of too.
Line = text.Line
Long = text.Long
Name = text.Name
Number = text.Number
Said = text.Said
# `$(?!\n)`: Python's `$` alone would let a trailing line feed through.
ExternalRef = Annotated[str, line(100, kind="number")]
Amount = schemas_form.Amount
Yuan = Annotated[int, Meta(ge=0, le=10**13)]
ProjectClass = Literal["infrastructure", "integration", "other"]
Kind = Literal["new", "rebuild", "expand", "migrate", "maintain"]
Route = Literal["provincial_review", "city_filing"]
UUID_PATTERN = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
Id = Annotated[str, Meta(pattern=UUID_PATTERN + r"(?!\n)")]
Negatives = Literal[
    "own_hardware",
    "leased_lines",
    "off_cloud",
    "not_safe_reliable",
    "crypto_or_security",
    "unclear_or_unshared",
]

Negative = Annotated[
    dict[Negatives, bool], Meta(extra_json_schema={"propertyNames": {"enum": list(get_args(Negatives))}})
]


class FactsIn(AnswersIn, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """The facts that decide the route. Owner and day are added by the system. (Documents the body only.)"""

    project_class: ProjectClass
    kind: Kind
    investment_yuan: Amount | Yuan
    of_which_maintenance_yuan: Amount | Yuan | None = None
    fiscal_funds: bool
    classified: bool
    participating_offices: list[Name] = msgspec.field(default_factory=list)
    cross_level: bool = False
    national_or_provincial_deployment: bool = False
    featured_county_scenario: bool = False
    in_library: bool = False
    previous_project_accepted: bool | UnsetType = UNSET
    negative: Negative = msgspec.field(default_factory=dict)
    reuse_check: Literal["checked", "not_checked"] = "not_checked"


class DeclarantIn(Struct, forbid_unknown_fields=True):
    """Who declares: tier, division or registered local code, kind of office."""

    tier: Literal["province", "city", "county"]
    division: Annotated[str, opaque(16)]
    office_kind: Annotated[str, opaque(40)] = "administrative"


class PreviewFactsIn(FactsIn, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Facts as the routing command takes them. (Documents the body only.)"""

    on: date | UnsetType = UNSET
    declarant: DeclarantIn | UnsetType = UNSET


# Facts are read by measures.facts, which reports every fault at once; the Structs above document them.
Facts = Annotated[dict[str, Any], Meta(extra_json_schema={"x-struct": "FactsIn"})]
PreviewFacts = Annotated[dict[str, Any], Meta(extra_json_schema={"x-struct": "PreviewFactsIn"})]


class Resolution(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """The leadership meeting's resolution (art. 15)."""

    body: LineOrNone = ""
    date: date | None = None
    number: Annotated[str, line(100, kind="number", empty=True)] = ""


class Basics(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """The basics of art. 15 beyond name and owner."""

    main_tasks: Long = ""
    location: Annotated[str, prose(500)] = ""
    basis: Long = ""
    performance_goals: Long = ""
    implementation: Long = ""


class FundingLine(Struct, forbid_unknown_fields=True):
    """One source of money."""

    source: Line
    amount_yuan: Amount


class Construction(Struct, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """Another construction project, approved elsewhere, whose digital part is declared here (art. 43)."""

    name: Name
    project_code: Annotated[Number, Meta(description="投资项目在线审批监管平台等的项目代码")] | UnsetType = (
        UNSET
    )
    approving_organ: Name | UnsetType = UNSET
    document_number: Number | UnsetType = UNSET
    total_yuan: Annotated[Amount, Meta(description="该建设项目的总投资，元")] | UnsetType = UNSET


class Materials(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Declaration materials (art. 15); a draft may lack any of them."""

    resolution: Resolution | UnsetType = UNSET
    basics: Basics | UnsetType = UNSET
    technical_plan: Long | UnsetType = UNSET
    maintenance_plan: Long | UnsetType = UNSET
    funding: Annotated[list[FundingLine], Meta(max_length=50)] | UnsetType = UNSET
    extra: Annotated[dict[Line, Long], Meta(max_length=50)] | UnsetType = UNSET
    plan: (
        Annotated[Plan, Meta(description="技术方案各部分；也可写在技术方案正文中，或在相应位置上传附件")]
        | UnsetType
    ) = UNSET
    parent_construction: (
        Annotated[
            Construction, Meta(description="使用财政性资金的其他建设项目中包含的数字化项目，填写所属建设项目")
        ]
        | UnsetType
    ) = UNSET
    form: Annotated[Form, Meta(description="申报表；年度申报通知要求的各项，整体替换")] | UnsetType = UNSET


class DraftIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """A new draft. `owner_office_id` may be left out by whoever belongs to one office."""

    name: Name
    facts: Facts
    external_ref: ExternalRef | None = None
    owner_office_id: OfficeId | None = None
    materials: Materials = msgspec.field(default_factory=Materials)


class DraftEdit(Struct, forbid_unknown_fields=True, kw_only=True):
    """Changes to a draft or returned project: what is given replaces what was there."""

    name: Name | UnsetType = UNSET
    facts: Facts | UnsetType = UNSET
    external_ref: ExternalRef | UnsetType | None = UNSET
    materials: Materials | UnsetType = UNSET


class PreviewIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """Facts to decide on without storing anything; with a name, what could be reused is looked up as well."""

    facts: PreviewFacts
    owner_office_id: OfficeId | None = None
    name: Name | None = None


class ReasonIn(Struct, forbid_unknown_fields=True):
    """The declarer's reason for going on in spite of an in-principle finding."""

    code: FindingCode
    reason: Said


class SubmitIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """Submission: last materials, reasons, and the route the declarer expects (guards a changed one)."""

    materials: Materials | UnsetType = UNSET
    reasons: Annotated[list[ReasonIn], Meta(max_length=40)] = []
    expected_route: Route | None = None


class OpinionIn(Struct, forbid_unknown_fields=True):
    """The gatekeeper's answer to one reason, by the finding's code."""

    code: FindingCode
    accepted: bool
    note: Remark = ""


class GatekeepIn(Struct, forbid_unknown_fields=True):
    """Gatekeeping passes only when every reason is accepted by name."""

    opinions: Annotated[list[OpinionIn], Meta(max_length=40)] = []


class ReturnIn(Struct, forbid_unknown_fields=True):
    """Why the case goes back; refused reasons may be named."""

    reason: Said
    opinions: Annotated[list[OpinionIn], Meta(max_length=40)] = []


class WithdrawIn(Struct, forbid_unknown_fields=True):
    """Why the declaration is taken back."""

    reason: Said


class HandOverIn(Struct, forbid_unknown_fields=True):
    """A covering note to the province, if any."""

    note: Note = ""
