"""What goes over the wire of evaluation and retirement (arts 3, 40)."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

from service.delivery.acceptance_schemas import Paper
from service.kit.text import Name, Remark, line
from service.projects.schemas import Said

Points = Annotated[int, Meta(ge=0, le=100)]


class ReachedIn(Struct, forbid_unknown_fields=True):
    """What was reached of an indicator that the project was declared with."""

    name: Annotated[Name, Meta(description="申报时的绩效指标名称")]
    reached: Annotated[str, line(200, told="达成值，计量单位与申报时相同")]
    note: Remark = ""


class EvaluateIn(Struct, forbid_unknown_fields=True):
    """The owner's self-evaluation of how the project was built and run (art. 40)."""

    on: date
    summary: Said
    report: Paper
    indicators: Annotated[
        list[ReachedIn], Meta(max_length=100, description="申报的各项绩效指标的达成值")
    ] = []


class Aspects(Struct, forbid_unknown_fields=True):
    """Points of the five aspects of art. 40, 0 to 100 each; the rule book weighs them."""

    application_effect: Points
    support_capability: Points
    security: Points
    investment_benefit: Points
    resource_conformity: Points


class ScoreIn(Struct, forbid_unknown_fields=True):
    """One organ's card (art. 40)."""

    points: Aspects
    opinion: Said


class RetireIn(Struct, forbid_unknown_fields=True):
    """Why a system is given up, and where its data went (arts 3, 6)."""

    on: date
    reason: Said
    data_handover: Said
    documents: Annotated[list[Paper], Meta(max_length=20)] = []
