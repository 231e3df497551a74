"""What people say when they act: whole requests, to vary from. Whoever needs another day or sum changes it there."""

from __future__ import annotations

from typing import Any

from service.kit.ids import new_id

DIGEST = "a" * 64
PAPER = {"name": "报告.pdf", "digest": DIGEST}
REASON = {"reason": "请补充说明"}
APPROVED_ON, APPROVED = "2026-02-01", "3900000.00"
APPROVAL = {
    "approved_amount_yuan": APPROVED,
    "document_number": "洪发改〔2026〕12号",
    "document_date": APPROVED_ON,
    "document_digest": DIGEST,
}

# ---- building (arts 24-29, 33-38) --------------------------------------------------------------------------------

RESPONSIBLE = {"implementing_body": "市数据中心", "person": "张三", "title": "主任", "named_on": "2026-02-03"}
CLAUSE = {"reference": "第十二条", "quote": "项目成果及知识产权归采购人所代表的政府所有"}
RECALL = {"reason": "批复满半年未开工，且没有不可抗力", "document": PAPER}


def budget(amount: str, on: str = "2026-03-10", source: str = "city") -> dict[str, Any]:
    """So much of the budget issued by one source's document of that day."""
    document = {"number": "洪财预〔2026〕8号", "date": on, "digest": DIGEST}
    return {"document": document, "lines": [{"source": source, "amount_yuan": amount}]}


def contract(**changes: Any) -> dict[str, Any]:
    return {
        "number": "HT-2026-01",
        "parties": ["市数据中心", "某软件公司"],
        "amount_yuan": "3000000.00",
        "signed_on": "2026-03-01",
        "ownership_clause": CLAUSE,
        "document": PAPER,
        **changes,
    }


def payment(amount: str = "1000000.00", number: str | None = None, **changes: Any) -> dict[str, Any]:
    return {
        "treasury_document": number or f"国库{new_id()}",
        "payee": "某软件公司",
        "paid_on": "2026-05-01",
        "amount_yuan": amount,
        "purpose": "合同首付款",
        **changes,
    }


# ---- acceptance and after (arts 30-32, 40) -----------------------------------------------------------------------

MATERIALS: dict[str, Any] = {
    "summary": {"digest": DIGEST},
    "data_sharing_report": {"digest": DIGEST, "parts": ["catalogue", "access", "sharing"]},
    "data_confirmation": {"digest": DIGEST},
    "safe_reliable": {"digest": DIGEST},
    "financial_report": {"digest": DIGEST},
    "third_party_audit": {"digest": DIGEST},
    "third_party_test": {"digest": DIGEST, "parts": ["function", "performance"]},
    "security_risk": {"digest": DIGEST, "parts": ["protection_level"]},
    "cryptography": {"digest": DIGEST},
    "secrecy_risk": {"digest": DIGEST},
    "archives": {"digest": DIGEST},
}
APPLY = {"materials": MATERIALS, "work_secrets": False}
YES = {"agreed": True, "opinion": "同意"}
PASSED = {"passed": True, "opinion": "符合要求"}
ACCEPT = {
    "on": "2026-11-23",
    "conclusion": "同意通过",
    "document_number": "洪发改验〔2026〕5号",
    "document_digest": DIGEST,
}
ASPECTS = {
    "application_effect": 90,
    "support_capability": 80,
    "security": 80,
    "investment_benefit": 70,
    "resource_conformity": 70,
}
SCORE = {"points": ASPECTS, "opinion": "较好"}


def inspection(on: str) -> dict[str, Any]:
    return {"on": on, "conclusion": "达到合同要求", "report": PAPER}


def evaluation(on: str) -> dict[str, Any]:
    return {"on": on, "summary": "办理时限缩短一半", "report": PAPER}


# ---- next year's money (arts 36, 37) -----------------------------------------------------------------------------

WATCHED = {
    "data_shared": True,
    "collects_twice": False,
    "crypto_and_security_met": True,
    "serious_hazard": False,
    "on_government_network": True,
    "on_government_cloud": True,
}

# ---- orders (art. 41) --------------------------------------------------------------------------------------------


def order(area: str = "network_security", due: str = "2026-12-01") -> dict[str, Any]:
    return {"area": area, "text": "限期整改存在的问题", "due": due}


# ---- reasons and opinions on them (art. 17) ----------------------------------------------------------------------


def because(*codes: str, reason: str = "上级统一部署") -> dict[str, Any]:
    """What a declaration says where the system asks why."""
    return {"reasons": [{"code": code, "reason": reason} for code in codes]}


def accepting(*codes: str, **more: Any) -> dict[str, Any]:
    """A desk accepts the reasons of these codes by name; `note`: what it says of each."""
    return {"opinions": [{"code": code, "accepted": True, **more} for code in codes]}
