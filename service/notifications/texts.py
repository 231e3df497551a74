"""The words of messages: composed from the event's snapshot, in the official's language, with the next step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from service.event_kinds import KINDS, OPERATIONS
from service.kit.outbox import Event, Recipient
from service.measures.citations import articles_label
from service.vocabulary import label

# What the desk is expected to do, where something is expected.
STEPS = {
    ("project.submitted", "gatekeeper"): "请按第九条、第二十三条统筹把关。",
    ("project.gatekept", "approver"): "请按第二十三条办理批复。",
    ("project.gatekept", "gatekeeper"): "请报送省级论证评估和联合会审。",
    ("project.returned", "unit"): "请修改后重新申报，或撤回。",
    ("project.returned_by_province", "unit"): "请修改后重新申报，或撤回。",
    ("project.returned_by_province", "department"): "请修改后重新申报，或撤回。",
    ("project.handed_over", "office"): "请组织论证评估和联合会审。",
    ("project.approved", "gatekeeper"): "请按第二十三条向省领导小组办公室备案。",
    ("project.approved", "portal"): "可按第二十三条向省领导小组办公室备案。",
    ("filing.filed", "office"): "如有疑问可在备案下提出询问（第三十九条）。",
    ("filing.queried", "gatekeeper"): "请在备案下答复。",
}


class _Snapshot:
    """The snapshot as text; what an event does not tell is left out of the message."""

    def __init__(self, snapshot: dict[str, Any]) -> None:
        project = snapshot.get("project") or snapshot.get("subject") or {}
        self.name = str(project.get("name") or "未命名项目")
        self.owner = str(project.get("owner_name") or "项目单位")
        self.route = label("route", project.get("route"))
        self.investment = _yuan(project.get("investment_yuan"))
        self.approved = _yuan(project.get("approved_amount_yuan"))
        filing = snapshot.get("filing") or {}
        self.number = str(filing.get("number") or project.get("filing_number") or "")
        self.reason = _quoted(snapshot.get("reason"))
        query = snapshot.get("query") or {}
        self.question, self.answer = _quoted(query.get("question")), _quoted(query.get("answer"))
        articles = project.get("articles") or []
        self.articles = articles_label(tuple(articles))


def _yuan(text: Any) -> str:
    """Yuan text with thousands separators: 4000000.00 → 4,000,000.00元."""
    whole, _, cents = str(text or "").partition(".")
    return f"{int(whole):,}.{cents or '00'}元" if whole.isdigit() else ""


def _quoted(text: Any) -> str:
    words = str(text or "").strip()
    return words if len(words) <= 1000 else f"{words[:1000]}……"


def _basis(f: _Snapshot) -> str:
    route = f"路径：{f.route}" if f.route else ""
    return f"{route}（依据{f.articles}）。" if route and f.articles else f"{route}。" if route else ""


def _submitted(f: _Snapshot) -> tuple[str, str]:
    return f"待统筹把关：{f.name}", f"{f.owner}申报“{f.name}”，总投资{f.investment}。{_basis(f)}"


def _gatekept(f: _Snapshot) -> tuple[str, str]:
    return (
        f"统筹把关通过：{f.name}",
        f"{f.owner}申报的“{f.name}”已通过统筹把关，总投资{f.investment}。{_basis(f)}",
    )


def _returned(f: _Snapshot) -> tuple[str, str]:
    return f"统筹把关退回：{f.name}", f"“{f.name}”在统筹把关时退回{f.owner}。退回理由：{f.reason}"


def _withdrawn(f: _Snapshot) -> tuple[str, str]:
    return f"申报已撤回：{f.name}", f"{f.owner}撤回了“{f.name}”的申报。撤回理由：{f.reason}"


def _handed_over(f: _Snapshot) -> tuple[str, str]:
    note = f"说明：{f.reason}" if f.reason else ""
    return (
        f"报省级论证评估：{f.name}",
        f"{f.owner}的“{f.name}”已报省级论证评估和联合会审，总投资{f.investment}。{_basis(f)}{note}",
    )


def _returned_by_province(f: _Snapshot) -> tuple[str, str]:
    return f"省级退回：{f.name}", f"省领导小组办公室将“{f.name}”退回{f.owner}。退回理由：{f.reason}"


def _approved(f: _Snapshot) -> tuple[str, str]:
    return (
        f"已批复：{f.name}",
        f"{f.owner}的“{f.name}”已由设区市批复，批复金额{f.approved}（申报总投资{f.investment}）。",
    )


def _filed(f: _Snapshot) -> tuple[str, str]:
    return (
        f"已备案 {f.number}：{f.name}",
        f"{f.owner}的“{f.name}”已备案，备案号{f.number}，批复金额{f.approved}。{_basis(f)}备案不是许可。",
    )


def _queried(f: _Snapshot) -> tuple[str, str]:
    if not f.number:  # an approval that nobody has filed
        return (
            f"未备案询问：{f.name}",
            f"省领导小组办公室就已批复、尚未备案的“{f.name}”（{f.owner}）提出询问：{f.question}",
        )
    return (
        f"备案询问 {f.number}：{f.name}",
        f"省领导小组办公室就备案{f.number}“{f.name}”（{f.owner}）提出询问：{f.question}",
    )


def _answered(f: _Snapshot) -> tuple[str, str]:
    if not f.question:
        return f"询问已答复：{f.name}", f"就“{f.name}”（{f.owner}）备案的询问，设区市答复：{f.answer}"
    return (
        f"备案询问已答复 {f.number}：{f.name}",
        f"就备案{f.number}“{f.name}”（{f.owner}）的询问“{f.question}”，设区市答复：{f.answer}",
    )


TEXTS: dict[str, Callable[[_Snapshot], tuple[str, str]]] = {
    "project.submitted": _submitted,
    "project.gatekept": _gatekept,
    "project.returned": _returned,
    "project.withdrawn": _withdrawn,
    "project.handed_over": _handed_over,
    "project.returned_by_province": _returned_by_province,
    "project.approved": _approved,
    "filing.filed": _filed,
    "filing.queried": _queried,
    "filing.answered": _answered,
}


def _told(event: Event, f: _Snapshot) -> tuple[str, str]:
    """What the event itself says under its heading."""
    heading = KINDS[event.kind]
    said = _quoted(event.snapshot.get("message")) or f"{heading}。"
    if event.kind in OPERATIONS:  # of the service itself: nobody's project
        return f"{heading}：{f.name}", said
    reason = f"说明：{f.reason}" if f.reason else ""
    return f"{heading}：{f.name}", f"{f.owner}的“{f.name}”：{said}{reason}"


def compose(event: Event, desk: Recipient) -> tuple[str, str]:
    """Title and body of the message for one desk."""
    snapshot = _Snapshot(event.snapshot)
    made = TEXTS.get(event.kind)
    title, body = _told(event, snapshot) if made is None else made(snapshot)
    step = STEPS.get((event.kind, desk.role)) or (event.snapshot.get("steps") or {}).get(desk.role, "")
    if step and not body.endswith(("。", "！", "？", "……")):
        body += "。"
    return title, body + step
