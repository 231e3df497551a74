"""Who carries a project out, by which regimes, contracts and certificates (arts 13, 24-26, 31)."""

from __future__ import annotations

from datetime import date

from service.delivery.building_deeds import (
    amount,
    fault,
    in_force,
    past,
    plain,
    portal,
    replaced,
    watchers,
)
from service.delivery.building_schemas import (
    CertificateIn,
    ContractIn,
    ProcurementIn,
    RegimeIn,
)
from service.delivery.engaging import beside, leveled_below
from service.kit.money import yuan
from service.measures.building import CERTIFICATES, REGIMES, hints
from service.measures.lifecycle import Action
from service.projects.deeds import Desk, deed
from service.projects.phases import Deed, not_before


@deed(
    "regimes",
    Action.RECORD_REGIME,
    body=RegimeIn,
    summary="登记管理制度",
    may="project.building/record",
    tag="delivery",
)
async def record_regime(desk: Desk) -> Deed:
    """登记一项管理制度及其文件（第二十四条）；同一制度再次登记的，以后一次为准。"""
    body: RegimeIn = desk.body
    past(desk, body.set_up_on, "/set_up_on", "制度建立日期", 24)
    rows = await in_force(desk, Action.RECORD_REGIME)
    before = next((row["id"] for row in rows if row["content"].get("regime") == body.regime), None)
    known = (desk.case.dated.get("regimes") or {}).get("by_kind") or {}
    return desk.told(
        "delivery.regime_recorded",
        portal(desk.case),
        on=body.set_up_on,
        content=plain(body, "set_up_on"),
        dated={"regimes": {"by_kind": {**known, body.regime: body.set_up_on.isoformat()}}},
        message=f"已建立{REGIMES[body.regime]}制度。",
        supersedes=before,
    )


@deed(
    "procurements",
    Action.RECORD_PROCUREMENT,
    body=ProcurementIn,
    summary="登记采购文件",
    may="project.building/record",
    tag="delivery",
)
async def record_procurement(desk: Desk) -> Deed:
    """登记采购文件（第二十四条、第三十一条）；早于批复或缺少归属条款的如实登记，并列为提示事项。"""
    body: ProcurementIn = desk.body
    return await _engage(desk, Action.RECORD_PROCUREMENT, body, body.issued_on, "/issued_on", "采购文件日期")


@deed(
    "contracts",
    Action.RECORD_CONTRACT,
    body=ContractIn,
    summary="登记合同",
    may="project.building/record",
    tag="delivery",
)
async def record_contract(desk: Desk) -> Deed:
    """登记合同（第十三条、第二十四条、第三十一条）；早于批复或缺少归属条款的如实登记，并列为提示事项。"""
    body: ContractIn = desk.body
    return await _engage(desk, Action.RECORD_CONTRACT, body, body.signed_on, "/signed_on", "合同签订日期")


async def _engage(
    desk: Desk, action: Action, body: ProcurementIn | ContractIn, on: date, pointer: str, what: str
) -> Deed:
    past(desk, on, pointer, what, 24)
    if len(set(body.parties)) != len(body.parties):
        raise fault("/parties", "duplicate_party", "同一当事人只填写一次")
    paid = yuan(amount(body.amount_yuan))
    contract = action is Action.RECORD_CONTRACT
    content = {**plain(body, pointer[1:], "supersedes"), "amount_yuan": paid}
    record, told = await beside(desk, action, on, content, body.supersedes)
    return desk.told(
        "delivery.contract_recorded" if contract else "delivery.procurement_recorded",
        watchers(desk.case) if told else portal(desk.case),
        on=on,
        content=content,
        dated={"contract": {"number": body.number}} if contract else {},
        message=f"{'合同' if contract else '采购文件'} {body.number}，金额 {paid} 元。{told}",
        supersedes=body.supersedes,
        record_id=record,
    )


@deed(
    "certificates",
    Action.RECORD_CERTIFICATE,
    body=CertificateIn,
    summary="登记测评和证书",
    may="project.building/record",
    tag="delivery",
)
async def record_certificate(desk: Desk) -> Deed:
    """登记等级保护、密码应用、安全检测等的结论和有效期（第二十五条）；没有通过的只登记，不延长有效期。"""
    body: CertificateIn = desk.body
    past(desk, body.issued_on, "/issued_on", "出具日期", 25)
    not_before(body.valid_to, body.issued_on, "/valid_to", "有效期截止日", article=25)
    leveled = body.kind == "protection_level"
    for name in ("level", "filing_number"):
        if (getattr(body, name) is not None) is not leveled:
            said = "须填写" if leveled else "只用于等级保护测评，请勿填写"
            raise fault(
                f"/{name}", "required" if leveled else "unexpected", f"定级和备案编号{said}（第二十五条）"
            )
    rows = await in_force(desk, Action.RECORD_CERTIFICATE)
    row = replaced(rows, body.supersedes, Action.RECORD_CERTIFICATE)
    content = plain(body, "issued_on", "supersedes")
    left = [each["content"] for each in rows if each is not row]
    below = hints(leveled_below(desk, [each for each in rows if each is not row], (body.issued_on, content)))
    return desk.told(
        "delivery.certificate_recorded",
        watchers(desk.case) if below else portal(desk.case),
        on=body.issued_on,
        content=content,
        dated={"certificates": {"by_kind": _by_kind(desk, [*left, content])}},
        message=f"{CERTIFICATES[body.kind]}{'通过' if body.passed else '没有通过'}，有效期至 {body.valid_to}。{below}",
        supersedes=body.supersedes,
    )


def _by_kind(desk: Desk, contents: list[dict[str, object]]) -> dict[str, str]:
    """The latest day of each kind among what was passed; what was imported without a record stays."""
    known: dict[str, str] = dict((desk.case.dated.get("certificates") or {}).get("by_kind") or {})
    recorded = {str(content["kind"]) for content in contents}
    found = {kind: day for kind, day in known.items() if kind not in recorded}
    for content in contents:
        if content.get("passed"):
            kind, day = str(content["kind"]), str(content["valid_to"])
            found[kind] = max(found.get(kind, day), day)
    return found
