"""Events in the document: `webhooks:` with one payload per kind, and what an event carries.

What a kind's data holds stands in DATA: whose members are told, by family and by kind; a test holds every event that
the contract tests cause to the schema of its kind.
"""

from __future__ import annotations

from typing import Any

from service.docs.events_data import data_of
from service.event_kinds import OPERATIONS
from service.vocabulary import VOCABULARIES

Json = dict[str, Any]
_AT = "#/components/schemas/"
_HEADERS: Json = {
    "webhook-id": {
        "description": "投递的编号，重试和重新投递时不变；据此去重",
        "schema": {"type": "string", "pattern": "^msg_[0-9a-f-]{36}$"},
    },
    "webhook-timestamp": {
        "description": "本次发出的时间，Unix 秒；相差五分钟以上的应拒收",
        "schema": {"type": "string", "pattern": "^[0-9]{1,12}$"},
    },
    "webhook-signature": {
        "description": "以空格分隔的 `v1,<base64>`，每个有效密钥一个：HMAC-SHA256（`编号.时间戳.正文`）",
        "schema": {"type": "string", "pattern": "^v1,[A-Za-z0-9+/=]{44}( v1,[A-Za-z0-9+/=]{44}){0,3}$"},
    },
    "x-event-id": {
        "description": "事件的编号，与事件流中的 id 相同；投递可能不按先后，先后以 timestamp 为准",
        "schema": {"type": "string", "format": "uuid"},
    },
    "x-request-id": {"description": "引起该事件的请求", "schema": {"type": "string", "maxLength": 64}},
}
_ANSWERS = {
    "2XX": {"description": "已收到；内容不看"},
    "410": {"description": "不再接收：该回调地址随即停用，并告知管理员"},
    "default": {
        "description": "其他答复或十秒内无答复：约 76 小时内十次重试；带 Retry-After 的，在此之前不再投递"
    },
}


def name_of(kind: str) -> str:
    """`project.handed_over` → `ProjectHandedOverEvent`."""
    return "".join(part.title() for part in kind.replace(".", "_").split("_")) + "Event"


def webhooks() -> Json:
    """The `webhooks` of the document: one per kind that goes out."""
    made: Json = {}
    for entry in VOCABULARIES["event_kind"].entries:
        if entry.code in OPERATIONS:
            continue
        name = name_of(entry.code)
        made[entry.code] = {
            "post": {
                "operationId": f"on_{entry.code.replace('.', '_')}",
                "summary": entry.zh,
                "description": f"{entry.en}.",
                "tags": ["webhooks"],
                "security": [],
                "parameters": [
                    {"name": of, "in": "header", "required": True, **told} for of, told in _HEADERS.items()
                ],
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": _AT + name}}},
                },
                "responses": _ANSWERS,
            }
        }
    return made


def components(moment: Json) -> Json:
    """The payload of every kind, and what the data of any kind may be. `moment`: how a time is spelt."""
    made: Json = {}
    for entry in VOCABULARIES["event_kind"].entries:
        name = name_of(entry.code)
        made[f"{name}Data"] = data_of(entry.code, entry.zh)
        if entry.code in OPERATIONS:
            continue
        made[name] = {
            "type": "object",
            "description": f"{entry.zh}。{entry.en}.",
            "required": ["type", "timestamp", "data"],
            "properties": {
                "type": {"type": "string", "const": entry.code, "description": "事件的种类"},
                "timestamp": {"type": "string", **moment, "description": "事件发生的时间"},
                "data": {"$ref": f"{_AT}{name}Data"},
            },
            "additionalProperties": False,
        }
    made["EventData"] = {
        "type": "object",
        "description": "事件所带的内容；各种事件的成员见 webhooks 中同名的一项。",
        "additionalProperties": True,
    }
    return made
