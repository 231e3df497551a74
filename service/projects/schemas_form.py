"""The declaration's form: what the announced round may ask besides art. 15. Every member may be left out of a draft."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from service.kit.text import Email, LineOrNone, Long, Name, NameOrNone, Number, Phone, Remark, line
from service.measures.form_words import LABELS

Amount = Annotated[str, Meta(pattern=r"^[0-9]{1,14}(\.[0-9]{1,2})?$(?!\n)", description="元，至多两位小数")]
Category = Literal[
    "network_platform",
    "business_system",
    "data_resource",
    "security_infrastructure",
    "e_government_infrastructure",
    "standards",
    "support_system",
]
CostItem = Literal[
    "software",
    "hardware",
    "integration",
    "data",
    "cloud",
    "design",
    "supervision",
    "testing",
    "protection_assessment",
    "crypto_assessment",
    "training",
    "management",
    "maintenance",
    "reserve",
    "other",
]
SourceKind = Literal["central", "provincial", "city", "county", "own", "social", "other"]
FormNetwork = Literal["government_extranet", "government_intranet", "internet", "dedicated", "other"]
Platform = Literal["investment", "budget", "procurement", "other"]


def _told(key: str, note: str = "") -> Meta:
    """The Chinese name of a member; what its words mean stands in the vocabulary."""
    return Meta(description="。".join(part for part in (LABELS[key], note) if part))


Month = Annotated[str, Meta(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$(?!\n)", description="年-月，例如 2026-03")]
CreditCode = Annotated[
    str,
    Meta(
        pattern=r"^[0-9A-HJ-NP-RTUWXY]{18}$(?!\n)",
        description="十八位统一社会信用代码，字母大写；校验码在提交时核对（GB 32100）",
    ),
]
Count = Annotated[int, Meta(ge=0, le=10**9)]
FormYear = Annotated[int, Meta(ge=1900, le=2200)]


class Period(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """The building period by months, both included."""

    from_month: Annotated[Month, _told("period.from_month")] | UnsetType = UNSET
    to_month: Annotated[Month, _told("period.to_month")] | UnsetType = UNSET


class CostLine(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """One line of what the money is for; all lines sum to the investment."""

    item: Annotated[CostItem, _told("costs.item")]
    amount_yuan: Amount
    name: Annotated[LineOrNone, _told("costs.name", note="类别为“其他”时必填")] = ""


class YearLine(Struct, forbid_unknown_fields=True):
    """Money of one year from one kind of source; all lines sum to the investment."""

    year: Annotated[FormYear, _told("yearly.year", note="在建设期内")]
    source: Annotated[SourceKind, _told("yearly.source")]
    amount_yuan: Amount


class Contact(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Whom to ask; telephone or e-mail is needed at submission."""

    name: Annotated[Name, _told("contacts.name")]
    post: Annotated[LineOrNone, _told("contacts.post")] = ""
    phone: Annotated[Phone, _told("contacts.phone")] = ""
    email: Annotated[Email, _told("contacts.email")] = ""


class Cloud(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Resources of the government cloud that the project wants; a note where it wants none."""

    cpu_cores: Annotated[Count, _told("cloud.cpu_cores")] = 0
    memory_gb: Annotated[Count, _told("cloud.memory_gb")] = 0
    storage_gb: Annotated[Count, _told("cloud.storage_gb")] = 0
    note: Annotated[Remark, _told("cloud.note")] = ""


class Users(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Who uses it, and how many."""

    scope: Annotated[Annotated[str, line(500)], _told("users.scope")]
    count: Annotated[Count, _told("users.count")] | UnsetType = UNSET


class Indicator(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """An aim that can be measured; what was reached is told with the self-evaluation (art. 40)."""

    name: Annotated[Name, _told("indicators.name")]
    target: Annotated[Annotated[str, line(200)], _told("indicators.target")]
    unit: Annotated[Annotated[str, line(40, empty=True)], _told("indicators.unit")] = ""
    current: Annotated[LineOrNone, _told("indicators.current")] = ""


class ProjectCode(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """The project's code on another platform, by which it is found here too."""

    platform: Annotated[Platform, _told("project_codes.platform")]
    code: Annotated[
        Number, _told("project_codes.code", note="投资项目代码形如 2026-360100-65-01-123456，提交时核对格式")
    ]
    name: Annotated[LineOrNone, _told("project_codes.name", note="平台为“其他”时必填")] = ""


class Drafter(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Who drew up the plan."""

    name: Annotated[Name, _told("drafter.name")]
    credit_code: Annotated[CreditCode, _told("drafter.credit_code")] | UnsetType = UNSET
    contact: Annotated[NameOrNone, _told("drafter.contact")] = ""
    phone: Annotated[Phone, _told("drafter.phone")] = ""


class Form(Struct, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """What real forms ask; which of it must be there the announced round says (art. 14)."""

    category: Annotated[Category, _told("category")] | UnsetType = UNSET
    credit_code: Annotated[CreditCode, _told("credit_code")] | UnsetType = UNSET
    period: Annotated[Period, _told("period")] | UnsetType = UNSET
    costs: (
        Annotated[list[CostLine], Meta(max_length=100), _told("costs", note="合计等于总投资")] | UnsetType
    ) = UNSET
    yearly: (
        Annotated[
            list[YearLine], Meta(max_length=200), _told("yearly", note="按年度和资金类别，合计等于总投资")
        ]
        | UnsetType
    ) = UNSET
    contacts: Annotated[list[Contact], Meta(max_length=20), _told("contacts")] | UnsetType = UNSET
    protection_level: Annotated[int, Meta(ge=1, le=5), _told("protection_level")] | UnsetType = UNSET
    cloud: Annotated[Cloud, _told("cloud")] | UnsetType = UNSET
    networks: Annotated[list[FormNetwork], Meta(max_length=5), _told("networks")] | UnsetType = UNSET
    users: Annotated[Users, _told("users")] | UnsetType = UNSET
    indicators: Annotated[list[Indicator], Meta(max_length=100), _told("indicators")] | UnsetType = UNSET
    project_codes: Annotated[list[ProjectCode], Meta(max_length=20), _told("project_codes")] | UnsetType = (
        UNSET
    )
    drafter: Annotated[Drafter, _told("drafter")] | UnsetType = UNSET


class Plan(Struct, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """The technical plan by the parts that art. 15 names. A part may as well stand in the plan's text or in a file."""

    intensive: Annotated[Long, Meta(description="集约化建设，列出需要统一纳入公共项目的建设需求")] = ""
    sharing: Annotated[Long, Meta(description="数据资源共享分析")] = ""
    security: Annotated[Long, Meta(description="系统及数据安全防护")] = ""
    protection: Annotated[Long, Meta(description="等级保护")] = ""
    crypto: Annotated[Long, Meta(description="密码应用")] = ""
    safe_products: Annotated[Long, Meta(description="软硬件产品的安全可靠情况")] = ""
    work_secrets: Annotated[Long, Meta(description="涉及工作秘密的信息防护内容")] = ""
    involves_work_secrets: Annotated[bool, Meta(description="是否涉及工作秘密；涉及的须有信息防护内容")] = (
        False
    )
