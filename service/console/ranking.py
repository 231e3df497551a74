"""In which order a case's deeds stand, under which headings, and which of them is unfolded."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from service.console.parts_of_case import Deed
from service.tasks.queues import DEEDS

# Shown last and never unfolded unasked: these take a step back.
_UNDOING = frozenset(
    {
        "gatekeep_return",
        "province_return",
        "need_return",
        "need_reject",
        "withdraw",
        "delete",
        "suspend",
        "terminate",
    }
)
_GIVING_BACK = frozenset({"gatekeep_return", "province_return", "need_return"})
# Shown after what carries the case on, by what they are about: these leave it where it is.
_BESIDE: Mapping[str, tuple[str, ...]] = {
    "进展与变更": (
        "report_performance",
        "report_incident",
        "request_change",
        "request_extension",
        "record_force_majeure",
        "correct_approval",
    ),
    "采购与合同": ("record_procurement", "record_contract", "record_certificate"),
    "资金": (
        "set_funding",
        "record_payment",
        "reverse_payment",
        "return_surplus",
        "issue_share",
        "defer_funds",
        "lift_deferral",
    ),
    "责任与监理": ("name_responsible", "record_regime", "record_supervision"),
    "规划与协同": ("tag_priority", "link_plan", "invite_link", "set_standard"),
    "整改与退出": ("order_rectification", "criticise", "apply_end"),
}
_ABOUT = {action: (place, words) for place, (words, of) in enumerate(_BESIDE.items()) for action in of}
_BACK = "退回与停止"
# So many are seen at a glance; above it they stand under headings.
_FEW = 6
Owing = Mapping[str, int]
_NOTHING: Owing = MappingProxyType({})


def owed(
    duties: Iterable[Mapping[str, Any]], tier: str, roles: Collection[str], queue: str = ""
) -> dict[str, int]:
    """The operations by which this desk does what it owes on the case now: 0 what it came for, 1 the rest.

    `queue`: the one the case was opened from.
    """
    codes = list[str]()
    for each in duties:
        duty = each["duty"]
        of_organ = duty["kind"] == "organ"
        mine = not of_organ or (duty["tier"] == tier and not set(duty["roles"]).isdisjoint(roles))
        if mine and each["state"] in ("open", "lapsed") and not each["paused"]:
            codes.append(each["code"])
    rest = {name: 1 for code in codes for name in DEEDS.get(code, ())}
    return rest | dict.fromkeys(DEEDS.get(queue, ()), 0)


def ranked(deeds: list[Deed], owing: Owing = _NOTHING) -> list[Deed]:
    """What the desk owes (`owing`) first, then by what they do with the case.

    Who answers for a case is named before it starts, and afterwards beside the rest.
    """
    starts = _starts(deeds)
    return sorted(deeds, key=lambda each: (_urgency(each, owing), *_place(each, starts=starts)))


def first(deeds: list[Deed], *, writing: bool, owing: Owing = _NOTHING) -> str:
    """The operation that is unfolded: the first that goes on. `writing`: until then the text is what waits."""
    most = 0 if writing else 1
    may = [each for each in deeds if each.allowed]
    return next((each.operation for each in may if _owed(each, owing) or _rank(each) <= most), "")


def back(deeds: list[Deed]) -> str:
    """The operation that gives the case back to whoever wrote it, if this desk has it."""
    return next((each.operation for each in deeds if each.allowed and each.action in _GIVING_BACK), "")


def headings(deeds: list[Deed], owing: Owing = _NOTHING) -> dict[int, str]:
    """By its place among those allowed now, what stands above a deed; none where there are few. `deeds` as ranked."""
    may = [each for each in deeds if each.allowed]
    if len(may) <= _FEW:
        return {}
    starts = _starts(deeds)
    words = ["" if _owed(each, owing) else _heading(each, *_place(each, starts=starts)) for each in may]
    return {place: now for place, now in enumerate(words) if now and (not place or now != words[place - 1])}


def _urgency(deed: Deed, owing: Owing) -> int:
    return owing[deed.operation] if _owed(deed, owing) else 2


def _owed(deed: Deed, owing: Owing) -> bool:
    return deed.operation in owing and deed.action not in _UNDOING


def _starts(deeds: list[Deed]) -> bool:
    return any(each.action == "start" and each.allowed for each in deeds)


def _place(deed: Deed, *, starts: bool) -> tuple[int, int]:
    rank = 0 if starts and deed.action == "name_responsible" else _rank(deed)
    return rank, _ABOUT[deed.action][0] if rank == 1 else 0


def _rank(deed: Deed) -> int:
    """What carries the case on comes first, what takes it back comes last."""
    return 2 if deed.action in _UNDOING else int(deed.action in _ABOUT)


def _heading(deed: Deed, rank: int, _: int) -> str:
    return ("", _ABOUT.get(deed.action, (0, ""))[1], _BACK)[rank]
