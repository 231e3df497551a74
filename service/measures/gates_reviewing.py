"""Gates of needs, library, review and money to be given out (arts 8, 9, 12, 18-20)."""

from __future__ import annotations

from datetime import date

from service.measures.gated_case import GatedCase, gate
from service.measures.intake import stands
from service.measures.periods import IN_FORCE


@gate("appraisal_passed", 18)
def _appraisal_passed(s: GatedCase) -> str | None:
    """Art. 18: nothing unappraised is reviewed, approved or funded; R9: unchanged since then."""
    fact = s.fact("appraised")
    if not fact:
        approved = s.day("approved")
        # Art. 45: what was approved before the Measures was approved by rules that knew no such appraisal.
        return None if approved is not None and approved < IN_FORCE else "尚未论证评估"
    if fact.get("verdict") != "pass":
        return "论证评估没有通过"
    if fact.get("substance") != s.fact("declared").get("substance"):
        return "论证评估之后，金额、类别或内容已有变化，须重新论证评估"
    return None


def _underway(s: GatedCase) -> bool:
    """Whether an appraisal of what is declared now was commissioned and has no verdict yet."""
    fact = s.fact("appraisal_commissioned")
    if not fact or fact.get("submission") != s.fact("declared").get("submission"):
        return False
    return bool(fact.get("appraisal") != s.fact("appraised").get("appraisal"))


@gate("appraisal_underway", 18)
def _appraisal_underway(s: GatedCase) -> str | None:
    """Art. 18: the agency reports on what it was commissioned to appraise, once."""
    return None if _underway(s) else "没有进行中的论证评估"


@gate("no_appraisal_underway", 18)
def _no_appraisal_underway(s: GatedCase) -> str | None:
    return "已有进行中的论证评估，不重复委托" if _underway(s) else None


@gate("not_appraised", 18)
def _not_appraised(s: GatedCase) -> str | None:
    """R37: until its appraisal is commissioned, what was declared may be taken back."""
    declared = s.fact("declared")
    commissioned, done = s.fact("appraisal_commissioned"), s.fact("appraised")
    if commissioned and commissioned.get("submission") == declared.get("submission"):
        return "已经委托论证评估，不再撤回；不再建设的，请由经办机构退回"
    if done and done.get("substance") == declared.get("substance"):
        return "已经论证评估，不再撤回；不再建设的，请由经办机构退回"
    return None


@gate("city_review_done", 18)
def _city_review_done(s: GatedCase) -> str | None:
    """Art. 5, R5: a city that asks for its own appraisal or joint review is bound by it."""
    steps = s.figures.get("review.city_steps", "direct")
    if steps == "full" and s.fact("leading_group").get("decision") != "approve":
        return "本市规定须经联合会审和领导小组审定后批复"
    if steps != "direct" or s.fact("appraisal_commissioned"):
        return _appraisal_passed(s)
    return None


@gate("affordable", 9)
def _affordable(s: GatedCase) -> str | None:
    """Art. 9: a major government investment without a passed assessment gets no budget.

    Each organ that funds assesses, and is bound by, its own share (art. 34, R38); where it has said nothing itself,
    what another said of the project serves. Facts of before tell no tier.
    """
    fact, major = s.fact("affordability"), s.fact("major_investment")
    said, marked = fact.get("tiers") or {}, major.get("tiers") or {}
    mine = [tier for tier in ("province", "city") if f"{tier}.finance" in s.by]
    own = [said[tier] for tier in mine if tier in said]
    if own:
        return None if all(own) else "财政承受能力评估没有通过，不能安排预算"
    if fact and not said:
        return None if fact.get("passed") else "财政承受能力评估没有通过，不能安排预算"
    held = [marked[tier] for tier in mine if tier in marked]
    needs = any(held) if held else bool(major.get("major") or any(marked.values())) and not any(said.values())
    return "重大政府投资项目尚未进行财政承受能力评估" if needs else None


@gate("framework_agreed", 12)
def _framework_agreed(s: GatedCase) -> str | None:
    """Arts 5, 12: a jointly built project is reviewed or approved on one framework that all have signed (R48)."""
    declared = s.fact("declared")
    # Amended law moved it to the city's own desk, where nobody could settle one: nobody is stranded (R23).
    moved = declared.get("led_by") == "province" and any(role.startswith("city.") for role in s.by)
    owed = declared.get("joint") and not moved
    return "跨部门共建项目的框架方案尚未会签" if owed and not s.fact("framework") else None


@gate("joint_review_open", 19)
def _joint_review_open(s: GatedCase) -> str | None:
    return "联合会审意见已经汇总" if s.fact("joint_review") else None


@gate("joint_review_agreed", 19)
def _joint_review_agreed(s: GatedCase) -> str | None:
    fact = s.fact("joint_review")
    if not fact:
        return "联合会审意见尚未汇总"
    return None if fact.get("agreed") else "联合会审没有形成同意意见"


@gate("leading_group_agreed", 20)
def _leading_group_agreed(s: GatedCase) -> str | None:
    return None if s.fact("leading_group").get("decision") == "approve" else "领导小组没有审定同意"


@gate("not_split", 8)
def _not_split(s: GatedCase) -> str | None:
    """Art. 8: similar projects are not declared in parts."""
    return "已确认属于拆分申报，须合并后再办理" if s.fact("split").get("confirmed") else None


@gate("split_confirmed", 8)
def _split_confirmed(s: GatedCase) -> str | None:
    return None if s.fact("split").get("confirmed") else "没有经确认的拆分申报"


@gate("entry_expired", 8)
def _entry_expired(s: GatedCase) -> str | None:
    """R6: two years from the entry, the end day excluded."""
    until = s.fact("library").get("valid_until")
    if not until:
        return "没有入库记录"
    return None if s.on >= date.fromisoformat(until) else f"入库有效期到 {until} 为止，尚未届满"


@gate("entry_stands", 8)
def _entry_stands(s: GatedCase) -> str | None:
    """R6: an entry that is over need not be taken out, also before the worker has come by."""
    return None if stands(s.fact("library"), s.on) else "入库有效期已过，无需移出"
