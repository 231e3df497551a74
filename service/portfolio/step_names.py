"""What each step of a case is called in the timeline of an evidence pack: our own words, for officials."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

STEP_NAMES: Mapping[str, str] = {
    "change_owner": "项目单位变更（单位撤并）",
    "edit": "修改",
    "delete": "删除草稿",
    "submit": "提交申报",
    "withdraw": "撤回申报",
    "tag_priority": "标注重点支持",
    "link_plan": "对应三年规划条目",
    "gatekeep_pass": "统筹把关通过",
    "gatekeep_return": "统筹把关退回",
    "confirm_split": "确认拆分申报",
    "clear_split": "排除拆分疑点",
    "approve": "市级批复",
    "file": "报送备案",
    "hand_over": "报省级论证评估",
    "province_return": "省级退回",
    "need_submit": "提交建设需求",
    "need_gatekeep": "建设需求把关通过",
    "need_return": "建设需求退回",
    "need_report": "报送建设需求",
    "need_reject": "建设需求省级退回",
    "enter_library": "纳入重点项目库",
    "lapse": "入库到期",
    "remove_entry": "移出重点项目库",
    "agree_framework": "确定共建框架",
    "commission_appraisal": "委托论证评估",
    "conclude_appraisal": "出具评估结论",
    "appraise": "需求论证评估",
    "open_joint_review": "发起联合会审",
    "close_joint_review": "汇总会审意见",
    "record_leading_group": "登记领导小组审定",
    "province_approve": "省级批复",
    "assess_affordability": "财政承受能力评估",
    "issue_share": "下达分担资金",
    "issue_budget": "下达经费预算",
    "name_responsible": "确定实施机构和责任人",
    "record_regime": "登记管理制度",
    "record_supervision": "登记工程监理",
    "record_procurement": "登记采购文件",
    "record_contract": "登记合同",
    "record_certificate": "登记测评和证书",
    "record_force_majeure": "登记不可抗力",
    "start": "开工",
    "report_performance": "报送绩效评价报告",
    "report_incident": "报告重大问题",
    "request_change": "提出变更",
    "decide_change": "决定变更",
    "correct_approval": "更正批复",
    "apply_end": "申请终止",
    "refuse_end": "不同意终止",
    "agree_end": "同意终止",
    "set_funding": "登记资金来源",
    "record_payment": "登记支付",
    "reverse_payment": "冲回支付",
    "return_surplus": "退回结余",
    "begin_trial_run": "开始试运行",
    "final_inspect": "终验",
    "confirm_data": "数据共享确认",
    "confirm_crypto": "安全可靠和密码应用确认",
    "request_extension": "申请延期验收",
    "decide_extension": "同意延期验收",
    "apply_acceptance": "申请竣工验收",
    "give_acceptance_opinion": "填写验收意见",
    "return_acceptance": "验收退回",
    "delegate_acceptance": "委托验收",
    "report_delegated": "报告委托验收结果",
    "accept": "通过竣工验收",
    "file_acceptance": "验收备案",
    "record_operation": "登记投入运行",
    "evaluate": "绩效自评",
    "score": "重点评价",
    "propose_maintenance": "提出运维预算建议",
    "retire": "退出",
    "order_rectification": "要求整改",
    "answer_order": "答复整改",
    "close_order": "办结整改",
    "criticise": "通报批评",
    "defer_funds": "暂缓安排资金",
    "lift_deferral": "恢复安排资金",
    "suspend": "暂停",
    "resume": "恢复建设",
    "resume_trial_run": "恢复试运行",
    "resume_acceptance": "恢复验收",
    "terminate": "终止",
    "recall_funds": "收回资金",
    "purge": "清除误入的涉密内容",
}

# What a step is called where it came out the other way: a reader of the timeline must not take it for the opposite.
AGAINST: Mapping[str, str] = {
    "close_order": "认定整改不符合要求",
    "decide_change": "不同意变更",
    "decide_extension": "不同意延期验收",
    "confirm_data": "数据共享确认不通过",
    "confirm_crypto": "安全可靠和密码应用确认不通过",
    "give_acceptance_opinion": "填写验收意见：不同意",
    "close_joint_review": "汇总会审意见：不同意",
    "record_leading_group": "登记领导小组审定：没有同意",
    "assess_affordability": "财政承受能力评估没有通过",
    "conclude_appraisal": "出具评估结论：没有通过",
    "appraise": "需求论证评估：没有通过",
}
# Where a record says how it came out, and which answers are in favour.
_FAVOUR: Mapping[str, tuple[object, ...]] = {
    "done": (True,), "approve": (True,), "passed": (True,), "agreed": (True,), "decision": ("approve",),
    "verdict": ("pass",),
}  # fmt: skip


def step_name(action: str, record: Mapping[str, Any]) -> str:
    """The step by its outcome; `record`: what the deed recorded, empty where it recorded nothing."""
    told = [record[key] in good for key, good in _FAVOUR.items() if record.get(key) is not None]
    name = STEP_NAMES.get(action, action)
    if told and not all(told):
        return AGAINST.get(action, f"{name}：没有通过")
    return name
