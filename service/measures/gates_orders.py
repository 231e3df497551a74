"""Gates of rectification orders and what follows: money deferred, a project suspended, both taken back (art. 41)."""

from __future__ import annotations

from service.measures.gated_case import GatedCase, gate
from service.measures.lifecycle_rows import CLOSING
from service.measures.rectification import enforces, lapsed, organs_named, undoes


@gate("not_deferred", 41)
def _not_deferred(s: GatedCase) -> str | None:
    return "因整改逾期，资金安排已暂缓" if s.fact("deferral").get("in_force") else None


@gate("order_lapsed", 41)
def _order_lapsed(s: GatedCase) -> str | None:
    """Art. 41: measures follow an order that lapsed or was answered in vain."""
    orders = (s.fact("orders").get("open") or {}).values()
    if not orders:
        return "没有未完成的整改要求"
    return None if any(lapsed(order, s.on) for order in orders) else "整改期限未满，且没有认定整改不合要求"


@gate("order_open", 41)
def _order_open(s: GatedCase) -> str | None:
    return None if s.fact("orders").get("open") else "没有未完成的整改要求"


@gate("own_order", 41)
def _own_order(s: GatedCase) -> str | None:
    """Art. 41: whether an order was carried out is found by the organ that gave it."""
    mine = organs_named(s.by)
    orders = (s.fact("orders").get("open") or {}).values()
    return (
        None if any(order.get("by") in mine for order in orders) else "没有由本机构提出、尚未办结的整改要求"
    )


@gate("may_enforce", 41)
def _may_enforce(s: GatedCase) -> str | None:
    """Art. 41: measures are for the organ whose order lapsed, or for one of the three."""
    mine = organs_named(s.by)
    orders = (s.fact("orders").get("open") or {}).values()
    if any(lapsed(order, s.on) and enforces(order, mine) for order in orders):
        return None
    return "逾期的整改要求由提出的机构或三家主管机构处理"


UNDOING = "由提出整改要求的机构或三家主管机构恢复；省级机构采取的措施由省级机构恢复"


@gate("may_lift", 41)
def _may_lift(s: GatedCase) -> str | None:
    return None if undoes(s.fact("deferral"), organs_named(s.by)) else UNDOING


@gate("orders_settled", 41)
def _orders_settled(s: GatedCase) -> str | None:
    """Art. 41: nobody gets rid of an order by retiring the project."""
    return "尚有未办结的整改要求" if s.fact("orders").get("open") else None


_CLOSING = frozenset(state.value for state in CLOSING)


@gate("suspended_in_building", 41)
def _suspended_in_building(s: GatedCase) -> str | None:
    stood = s.fact("suspended").get("from")
    if stood == "trial_run":
        return "暂停前处于试运行，请恢复试运行"
    return "暂停前已经终验，请恢复验收" if stood in _CLOSING else None


@gate("suspended_in_acceptance", 41)
def _suspended_in_acceptance(s: GatedCase) -> str | None:
    return None if s.fact("suspended").get("from") in _CLOSING else "暂停前尚未终验"


@gate("may_resume", 41)
def _may_resume(s: GatedCase) -> str | None:
    """Art. 41: who stopped it for an order, or one of the three, lets it go on; older records do not name who."""
    told = s.fact("suspended")
    return None if not told.get("by") or undoes(told, organs_named(s.by)) else UNDOING


@gate("suspended_in_trial_run", 41)
def _suspended_in_trial_run(s: GatedCase) -> str | None:
    return None if s.fact("suspended").get("from") == "trial_run" else "暂停前不在试运行"


@gate("order_settled", 41)
def _order_settled(s: GatedCase) -> str | None:
    """Art. 41: what was suspended for an order goes on when that order is done."""
    order = s.fact("suspended").get("order")
    return "据以暂停的整改要求尚未办结" if order in (s.fact("orders").get("open") or {}) else None


@gate("deferred", 41)
def _deferred(s: GatedCase) -> str | None:
    return None if s.fact("deferral").get("in_force") else "没有正在执行的暂缓安排"
