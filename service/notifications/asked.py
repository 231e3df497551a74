"""What a notice is about, and which deed it asks its desk for; whether that was done is looked up where it is kept.

The object is what a page or a client opens; the deed is named by the queue in which it waits (`GET /tasks`). Nothing
notes that a deed was done: it is seen on the case or the thing itself whenever the inbox is read.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, NamedTuple

from service.kit.api import Call
from service.kit.db import Row
from service.kit.ids import Ref
from service.kit.outbox import Event, Recipient

# A desk's deed, by the kind of the notice: (kind, role) → the queue in which it waits.
_OWNERS, _CITY_OR_PROVINCE = ("unit", "department", "portal"), ("drc", "approver")
_OF: Mapping[str, tuple[tuple[tuple[str, ...], str], ...]] = {
    "project.submitted": ((("gatekeeper",), "gatekeeping"),),
    "project.gatekept": ((("approver",), "approving"), (("gatekeeper",), "handing_over")),
    "project.returned": ((_OWNERS, "returned"),),
    "project.returned_by_province": ((_OWNERS, "returned"),),
    "project.handed_over": ((("office",), "provincial_review"),),
    "project.approved": ((("gatekeeper", "portal"), "filing"),),
    "project.approval_corrected": ((("finance",), "budget"),),
    "filing.queried": ((("gatekeeper",), "filing_query"),),
    "need.submitted": ((("gatekeeper",), "need_gatekeeping"),),
    "need.gatekept": ((("unit", "portal"), "to_declare"),),
    "need.returned": ((_OWNERS, "returned_need"),),
    "need.rejected": ((_OWNERS, "returned_need"),),
    "need.reported": ((("office",), "need_appraisal"),),
    "review.assigned": ((("expert",), "assignment"),),
    "review.joint_review_closed": ((("leading_group_secretary",), "leading_group"),),
    "review.leading_group_decided": ((("drc",), "province_approval"), (("approver",), "approving")),
    "review.approved": ((("finance",), "budget"),),
    "delivery.change_requested": ((_CITY_OR_PROVINCE, "change_decision"),),
    "delivery.end_requested": ((_CITY_OR_PROVINCE, "end_decision"),),
    "delivery.force_majeure": ((("finance",), "force_majeure_decision"),),
    "acceptance.trial_run_begun": (
        (("data_office",), "data_confirmation"), (("crypto_organ",), "crypto_confirmation"),
    ),
    "acceptance.extension_requested": ((_CITY_OR_PROVINCE, "extension_decision"),),
    "acceptance.accepted": ((_OWNERS, "acceptance_filing"),),
    "order.issued": ((_OWNERS, "rectification"),),
    "order.failed": ((_OWNERS, "rectification"),),
    "suspicion.split": ((("gatekeeper", "office"), "suspicion"),),
    "suspicion.label": ((("gatekeeper", "office"), "suspicion"),),
    "adoption.requested": ((("gatekeeper",), "adoption"),),
    "adoption.confirmed": ((("app_provider",), "provision"),),
    "client.proposed": ((("security_admin",), "client_confirmation"),),
    "issuer.proposed": ((("security_admin",), "issuer_confirmation"),),
    "library.import_proposed": ((("office",), "entry_confirmation"),),
    "spill.requested": ((("security_admin", "secrecy"), "spill_confirmation"),),
    "workbook.waiting": ((("*",), "workbook_confirmation"),),
}  # fmt: skip
# What a subject is, by the kind's family, or by the kind where its family tells of several.
_SUBJECTS = {
    "adoption": "adoption",
    "app": "app",
    "client": "client",
    "declaration_round": "declaration_round",
    "issuer": "issuer",
    "library.import_proposed": "library_import",
    "library.import_decided": "library_import",
    "link": "link",
    "office": "office",
    "plan": "plan",
    "rulebook.amendment_proposed": "amendment",
    "rulebook.amendment_refused": "amendment",
    "rulebook.amended": "amendment",
    "spill": "spill",
    "webhook": "webhook",
    "workbook": "workbook",
}


class Thing(NamedTuple):
    """What a notice is about: a kind of the vocabulary `task_kind` and the id its own operations take."""

    kind: str
    id: str


class Asked(NamedTuple):
    """On the shelf, put there by what stands above: tells the ids of those messages whose deed is still to be done."""

    open: Callable[[Call, Sequence[Row]], Awaitable[frozenset[str]]]


def queue_of(event: Event, desk: Recipient) -> str | None:
    """The queue in which the deed waits that this notice asks this desk for; None where it only tells."""
    if event.kind in ("obligation.reminder", "obligation.lapsed"):
        return str(event.snapshot["obligation"]["code"])
    if event.kind == "obligation.escalated":
        return "overdue"
    for roles, queue in _OF.get(event.kind, ()):
        if desk.role in roles or roles == ("*",):
            return queue
    return None


def thing_of(event: Event, desk: Recipient) -> Thing | None:
    """What the notice is about, as this desk opens it; None for what has no operation of its own."""
    snapshot, family = event.snapshot, event.kind.partition(".")[0]
    if desk.thing is not None:
        return Thing("assignment", desk.thing)
    if family in ("obligation", "suspicion") and (snapshot.get(family) or {}).get("id"):
        return Thing(family, str(snapshot[family]["id"]))
    project = (snapshot.get("project") or {}).get("id")
    order = (snapshot.get("order") or {}).get("id")
    if order and project:
        return Thing("order", f"{str(project).partition('-')[0]}-{order}")
    if project:
        return Thing("project", str(project))
    subject = str((snapshot.get("subject") or {}).get("id") or "")
    kind = _SUBJECTS.get(event.kind) or _SUBJECTS.get(family)
    if not subject or kind is None:
        return None
    if kind == "adoption" and desk.role == "app_provider":
        return Thing("provision", _provision(snapshot, subject))
    return Thing(kind, subject)


def _provision(snapshot: Mapping[str, Any], subject: str) -> str:
    """The same adoption at its provider: under the provider's tenant."""
    side = snapshot.get("adoption") or snapshot.get("provision") or {}
    return str(Ref(str(side["provider_tenant"]), subject.partition("-")[2]))
