"""Codes on the wire: a string of an answer that is one of a vocabulary, told to OpenAPI with all its labels.

`x-vocabulary` names the vocabulary; the document puts the enumeration and `x-enum-labels` in its place
(service/docs/codes.py). Requests name their choices as Literals or StrEnums, which the decoder holds them to.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta


def coded(vocabulary: str, *, known: bool = True) -> Meta:
    """One code of the vocabulary; `known` false: others may come, such as a city's own checks."""
    return Meta(extra_json_schema={"x-vocabulary": vocabulary, **({} if known else {"x-open": True})})


AcceptanceMaterialCode = Annotated[str, coded("acceptance_material")]
AcceptancePartCode = Annotated[str, coded("acceptance_part")]
ActorKindCode = Annotated[str, coded("actor_kind")]
ActionCode = Annotated[str, coded("action")]
AdoptionActionCode = Annotated[str, coded("adoption_action")]
AdoptionHolderCode = Annotated[str, coded("adoption_holder")]
AdoptionStateCode = Annotated[str, coded("adoption_state")]
AppCertificateCode = Annotated[str, coded("app_certificate")]
AppCategoryCode = Annotated[str, coded("app_category")]
AppFacetCode = Annotated[str, coded("app_facet")]
AppLineCode = Annotated[str, coded("app_line")]
AppStatusCode = Annotated[str, coded("app_status")]
AppraisalStageCode = Annotated[str, coded("appraisal_stage")]
AppraisalStatusCode = Annotated[str, coded("appraisal_status")]
AreaCode = Annotated[str, coded("order_area")]
AuditFindingCode = Annotated[str, coded("audit_finding")]
CertificateCode = Annotated[str, coded("certificate_kind")]
DocumentNoteCode = Annotated[str, coded("document_note")]
DraftCode = Annotated[str, coded("draft")]
DraftSourceCode = Annotated[str, coded("draft_source")]
DraftTemplateActCode = Annotated[str, coded("draft_template_act")]
DutyBasisCode = Annotated[str, coded("duty_basis")]
DutyCode = Annotated[str, coded("duty")]
DutyStateCode = Annotated[str, coded("duty_state")]
EventCode = Annotated[str, coded("event_kind")]
SubscriptionCode = Annotated[str, coded("event_subscription")]
ExpertChoiceCode = Annotated[str, coded("expert_choice")]
ExpertFieldCode = Annotated[str, coded("expert_field")]
FaultCode = Annotated[str, coded("fault", known=False)]
FoundCode = Annotated[str, coded("finding", known=False)]
# As a filter: what the Measures check, or a city of its own (measures/local_checks.PREFIX).
FoundChoice = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9_]{1,64}$(?!\n)", extra_json_schema={"x-choices": "finding", "x-others": "local_"}
    ),
]
FundingSourceCode = Annotated[str, coded("funding_source")]
HaltCode = Annotated[str, coded("halt")]
HolderCode = Annotated[str, coded("holder")]
HoldingCode = Annotated[str, coded("holding")]
KindCode = Annotated[str, coded("kind")]
LinkStateCode = Annotated[str, coded("link_state")]
MaintenancePlanStateCode = Annotated[str, coded("maintenance_plan_state")]
MaterialPhaseCode = Annotated[str, coded("material_phase")]
MaterialSlotCode = Annotated[str, coded("material_slot")]
NetworkCode = Annotated[str, coded("network")]
ObstacleCode = Annotated[str, coded("obstacle")]
OfficeKindCode = Annotated[str, coded("office_kind")]
OpinionCode = Annotated[str, coded("opinion")]
OrderStateCode = Annotated[str, coded("order_state")]
OriginCode = Annotated[str, coded("origin")]
PaperIssuedCode = Annotated[str, coded("paper")]
PaperOutcomeCode = Annotated[str, coded("paper_outcome")]
PlanGroundCode = Annotated[str, coded("plan_ground")]
PlanStateCode = Annotated[str, coded("plan_state")]
ProcedureCode = Annotated[str, coded("procedure")]
ProjectClassCode = Annotated[str, coded("project_class")]
ReachCode = Annotated[str, coded("reach")]
RegimeCode = Annotated[str, coded("regime")]
ReminderChannelCode = Annotated[str, coded("reminder_channel")]
ReminderKindCode = Annotated[str, coded("reminder_kind")]
ReminderModeCode = Annotated[str, coded("reminder_mode")]
ReuseAnswerCode = Annotated[str, coded("reuse_answer")]
ReviewStatusCode = Annotated[str, coded("review_status")]
RoleCode = Annotated[str, coded("role")]
RouteCode = Annotated[str, coded("route")]
SeverityCode = Annotated[str, coded("severity")]
SlotCode = Annotated[str, coded("slot")]
SpillReasonCode = Annotated[str, coded("spill_reason")]
SpillStateCode = Annotated[str, coded("spill_state")]
StateCode = Annotated[str, coded("state")]
SuspicionKindCode = Annotated[str, coded("suspicion_kind")]
SuspicionStateCode = Annotated[str, coded("suspicion_state")]
SystemStatusCode = Annotated[str, coded("system_status")]
TaskKindCode = Annotated[str, coded("task_kind")]
TaskQueueCode = Annotated[str, coded("task_queue")]
TierCode = Annotated[str, coded("tier")]
InputTypeCode = Annotated[str, coded("input_type")]
ToneCode = Annotated[str, coded("tone")]
VerdictCode = Annotated[str, coded("verdict")]
