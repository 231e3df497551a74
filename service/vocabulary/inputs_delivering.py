"""What building, acceptance, evaluation, maintenance and orders are asked (arts 24-41)."""

LINES = """
appraisal | 论证意见 | Appraisal
approve | 是否批准 | Approved
area | 事项 | Area
arranged_yuan | 安排资金（元） | Arranged
assessed_on | 评估日期 | Assessed on
assessor | 评估机构 | Assessor
certificates | 证书 | Certificates
claim | 不可抗力的申请 | Claim
company | 监理单位 | Company
conclusion | 结论 | Conclusion
contract_number | 合同编号 | Number of the contract
correction_reason | 更正原因 | Why it is corrected
data_handover | 数据移交去向 | Where the data go
done | 是否整改到位 | Put right
due | 整改期限 | Due
effects | 运行效果 | Effects
ended_on | 服务终止日期 | Ended on
evidence | 佐证材料 | Evidence
expected_finish | 预计完成日期 | Expected finish
filing_number | 备案号 | Number of the filing
implementing_body | 实施机构 | Implementing body
investment_plan | 投资计划执行情况 | Investment plan
issued_on | 签发日期 | Issued on
level | 等级 | Level
lines | 资金明细 | Lines
loss_yuan | 损失金额（元） | Loss
measures | 应对措施 | Measures
method | 采购方式 | Method
named_on | 指定日期 | Named on
occurred_on | 发生日期 | Occurred on
on_government_cloud | 是否部署在政务云 | On the government cloud
on_government_network | 是否使用电子政务网络 | On the government network
order | 整改通知 | Order
ownership_clause | 权属约定 | Ownership
paid_on | 支付日期 | Paid on
parts | 涵盖内容 | Parts
payee | 收款单位 | Payee
payment | 原支付记录 | Payment
planned_finish | 计划完成日期 | Planned finish
problems | 存在问题 | Problems
progress | 建设进度 | Progress
quote | 条款内容 | Words
reached | 达成值 | Reached
remains | 已建成部分和合同的处置 | What remains
report | 报告 | Report
returned_on | 交回日期 | Returned on
reversed_on | 退回日期 | Reversed on
safety_responsibility | 安全生产责任 | Responsibility for safety
serious_hazard | 是否存在重大隐患 | Serious hazard
serious_problems | 重大问题 | Serious problems
service_quality | 服务质量 | Quality of service
set_up_on | 建立日期 | Set up on
signed_on | 签订日期 | Signed on
since | 起始日期 | Since
stage_summary | 阶段总结 | Summary of the stage
started_on | 开工日期 | Started on
statement | 书面说明 | Statement
subject | 采购内容 | Subject
supervisor | 监理意见 | Supervisor
terms | 工作要求 | Terms
treasury_document | 国库支付凭证号 | Document of the treasury
trial_run | 试运行情况 | Trial run
users | 使用单位意见 | Users
watch | 监测情况 | What monitoring saw
work_done | 服务完成情况 | Work done
workload | 工作量 | Workload
collects_twice | 是否重复采集数据 | Collects twice
crypto_and_security_met | 密码和安全要求是否落实 | Cryptography and security met
data_shared | 数据是否共享 | Data shared
AcceptIn.document_digest | 验收文件摘要 | Digest
AnswerOrderIn.answer | 整改情况 | Answer
AnswerQueryIn.answer | 答复 | Answer
AnswerQueryIn.query | 所答询问 | Query
ApplyIn.materials | 验收材料 | Materials
ApplyIn.work_secrets | 是否涉及工作秘密 | Work secrets
Aspects.application_effect | 应用成效 | Effect
Aspects.investment_benefit | 投资效益 | Benefit
Aspects.resource_conformity | 资源合规 | Conformity
Aspects.security | 安全保障 | Security
Aspects.support_capability | 支撑能力 | Support
CertificateIn.number | 证书编号 | Number
ChangeIn.content | 变更内容 | Content
ChangeIn.facts | 变更的事实 | Facts
ChangedContent.plan | 变更的技术方案 | Plan
ContractIn.number | 合同编号 | Number
DelegateIn.to | 受委托单位 | To whom
DeliveryPlanIn.content | 运维内容 | Content
DeliveryPlanIn.cost_yuan | 年度费用（元） | Cost
DeliveryPlanIn.network | 承载网络 | Network
DeliveryPlanIn.projects | 涉及项目 | Projects
EvaluateIn.indicators | 绩效指标达成情况 | Indicators
EvaluateIn.summary | 自评总结 | Summary
IncidentIn.description | 情况说明 | Description
IncidentIn.kind | 情形 | Kind
OrderIn.text | 整改要求 | What is to be put right
OwnershipClause.reference | 条款位置 | Where it stands
PaymentIn.contract | 合同 | Contract
PerformanceIn.goals | 绩效目标完成情况 | Goals
ProcurementIn.number | 采购文件编号 | Number
ReachedIn.name | 指标名称 | Indicator
RegimeIn.regime | 制度 | Regime
SupervisorOpinion.opinion | 意见 | Opinion
UserOpinion.unit | 使用单位 | Unit
DeliveryScoreIn.points | 各方面评分 | Points
"""
