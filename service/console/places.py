"""The places of the top bar: at most seven, only those whose operations the caller's roles open."""

from __future__ import annotations

from typing import NamedTuple

from service.console.visiting import Visit


class Place(NamedTuple):
    """One entry of the bar. `here`: the page belongs to it."""

    label: str
    address: str
    here: bool


ADMIN = (
    "/console/admin/people"  # and whatever else of administration is the reader's, by its own row of places
)
_PLACES = (
    ("待办", "/console", ("tasks_list_page",)),
    ("收件", "/console/intake", ("projects_gatekeep_pass",)),
    ("收件", "/console/intake", ("projects_province_return", "reviews_commission")),
    ("评审", "/console/assignments", ("assignments_score",)),
    ("会审", "/console/reviews", ("reviews_opine",)),
    ("上会", "/console/leading-group", ("reviews_leading_group",)),
    ("全省监测", "/console/monitor", ("monitoring_totals", "monitoring_unfiled")),
    ("项目", "/console/projects", ("projects_list_page",)),
    ("应用目录", "/console/apps", ("apps_browse",)),
    ("我的申请", "/console/adoptions", ("adoptions_request",)),
    ("开通", "/console/provisions", ("adoptions_provisions",)),
    ("应用申请", "/console/adoptions", ("adoptions_confirm",)),
    ("整改", "/console/orders", ("orders_order_rectification",)),
    ("期限", "/console/duties", ("obligations_list_page",)),
    ("管理", ADMIN, ("users_list_page",)),
    ("审计", "/console/admin/audit", ("audit_list_entries",)),
    ("清除", "/console/admin/spills", ("spills_list_page",)),
    ("规则", "/console/rules", ("rulebook_articles",)),
)
MORE = ("更多", "/console/more")
_OF_A_CITY = {"/console/monitor": "本市监测"}  # what a place is called outside the province's organs
MOST = 7


def places_of(visit: Visit) -> list[Place]:
    """The caller's places."""
    found: dict[str, Place] = {}
    for label, address, operations in _PLACES:
        if ADMIN in found and address.startswith("/console/admin/"):
            continue
        if address not in found and visit.may(*operations):
            at = "/console/admin" if address == ADMIN else address
            here = visit.path == address or (address != "/console" and visit.path.startswith(f"{at}/"))
            called = label if visit.tier == "province" else _OF_A_CITY.get(address, label)
            found[address] = Place(called, address, here)
    label, address = MORE
    return [*list(found.values())[: MOST - 1], Place(label, address, visit.path == address)]
