"""What a declaration, a need, a plan and a decision are asked (arts 7-24)."""

LINES = """
alignment | 与国家和省规划的衔接 | Fit with national and provincial plans
approving_organ | 批复机关 | Approving organ
architecture | 统一架构 | One architecture
basics | 基本情况 | Basics
basis | 建设依据 | Basis
budget_yuan | 建议资金（元） | Funds proposed
catalogue | 数据资源目录 | Data catalogue
civil_works | 是否含土建工程 | Civil works
claimed | 是否属于该重点支持事项 | Claimed
classified | 是否涉密 | Classified
closes | 截止日期 | Closes
content | 主要内容 | Content
criterion | 评审要点 | Criterion
cross_level | 是否跨层级建设 | Across levels
crypto | 密码应用 | Cryptography
declarant | 申报主体 | Declarant
deployment_citation | 国家或省统一部署的依据 | Basis of uniform deployment
directed | 指定的专家 | Named experts
due_on | 完成期限 | Due
edition | 文本版次 | Edition
entered_on | 入库日期 | Entered on
estimated_yuan | 估算投资（元） | Estimate
exchange | 是否接入共享交换平台 | Connected to the exchange
expected_route | 预期的审批路径 | Route expected
expert_id | 专家 | Expert
external_ref | 门户编号 | Reference of the portal
extra | 其他材料 | Further materials
facts | 项目事实 | Facts
featured_county_scenario | 是否县域特色场景 | Featured county scenario
first_year | 起始年度 | First year
fiscal_funds | 是否使用财政性资金 | Fiscal funds
form | 申报表 | Form
foundation | 统一基础设施 | One foundation
funding | 资金来源 | Funding
funds_yuan | 资金意见（元） | Funds
goals | 建设目标 | Goals
high_energy | 是否高耗能 | High energy use
implementation | 实施方式 | Implementation
in_library | 是否在重点项目库内 | In the library
intensive | 集约化建设 | Shared building
investment_yuan | 总投资（元） | Investment
invited | 邀请的部门 | Invited
involves_work_secrets | 是否涉及工作秘密 | Work secrets involved
items | 规划条目 | Items
library_entry | 入库记录 | Library entry
location | 建设地点 | Location
main_tasks | 主要建设任务 | Main tasks
maintenance_plan | 运维实施方案 | Maintenance plan
major | 是否重大政府投资 | Major investment
materials | 申报材料 | Materials
meeting_date | 会议日期 | Date of the meeting
national_or_provincial_deployment | 是否国家或省统一部署 | Uniform deployment
negative | 负面清单情形 | Negative list
of_which_maintenance_yuan | 其中运维费用（元） | Of which maintenance
opens | 开始日期 | Opens
operations | 统一运维 | One operation
opinions | 逐条意见 | Opinions
owner_office_id | 项目单位 | Owner
parent_construction | 所属建设项目 | Construction it belongs to
participating_offices | 参建单位 | Participating offices
performance_goals | 绩效目标 | Performance goals
previous_project | 原项目 | Earlier project
previous_project_accepted | 原项目是否已验收 | Earlier project accepted
procedures | 所用审批程序 | Procedures used
project_class | 项目类别 | Class
protection | 等级保护 | Protection
reasons | 理由说明 | Reasons
recommendation | 评审结论 | Recommendation
requirements | 申报材料要求 | What is asked
resolution | 会议决议 | Resolution
reuse_check | 复用检查 | Reuse check
slot | 附件位置 | Place of the file
safe_products | 软硬件产品的安全可靠情况 | Safe products
scores | 逐项评分 | Scores
security | 系统及数据安全防护 | Security
sharing | 数据共享 | Data sharing
technical_plan | 技术方案 | Technical plan
unifications | 五个统一 | Unifications
verdict | 论证结论 | Verdict
work_secrets | 工作秘密防护内容 | Protection of work secrets
yearly_maintenance_yuan | 年度运维费用（元） | Maintenance a year
years | 实施年度 | Years
AskedField.field | 必填的申报表部分 | Member of the form
AskedSlot.slot | 须上传附件的位置 | Place that must be filled
BudgetLineIn.source | 资金来源 | Source
ChangedFacts.cross_level | 是否跨层级建设 | Across levels
ChangedPlan.work_secrets | 工作秘密防护内容 | Protection of work secrets
CloseReviewIn.plan | 建设方案意见 | On the plan
CommissionIn.fields | 专业领域 | Fields
CommissionIn.task | 委托事项 | Task
Construction.name | 建设项目名称 | Name
DeclarantIn.division | 行政区划 | Division
DraftEdit.name | 项目名称 | Name
DraftIn.name | 项目名称 | Name
DrawIn.count | 抽取人数 | How many
Evidence.cross_level | 跨层级建设的依据 | Cross-level
Evidence.deployment | 统一部署的依据 | Deployment
Evidence.featured_scenario | 县域特色场景的依据 | Featured scenario
Evidence.participants | 参建单位的依据 | Participants
Evidence.previous_acceptance | 原项目验收的依据 | Earlier acceptance
Evidence.sharing_exemption | 不予共享的依据 | Exemption from sharing
FactsIn.evidence | 依据文件 | Evidence
FactsIn.kind | 建设性质 | Kind
FactsIn.sharing | 数据共享 | Data sharing
FrameworkEdit.participants | 参建单位 | Participants
FrameworkIn.participants | 参建单位 | Participants
FundingLine.source | 资金来源 | Source
InviteIn.child_tenant | 设区市 | City
InviteIn.task | 协同任务 | Task
LeadingGroupIn.number | 会议纪要编号 | Number of the minutes
LibraryImportIn.owner | 项目单位 | Owner
LinkAnswerIn.join | 是否参加 | Joins
Materials.plan | 技术方案分项 | Parts of the plan
MoneyOpinion.code | 所答事项 | Point
OpenReviewIn.task | 会审事项 | Task
OpinionIn.code | 所答事项 | Point
PlanItem.key | 条目编号 | Number of the item
PlanItem.owner | 牵头单位 | Owner
PlanLinkIn.item | 规划条目 | Item
PlanLinkIn.plan | 三年规划 | Plan
PreviewFactsIn.kind | 建设性质 | Kind
PreviewFactsIn.on | 判定日期 | Day
PreviewIn.name | 项目名称 | Name
PriorityIn.item | 重点支持的项次 | Item of article 16
ProjectsReasonIn.code | 所述事项 | Point
ProjectsPaper.number | 文号 | Number
ProjectsPaper.date | 发文日期 | Date
Resolution.body | 决议会议 | Meeting
Resolution.date | 决议日期 | Date
Resolution.number | 决议文号 | Number
ReuseAnswer.answer | 处理 | Answer
ReuseAnswer.candidate | 可复用的应用或项目 | Candidate
ReuseIn.answers | 逐项答复 | Answers
ReviseIn.ground | 调整依据 | Ground
RoundIn.kinds | 征集种类 | Kinds
Sharing.plan | 共享方案 | Plan
SlotOpinionIn.plan | 建设方案意见 | On the plan
SlotOpinionIn.slot | 会审席位 | Seat
Unifications.applications | 统一应用 | One set of applications
Unifications.standards | 统一标准 | One set of standards
"""
