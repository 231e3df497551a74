"""Which problems an operation can answer, told by its Spec: the document lists exactly these.

Whatever an action refuses on its own stands in `Spec.errors`; what the machinery refuses is known here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from service.docs.members import name_of, schema
from service.kit.api import Error, Spec
from service.kit.errors import PROBLEM_JSON, TITLES

Json = dict[str, Any]

_ALWAYS = (
    Error(400, "malformed_request", "不是有效的 HTTP 请求"),
    Error(408, "request_timeout", "请求头或请求内容未在规定时间内传完"),
    Error(414, "uri_too_long", "请求地址超过 8 KB"),
    Error(422, "classified_material", "含涉密内容或密级标识，不受理、不保存，附应咨询的部门和所在字段"),
    Error(422, "cannot_be_checked", "转义层次过深或过于复杂，无法完成涉密检查，不受理、不保存"),
    Error(429, "rate_limited", "请求过于频繁，请按 Retry-After 等待后再试"),
    Error(431, "headers_too_large", "请求头合计超过 32 KB 或 200 项"),
    Error(500, "internal", "服务内部错误，已记录"),
    Error(503, "too_many_connections", "连接数已达上限，请稍后重试"),
)
_GUARDED = (
    Error(400, "invalid_query", "查询参数未知、重复或取值不符"),
    Error(401, "token_missing", "缺少访问令牌"),
    Error(401, "token_invalid", "访问令牌无效"),
    Error(401, "token_expired", "访问令牌已过期"),
    Error(401, "token_revoked", "访问令牌已被吊销"),
    Error(403, "forbidden", "角色无权执行该操作，附条款和由谁办理"),
    Error(503, "revocations_stale", "暂时无法核对令牌是否已吊销"),
    Error(503, "unavailable", "数据服务暂不可用，写操作以相同的键重试"),
)
_BODY = (
    Error(400, "incomplete_request", "请求内容未传完"),
    Error(400, "malformed_json", "不是有效的 JSON（UTF-8）"),
    Error(413, "too_large", "请求内容超过上限"),
    Error(415, "unsupported_media_type", "请求内容应为 application/json"),
    Error(422, "invalid_body", "内容未通过校验，errors 逐项指明"),
)
_FORM = (Error(413, "too_large", "请求内容超过上限"), Error(503, "unavailable", "数据服务暂不可用"))
_UNSAFE = (
    Error(400, "idempotency_key_required", "接口客户端的写操作须携带 Idempotency-Key"),
    Error(400, "idempotency_key_invalid", "Idempotency-Key 应为 1 至 200 个可打印的 ASCII 字符"),
    Error(409, "idempotency_in_flight", "同一请求正在处理"),
    Error(409, "busy", "记录正在被其他请求修改"),
    Error(422, "idempotency_key_reused", "该键已用于内容不同的请求"),
    Error(422, "unknown_reference", "引用的记录不存在"),
    Error(422, "invalid_value", "取值无法保存"),
)
_CONFLICT = Error(409, "conflict", "与已有记录重复")
_GUARDED_MATCH = (
    Error(400, "if_match_invalid", "If-Match 不是带引号的 ETag"),
    Error(412, "stale_version", "If-Match 不含该记录的当前版本"),
    Error(412, "weak_etag", "If-Match 只含弱标签"),
    Error(428, "if_match_required", "缺少 If-Match"),
)
_CURSOR = Error(400, "invalid_cursor", "翻页游标不是本接口给出的")
_SAME_PERSON = Error(409, "same_person", "同一人此前以申报一方或相互制约的身份经手过，须由另一人办理，附条款")
_ABSENT = Error(404, "not_found", "没有该记录，或当前身份不可见，两者答复相同")


def errors_of(spec: Spec) -> dict[int, list[Error]]:
    """The problems of an operation by status; an operation's own wording wins over that of every such one."""
    found: dict[tuple[int, str], Error] = {}
    for error in (*spec.errors, *_of_every_such(spec)):
        found.setdefault((error.status, error.code), error)
    by_status: dict[int, list[Error]] = {}
    for error in sorted(found.values(), key=lambda each: (each.status, each.code)):
        by_status.setdefault(error.status, []).append(error)
    return by_status


def _of_every_such(spec: Spec) -> Iterator[Error]:
    yield from _ALWAYS
    if not spec.resource:
        if spec.body is not None:  # open to anybody
            yield from _FORM
            yield from _BODY if not spec.form else ()
        if spec.method == "POST" and not spec.form:  # a token is not asked for, but one that is none is told
            yield from (error for error in _GUARDED if error.status == 401 and error.code != "token_missing")
        if spec.upload:
            yield from (error for error in _BODY if error.code == "too_large")
        return
    yield from _GUARDED
    if spec.body is not None:
        yield from _BODY
    if spec.upload:
        yield from (error for error in _BODY if error.code == "too_large")
    if spec.unsafe:
        yield from _UNSAFE
        if spec.conflict or not spec.if_match:  # with If-Match, what collides raced: 412
            yield spec.conflict or _CONFLICT
        if any(error.code == "action_not_allowed" for error in spec.errors):
            yield _SAME_PERSON
    if spec.if_match:
        yield from _GUARDED_MATCH
    fields = set(spec.query.__struct_fields__) if spec.query is not None else set()
    if "cursor" in fields:
        yield _CURSOR
    if "{" in spec.path or fields & {"tenant", "project_id", "office_id", "project", "round"}:
        yield _ABSENT


def components(listed: list[tuple[str, Spec]]) -> Json:
    """A flat schema per code that some operation answers."""
    statuses: dict[str, set[int]] = {}
    for _, spec in listed:
        for status, errors in errors_of(spec).items():
            for error in errors:
                statuses.setdefault(error.code, set()).add(status)
    return {name_of(code): schema(code, of) for code, of in sorted(statuses.items())}


def response(status: int, errors: list[Error]) -> Json:
    """The answer of one status: one of the listed problems, so that an unlisted code breaks the contract."""
    lines = "\n".join(f"- `{error.code}`：{error.meaning}" for error in errors)
    listed = [{"$ref": f"#/components/schemas/{name_of(error.code)}"} for error in errors]
    headers: Json = {"X-Request-Id": {"$ref": "#/components/headers/X-Request-Id"}}
    if status == 401:
        headers["WWW-Authenticate"] = {"$ref": "#/components/headers/WWW-Authenticate"}
    if status == 429:
        for name in ("RateLimit", "RateLimit-Policy"):
            headers[name] = {"$ref": f"#/components/headers/{name}"}
    if status in (429, 503) or any(error.code == "busy" for error in errors):
        headers["Retry-After"] = {"$ref": "#/components/headers/Retry-After"}
    one: Json = listed[0] if len(listed) == 1 else {"anyOf": listed}
    return {
        "description": f"{TITLES[status]}。\n\n{lines}",
        "headers": headers,
        "content": {PROBLEM_JSON: {"schema": one}},
    }


def component_name(status: int, errors: list[Error], spec: Spec) -> str | None:
    """The name under which answers that many operations share are kept; None for one with its own codes."""
    own = {*spec.errors, *([spec.conflict] if spec.conflict else [])}
    if any(error in own for error in errors):
        return None
    return ".".join(["problem", str(status), *(error.code for error in errors)])


FIELD_ERROR: Json = {
    "type": "object",
    "title": "FieldError",
    "required": ["pointer", "code", "detail"],
    "properties": {
        "pointer": {
            "type": "string",
            "description": "JSON 指针（RFC 6901），空串指整个内容；查询参数为其名称",
        },
        "code": {"type": "string", "x-vocabulary": "fault", "x-open": True},
        "detail": {"type": "string"},
        "allowed": {
            "type": "array",
            "description": "可选的取值及名称，仅在 invalid_choice 时。The values there are.",
            "items": {
                "type": "object",
                "title": "Choice",
                "required": ["code", "label"],
                "properties": {"code": {"type": "string"}, "label": {"type": "string"}},
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": False,
}
