"""What an event's data holds: its subject, the words of its message, and what its family tells beside.

Every kind names a case (`project`) or something else (`subject`). Members of a family may be missing where an event
does not concern them, and more may come.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from msgspec import UNSET, Struct, UnsetType

from service.docs.named import CitedProject
from service.kit.coded import (
    AdoptionStateCode,
    AreaCode,
    DutyBasisCode,
    DutyCode,
    DutyStateCode,
    LinkStateCode,
    ReachCode,
    SpillReasonCode,
    SuspicionKindCode,
    SuspicionStateCode,
    TierCode,
)

Json = dict[str, Any]
_AT = "#/components/schemas/"


class CitedSubject(Struct, kw_only=True):
    """What an event is about that is no case."""

    id: str
    name: str
    owner_name: str | UnsetType = UNSET


class CitedFiling(Struct, kw_only=True):
    """A filing: its number, and the receipt where it was just issued."""

    id: str | UnsetType = UNSET
    number: str
    receipt: dict[str, Any] | UnsetType = UNSET


class CitedQuery(Struct, kw_only=True):
    """A question of the province, and the answer once there is one."""

    id: str
    question: str | UnsetType = UNSET
    answer: str | UnsetType = UNSET


class CitedOrder(Struct, kw_only=True):
    """A rectification: by which organ, of which area, due when."""

    id: str
    organ: str | UnsetType = UNSET
    area: AreaCode | UnsetType = UNSET
    due: date | UnsetType = UNSET


class CitedObligation(Struct, kw_only=True):
    """What is due, by which ground, since when it is late."""

    id: str
    code: DutyCode
    title: str
    state: DutyStateCode
    due: date
    basis: DutyBasisCode
    ground: str
    article: int | None
    amended_by: list[Any]


class CitedAdoption(Struct, kw_only=True):
    """An adoption as its two sides see it."""

    id: str
    app_id: str
    app_name: str
    state: AdoptionStateCode
    tenant: str
    office_id: str
    adopter_name: str
    adopter_tier: TierCode
    provider_tenant: str
    reach: ReachCode
    scope: str
    users: int
    score: int | None
    reason: str | None
    feedback: str | None
    confirmed_at: datetime | None
    ended_at: datetime | None
    version: int


class CitedProvision(Struct, kw_only=True):
    """What the provider did; `usage` with figures of a month, where usage was reported."""

    id: str
    app_id: str
    state: AdoptionStateCode
    tenant: str
    provider_tenant: str
    seq: int
    usage: dict[str, Any] | None | UnsetType = UNSET


class CitedLink(Struct, kw_only=True):
    """One side of cross-level work."""

    id: str
    tenant: str
    state: LinkStateCode
    seq: int
    child_id: str | None
    summary: dict[str, Any] | None


class CitedSuspicion(Struct, kw_only=True):
    """A suspicion, and how it was decided."""

    id: str
    kind: SuspicionKindCode
    state: SuspicionStateCode | UnsetType = UNSET


class CitedSpill(Struct, kw_only=True):
    """A request to erase what should not be here; once it is erased the file it was about, none where all of a case."""

    id: str
    reason: SpillReasonCode | UnsetType = UNSET
    document: str | None | UnsetType = UNSET


STRUCTS: tuple[Any, ...] = (
    CitedProject,
    CitedSubject,
    CitedFiling,
    CitedQuery,
    CitedOrder,
    CitedObligation,
    CitedAdoption,
    CitedProvision,
    CitedLink,
    CitedSuspicion,
    CitedSpill,
)
_TEXT: Json = {"type": "string"}
_ANY: Json = {"type": "object", "additionalProperties": True}


def _ref(name: str, zh: str) -> Json:
    return {"$ref": _AT + name, "description": zh}


_COMMON: Json = {
    "message": {**_TEXT, "description": "事情本身，一句话"},
    "steps": {
        "type": "object",
        "description": "各岗位下一步办什么",
        "additionalProperties": {"type": "string"},
    },
    "actor": {**_TEXT, "description": "由谁办理"},
    "reason": {"type": ["string", "null"], "description": "办理人说明的理由"},
}
_CASE: Json = {
    "project": _ref("CitedProject", "当时的案卷"),
    "record": {**_TEXT, "description": "所留记录的编号，见 /projects/{ref}/records"},
    "figures": {
        "type": "object",
        "description": "记录中的金额、日期和数量，名称与登记时相同；on 为事项的日期，另有消息所说的"
        "由系统算出的数；文字和结论不在内",
        "additionalProperties": {"anyOf": [{"type": "string"}, {"type": "integer", "format": "int64"}]},
    },
}
_SUBJECT: Json = {"subject": _ref("CitedSubject", "所涉及的事项")}
_FILING: Json = {"filing": _ref("CitedFiling", "备案"), "query": _ref("CitedQuery", "询问")}
_OFFICES: Json = {
    "office": {**_ANY, "description": "单位"},
    "successor": {**_ANY, "type": ["object", "null"], "description": "接续的单位，没有的为 null"},
    "handed": {**_ANY, "description": "移交的各类事项的数量"},
    "projects": {"type": "array", "items": {"type": "string"}, "description": "移交的案卷"},
}
# Beside the common members, by the first word of the kind.
_OF_FAMILY: dict[str, Json] = {
    "filing": _FILING,
    "order": {"order": _ref("CitedOrder", "整改")},
    "obligation": {"obligation": _ref("CitedObligation", "期限")},
    "adoption": {
        "side": {**_TEXT, "description": "由申请方（adopter）还是提供方（provider）办理"},
        "adoption": _ref("CitedAdoption", "申请"),
        "provision": _ref("CitedProvision", "开通"),
        "at": {"type": "string", "format": "date-time", "description": "办理的时间"},
        "actor_tenant": {**_TEXT, "description": "办理人所在的地区"},
    },
    "app": {
        "entry": {**_ANY, "description": "目录条目的全部内容"},
        "use": {**_ANY, "description": "使用单位的数量"},
        "tenants": {"type": "array", "items": {"type": "string"}, "description": "可见的地区"},
        "project_id": {**_TEXT, "description": "成果所出的项目"},
        "app": {**_ANY, "description": "由成果转入的草稿"},
    },
    "link": {
        "link": _ref("CitedLink", "协同"),
        "invitations": {"type": "array", "items": _ANY, "description": "各地的邀请"},
    },
    "suspicion": {
        "suspicion": _ref("CitedSuspicion", "疑点"),
        "decided": {**_ANY, "description": "由谁认定"},
    },
    "spill": {"spill": _ref("CitedSpill", "清除申请")},
    "review": {"opinion": {**_ANY, "description": "哪一机关的意见"}},
    "rulebook": {
        "amendment": {**_ANY, "description": "规定修改"},
        "overlay": {**_ANY, "description": "补充规定"},
        "interpretation": {**_ANY, "description": "解释"},
    },
    "office": _OFFICES,
    "desk": {"desk": {**_ANY, "description": "岗位"}},
    "calendar": {"horizon": {"type": "string", "format": "date", "description": "工作日历所到的日子"}},
}
_CASES = frozenset(
    {
        "project",
        "filing",
        "need",
        "review",
        "delivery",
        "acceptance",
        "evaluation",
        "order",
        "obligation",
        "suspicion",
    }
)


def data_of(kind: str, zh: str) -> Json:
    """The schema of the data of a kind."""
    family = kind.partition(".")[0]
    properties = {**_CASE, **_SUBJECT, **_COMMON, **_OF_FAMILY.get(family, {})}
    made: Json = {
        "type": "object",
        "description": zh,
        "properties": properties,
        "additionalProperties": True,
    }
    if family in _CASES and kind != "review.assigned":
        del properties["subject"]
        made["required"] = ["project"]
    return made
