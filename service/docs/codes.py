"""Every enumeration of the OpenAPI document with its labels: `x-enum-labels` {code: {zh, en}}, `x-vocabulary`.

What lists a vocabulary whole refers to one component of that name, so that a generated client has one type for it;
what takes some of its codes lists them where it stands. An enumeration without a vocabulary is a LookupError: nothing
on the wire goes without a label.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from service.vocabulary import VOCABULARIES, Vocabulary

Json = dict[str, Any]
_AT = "#/components/schemas/"
# Property, or Component.property, whose choices stand in a vocabulary of another name.
_OF: Mapping[str, str] = {
    "answer": "reuse_answer",
    "area": "order_area",
    "asked_at": "material_phase",
    "Candidate.kind": "candidate_kind",
    "CataloguePaper.kind": "paper_kind",
    "Certificate.kind": "app_certificate",
    "CertificateIn.kind": "certificate_kind",
    "changes": "client_change",
    "covers": "preview_covers",
    "DataItem.sharing": "data_sharing",
    "AskedField.field": "form_part",
    "AskedSlot.slot": "material_slot",
    "UploadQuery.slot": "material_slot",
    "ApplyIn.materials": "acceptance_material",
    "MaterialIn.parts": "acceptance_part",
    "BudgetLineIn.source": "budget_source",
    "SourceLine.source": "funding_source",
    "YearLine.source": "money_kind",
    "Form.category": "form_category",
    "category": "app_category",
    "CostLine.item": "cost_item",
    "method": "procurement_method",
    "subject": "procurement_subject",
    "IncidentIn.kind": "incident_kind",
    "SuspicionQuery.kind": "suspicion_kind",
    "kinds": "kind",
    "EndpointEdit.kinds": "event_subscription",
    "EndpointIn.kinds": "event_subscription",
    "RangeIn.kinds": "event_subscription",
    "InboxQuery.kind": "event_kind",
    "ObligationQuery.code": "duty",
    "WarningView.code": "warning",
    "NoteView.code": "document_note",
    "issued_by": "slot",
    "invited": "slot",
    "fields": "expert_field",
    "field": "expert_field",
    "queue": "task_queue",
    "mode": "clause_mode",
    "ReminderIn.channel": "reminder_channel",
    "ReminderIn.kinds": "reminder_kind",
    "ReminderIn.mode": "reminder_mode",
    "fate": "case_fate",
    "negative": "negative_case",
    "networks": "network",
    "DeliveryPlanIn.network": "plan_network",
    "people": "people_go",
    "goes": "people_go",
    "exceptions": "people_go",
    "platform": "code_platform",
    "procedures": "procedure",
    "recommendation": "verdict",
    "ReviseIn.ground": "plan_ground",
    "SpillIn.reason": "spill_reason",
    "template": "report_template",
    "anchors": "checked",
    "reuse_check": "checked",
    "ReuseView.status": "checked",
    "ProjectFilter.order": "case_order",
    "ProjectQuery.order": "case_order",
    "AdoptionQuery.state": "adoption_state",
    "ProvisionQuery.state": "adoption_state",
    "DeliveryQuery.state": "delivery_state",
    "DeliveryView.state": "delivery_state",
    "EndpointView.state": "endpoint_state",
    "EndpointWithSecret.state": "endpoint_state",
    "ImportView.state": "proposal_state",
    "LibraryImportQuery.state": "proposal_state",
    "ObligationQuery.state": "duty_state",
    "ObligationView.state": "duty_state",
    "SpillQuery.state": "spill_state",
    "SuspicionQuery.state": "suspicion_state",
    "AmendmentView.status": "amendment_status",
    "BrowseQuery.status": "app_status",
    "BrowseQuery.succession": "app_succession",
    "BrowseQuery.order": "app_order",
    "PublishIn.status": "app_status",
    "StatusIn.status": "app_status",
    "WorkingQuery.status": "app_status",
    "DeclarationRoundView.status": "standing",
    "OverlayQuery.status": "standing",
    "OverlayView.status": "standing",
    "OrderQuery.status": "order_state",
    "SystemEdit.status": "system_status",
    "SystemQuery.status": "system_status",
    "ExpertQuery.standing": "expert_standing",
    "code": "error",
    "sheet": "sheet",
    "WorkbookListQuery.state": "workbook_state",
    "WorkbookView.state": "workbook_state",
    "expected_route": "route",
    "from_class": "project_class",
    "to_class": "project_class",
}


def vocabulary_of(component: str, name: str, codes: Sequence[str]) -> Vocabulary:
    """The vocabulary of an enumeration; LookupError for one that has none, or lacks a code."""
    for key in (f"{component}.{name}", name):
        found = VOCABULARIES.get(_OF.get(key, key))
        if found is not None:
            if missing := set(codes) - found.names.keys():
                raise LookupError(f"{component}.{name}: no label for {sorted(missing)} in {found.name}")
            return found
    raise LookupError(f"{component}.{name}: no vocabulary for {list(codes)[:5]}")


def names_of(component: str, name: str, codes: Sequence[str]) -> Mapping[str, str]:
    """What the codes of a request's member are called; {} for such as have no vocabulary."""
    try:
        return vocabulary_of(component, name, codes).names
    except LookupError:
        return {}


def labels(vocabulary: Vocabulary, codes: Sequence[str] | None = None) -> Json:
    """`x-enum-labels` of some codes, or of all, in the vocabulary's order."""
    return {
        entry.code: {"zh": entry.zh, "en": entry.en}
        for entry in vocabulary.entries
        if codes is None or entry.code in codes
    }


def told_as(name: str) -> Json:
    """What an enumeration of a whole vocabulary says beside its codes."""
    return {"x-vocabulary": name, "x-enum-labels": labels(VOCABULARIES[name])}


class Codes:
    """The components of whole vocabularies, as far as the document came to need them."""

    def __init__(self) -> None:
        self.components: Json = {}

    def told(self, value: Any, component: str, name: str = "") -> Any:
        """A schema anew, every enumeration in it with its labels. `name`: the property that it describes."""
        if isinstance(value, list):
            return [self.told(each, component, name) for each in value]
        if not isinstance(value, dict):
            return value
        if "const" in value:  # one code of a vocabulary, which says its own label
            return value
        if "x-vocabulary" in value:
            return self._whole(VOCABULARIES[value["x-vocabulary"]], value)
        if isinstance(codes := value.get("enum"), list) and all(isinstance(each, str) for each in codes):
            return self._listed(value, codes, component, name)
        return {
            key: {inner: self.told(each, component, inner) for inner, each in of.items()}
            if key == "properties" and isinstance(of, dict)
            else of
            if key in ("example", "examples", "default", "const")
            else self.told(of, component, name)
            for key, of in value.items()
        }

    def _listed(self, value: Json, codes: list[str], component: str, name: str) -> Json:
        vocabulary = vocabulary_of(component, name, codes)
        if set(codes) == vocabulary.names.keys():
            return self._whole(vocabulary, value)
        told = {"x-vocabulary": vocabulary.name, "x-enum-labels": labels(vocabulary, codes)}
        return {"type": "string", **value, **told}

    def _whole(self, vocabulary: Vocabulary, value: Json) -> Json:
        """A reference to the vocabulary, with what the place itself says beside it (OpenAPI 3.1)."""
        name = "".join(part.title() for part in vocabulary.name.split("_")) + "Code"
        made: Json = {
            "title": name,
            "type": "string",
            "description": f"{vocabulary.zh}。{vocabulary.en}.",
            "x-vocabulary": vocabulary.name,
            "x-enum-labels": labels(vocabulary),
        }
        if not value.get("x-open"):
            made["enum"] = list(vocabulary.names)
        self.components[name] = made
        kept = {key: of for key, of in value.items() if key in ("description", "default", "title")}
        return {"$ref": _AT + name, **kept}
