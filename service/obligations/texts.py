"""The words of reminders and lists: our own, each with its article; practice says that it is practice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from service.measures.amending import cited
from service.measures.citations import article_label
from service.measures.deadlines import Obligation
from service.measures.rule_entries import Basis

# What the person on duty does next.
ADVICE: Mapping[str, str] = {
    "need_report": "请在征集截止前报送；逾期的一般转入下一年度。",
    "library_expiry": "请在入库有效期内申报；过期须重新报送需求。",
    "appraisal": "请出具评估报告。",
    "gatekeeping": "请统筹把关，予以通过或者说明理由退回。",
    "joint_review": "请汇总各机构意见，形成联合会审意见。",
    "joint_review_opinion": "请出具意见。",
    "change_decision": "请答复变更申请。",
    "extension_decision": "请答复延期申请，写明延至何日或者不同意的理由。",
    "end_decision": "请答复项目单位的终止申请。",
    "filing": "请报省领导小组办公室备案。",
    "budget": "请按批复下达经费预算；分期下达的，请继续办理。",
    "supplementary_filing": "请就变更后的金额、类别或内容补充备案。",
    "filing_query": "请答复省领导小组办公室的询问。",
    "start": "请组织开工；因不可抗力不能开工的，请如实登记。",
    "force_majeure_decision": "请认定是否属于不可抗力，并说明理由。",
    "recall_decision": "请研究是否收回资金，由人决定，系统不自动收回。",
    "performance_report": "请报送该年度的绩效评价报告。",
    "certificate": "请重新测评或检测，并登记新证书。",
    "trial_run": "试运行期满且运行正常的，请准备终验。",
    "final_inspection": "请组织终验；不能按期的，请书面申请延期。",
    "acceptance_application": "请申请竣工验收；不能按期的，请书面申请延期。",
    "data_confirmation": "请确认数据共享情况。",
    "crypto_confirmation": "请确认安全可靠和密码应用情况。",
    "acceptance_opinion": "请出具验收意见。",
    "acceptance_decision": "请办结验收申请。",
    "acceptance_report": "请报告委托验收结果。",
    "acceptance_filing": "请报省领导小组办公室备案。",
    "surplus_return": "请退回结余资金并登记。",
    "self_evaluation": "请开展绩效自评并报送。",
    "maintenance_proposal": "请会同提出运维预算建议并送财政部门。",
    "rectification": "请完成整改并答复。",
}


def ground(article: int, basis: str, amended_by: Iterable[str] = ()) -> str:
    """The article, whether law or practice says the day, and what amended the figures: 第二十九条（…号修改）."""
    label = article_label(article)
    said = label if basis == Basis.LAW.value else f"管理惯例，参照{label}"
    return said + cited(amended_by)


def told(owed: Obligation, today: date) -> str:
    """The sentence of a reminder."""
    left, due = (owed.due - today).days, owed.due.isoformat()
    said = ground(owed.article, owed.basis.value, owed.amended_by)
    if owed.code == "trial_run":  # a least period: to be reached, not to be kept within
        reached = f"还有{left}天" if left > 0 else "已满"
        return f"试运行不少于规定时间，至{due}期满（{said}），{reached}。"
    when = f"还有{left}天" if left > 0 else "今日到期" if left == 0 else f"已逾期{-left}天"
    return f"“{owed.title}”应于{due}前（含当日）完成（{said}），{when}。"
