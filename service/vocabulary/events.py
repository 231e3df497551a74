"""What is told to people and systems."""

from service.vocabulary.entry import Vocabulary, table

EVENTS = table(
    "event_kind", "事件", "Event", """
project.submitted | 待统筹把关 | Declaration waits for gatekeeping
project.gatekept | 统筹把关通过 | Gatekeeping passed
project.returned | 统筹把关退回 | Returned at gatekeeping
project.withdrawn | 申报已撤回 | Declaration withdrawn
project.handed_over | 报省级论证评估 | Handed over to the province
project.returned_by_province | 省级退回 | Returned by the province
project.approved | 已批复 | Approved by the city
project.approval_refused | 批复未能办理 | Approval could not be given
project.approval_corrected | 批复已更正 | Approval corrected
filing.filed | 已备案 | Filed
filing.supplemented | 变更后补充备案 | Change filed
filing.queried | 备案询问 | Question about a filing
filing.answered | 备案询问已答复 | Question about a filing answered
need.submitted | 建设需求待统筹把关 | Need waits for gatekeeping
need.gatekept | 建设需求统筹把关通过 | Need passed gatekeeping
need.returned | 建设需求退回 | Need returned
need.reported | 建设需求报送 | Need reported to the province
need.rejected | 建设需求省级退回 | Need returned by the province
round.announced | 年度征集通知 | Yearly round announced
round.reopened | 年度征集重新开放 | Yearly round reopened
library.entered | 纳入重点项目库 | Entered into the project library
library.removed | 移出重点项目库 | Removed from the project library
library.lapsed | 入库已过期 | Library entry lapsed
library.import_proposed | 补录的入库记录待复核 | Library entry of before, to be confirmed
library.import_decided | 补录的入库记录已复核 | Library entry of before decided
project.priority_tagged | 标注重点支持 | Marked as a priority
project.plan_linked | 对应三年规划条目 | Linked to the three-year plan
plan.appraised | 三年规划论证评估 | Three-year plan appraised
plan.decided | 三年规划审定 | Three-year plan decided
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
review.appraisal_commissioned | 委托论证评估 | Appraisal commissioned
review.experts_drawn | 评审专家已抽取 | Experts drawn
review.assigned | 评审任务 | Review task
review.expert_recused | 评审专家回避 | Expert recused
review.scored | 专家评分 | Scored by an expert
review.scores_opened | 专家评分齐全 | All scores are in
review.appraisal_concluded | 论证评估结论 | Appraisal concluded
review.appraisal_stands | 沿用论证评估结论 | Earlier appraisal stands
review.joint_review_opened | 联合会审 | Joint review opened
review.opinion_given | 会审意见 | Joint review opinion given
review.joint_review_closed | 会审意见汇总 | Joint review closed
review.leading_group_decided | 领导小组审定 | Leading group decided
review.approved | 省级批复 | Approved by the province
review.affordability_assessed | 财政承受能力评估 | Affordability assessed
review.budget_issued | 经费预算下达 | Budget issued
delivery.responsible_named | 确定实施机构和责任人 | Implementing body and responsible person named
delivery.regime_recorded | 管理制度登记 | Management regime recorded
delivery.supervision_recorded | 工程监理登记 | Supervision recorded
delivery.procurement_recorded | 采购文件登记 | Procurement recorded
delivery.contract_recorded | 合同登记 | Contract recorded
delivery.certificate_recorded | 测评和证书登记 | Certificate recorded
delivery.force_majeure | 不可抗力 | Force majeure claimed
delivery.force_majeure_decided | 不可抗力的认定 | Force majeure decided
delivery.started | 已开工 | Building started
delivery.term_ended | 运维期满 | Maintenance term ended
delivery.performance_reported | 年度绩效评价报告 | Yearly performance reported
delivery.incident_reported | 建设中的重大问题 | Serious problem while building
delivery.change_requested | 变更待决定 | Change waits for a decision
delivery.change_decided | 变更已决定 | Change decided
delivery.end_requested | 终止申请待决定 | Termination applied for
delivery.end_refused | 终止申请未获同意 | Termination refused
delivery.ended | 项目经申请终止 | Ended on application
delivery.funding_set | 资金来源登记 | Sources of funds recorded
delivery.payment_recorded | 支付登记 | Payment recorded
delivery.payment_reversed | 支付冲回 | Payment reversed
delivery.surplus_returned | 结余退回 | Surplus returned
delivery.funds_recalled | 资金已收回 | Funds recalled
acceptance.trial_run_begun | 试运行开始 | Trial run begun
acceptance.inspected | 终验完成 | Final inspection done
acceptance.data_judged | 数据共享情况确认结果 | Data sharing confirmed or not
acceptance.crypto_judged | 安全可靠和密码应用确认结果 | Cryptography confirmed or not
acceptance.extension_requested | 申请延期验收 | Extension requested
acceptance.extension_decided | 延期申请已答复 | Extension decided
acceptance.applied | 申请竣工验收 | Acceptance applied for
acceptance.opinion_given | 验收意见 | Acceptance opinion
acceptance.returned | 验收申请退回 | Acceptance application returned
acceptance.delegated | 委托竣工验收 | Acceptance delegated
acceptance.accepted | 竣工验收通过 | Acceptance passed
acceptance.reported | 委托验收报告 | Delegated acceptance reported
acceptance.filed | 竣工验收备案 | Acceptance filed
acceptance.operating | 投入运行 | In operation
evaluation.reported | 建设管理绩效自评 | Self-evaluation reported
evaluation.scored | 重点绩效评价 | Key evaluation scored
evaluation.retired | 项目退出 | Project retired
maintenance.planned | 运维实施方案待审核 | Maintenance plan to be reviewed
maintenance.plan_reviewed | 运维实施方案审核意见 | Maintenance plan reviewed
maintenance.proposed | 运维预算建议 | Maintenance budget proposed
maintenance.decided | 运维经费安排 | Maintenance funds arranged
order.issued | 限期整改 | Rectification ordered
order.answered | 整改情况报告 | Rectification reported
order.closed | 整改办结 | Rectification closed
order.failed | 整改不合要求 | Rectification failed
order.criticised | 通报批评 | Publicly criticised
order.funds_deferred | 暂缓安排资金 | Funds deferred
order.deferral_lifted | 恢复安排资金 | Deferral of funds lifted
order.suspended | 暂停项目建设 | Building suspended
order.resumed | 恢复项目建设 | Building resumed
order.terminated | 终止项目 | Project terminated
obligation.reminder | 期限提醒 | Reminder of a deadline
obligation.lapsed | 已逾期 | Overdue
obligation.escalated | 逾期待督促 | Overdue, to be followed up
calendar.horizon | 工作日历即将用完 | Working-day calendar runs out
portfolio.imported | 项目已导入 | Projects imported
workbook.waiting | 上传的表格待另一人确认 | Workbook to be confirmed by another person
spill.requested | 误入涉密内容待确认清除 | Spill of classified text, to be confirmed
spill.purged | 误入涉密内容已清除 | Spill purged
app.drafted | 共享应用草稿待完善 | App drafted, to be completed
app.published | 共享应用上架 | App published
app.updated | 共享应用更新 | App updated
app.status_changed | 共享应用状态变化 | App status changed
app.use_changed | 共享应用使用情况变化 | Use of an app changed
adoption.requested | 应用申请待确认 | Adoption requested
adoption.confirmed | 应用申请已确认，待开通 | Adoption confirmed
adoption.refused | 应用申请未获确认 | Adoption refused
adoption.withdrawn | 应用申请已撤回 | Adoption withdrawn
adoption.provisioned | 应用已开通 | App provisioned
adoption.declined | 应用未予开通 | App not provisioned
adoption.suspended | 应用已暂停 | App suspended
adoption.resumed | 应用已恢复 | App resumed
adoption.ended | 应用使用已终止 | Use of an app ended
adoption.usage_reported | 应用使用量已报告 | Usage of an app reported
adoption.rated | 应用使用评价 | App rated
suspicion.split | 拆分疑点待核对 | Suspicion of splitting
suspicion.label | 类别疑点待核对 | Suspicion of a wrong class
suspicion.dismissed | 疑点已排除 | Suspicion dismissed
suspicion.confirmed | 疑点已确认 | Suspicion confirmed
suspicion.joined | 拆分项目已合并 | Split projects joined
suspicion.gated | 项目须合并后办理 | Project must be joined
suspicion.released | 项目恢复办理 | Project released
rulebook.overlaid | 设区市规则设置有变 | A city's rule setting changed
rulebook.interpreted | 解释口径有新的登记 | New interpretation recorded
declaration_round.proposed | 年度申报要求待确认 | Yearly requirements to be confirmed
declaration_round.confirmed | 年度申报要求已确认 | Yearly requirements confirmed
declaration_round.refused | 年度申报要求未予确认 | Yearly requirements refused
rulebook.amendment_proposed | 规定修改待确认 | Amendment to be confirmed
rulebook.amendment_refused | 规定修改未获确认 | Amendment refused
rulebook.amended | 规定有修改 | Rules amended
webhook.ping | 回调测试 | Test of a webhook
webhook.disabled | 回调地址已停用 | Webhook disabled
webhook.dead_letter | 回调投递未成 | Webhook delivery given up
relay.dead_letter | 事项通知受阻 | Notice held up
restore.declared | 系统已由备份恢复 | Restored from a backup
client.proposed | 客户端待确认 | Client to be confirmed
client.confirmed | 客户端已确认 | Client confirmed
client.refused | 客户端未获确认 | Client refused
client.locked | 客户端已锁定 | Client locked
issuer.proposed | 身份系统待确认 | Identity provider to be confirmed
issuer.confirmed | 身份系统已确认 | Identity provider confirmed
issuer.refused | 身份系统未获确认 | Identity provider refused
issuer.locked | 身份系统已锁定 | Identity provider locked
office.reorganised | 单位撤并 | Office reorganised
office.renamed | 单位更名 | Office renamed
deputy.named | 已指定代办人 | Deputy named
deputy.ended | 代办提前结束 | Deputation ended early
desk.emptied | 岗位无人在岗 | Desk left empty
desk.empty | 事项提交到无人在岗的岗位 | Sent to an empty desk
""",
)  # fmt: skip
_FAMILIES = table(
    "event_family", "事件的类别", "Family of events", """
project.* | 申报和批复的全部事件 | Everything about declarations and approvals
filing.* | 备案的全部事件 | Everything about filings
need.* | 建设需求的全部事件 | Everything about needs
round.* | 年度征集的全部事件 | Everything about yearly rounds
library.* | 重点项目库的全部事件 | Everything about the project library
plan.* | 三年规划的全部事件 | Everything about three-year plans
framework.* | 共建框架方案的全部事件 | Everything about frameworks
link.* | 跨层级协同的全部事件 | Everything about cross-level work
expert.* | 专家库的全部事件 | Everything about experts
review.* | 论证评估、会审和审定的全部事件 | Everything about appraisals and reviews
delivery.* | 建设、合同和资金的全部事件 | Everything about building and money
acceptance.* | 竣工验收的全部事件 | Everything about acceptance
evaluation.* | 绩效评价的全部事件 | Everything about evaluations
maintenance.* | 运维的全部事件 | Everything about maintenance
order.* | 整改的全部事件 | Everything about rectification
obligation.* | 期限的全部事件 | Everything about deadlines
portfolio.* | 项目导入的全部事件 | Everything about imports
workbook.* | 表格上传的全部事件 | Everything about workbooks
spill.* | 涉密内容清除的全部事件 | Everything about spills
app.* | 共享应用的全部事件 | Everything about shared apps
adoption.* | 应用申请和使用的全部事件 | Everything about adoptions
suspicion.* | 疑点的全部事件 | Everything about suspicions
rulebook.* | 规定和解释口径的全部事件 | Everything about rules
declaration_round.* | 年度申报要求的全部事件 | Everything about yearly requirements
calendar.* | 工作日历的全部事件 | Everything about the working-day calendar
restore.* | 备份恢复的全部事件 | Everything about restoring
client.* | 客户端的全部事件 | Everything about clients
issuer.* | 登录提供方的全部事件 | Everything about providers of sign-in
office.* | 单位撤并和更名的全部事件 | Everything about offices
desk.* | 岗位在岗情况的全部事件 | Everything about desks
* | 全部事件 | Everything
""",
)  # fmt: skip
SUBSCRIPTIONS = Vocabulary(
    "event_subscription",
    "可以订阅的事件",
    "What may be subscribed to",
    (*EVENTS.entries, *_FAMILIES.entries),
)
