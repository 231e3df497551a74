"""The vocabulary of events, one section per feature, with the words that head their messages.

An event's snapshot names its subject as `project` or `subject` ({"name", "owner_name"}); `message` is the sentence
that follows the heading, `steps` {role: sentence} what each desk is expected to do.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

_PROJECTS = {
    "project.submitted": "待统筹把关",
    "project.gatekept": "统筹把关通过",
    "project.returned": "统筹把关退回",
    "project.withdrawn": "申报已撤回",
    "project.handed_over": "报省级论证评估",
    "project.returned_by_province": "省级退回",
    "project.approved": "已批复",
    "project.approval_refused": "批复未能办理",
    "project.approval_corrected": "批复已更正",
}
_FILINGS = {
    "filing.filed": "已备案",
    "filing.supplemented": "变更后补充备案",
    "filing.queried": "备案询问",
    "filing.answered": "备案询问已答复",
}
_LIBRARY = {
    "need.submitted": "建设需求待统筹把关",
    "need.gatekept": "建设需求统筹把关通过",
    "need.returned": "建设需求退回",
    "need.reported": "建设需求报送",
    "need.rejected": "建设需求省级退回",
    "round.announced": "年度征集通知",
    "round.reopened": "年度征集重新开放",
    "library.entered": "纳入重点项目库",
    "library.removed": "移出重点项目库",
    "library.lapsed": "入库已过期",
    "library.import_proposed": "补录的入库记录待复核",
    "library.import_decided": "补录的入库记录已复核",
    "project.priority_tagged": "标注重点支持",
    "project.plan_linked": "对应三年规划条目",
    "plan.appraised": "三年规划论证评估",
    "plan.decided": "三年规划审定",
    "framework.opened": "共建框架方案待会签",
    "framework.signed": "共建框架方案会签",
    "framework.agreed": "共建框架方案已确定",
    "link.invited": "跨层级协同邀请",
    "link.standards_set": "跨层级协同总体要求",
    "link.answered": "跨层级协同邀请已答复",
    "link.summary_changed": "跨层级协同子项目进展",
}
_REVIEWS = {
    "expert.added": "专家入库",
    "expert.changed": "专家信息变更",
    "expert.suspended": "专家暂停",
    "expert.reinstated": "专家恢复",
    "review.appraisal_commissioned": "委托论证评估",
    "review.experts_drawn": "评审专家已抽取",
    "review.assigned": "评审任务",
    "review.expert_recused": "评审专家回避",
    "review.scored": "专家评分",
    "review.scores_opened": "专家评分齐全",
    "review.appraisal_concluded": "论证评估结论",
    "review.appraisal_stands": "沿用论证评估结论",
    "review.joint_review_opened": "联合会审",
    "review.opinion_given": "会审意见",
    "review.joint_review_closed": "会审意见汇总",
    "review.leading_group_decided": "领导小组审定",
    "review.approved": "省级批复",
    "review.affordability_assessed": "财政承受能力评估",
    "review.budget_issued": "经费预算下达",
}
_DELIVERY: dict[str, str] = {
    "delivery.responsible_named": "确定实施机构和责任人",
    "delivery.regime_recorded": "管理制度登记",
    "delivery.supervision_recorded": "工程监理登记",
    "delivery.procurement_recorded": "采购文件登记",
    "delivery.contract_recorded": "合同登记",
    "delivery.certificate_recorded": "测评和证书登记",
    "delivery.force_majeure": "不可抗力",
    "delivery.force_majeure_decided": "不可抗力的认定",
    "delivery.started": "已开工",
    "delivery.term_ended": "运维期满",
    "delivery.performance_reported": "年度绩效评价报告",
    "delivery.incident_reported": "建设中的重大问题",
    "delivery.change_requested": "变更待决定",
    "delivery.change_decided": "变更已决定",
    "delivery.end_requested": "终止申请待决定",
    "delivery.end_refused": "终止申请未获同意",
    "delivery.ended": "项目经申请终止",
    "delivery.funding_set": "资金来源登记",
    "delivery.payment_recorded": "支付登记",
    "delivery.payment_reversed": "支付冲回",
    "delivery.surplus_returned": "结余退回",
    "delivery.funds_recalled": "资金已收回",
}
_OBLIGATIONS = {
    "obligation.reminder": "期限提醒",
    "obligation.lapsed": "已逾期",
    "obligation.escalated": "逾期待督促",
    "calendar.horizon": "工作日历即将用完",
}
_ACCEPTANCE = {
    "acceptance.trial_run_begun": "试运行开始",
    "acceptance.inspected": "终验完成",
    "acceptance.data_judged": "数据共享情况确认结果",
    "acceptance.crypto_judged": "安全可靠和密码应用确认结果",
    "acceptance.extension_requested": "申请延期验收",
    "acceptance.extension_decided": "延期申请已答复",
    "acceptance.applied": "申请竣工验收",
    "acceptance.opinion_given": "验收意见",
    "acceptance.returned": "验收申请退回",
    "acceptance.delegated": "委托竣工验收",
    "acceptance.accepted": "竣工验收通过",
    "acceptance.reported": "委托验收报告",
    "acceptance.filed": "竣工验收备案",
    "acceptance.operating": "投入运行",
    "evaluation.reported": "建设管理绩效自评",
    "evaluation.scored": "重点绩效评价",
    "evaluation.retired": "项目退出",
    "maintenance.planned": "运维实施方案待审核",
    "maintenance.plan_reviewed": "运维实施方案审核意见",
    "maintenance.proposed": "运维预算建议",
    "maintenance.decided": "运维经费安排",
    "order.issued": "限期整改",
    "order.answered": "整改情况报告",
    "order.closed": "整改办结",
    "order.failed": "整改不合要求",
    "order.criticised": "通报批评",
    "order.funds_deferred": "暂缓安排资金",
    "order.deferral_lifted": "恢复安排资金",
    "order.suspended": "暂停项目建设",
    "order.resumed": "恢复项目建设",
    "order.terminated": "终止项目",
}
_DOCUMENTS: dict[str, str] = {}
_PORTFOLIO = {
    "portfolio.imported": "项目已导入",
    "spill.requested": "误入涉密内容待确认清除",
    "spill.purged": "误入涉密内容已清除",
}
_CATALOGUE = {
    "app.drafted": "共享应用草稿待完善",
    "app.published": "共享应用上架",
    "app.updated": "共享应用更新",
    "app.status_changed": "共享应用状态变化",
    "app.use_changed": "共享应用使用情况变化",
    "adoption.requested": "应用申请待确认",
    "adoption.confirmed": "应用申请已确认，待开通",
    "adoption.refused": "应用申请未获确认",
    "adoption.withdrawn": "应用申请已撤回",
    "adoption.provisioned": "应用已开通",
    "adoption.declined": "应用未予开通",
    "adoption.suspended": "应用已暂停",
    "adoption.resumed": "应用已恢复",
    "adoption.ended": "应用使用已终止",
    "adoption.usage_reported": "应用使用量已报告",
    "adoption.rated": "应用使用评价",
}
_SUSPICIONS = {
    "suspicion.split": "拆分疑点待核对",
    "suspicion.label": "类别疑点待核对",
    "suspicion.dismissed": "疑点已排除",
    "suspicion.confirmed": "疑点已确认",
    "suspicion.joined": "拆分项目已合并",
    "suspicion.gated": "项目须合并后办理",
    "suspicion.released": "项目恢复办理",
}
_RULEBOOK = {
    "rulebook.overlaid": "设区市规则设置有变",
    "rulebook.interpreted": "解释口径有新的登记",
    "declaration_round.proposed": "年度申报要求待确认",
    "declaration_round.confirmed": "年度申报要求已确认",
    "declaration_round.refused": "年度申报要求未予确认",
    "rulebook.amendment_proposed": "规定修改待确认",
    "rulebook.amendment_refused": "规定修改未获确认",
    "rulebook.amended": "规定有修改",
}

# What the service tells of its own delivering; it goes to administrators and never out by webhook.
OPERATIONS = {
    "webhook.disabled": "回调地址已停用",
    "webhook.dead_letter": "回调投递未成",
    "relay.dead_letter": "事项通知受阻",
}
_IDENTITY = {
    "client.proposed": "客户端待确认",
    "client.confirmed": "客户端已确认",
    "client.refused": "客户端未获确认",
    "client.locked": "客户端已锁定",
    "office.reorganised": "单位撤并",
    "office.renamed": "单位更名",
    "desk.emptied": "岗位无人在岗",
    "desk.empty": "事项提交到无人在岗的岗位",
}

KINDS: dict[str, str] = {
    **_PROJECTS,
    **_FILINGS,
    **_LIBRARY,
    **_REVIEWS,
    **_DELIVERY,
    **_ACCEPTANCE,
    **_OBLIGATIONS,
    **_DOCUMENTS,
    **_PORTFOLIO,
    **_CATALOGUE,
    **_SUSPICIONS,
    **_RULEBOOK,
    **OPERATIONS,
    **_IDENTITY,
}
# What tells of a case, and so of what it owes.
ABOUT_CASES = (*_PROJECTS, *_FILINGS, *_LIBRARY, *_REVIEWS, *_DELIVERY, *_ACCEPTANCE, *_PORTFOLIO)
# A kind on the wire: one of the vocabulary.
EventKind = Annotated[
    str,
    Meta(
        pattern="^(" + "|".join(kind.replace(".", r"\.") for kind in KINDS) + r")$(?!\n)",
        extra_json_schema={"enum": list(KINDS)},
    ),
]
