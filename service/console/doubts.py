"""疑点数字: what was declared beside what looks odd, by city, by month; every number leads to its cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple
from urllib.parse import urlencode

from litestar.handlers import HTTPRouteHandler

from service.console.drawing import Column, columns
from service.console.pages import page, render
from service.console.visiting import Visit
from service.kit.handler import Rendered

PATH = "/console/suspicion-figures"


class Kind(NamedTuple):
    """One kind of doubt: its numbers in a row of the answer, and the list of its cases, with what opens that list."""

    label: str
    counted: str
    confirmed: str  # how many of them somebody confirmed; "" where nobody judges
    address: str
    operation: str


# Hints first, then what somebody judges.
KINDS = (
    Kind("接近限额", "near_line", "", "/console/near-line", "monitoring_near_line"),
    Kind(
        "扣运维后低于限额", "under_line_by_maintenance", "", "/console/under-line", "monitoring_maintenance"
    ),
    Kind("类别没有依据", "label_without_evidence", "", "/console/labels", "monitoring_labels"),
    Kind(
        "疑似拆分",
        "split_suspicions",
        "split_confirmed",
        "/console/suspicions?kind=split",
        "suspicions_list_page",
    ),
    Kind(
        "类别疑点",
        "label_suspicions",
        "label_confirmed",
        "/console/suspicions?kind=label",
        "suspicions_list_page",
    ),
)


class Sum(NamedTuple):
    """What a place, a month or all of them come to: declared, and the numbers of each kind with those confirmed."""

    key: str
    name: str
    declared: int
    amount_yuan: str
    doubts: list[tuple[int, int]]

    @property
    def any(self) -> int:
        return sum(count for count, _ in self.doubts)


def _many(row: Mapping[str, Any], field: str) -> int:
    found = row[field] if field else 0
    return int(found["count"] if isinstance(found, Mapping) else found)


def summed(rows: Iterable[Mapping[str, Any]], key: str, name: str) -> list[Sum]:
    """The rows that share a key, added up, in the order in which the keys come."""
    by: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        by.setdefault(row[key] if key else "", []).append(row)
    return [
        Sum(
            each,
            str((of[0].get(name) if name else "") or each),
            sum(row["declared"]["count"] for row in of),
            str(sum((Decimal(row["declared"]["amount_yuan"]) for row in of), Decimal(0))),
            [
                (sum(_many(row, k.counted) for row in of), sum(_many(row, k.confirmed) for row in of))
                for k in KINDS
            ],
        )
        for each, of in by.items()
    ]


@page("GET", PATH)
async def figures(visit: Visit) -> Rendered:
    """All of it in one line, then by city with most doubts first, then by month."""
    found = await visit.ask("suspicions_read_monitors", visit.picked("tenant", "month_from", "month_to"))
    rows = found["items"]
    cities = sorted(summed(rows, "tenant", "tenant_name"), key=lambda each: (-each.any, -each.declared))
    months = sorted(summed(rows, "month", ""), key=lambda each: each.key)
    whole = summed(rows, "", "")
    marked = [min(each.any, each.declared) for each in months]
    drawn = [
        Column(each.key[2:], (each.declared - some, some)) for each, some in zip(months, marked, strict=True)
    ]
    return render(
        visit,
        "suspicion_figures.html",
        found=found,
        whole=whole[0] if whole else None,
        cities=cities,
        months=months,
        kinds=KINDS,
        drawn=columns(drawn, "各月申报和其中的提示") if len(months) > 1 else None,
        leads=lambda kind, tenant="": _leads(visit, kind, tenant),
    )


def _leads(visit: Visit, kind: Kind, tenant: str) -> str:
    """Where the cases of a kind are listed; "" where the reader has no such list."""
    if not visit.may(kind.operation):
        return ""
    at = tenant or visit.query.get("tenant", "")
    narrowed = urlencode({"tenant": at}) if at and visit.tier == "province" else ""
    return kind.address + (("&" if "?" in kind.address else "?") + narrowed if narrowed else "")


ROUTES: list[HTTPRouteHandler] = [figures]
