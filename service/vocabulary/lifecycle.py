"""The life of a case: states, acts, routes, classes (arts 8-41)."""

from service.vocabulary.entry import table

STATES = table(
    "state", "案卷状态", "State of a case", """
need_draft | 需求草稿 | Need draft | neutral | 8 9
need_submitted | 需求已提交 | Need submitted | waiting | 8 9
need_gatekept | 需求已把关 | Need gatekept | waiting | 9
need_reported | 需求已报送 | Need reported to the province | waiting | 8 9
need_returned | 需求已退回 | Need returned | warning | 8 9
appraised | 已论证评估 | Appraised | waiting | 18
in_library | 已入库 | In the project library | waiting | 8 9
lapsed | 入库已过期 | Library entry lapsed | warning | 8 9
draft | 草稿 | Draft | neutral | 13 15
submitted | 已提交 | Submitted | waiting | 14 15
gatekept | 已把关 | Gatekept | waiting | 9 23
city_approved | 市级已批复 | Approved by the city | waiting | 23
filed | 已备案 | Filed | done | 23
with_province | 已报省 | With the province | waiting | 9 18
in_joint_review | 联合会审中 | In joint review | waiting | 19
leading_group_decided | 领导小组已审定 | Decided by the leading group | waiting | 20
approved | 已批复 | Approved | active | 20
budgeted | 已下达预算 | Budget issued | active | 20
started | 已开工 | Started | active | 29
trial_run | 试运行 | In trial run | active | 30
term_ended | 运维期满 | Maintenance term ended | active | 13
final_inspected | 已终验 | Final inspection done | active | 30
acceptance_applied | 已申请验收 | Acceptance applied for | waiting | 30
acceptance_delegated | 委托验收中 | Acceptance delegated | waiting | 32
accepted | 已竣工验收 | Accepted | done | 32
evaluated | 已评价 | Evaluated | done | 40
retired | 已退出 | Retired | neutral | 37
returned | 已退回 | Returned | warning | 14
withdrawn | 已撤回 | Withdrawn | neutral | 14
suspended | 已暂停 | Suspended | warning | 41
terminated | 已终止 | Terminated | danger | 41
funds_recalled | 资金已收回 | Funds recalled | danger | 29 41
""",
)  # fmt: skip
ACTIONS = table(
    "action", "办理事项", "What a desk does on a case", """
change_owner | 项目单位变更（单位撤并） | Change the declaring office (reorganisation)
edit | 修改 | Edit
delete | 删除草稿 | Delete the draft
submit | 提交申报 | Submit the declaration
withdraw | 撤回申报 | Withdraw the declaration
tag_priority | 标注重点支持 | Mark as a priority
link_plan | 对应三年规划条目 | Link to an item of the three-year plan
gatekeep_pass | 统筹把关通过 | Pass gatekeeping
gatekeep_return | 统筹把关退回 | Return at gatekeeping
confirm_split | 确认拆分申报 | Confirm a split
clear_split | 排除拆分疑点 | Clear a suspicion of splitting
approve | 市级批复 | Approve (city)
file | 报送备案 | File with the province
hand_over | 报省级论证评估 | Hand over to the province
province_return | 省级退回 | Return (province)
need_submit | 提交建设需求 | Submit the need
need_gatekeep | 建设需求把关通过 | Pass the need
need_return | 建设需求退回 | Return the need
need_report | 报送建设需求 | Report the need
need_reject | 建设需求省级退回 | Reject the need (province)
enter_library | 纳入重点项目库 | Enter into the project library
lapse | 入库到期 | Library entry lapses
remove_entry | 移出重点项目库 | Remove from the project library
agree_framework | 确定共建框架 | Settle the framework
commission_appraisal | 委托论证评估 | Commission an appraisal
conclude_appraisal | 出具评估结论 | Conclude the appraisal
appraise | 需求论证评估 | Appraise the need
open_joint_review | 发起联合会审 | Open a joint review
close_joint_review | 汇总会审意见 | Close the joint review
record_leading_group | 登记领导小组审定 | Record the leading group's decision
province_approve | 省级批复 | Approve (province)
assess_affordability | 财政承受能力评估 | Assess the affordability
issue_share | 下达分担资金 | Issue a share of the funds
issue_budget | 下达经费预算 | Issue the budget
name_responsible | 确定实施机构和责任人 | Name the implementing body and the responsible person
record_regime | 登记管理制度 | Record a management regime
record_supervision | 登记工程监理 | Record supervision
record_procurement | 登记采购文件 | Record a procurement
record_contract | 登记合同 | Record a contract
record_certificate | 登记测评和证书 | Record a certificate
record_force_majeure | 主张不可抗力 | Claim force majeure
end_force_majeure | 登记不可抗力结束 | Record the end of force majeure
decide_force_majeure | 认定不可抗力 | Decide on force majeure
start | 开工 | Start building
end_term | 运维期满 | Maintenance term ends
file_supplement | 变更后补充备案 | File a change
query_approval | 就未备案的批复询问 | Ask about an approval not filed
answer_query | 答复询问 | Answer a query
report_performance | 报送绩效评价报告 | Report the performance
report_incident | 报告重大问题 | Report a serious problem
request_change | 提出变更 | Request a change
decide_change | 决定变更 | Decide on a change
correct_approval | 更正批复 | Correct the approval
apply_end | 申请终止 | Apply for termination
refuse_end | 不同意终止 | Refuse termination
agree_end | 同意终止 | Agree to termination
set_funding | 登记资金来源 | Record the sources of funds
record_payment | 登记支付 | Record a payment
reverse_payment | 冲回支付 | Reverse a payment
return_surplus | 退回结余 | Return the surplus
begin_trial_run | 开始试运行 | Begin the trial run
final_inspect | 终验 | Final inspection
confirm_data | 数据共享确认 | Confirm data sharing
confirm_crypto | 安全可靠和密码应用确认 | Confirm safe products and cryptography
request_extension | 申请延期验收 | Request an extension
decide_extension | 同意延期验收 | Decide on an extension
apply_acceptance | 申请竣工验收 | Apply for acceptance
give_acceptance_opinion | 填写验收意见 | Give an acceptance opinion
return_acceptance | 验收退回 | Return the acceptance application
delegate_acceptance | 委托验收 | Delegate acceptance
report_delegated | 报告委托验收结果 | Report a delegated acceptance
accept | 通过竣工验收 | Accept
file_acceptance | 验收备案 | File the acceptance
record_operation | 登记投入运行 | Record the begin of operation
evaluate | 绩效自评 | Self-evaluation
score | 重点评价 | Score the evaluation
propose_maintenance | 提出运维预算建议 | Propose the maintenance budget
retire | 退出 | Retire
order_rectification | 要求整改 | Order a rectification
answer_order | 答复整改 | Answer an order
close_order | 办结整改 | Close an order
criticise | 通报批评 | Criticise publicly
defer_funds | 暂缓安排资金 | Defer funds
lift_deferral | 恢复安排资金 | Lift the deferral
suspend | 暂停 | Suspend
resume | 恢复建设 | Resume building
resume_trial_run | 恢复试运行 | Resume the trial run
resume_acceptance | 恢复验收 | Resume the acceptance
terminate | 终止 | Terminate
recall_funds | 收回资金 | Recall funds
purge | 清除误入的涉密内容 | Purge spilled classified text
give_opinion | 填写会审意见 | Give a joint review opinion
draw_experts | 抽取评审专家 | Draw experts
open_framework | 提出框架方案 | Open a framework | | 12
edit_framework | 修改框架方案 | Edit a framework | | 12
sign_framework | 会签框架方案 | Sign a framework | | 12
invite_link | 邀请参与跨层级协同 | Invite to a link across levels | | 12
set_standard | 发布总体要求和标准规范 | Set standards for the links | | 12
check_reuse | 复用核对 | Check what could be reused | | 23
upload_document | 上传附件 | Upload a file | | 14 15
""",
)  # fmt: skip
HOLDERS = table(
    "holder", "经办环节", "Who holds the pen", """
owner | 项目单位 | Declaring office
city | 设区市 | City
province | 省级 | Province
""",
)  # fmt: skip
ROUTES = table(
    "route", "审批路径", "Route of approval", """
provincial_review | 省级论证评估和联合会审 | Provincial appraisal and joint review | | 9 18 19
city_filing | 市级批复并备案 | Approved by the city and filed | | 23
out_of_scope | 不适用本办法 | Out of scope | neutral | 2 43
refused_classified | 涉密不受理 | Classified, not taken in | danger | 14
""",
)  # fmt: skip
CLASSES = table(
    "project_class", "项目类别", "Class of project", """
infrastructure | 基础设施类 | Infrastructure | | 9
integration | 跨部门跨层级集成类 | Cross-department or cross-level integration | | 9
other | 其他类 | Other | | 9
""",
)  # fmt: skip
KINDS = table(
    "kind", "建设性质", "Kind of activity", """
new | 新建 | New build | | 13
rebuild | 改建 | Rebuild | | 13
expand | 扩建 | Expansion | | 13
migrate | 迁移 | Migration | | 13
maintain | 运维 | Maintenance | | 13
""",
)  # fmt: skip
TIERS = table(
    "tier", "层级", "Tier", """
province | 省直部门 | Provincial departments
city | 设区市 | City
county | 县（市、区）、开发区 | County or development zone
""",
)  # fmt: skip
LEVELS = table(
    "level", "级别", "Level", """
province | 省级 | Provincial
city | 设区市 | City
county | 县级 | County
""",
)  # fmt: skip
SEVERITIES = table(
    "severity", "轻重", "Severity of a finding", """
gate | 前置条件 | Gate | danger
in_principle | 原则上不予支持，须说明理由 | Not in principle: reasons needed | warning
notice | 提示 | Notice | neutral
""",
)  # fmt: skip
REFUSALS = table(
    "blocked_by", "不能办理的原因", "Why an act is not open", """
wrong_state | 当前状态不办理 | Not in this state
wrong_route | 不属于该路径 | Not on this route
not_holder | 案卷不在本环节 | Not the holder of the pen
wrong_role | 不属于本岗位 | Not this desk
same_person | 须由另一人办理 | Another person must act | warning | 23 39
gate_shut | 前置条件未满足 | A precondition is not met | warning
""",
)  # fmt: skip
OBSTACLES = table(
    "obstacle", "现在不能办理的原因", "What is in the way of an act", """
state | 当前环节不办理 | Not in this state
route | 不属于该路径 | Not on this route
pen | 案卷在其他环节 | Another desk holds the pen
role | 不属于本岗位 | Another desk's act
person | 须由另一人办理 | Another person must act | warning
gate | 前置条件未满足 | A precondition is not met | warning
text | 申报内容尚不完整 | The text is not complete | warning
""",
)  # fmt: skip
HALTS = table(
    "halt", "期限暂停或顺延的原因", "Why a deadline rests", """
force_majeure | 不可抗力 | Force majeure | | 29
suspension | 项目暂停 | Suspension | | 41
extension | 已同意延期 | Extension granted | | 30
""",
)  # fmt: skip
ORIGINS = table(
    "origin", "来源", "Origin of a case", """
declared | 本系统申报 | Declared here
imported | 施行前项目导入 | Imported: began before
""",
)  # fmt: skip
CAUSES = table(
    "route_cause", "路径变化的原因", "Why a route changed", """
amount | 金额 | Amount
class | 类别 | Class
content | 内容 | Content
rule | 规定 | Rule
""",
)  # fmt: skip
DATED = table(
    "dated_fact", "施行前项目的节点", "Milestones of an imported project", """
appraised | 论证评估通过 | Appraisal passed
approved | 批复 | Approval
started | 开工 | Start of building
trial_run | 试运行开始 | Start of the trial run
final_inspected | 终验 | Final inspection
acceptance_applied | 申请验收 | Application for acceptance
accepted | 竣工验收 | Acceptance
operation | 投入运行 | Begin of operation
evaluated | 自评 | Self-evaluation
retired | 退出 | Retirement
data_confirmed | 数据共享确认通过 | Data sharing confirmed
crypto_confirmed | 密码应用确认通过 | Cryptography confirmed
suspended | 暂停 | Suspension
""",
)  # fmt: skip
AGAINST = table(
    "action_against", "未获同意的办理结果", "A deed that came out the other way", """
close_order | 认定整改不符合要求 | Rectification failed | warning
decide_change | 不同意变更 | Change refused | warning
decide_extension | 不同意延期验收 | Extension refused | warning
decide_force_majeure | 不认定为不可抗力 | Not force majeure | warning
confirm_data | 数据共享确认不通过 | Data sharing not confirmed | warning
confirm_crypto | 安全可靠和密码应用确认不通过 | Cryptography not confirmed | warning
give_acceptance_opinion | 填写验收意见：不同意 | Acceptance opinion: disagree | warning
close_joint_review | 汇总会审意见：不同意 | Joint review: disagree | warning
record_leading_group | 登记领导小组审定：没有同意 | Leading group: not agreed | warning
assess_affordability | 财政承受能力评估没有通过 | Affordability not passed | warning
conclude_appraisal | 出具评估结论：没有通过 | Appraisal: not passed | warning
appraise | 需求论证评估：没有通过 | Appraisal of the need: not passed | warning
""",
)  # fmt: skip
