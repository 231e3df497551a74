"""What the OpenAPI document says in prose, and the parts that no Spec carries."""

from __future__ import annotations

from typing import Any

from service.province import HERE

Json = dict[str, Any]

INFO: Json = {
    "title": "统建接口",
    "summary": f"{HERE.name}数字化项目的申报、路径判定、备案与监测",
    "description": (
        f"按《{HERE.measures}》判定每个项目由省级论证评估还是由设区市批复并备案，逐条说明依据。\n\n"
        "- 写操作：接口客户端须携带 `Idempotency-Key`，同一请求以同一键重试得到同一答复（保留七天）。\n"
        "- 修改案卷：先读取，再以 `If-Match` 携带其 `ETag`；缺少为 428，过期为 412。\n"
        "- 错误一律为 `application/problem+json`（RFC 9457），`code` 稳定，`errors` 以 JSON 指针指明位置。\n"
        "- 列表按游标翻页，下一页见 `Link` 头或 `next_cursor`；未知的字段和参数都是错误。\n"
        "- 可自带 `X-Request-Id`（8 至 64 个字母、数字、点、下划线或短横），原样返回并贯穿事件与回调。\n"
        "- 涉密内容不受理、不保存：422 `classified_material`。"
    ),
    "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
}
TAGS = {
    "projects": "项目：申报、预判、提交、统筹把关、移交、退回、撤回、经过与封存版本",
    "filings": "市级批复与备案：登记、回执、询问与答复",
    "papers": "文书：回执和证据材料的 PDF 及其核验，送审稿",
    "monitoring": "省级监测：全省总量、备案动态与待关注情形",
    "inbox": "消息：与本人、本单位或本门户有关的通知",
    "notifications": "消息：与本人、本单位或本门户有关的通知",
    "events": "事件流：按游标补读，门户停机后不漏事件",
    "feed": "事件流：按游标补读，门户停机后不漏事件",
    "webhooks": "回调：登记地址、轮换密钥、查看与重新投递",
    "audit": "审计：记录与链的验证",
    "identity": "本地区管理：单位、用户、角色、客户端",
    "offices": "单位：登记与变更",
    "workbooks": "表格：模板、上传、逐行检查、整表生效",
    "users": "用户：登记、停用与角色",
    "deputies": "代办：缺席期间由谁办理",
    "grants": "角色授予",
    "clients": "客户端：登记与密钥轮换",
    "issuers": "身份系统：单点登录的登记与确认",
    "me": "本人：令牌所代表的身份",
    "health": "进程的状况：供负载均衡和监控使用",
    "oauth": "令牌：获取、吊销与公钥",
    "rulebook": "规则库：现行规则、条款与解释",
    "divisions": "行政区划",
    "exports": "导出：列表与总量的表格",
    "plans": "三年规划：条目、版本、审议与调整",
    "rounds": "年度征集：通知、窗口与种类",
    "needs": "建设需求：提出、把关、报送、论证",
    "library": "重点项目库：入库、有效期、出库与续报",
    "frameworks": "跨部门共建：框架方案与会签",
    "links": "跨层级协同：主项目与各地子项目",
    "reviews": "论证评估、联合会审、领导小组审定、省级批复与预算",
    "experts": "专家库：登记、变更、暂停与恢复",
    "assignments": "评审任务：专家本人承担的评分与回避",
    "delivery": "建设实施：机构与责任人、合同、证书、开工、报告与变更",
    "funding": "资金：来源、支付与结余",
    "acceptance": "试运行、终验、确认与竣工验收",
    "evaluation": "评价、运维预算建议与退出",
    "orders": "整改与处置",
    "tasks": "待办：等待当前身份办理的事项",
    "batches": "成批办理：不须逐件判断的操作",
    "obligations": "待办期限：到期、提醒、升级与日历",
    "calendar": "工作日历",
    "documents": "附件与材料清单",
    "evidence": "证据包：一个项目的完整经过",
    "systems": "现有系统登记",
    "imports": "在建项目导入",
    "spills": "涉密误入的清除",
    "apps": "共享应用目录",
    "adoptions": "共享应用的申请与开通",
    "suspicions": "拆分与标签疑点",
    "vocabulary": "词汇：各项代码的中英文名称、次序、色调和条款",
    "operations": "表单：每项办理要填什么，供界面据以生成",
    "what-if": "推演：限额、类别与口径变化的影响",
    "interpretations": "解释口径登记",
    "amendments": "规定修改登记",
    "overlays": "设区市的补充规定",
}
PARAMETERS: Json = {
    "IfMatch": {
        "name": "If-Match",
        "in": "header",
        "required": True,
        "description": "所读记录的 ETag；可写多个，或写 `*` 表示不论版本；缺少为 428 `if_match_required`，"
        "过期为 412 `stale_version`，弱标签不算",
        "schema": {"type": "string", "pattern": '^"[0-9]{1,9}"$', "example": '"3"'},
    },
    "IfNoneMatch": {
        "name": "If-None-Match",
        "in": "header",
        "required": False,
        "description": "此前答复的 ETag；内容未变时答复 304，不认识的值不予理会",
        "schema": {"type": "string"},
    },
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "required": False,
        "description": (
            "接口客户端（门户）必须携带，否则 400 `idempotency_key_required`；个人可以不带。"
            "按地区、调用方和地址区分，保留七天；同键同内容原样重放首次答复，同键异内容为 422"
        ),
        "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[ -~]+$"},
    },
}
# A parameter that takes several values (docs/decisions/0183).
SEVERAL: Json = {
    "style": "form",
    "explode": True,
    "description": "可以给出多个取值：重复该参数，或以逗号分隔；符合其一即可。Several: repeated, or by commas.",
}
GOING = ("Deprecation", "Sunset")  # of operations that are going, where there are any
HEADERS: Json = {
    "X-Request-Id": {
        "required": True,
        "description": "本次请求的编号",
        "schema": {"type": "string", "pattern": "^[0-9A-Za-z._-]{8,64}$"},
    },
    "ETag": {
        "description": "记录的版本，修改时以 If-Match 带回",
        "schema": {"type": "string", "pattern": '^"[0-9]+"$'},
    },
    "ContentTag": {
        "description": "内容的弱标签；以 If-None-Match 带回，内容未变时答复 304，没有正文。不能用于 If-Match",
        "schema": {"type": "string", "pattern": '^W/"[0-9a-f]{32}"$'},
    },
    "Location": {
        "description": "新记录的地址，若可单独读取",
        "schema": {"type": "string", "pattern": "^/api/v1/"},
    },
    "Link": {
        "description": '下一页：<…>; rel="next"；最后一页没有',
        "schema": {"type": "string", "pattern": '^<[^>]+>; rel="next"$'},
    },
    "Deprecation": {
        "description": "该操作自何时起不建议使用（RFC 9745）",
        "schema": {"type": "string", "pattern": "^@[0-9]+$"},
    },
    "Sunset": {"description": "该操作最早在何时停用（RFC 8594）", "schema": {"type": "string"}},
    "Idempotent-Replayed": {
        "description": "答复是此前同键请求的重放",
        "schema": {"type": "string", "enum": ["true"]},
    },
    "RateLimit": {
        "description": "所触及的限频策略、剩余次数与再次可用前的秒数（draft-ietf-httpapi-ratelimit-headers-10）",
        "schema": {"type": "string", "examples": ['"person";r=0;t=3']},
    },
    "RateLimit-Policy": {
        "description": "所触及的限频策略：一次至多 q 个，w 秒内恢复（draft-ietf-httpapi-ratelimit-headers-10）",
        "schema": {"type": "string", "examples": ['"person";q=500;w=5']},
    },
    "Retry-After": {
        "description": "多少秒后再试（RFC 9110）；凡 429、503 必有，409 只随 busy",
        "schema": {"type": "integer", "format": "int32", "minimum": 1},
    },
    "WWW-Authenticate": {
        "required": True,
        "description": "RFC 6750",
        "schema": {"type": "string", "pattern": '^(Bearer|Basic) realm="tongjian"'},
    },
}
SECURITY_SCHEMES: Json = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "访问令牌（RFC 9068，at+jwt），有效期不超过一小时",
    },
    "clientCredentials": {
        "type": "oauth2",
        "description": "门户以客户端凭据取得令牌；代表用户办理时用 JWT 断言（RFC 7523）",
        "flows": {"clientCredentials": {"tokenUrl": "/api/v1/oauth/token", "scopes": {}}},
    },
    "clientBasic": {"type": "http", "scheme": "basic", "description": "客户端标识与密钥（RFC 6749）"},
}
