"""What an evidence pack holds of every table that knows a case: taken, taken on a condition, or left out and why.

A table that a case can be found in and that stands here in neither list fails a test: nobody forgets one quietly.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Table

from service.kit.db import metadata


class Part(NamedTuple):
    """One table of the pack. `parent`: the table that names the project, reached by `column`, where it does not itself.

    `who` and `at` name the columns that make a line of the timeline; without them the table has no line of its own.
    `only`: `panel` or `slots`, as the reviews show them; `without`: columns that such a condition guards.
    """

    title: str
    article: int
    parent: str = ""
    column: str = "project_id"
    who: str = ""
    at: str = ""
    only: str = ""
    without: tuple[str, ...] = ()


PARTS: Mapping[str, Part] = {
    "project_versions": Part("封存的申报版本", 39),
    "transitions": Part("办理经过", 39),  # has lines of its own in the timeline
    "project_findings": Part("核对发现及说明", 17),
    "project_records": Part("各阶段登记", 39),  # each stands beside a step of the timeline
    "approvals": Part("批复", 20, who="approved_by", at="approved_at"),
    "filings": Part("备案及回执", 23, who="filed_by", at="filed_at"),
    "filing_queries": Part("备案询问和答复", 39, parent="filings", column="filing_id", who="asked_by", at="asked_at"),
    "acceptance_filings": Part("验收备案", 32, who="filed_by", at="filed_at"),
    "documents": Part("附件", 15, who="uploaded_by", at="at"),
    "appraisals": Part(
        "论证评估", 18, who="commissioned_by", at="commissioned_at", only="panel",
        without=("task", "panel", "seed", "eligible", "report"),
    ),
    "appraisal_experts": Part("评审专家", 18, only="panel"),
    "appraisal_scores": Part("专家评分", 18, parent="appraisals", column="appraisal_id", only="panel"),
    "joint_reviews": Part(
        "联合会审", 19, who="opened_by", at="opened_at", only="slots", without=("task", "plan", "summary", "reason"),
    ),
    "joint_review_opinions": Part(
        "会审意见", 19, parent="joint_reviews", column="review_id", who="given_by", at="given_at", only="slots",
    ),
    "rectification_orders": Part("整改要求", 41, who="issued_by", at="at"),
    "maintenance_proposals": Part("运维预算建议", 36, who="proposed_by", at="at"),
    "obligations": Part("期限", 39),
    "library_entries": Part("入库", 8, who="by", at="at"),
    "frameworks": Part("框架方案", 12, who="opened_by", at="opened_at"),
    "framework_signatures": Part(
        "框架方案会签", 12, parent="frameworks", column="framework_id", who="signed_by", at="signed_at",
    ),
    "links": Part("跨层级协同", 12, who="invited_by", at="invited_at"),
    "link_standards": Part("协同总体要求", 12, who="by", at="at"),
    "link_invitations": Part("协同邀请", 12, who="answered_by", at="answered_at"),
    "suspicions": Part("拆分和类别疑点", 8, who="decided_by", at="decided_at"),
    "systems": Part("登记的现有系统", 6),
    "spills": Part("误入涉密内容的清除", 14, who="requested_by", at="requested_at"),
}  # fmt: skip

LEFT_OUT: Mapping[str, str] = {
    "projects": "另列为 case.json",
    "project_drafts": "修改中的文本尚未申报，不属于证据",
    "obligation_cases": "推算期限用的内部标记",
    "obligation_reminders": "提醒的发送标记，期限本身已列",
    "case_snippets": "按文字查找项目用的数字，文字本身已列",
    "similarity_keys": "查找相似项目用的数字，不含文字",
    "papers": "已出具文书的核验登记；文书所载内容各在其表",
    "suspicion_members": "涉及同组的其他项目，须分别调取",
    "apps": "成果在共享应用目录中另行管理",
    "maintenance_plans": "公共项目运维方案涉及多个项目，须单独调取",
}
# Columns, besides project_id, by which a table says which case it is about.
NAMING = {
    "apps": "source_project",
    "maintenance_plans": "projects",
    "obligation_reminders": "obligation_id",
    "projects": "id",
}


def concerned() -> list[Table]:
    """Every table a case can be found in: it names the project, or refers to a row that does."""
    names = {
        table.name for table in metadata.sorted_tables if "project_id" in table.c or table.name in NAMING
    }
    for table in metadata.sorted_tables:  # parents before children
        for key in table.foreign_keys:
            target = key.column.table.name
            if target in names - {"apps", "maintenance_plans"} and key.column.name == "id":
                names.add(table.name)
    return [table for table in metadata.sorted_tables if table.name in names]
