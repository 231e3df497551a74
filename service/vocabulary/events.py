"""What is told to people and systems."""

from service.vocabulary.entry import table

EVENTS = table(
    "event_kind", "事件", "Event", """
project.submitted | 待统筹把关 | Waiting for gatekeeping
project.gatekept | 统筹把关通过 | Gatekeeping passed
project.returned | 统筹把关退回 | Returned at gatekeeping
project.withdrawn | 申报已撤回 | Project withdrawn
project.handed_over | 报省级论证评估 | Project handed over
project.returned_by_province | 省级退回 | Returned by the province
project.approved | 已批复 | Project approved
project.approval_refused | 批复未能办理 | Approval could not be given
project.approval_corrected | 批复已更正 | Project approval corrected
filing.filed | 已备案 | Filing filed
filing.supplemented | 变更后补充备案 | Filing supplemented
filing.queried | 备案询问 | Filing queried
filing.answered | 备案询问已答复 | Filing answered
need.submitted | 建设需求待统筹把关 | Need submitted
need.gatekept | 建设需求统筹把关通过 | Need gatekept
need.returned | 建设需求退回 | Need returned
need.reported | 建设需求报送 | Need reported
need.rejected | 建设需求省级退回 | Need returned by the province
round.announced | 年度征集通知 | Round announced
round.reopened | 年度征集重新开放 | Round reopened
library.entered | 纳入重点项目库 | Entered into the project library
library.removed | 移出重点项目库 | Removed from the project library
library.lapsed | 入库已过期 | Library entry lapsed
library.import_proposed | 补录的入库记录待复核 | Library entry of before, to be confirmed
library.import_decided | 补录的入库记录已复核 | Library entry of before decided
project.priority_tagged | 标注重点支持 | Marked as a priority
project.plan_linked | 对应三年规划条目 | Linked to the three-year plan
plan.appraised | 三年规划论证评估 | Plan appraised
plan.decided | 三年规划审定 | Plan decided
framework.opened | 共建框架方案待会签 | Framework to sign
framework.signed | 共建框架方案会签 | Framework signed
framework.agreed | 共建框架方案已确定 | Framework agreed
link.invited | 跨层级协同邀请 | Invited to cross-level work
link.standards_set | 跨层级协同总体要求 | Standards for cross-level work
link.answered | 跨层级协同邀请已答复 | Invitation answered
link.summary_changed | 跨层级协同子项目进展 | Progress of a linked project
expert.added | 专家入库 | Expert added
expert.changed | 专家信息变更 | Expert changed
expert.suspended | 专家暂停 | Expert suspended
expert.reinstated | 专家恢复 | Expert reinstated
review.appraisal_commissioned | 委托论证评估 | Review appraisal commissioned
review.experts_drawn | 评审专家已抽取 | Review experts drawn
review.assigned | 评审任务 | Review task
review.expert_recused | 评审专家回避 | Review expert recused
review.scored | 专家评分 | Review scored
review.scores_opened | 专家评分齐全 | All scores are in
review.appraisal_concluded | 论证评估结论 | Review appraisal concluded
review.appraisal_stands | 沿用论证评估结论 | Earlier appraisal stands
review.joint_review_opened | 联合会审 | Review joint review opened
review.opinion_given | 会审意见 | Review opinion given
review.joint_review_closed | 会审意见汇总 | Review joint review closed
review.leading_group_decided | 领导小组审定 | Leading group decided
review.approved | 省级批复 | Approved by the province
review.affordability_assessed | 财政承受能力评估 | Review affordability assessed
review.budget_issued | 经费预算下达 | Review budget issued
delivery.responsible_named | 确定实施机构和责任人 | Delivery responsible named
delivery.regime_recorded | 管理制度登记 | Delivery regime recorded
delivery.supervision_recorded | 工程监理登记 | Delivery supervision recorded
delivery.procurement_recorded | 采购文件登记 | Delivery procurement recorded
delivery.contract_recorded | 合同登记 | Delivery contract recorded
delivery.certificate_recorded | 测评和证书登记 | Delivery certificate recorded
delivery.force_majeure | 不可抗力 | Force majeure claimed
delivery.force_majeure_decided | 不可抗力的认定 | Delivery force majeure decided
delivery.started | 已开工 | Building started
delivery.term_ended | 运维期满 | Delivery term ended
delivery.performance_reported | 年度绩效评价报告 | Delivery performance reported
delivery.incident_reported | 建设中的重大问题 | Serious problem while building
delivery.change_requested | 变更待决定 | Delivery change requested
delivery.change_decided | 变更已决定 | Delivery change decided
delivery.end_requested | 终止申请待决定 | Termination applied for
delivery.end_refused | 终止申请未获同意 | Termination refused
delivery.ended | 项目经申请终止 | Ended on application
delivery.funding_set | 资金来源登记 | Sources of funds recorded
delivery.payment_recorded | 支付登记 | Delivery payment recorded
delivery.payment_reversed | 支付冲回 | Delivery payment reversed
delivery.surplus_returned | 结余退回 | Delivery surplus returned
delivery.funds_recalled | 资金已收回 | Delivery funds recalled
acceptance.trial_run_begun | 试运行开始 | Acceptance trial run begun
acceptance.inspected | 终验完成 | Final inspection done
acceptance.data_judged | 数据共享情况确认结果 | Data sharing confirmed or not
acceptance.crypto_judged | 安全可靠和密码应用确认结果 | Cryptography confirmed or not
acceptance.extension_requested | 申请延期验收 | Acceptance extension requested
acceptance.extension_decided | 延期申请已答复 | Acceptance extension decided
acceptance.applied | 申请竣工验收 | Acceptance applied for
acceptance.opinion_given | 验收意见 | Acceptance opinion
acceptance.returned | 验收申请退回 | Acceptance returned
acceptance.delegated | 委托竣工验收 | Acceptance delegated
acceptance.accepted | 竣工验收通过 | Acceptance passed
acceptance.reported | 委托验收报告 | Delegated acceptance reported
acceptance.filed | 竣工验收备案 | Acceptance filed
acceptance.operating | 投入运行 | In operation
evaluation.reported | 建设管理绩效自评 | Evaluation reported
evaluation.scored | 重点绩效评价 | Evaluation scored
evaluation.retired | 项目退出 | Project retired
maintenance.planned | 运维实施方案待审核 | Maintenance planned
maintenance.plan_reviewed | 运维实施方案审核意见 | Maintenance plan reviewed
maintenance.proposed | 运维预算建议 | Maintenance proposed
maintenance.decided | 运维经费安排 | Maintenance funds arranged
order.issued | 限期整改 | Rectification ordered
order.answered | 整改情况报告 | Order answered
order.closed | 整改办结 | Order closed
order.failed | 整改不合要求 | Rectification failed
order.criticised | 通报批评 | Publicly criticised
order.funds_deferred | 暂缓安排资金 | Order funds deferred
order.deferral_lifted | 恢复安排资金 | Order deferral lifted
order.suspended | 暂停项目建设 | Order suspended
order.resumed | 恢复项目建设 | Order resumed
order.terminated | 终止项目 | Order terminated
obligation.reminder | 期限提醒 | Reminder of a deadline
obligation.lapsed | 已逾期 | Overdue
obligation.escalated | 逾期待督促 | Overdue, to be followed up
calendar.horizon | 工作日历即将用完 | Working-day calendar runs out
portfolio.imported | 项目已导入 | Portfolio imported
workbook.waiting | 上传的表格待另一人确认 | Workbook to be confirmed by another person
spill.requested | 误入涉密内容待确认清除 | Spill of classified text, to be confirmed
spill.purged | 误入涉密内容已清除 | Spill purged
app.drafted | 共享应用草稿待完善 | App drafted
app.published | 共享应用上架 | App published
app.updated | 共享应用更新 | App updated
app.status_changed | 共享应用状态变化 | App status changed
app.use_changed | 共享应用使用情况变化 | App use changed
adoption.requested | 应用申请待确认 | Adoption requested
adoption.confirmed | 应用申请已确认，待开通 | Adoption confirmed
adoption.refused | 应用申请未获确认 | Adoption refused
adoption.withdrawn | 应用申请已撤回 | Adoption withdrawn
adoption.provisioned | 应用已开通 | Adoption provisioned
adoption.declined | 应用未予开通 | Adoption declined
adoption.suspended | 应用已暂停 | Adoption suspended
adoption.resumed | 应用已恢复 | Adoption resumed
adoption.ended | 应用使用已终止 | Adoption ended
adoption.usage_reported | 应用使用量已报告 | Adoption usage reported
adoption.rated | 应用使用评价 | Adoption rated
suspicion.split | 拆分疑点待核对 | Suspicion of splitting
suspicion.label | 类别疑点待核对 | Suspicion of a wrong class
suspicion.dismissed | 疑点已排除 | Suspicion dismissed
suspicion.confirmed | 疑点已确认 | Suspicion confirmed
suspicion.joined | 拆分项目已合并 | Split projects joined
suspicion.gated | 项目须合并后办理 | Project must be joined
suspicion.released | 项目恢复办理 | Project released
rulebook.overlaid | 设区市规则设置有变 | A city's rule setting changed
rulebook.interpreted | 解释口径有新的登记 | New interpretation recorded
declaration_round.proposed | 年度申报要求待确认 | Declaration round proposed
declaration_round.confirmed | 年度申报要求已确认 | Declaration round confirmed
declaration_round.refused | 年度申报要求未予确认 | Declaration round refused
rulebook.amendment_proposed | 规定修改待确认 | Rulebook amendment proposed
rulebook.amendment_refused | 规定修改未获确认 | Rulebook amendment refused
rulebook.amended | 规定有修改 | Rules amended
webhook.disabled | 回调地址已停用 | Webhook disabled
webhook.dead_letter | 回调投递未成 | Webhook dead letter
relay.dead_letter | 事项通知受阻 | Relay dead letter
client.proposed | 客户端待确认 | Client proposed
client.confirmed | 客户端已确认 | Client confirmed
client.refused | 客户端未获确认 | Client refused
client.locked | 客户端已锁定 | Client locked
office.reorganised | 单位撤并 | Office reorganised
office.renamed | 单位更名 | Office renamed
desk.emptied | 岗位无人在岗 | Desk left empty
desk.empty | 事项提交到无人在岗的岗位 | Sent to an empty desk
""",
)  # fmt: skip
