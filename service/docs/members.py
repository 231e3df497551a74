"""What a problem carries beyond RFC 9457's members, by its code: each a flat schema of its own, `<Code>Problem`.

A test reads the sources: whatever a refusal is given stands here under its code. Further members may come.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from service.docs.codes import labels, vocabulary_of
from service.vocabulary import VOCABULARIES

Json = dict[str, Any]
_TEXT: Json = {"type": "string"}
_MANY: Json = {"type": "array", "items": {"type": "string"}}
_NUMBER: Json = {"type": "integer", "format": "int64"}
_ANY: Json = {"type": "array", "items": {}}


def _coded(vocabulary: str) -> Json:
    return {"type": "string", "x-vocabulary": vocabulary}


def _told(schema: Json, zh: str) -> Json:
    return {**schema, "description": zh}


def _object(*members: str) -> Json:
    named = {name: {"type": ["string", "null"]} for name in members}
    return {"type": "object", "properties": named, "required": list(members), "additionalProperties": False}


_ARTICLE = _told({"type": ["integer", "null"], "format": "int64"}, "依据的条")
_ARTICLES = _told({"type": "array", "items": _NUMBER}, "依据的各条")
_STATE = _told(_coded("state"), "现在的状态")
_DECISION = _told({"$ref": "#/components/schemas/DecisionView"}, "现在的判定")
_FINDINGS = _told(_ANY, "须说明理由的情形")
_EDITION = _told(_NUMBER, "现在的版次")
_HEAD = {"head": _told(_NUMBER, "最新的编号"), "oldest": _told(_NUMBER, "可以接着读的最早游标")}
_ERRORS: Json = {
    "errors": _told({"type": "array", "items": {"$ref": "#/components/schemas/FieldError"}}, "逐项指明的错误")
}
_REFUSED = {
    "reason": _told(_coded("blocked_by"), "被何种条件挡住"),
    "action": _told(_TEXT, "所要办理的事项"),
    "state": _told(
        {"anyOf": [_coded(each) for each in ("state", "adoption_state", "plan_state")]}, "现在的状态"
    ),
    "holder": _told(_coded("holder"), "案卷所在的环节"),
}
_ORGAN = {"organ": _told(_TEXT, "作出该决定的机关")}
_PAIR = {"role": _told(_coded("role"), "角色"), "other": _told(_coded("role"), "与之相互制约的角色")}
_LISTED = {"missing": _told(_MANY, "还缺哪些")}
# By the codes that more than article, articles and errors go with.
MEMBERS: Mapping[str, Json] = {
    "action_not_allowed": _REFUSED,
    "gate_shut": {**_REFUSED, "gate": _told(_TEXT, "未满足的前置条件")},
    "same_person": {"reason": _REFUSED["reason"]},
    "adopted_twice": {"adoptions": _told(_MANY, "重复的使用登记")},
    "amendment_strands": {"stranded": _told(_NUMBER, "会失去去路的案卷数")},
    "app_not_available": {"successor": _told({"type": ["string", "null"]}, "接替的应用")},
    "case_closed": {"state": _STATE},
    "cursor_ahead": _HEAD,
    "cursor_gone": _HEAD,
    "framework_changed": {"edition": _EDITION},
    "intake_closed": {"practice": _told({"type": "boolean"}, "依据的是管理惯例而非条文")},
    "invalid_client": {"error": _told(_TEXT, "RFC 6749 的错误代码")},
    "invalid_grant": {"error": _told(_TEXT, "RFC 6749 的错误代码")},
    "invalid_request": {"error": _told(_TEXT, "RFC 6749 的错误代码")},
    "unsupported_grant_type": {"error": _told(_TEXT, "RFC 6749 的错误代码")},
    "last_holder": {"desks": _told(_ANY, "将无人的岗位")},
    "lead_not_declared": {"state": _STATE},
    "classified_material": {"route": _told(_coded("route"), "判定")},
    "need_not_required": {"route": _told(_coded("route"), "判定的路径")},
    "not_batchable": {"operations": _told(_MANY, "可以成批办理的操作")},
    "not_your_order": _ORGAN,
    "office_not_empty": {"held": _told(_ANY, "名下还有什么"), "people": _told(_MANY, "还有哪些人")},
    "opinions_missing": {"missing": _told(_ANY, "还缺哪些意见")},
    "out_of_scope": {"route": _told(_coded("route"), "判定的结果")},
    "participant_missing": _LISTED,
    "signatures_missing": _LISTED,
    "pool_exhausted": {"wanted": _told(_NUMBER, "需要几人"), "available": _told(_NUMBER, "可抽几人")},
    "reason_refused": {"refused": _told(_MANY, "未被接受的理由，以情形代码表示")},
    "reason_required": {
        "next_desk": _told(_coded("holder"), "应由哪一环节办理"),
        "findings": _FINDINGS,
        "decision": _DECISION,
    },
    "reuse_answer_required": {
        "candidates": _told(
            {"type": "array", "items": {"$ref": "#/components/schemas/Candidate"}}, "须逐一答复的候选"
        )
    },
    "role_not_for_tier": {"grantable": _told(_MANY, "本层级可授予的角色")},
    "roles_exclude_each_other": _PAIR,
    "roles_not_for_tier": {"roles": _told(_MANY, "不适用的角色")},
    "round_decided": {"status_now": _told(_TEXT, "现在的情形")},
    "route_changed": {
        "decided_route": _told({"type": ["string", "null"]}, "此前判定的路径"),
        "route": _told(_coded("route"), "现在判定的路径"),
        "changed": _told(_ANY, "引起变化的各项"),
        "amended_by": _told(_ANY, "引起变化的规定修改"),
        "next_desk": _told(_coded("holder"), "应由哪一环节办理"),
        "decision": _DECISION,
    },
    "rulebook_changed": {"rulebook_version": _told(_TEXT, "现在的规则库版本")},
    "scores_missing": {"waiting": _told({"type": ["integer", "null"], "format": "int64"}, "尚未评分的人数")},
    "stale_version": {
        "current_etag": _told(_TEXT, "现在的 ETag"),
        "changed_by": _told(_object("name", "office_name"), "谁改的：姓名和单位"),
        "changed_at": _told(_TEXT, "何时改的"),
        "deed": _told(_object("code", "label"), "办理了什么"),
    },
    "suspicion_decided": {"state": _told(_coded("suspicion_state"), "现在的状态")},
    "workbook_state": {"state": _told(_coded("workbook_state"), "现在的状态")},
}
# Members that any code may carry.
COMMON: Json = {"article": _ARTICLE, "articles": _ARTICLES, **_ERRORS}


def name_of(code: str) -> str:
    """`stale_version` → `StaleVersionProblem`."""
    return "".join(part.title() for part in code.split("_")) + "Problem"


def schema(code: str, statuses: Iterable[int]) -> Json:
    """The flat schema of a problem."""
    listed = sorted(statuses)
    entry = next(each for each in VOCABULARIES["error"].entries if each.code == code)
    told = labels(vocabulary_of("Problem", "code", [code]), [code])
    status: Json = {"type": "integer", "format": "int64", "enum": listed}
    return {
        "type": "object",
        "title": name_of(code),
        "description": f"{entry.zh}。{entry.en}.",
        "required": ["type", "title", "status", "code", "detail"],
        "properties": {
            "type": {
                "type": "string",
                "pattern": f"^urn:tongjian:problem:{code}$",
                "description": "问题类型",
            },
            "title": {"type": "string", "description": "按状态码统一的标题"},
            "status": {**status, "description": "状态码"},
            "code": {
                "type": "string",
                "const": code,
                "x-vocabulary": "error",
                "x-enum-labels": told,
                "description": "稳定的代码，可据以编程",
            },
            "detail": {"type": "string", "description": "给经办人看的说明"},
            "request_id": {"type": "string", "description": "与 X-Request-Id 相同；涉密拒收不带"},
            **COMMON,
            **MEMBERS.get(code, {}),
        },
        "additionalProperties": True,
    }
