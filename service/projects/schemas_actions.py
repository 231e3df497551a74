"""The wire of /projects/{id}/actions."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from service.kit.coded import FaultCode, FoundCode, TierCode, coded
from service.projects.schemas_out import ActionView, PenView

DeskCode = Annotated[str, coded("tier_role")]


class LackingPoint(Struct):
    """One thing that is missing: where it goes in the request of submission, and which article asks for it."""

    pointer: str
    code: FaultCode
    detail: str
    article: int


class Lacking(Struct):
    """What a text at work still lacks before it may be handed in; all empty: it would be taken."""

    missing: Annotated[list[LackingPoint], Meta(description="还缺的材料和附件。Materials and files.")]
    reasons_required: Annotated[
        list[FoundCode], Meta(description="须说明理由的事项。Findings that want a reason.")
    ]
    unanswered: Annotated[
        list[str], Meta(description="尚未答复的可复用应用或项目。Candidates without an answer.")
    ]
    refusal: Annotated[
        str | None, Meta(description="事实本身不成立时的原因。Why the facts would be refused.")
    ] = None


class DeskView(Struct):
    """Another desk, and what it may do now."""

    role: DeskCode
    tier: TierCode
    label: Annotated[str, Meta(description="岗位名称。What the desk is called.")]
    actions: list[ActionView]


class ActionsView(Struct):
    """All that a case offers."""

    pen: Annotated[PenView, Meta(description="现在由谁办理，怎样联系。Who holds the pen.")]

    actions: Annotated[list[ActionView], Meta(description="本岗位在当前环节的事项。The reader's own, here.")]
    later: Annotated[
        list[ActionView], Meta(description="本岗位以后环节的事项。The reader's own, further on.")
    ]
    desks: Annotated[list[DeskView], Meta(description="其他岗位现在能办的事项。What other desks may do now.")]
    lacking: Annotated[Lacking | None, Meta(description="草稿提交前还缺的内容。What a draft still lacks.")]
