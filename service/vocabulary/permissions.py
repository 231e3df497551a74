"""What may be granted, as refusals and the reference call it."""

from service.vocabulary.entry import table

PERMISSIONS = table(
    "permission", "操作权限", "Permission", """
project.new/declare | 申报新建项目 | Declare a new build
project.rebuild/declare | 申报改建项目 | Declare a rebuild
project.expand/declare | 申报扩建项目 | Declare an expansion
project.migrate/declare | 申报迁移项目 | Declare a migration
project.maintain/declare | 申报运维项目 | Declare maintenance
project/declare | 申报项目 | Declare a project
project/preview | 预判项目路径 | Preview a route
project/edit | 修改项目 | Edit a project
project/delete | 删除项目草稿 | Delete a draft
project/submit | 提交项目 | Submit a project
project/withdraw | 撤回项目 | Withdraw a project
project.record/list | 查看项目记录 | Read a project's records
project/read | 查看项目 | Read a project
project/list | 查询项目列表 | List projects
project/history | 查看项目历史 | Read a project's history
project/export | 导出项目 | Export projects
project/gatekeep | 统筹把关 | Gatekeep a project
project/return | 退回项目单位 | Return to the declaring office
project.city_filing/approve | 批复立项 | Approve a project
project.city_filing/file | 报送备案 | File a project
project.provincial_review/hand_over | 报送省级论证评估和联合会审 | Hand over to the province
project.provincial_review/return | 退回设区市或省直部门 | Return to the city or department
filing/read | 查看备案 | Read filings
filing/list | 查询备案列表 | List filings
filing/receipt | 查看备案回执 | Read a filing receipt
filing/export | 导出备案 | Export filings
filing.query/read | 查看备案问询 | Read questions about filings
filing.query/ask | 提出备案问询 | Ask about a filing
filing.query/answer | 答复备案问询 | Answer a query about a filing
monitoring/read | 查看监测 | Read the monitoring
monitoring/export | 导出监测 | Export the monitoring
inbox/read | 查看消息 | Read messages
inbox/mark | 标记消息 | Mark messages
feed/read | 读取事件流 | Read the event feed
audit/read | 查看审计记录 | Read the audit trail
audit/verify | 验证审计链 | Verify the audit chain
office/read | 查看单位 | Read offices
office/manage | 管理单位 | Manage offices
user/read | 查看用户 | Read users
user/manage | 管理用户 | Manage users
grant/read | 查看角色授予 | Read grants of roles
grant/manage | 管理角色授予 | Manage grants of roles
client/read | 查看客户端 | Read clients
client/manage | 管理客户端 | Manage clients
issuer/read | 查看身份系统 | Read identity providers
issuer/manage | 管理身份系统 | Manage identity providers
webhook/read | 查看回调地址 | Read webhooks
webhook/manage | 管理回调地址 | Manage webhooks
webhook/redeliver | 重新投递回调 | Redeliver to a webhook
webhook/test | 测试回调地址 | Test a webhook
draft_template/read | 查看送审稿模板 | Read templates of drafts
draft_template/manage | 更换送审稿模板 | Change templates of drafts
workbook/read | 查看上传的表格 | Read uploaded workbooks
workbook/run | 上传和确认导入表格 | Upload and confirm workbooks
rulebook/read | 查看规则 | Read the rules
division/read | 查看行政区划 | Read divisions
me/remind | 设置本人的提醒 | Set one's own reminders
me/read | 查看本人信息 | Read one's own record
acceptance/apply | 办理试运行、终验和验收申请 | Trial run, final inspection and applying for acceptance
acceptance/confirm_data | 确认数据共享情况 | Confirm data sharing
acceptance/confirm_crypto | 确认安全可靠和密码应用情况 | Confirm safe products and cryptography
acceptance/opine | 填写验收意见 | Give an acceptance opinion
acceptance/decide | 组织竣工验收 | Decide on acceptance
acceptance/file | 报送竣工验收备案 | File an acceptance
acceptance/read | 查看验收进展 | Read the progress of acceptance
acceptance.filing/list | 查询验收备案 | List filings of acceptances
acceptance.filing/read | 查看验收备案 | Read a filing of an acceptance
evaluation/report | 报送绩效自评 | Report the self-evaluation
evaluation/score | 填写重点绩效评价 | Score the evaluation
evaluation/retire | 登记项目退出 | Retire a project
maintenance.plan/compile | 编制公共项目运维方案 | Compile a maintenance plan
maintenance.plan/review | 审核公共项目运维方案 | Review a maintenance plan
maintenance.plan/read | 查看公共项目运维方案 | Read maintenance plans
maintenance.proposal/propose | 提出运维预算建议 | Propose a maintenance budget
maintenance.proposal/arrange | 安排运维经费 | Arrange maintenance funds
maintenance.proposal/read | 查看运维预算建议 | Read maintenance proposals
order/issue | 提出和核查整改要求 | Issue and check orders
order/enforce | 通报批评、暂缓和恢复资金安排 | Criticise, defer and restore funds
order/halt | 暂停、恢复和终止项目 | Suspend, resume and terminate projects
order/answer | 报告整改情况 | Answer an order
order/list | 查询整改要求 | List orders
app/browse | 浏览共享应用 | Browse shared apps
app/manage | 维护应用底稿 | Manage apps
app/publish | 发布应用和改变应用状态 | Publish apps and change their status
app/draft | 由已验收项目生成应用草稿 | Draft an app from an accepted project
app/request | 申请使用共享应用 | Request a shared app
app/coverage | 查看应用覆盖情况 | Read the coverage of apps
adoption/read | 查看应用申请和使用 | Read adoptions
adoption/confirm | 确认应用申请 | Confirm an adoption
adoption/withdraw | 撤回应用申请 | Withdraw an adoption
adoption/end | 终止使用应用 | End an adoption
adoption/rate | 评价应用 | Rate an app
provision/read | 查看收到的应用申请 | Read adoptions asked of one's apps
provision/decide | 开通、暂停和终止应用 | Provision, suspend and end apps
provision/report | 报告应用使用量 | Report the usage of an app
project.reuse/check | 核对可复用的应用并答复 | Check what could be reused
project.building/record | 登记建设事项 | Record building matters
project.building/start | 开工 | Start building
project.building/report | 报告建设情况 | Report on building
project.funding/set | 登记资金来源 | Record the sources of funds
project.funding/pay | 登记支付和结余 | Record payments and surplus
project.funding/recall | 收回资金 | Recall funds
project.force_majeure/end | 登记不可抗力结束 | Record the end of force majeure
project.force_majeure/decide | 认定不可抗力 | Decide on force majeure
project.change/request | 申请变更 | Request a change
project.change/decide | 决定变更 | Decide on a change
project.end/request | 申请终止 | Apply for termination
project.end/decide | 决定终止申请 | Decide on a termination
project.approval/correct | 更正批复 | Correct an approval
project.report/late | 查看迟报的年度报告 | Read late reports
document/upload | 上传附件 | Upload attachments
document/read | 查看附件 | Read attachments
document/remove | 删除附件 | Remove attachments
need/declare | 提出建设需求 | Declare a need
need/submit | 提交建设需求 | Submit a need
need/gatekeep | 需求统筹把关 | Gatekeep a need
need/return | 退回建设需求 | Return a need
need/report | 报送建设需求 | Report a need
need/reject | 省级退回建设需求 | Return a need (province)
project.priority/tag | 标注重点支持 | Mark a priority
intake/announce | 发布年度申报通知 | Announce the yearly round
intake/reopen | 重新开放年度征集 | Reopen the yearly round
intake/read | 查看年度征集 | Read the yearly rounds
library/enter | 纳入重点项目库 | Enter into the project library
library/remove | 移出重点项目库 | Remove from the project library
library/import | 补录入库记录并复核 | Bring in library entries of before
library/read | 查看重点项目库 | Read the project library
plan/prepare | 编制三年规划 | Prepare the three-year plan
plan/decide | 登记领导小组对规划的审定 | Record the leading group's decision on the plan
plan/read | 查看三年规划 | Read the three-year plan
project.plan/link | 对应三年规划条目 | Link to the three-year plan
framework/lead | 主持框架方案 | Lead a framework
framework/sign | 会签框架方案 | Sign a framework
framework/read | 查看框架方案 | Read frameworks
link/lead | 牵头跨层级协同 | Lead cross-level work
link/answer | 答复协同邀请 | Answer an invitation
link/read | 查看跨层级协同 | Read cross-level work
obligation/list | 查看待办期限 | Read duties
obligation/summary | 查看期限汇总 | Read the summary of duties
obligation/feed | 订阅本单位期限日历 | Subscribe to the office's calendar
calendar/read | 查看工作日历 | Read the working calendar
calendar/import | 导入工作日历 | Import the working calendar
system/manage | 登记现有系统 | Record existing systems
system/read | 查看现有系统 | Read existing systems
project.import/run | 导入在建和已建项目 | Import running projects
evidence/read | 调取证据包 | Read the evidence pack
draft/approval | 取批复送审稿 | Draft an approval
draft/appraisal | 取论证评估报告送审稿 | Draft an appraisal report
draft/acceptance | 取竣工验收意见送审稿 | Draft an acceptance opinion
draft/rectification | 取整改要求送审稿 | Draft a rectification order
spill/request | 申请清除误入的涉密内容 | Ask for a purge
spill/confirm | 确认清除误入的涉密内容 | Confirm a purge
spill/read | 查看清除申请 | Read purges
client/confirm | 确认客户端 | Confirm a client
client/lock | 锁定客户端 | Lock a client
issuer/confirm | 确认身份系统 | Confirm an identity provider
issuer/lock | 锁定身份系统 | Lock an identity provider
user/lock | 锁定用户 | Lock a user
deputy/read | 查看代办 | Read deputations
deputy/name | 指定代办人 | Name a deputy
expert/read | 查看专家库 | Read the pool of experts
expert/manage | 管理专家库 | Manage the pool of experts
assignment/read | 查看本人评审任务 | Read one's own assignments
assignment/score | 提交评审评分 | Score an assignment
assignment/recuse | 申请回避 | Recuse oneself
appraisal/read | 查看论证评估 | Read appraisals
appraisal/commission | 委托论证评估 | Commission an appraisal
appraisal/accept | 沿用已有的论证评估 | Let an earlier appraisal stand
appraisal/draw | 抽取评审专家 | Draw experts
appraisal/conclude | 出具评估报告 | Conclude an appraisal
joint_review/read | 查看联合会审 | Read joint reviews
joint_review/open | 发起联合会审 | Open a joint review
joint_review/opine | 填写会审意见 | Give a joint review opinion
joint_review/close | 汇总会审意见 | Close a joint review
leading_group/record | 登记领导小组审定结果 | Record the leading group's decision
project.provincial_review/approve | 省级批复 | Approve a project (province)
budget/assess | 登记财政承受能力评估 | Record affordability
budget/issue | 下达经费预算 | Issue a budget
rulebook.overlay/read | 查看设区市的规则设置 | Read a city's rule settings
rulebook.overlay/record | 登记或终止本市的规则设置 | Record or end a city's rule setting
rulebook.interpretation/read | 查看解释登记簿 | Read the register of interpretations
rulebook.interpretation/preview | 预览解释的影响 | Preview an interpretation
rulebook.interpretation/record | 登记解释 | Record an interpretation
rulebook.what_if/run | 规则推演 | Try rules out
declaration_round/read | 查看年度申报要求 | Read the yearly requirements
declaration_round/preview | 预览年度申报要求的影响 | Preview the yearly requirements
declaration_round/propose | 提出年度申报要求 | Propose the yearly requirements
declaration_round/confirm | 确认年度申报要求 | Confirm the yearly requirements
declaration_round/refuse | 退回年度申报要求 | Refuse the yearly requirements
declaration_round/examine | 核对年度申报要求 | Examine the yearly requirements
rulebook.amendment/read | 查看规定修改 | Read amendments
rulebook.amendment/preview | 预览规定修改的影响 | Preview an amendment
rulebook.amendment/propose | 登记规定修改 | Propose an amendment
rulebook.amendment/confirm | 确认规定修改 | Confirm an amendment
rulebook.amendment/examine | 核对规定修改 | Examine an amendment
suspicion/read | 查看拆分和类别疑点 | Read suspicions
suspicion/decide | 排除、确认疑点和登记合并 | Decide on suspicions
suspicion.monitor/read | 查看疑点监测 | Read the monitor of suspicions
""",
)  # fmt: skip
