"""Art. 16: three kinds of project are given priority; who claims one shows it, and the first deciding desk accepts it.

A claim counts when the system knows it (item 2: on an item of the province's three-year plan; item 3: offices or levels
that it knows of) or when its paper, cited and attached, was accepted by name (R14). Else it is told and does not count.
The fact `priority` of a case: `claimed` {item: paper or none}, `items`: those accepted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from service.measures.findings import Finding, Severity
from service.measures.issuers import unfit_for_priority
from service.vocabulary import names

ITEMS: Mapping[int, str] = {
    1: "国家部署的重大数字化项目",
    2: "列入总体方案和三年规划的重点项目",
    3: "整合分散系统或者共建共享的项目",
}
SLOT = "priority_evidence"
_UNPROVEN = (
    "但没有可核对的依据，不予采信；请填写依据文件的发文机关、文号、日期，"
    f"并上传到“{names('material_slot')[SLOT]}”"
)
_CODES = {f"priority_{item}_evidenced": item for item in ITEMS}
Fact = Mapping[str, Any]


def claimed(fact: Fact) -> dict[int, Mapping[str, str] | None]:
    """What is claimed, with the paper each rests on."""
    return {int(item): paper for item, paper in (fact.get("claimed") or {}).items()}


def known_items(evident: Collection[int], *, planned: bool) -> frozenset[int]:
    """Items that need no paper: `evident` by facts that count, `planned` in the province's three-year plan."""
    return frozenset({*evident, *((2,) if planned else ())})


def counting(fact: Fact, known: Collection[int]) -> list[int]:
    """The items that count: accepted by name, or claimed and known."""
    return sorted({*(fact.get("items") or ()), *(claimed(fact).keys() & set(known))})


def findings(
    fact: Fact, known: Collection[int], *, attached: bool, owner: str | None = None
) -> Iterator[Finding]:
    """What is to be said of the claims that do not count yet. `attached`: a paper lies in the slot; `owner`: whose own
    papers show nothing."""
    settled = counting(fact, known)
    for item, paper in sorted(claimed(fact).items()):
        if item in settled:
            continue
        said = f"申报称属于重点支持的项目：{ITEMS[item]}"
        why = unfit_for_priority(item, paper["issuer"], owner) if paper else None
        if paper and attached and why is None:
            yield Finding(
                f"priority_{item}_evidenced",
                Severity.IN_PRINCIPLE,
                16,
                f"{said}，已附依据文件，须经把关人员核对认可",
                item=item,
                reading="R14",
            )
        else:
            yield Finding(
                f"priority_{item}_unproven",
                Severity.NOTICE,
                16,
                f"{said}，但{why}，不予采信" if why else f"{said}，{_UNPROVEN}",
                item=item,
                reading="R14",
            )


def reasons(fact: Fact) -> dict[str, str]:
    """By code, the paper that a claim stands on, as a reason reads it."""
    return {
        f"priority_{item}_evidenced": f"依据：{paper['issuer']}{paper['number']}（{paper['date']}）"
        for item, paper in claimed(fact).items()
        if paper
    }


def item_of(code: str) -> int | None:
    """The item that a finding's acceptance makes count."""
    return _CODES.get(code)


def answered(fact: Fact, opinions: Mapping[str, bool]) -> dict[str, Any] | None:
    """The fact with what a desk said of its claims, by code; None where nothing changes."""
    said = {item: yes for code, yes in opinions.items() if (item := item_of(code)) in claimed(fact)}
    items = {*(fact.get("items") or ())}
    now = sorted((items | {i for i, yes in said.items() if yes}) - {i for i, yes in said.items() if not yes})
    return None if now == sorted(items) else {**fact, "items": now}


def claiming(fact: Fact, item: int, paper: Mapping[str, str] | None, *, claims: bool) -> dict[str, Any]:
    """The fact with one claim made anew, or taken back; what was accepted on another paper is not accepted on it."""
    others = {str(each): kept for each, kept in claimed(fact).items() if each != item}
    same = claims and paper is not None and claimed(fact).get(item) == paper
    items = [each for each in fact.get("items") or () if each != item or same]
    return {"claimed": others | ({str(item): paper} if claims else {}), "items": items}
