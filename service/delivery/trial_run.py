"""Trial run and final inspection (art. 30)."""

from __future__ import annotations

from service.delivery.acceptance_common import (
    desk_of,
    judging_tier,
    plain,
    told_by,
)
from service.delivery.acceptance_schemas import (
    InspectIn,
    TrialRunIn,
)
from service.measures.gates_delivering import trial_run_end
from service.measures.lifecycle import Action
from service.measures.organs import Slot
from service.projects.deeds import Desk, deed
from service.projects.phases import Deed, fact_day, not_before, owner_desks


@deed(
    "begin-trial-run",
    Action.BEGIN_TRIAL_RUN,
    body=TrialRunIn,
    summary="开始试运行",
    may="acceptance/apply",
    tag="acceptance",
)
async def begin_trial_run(desk: Desk) -> Deed:
    """建成后开始试运行，日期不早于开工日（第三十条）。"""
    # Art. 30: not before the start of building.
    body: TrialRunIn = desk.body
    told_by(desk, body.on, "试运行开始日", 30)
    not_before(body.on, fact_day(desk.case, "started"), "/on", "试运行开始日", article=30)
    tier = judging_tier(desk.case)
    desks = [
        *desk_of(desk.case, tier, Slot.DATA),
        *desk_of(desk.case, tier, Slot.CRYPTO),
        *owner_desks(desk.case),
    ]
    return desk.told(
        "acceptance.trial_run_begun",
        desks,
        on=body.on,
        content=plain(body),
        dated={"trial_run": {}},
        message=f"试运行自 {body.on.isoformat()} 起。",
        steps=dict.fromkeys(("data_office", "crypto_organ"), "试运行期间即可办理验收前的确认。"),
    )


@deed(
    "final-inspect",
    Action.FINAL_INSPECT,
    body=InspectIn,
    summary="组织终验",
    may="acceptance/apply",
    tag="acceptance",
)
async def final_inspect(desk: Desk) -> Deed:
    """试运行满六个月后由项目单位组织终验；暂停的天数不计入试运行（第三十条）。"""
    # Art. 30: after six months of trial run; the inspection's own day counts, not the day it is recorded.
    body: InspectIn = desk.body
    told_by(desk, body.on, "终验日", 30)
    not_before(body.on, trial_run_end(desk.gated), "/on", "终验日", article=30)
    return desk.told(
        "acceptance.inspected",
        owner_desks(desk.case),
        on=body.on,
        content=plain(body),
        dated={"final_inspected": {}},
        message=f"终验于 {body.on.isoformat()} 完成。",
    )
