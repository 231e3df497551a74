"""What answers tell of the catalogue, systems and the rule book; then what one name means in some answers only."""

LINES = """
DraftTemplateChange.act | 怎样改动：上传使用或撤回 | What was done
DraftTemplateChange.kept | 文件是否仍可下载 | Whether the file can still be had
activated_at | 开通的时间 | When it was switched on
active_users | 活跃用户数 | Active users
adopter_name | 申请方名称 | Name of the adopter
adopter_tenant | 申请方所在的地区 | Tenant of the adopter
adopter_tier | 申请方的层级 | Tier of the adopter
adoption | 使用申请 | The adoption
adoption_id | 使用申请的编号 | Id of the adoption
app_id | 应用的编号 | Id of the app
app_name | 应用名称 | Name of the app
automatic | 是否由系统自动办理 | Whether the system did it by itself
both | 双方都有的 | In both
calls | 调用次数 | Calls
candidates | 可能可以复用的应用 | Apps that may serve
capped | 没有数完 | Whether counting stopped before the end
category | 应用类别 | Category of the app
category_name | 应用类别的名称 | Name of the category
cells | 各地的使用数 | Users by place
certificates_expired | 已过期的证书种类 | Kinds of certificates that have expired
coming | 将要施行的版本 | Versions that are to come
contacts | 联系人 | Contacts
cost | 费用 | Cost
cost_yuan | 使用费用，元 | Cost in yuan
counties | 各县区 | Counties
data_items | 可共享的数据项 | Data that is shared
data_needs | 需要的数据 | Data needed
edition | 第几版 | Edition
ended_at | 结束使用的时间 | When use ended
entries | 各条目 | Entries
erased_at | 抹除的时间 | When it was erased
facets | 各筛选项及其数量 | Values to narrow by, with counts
functions | 功能 | Functions
further | 在此没有对应字段、原样保留的内容 | Kept as it came, without a field of its own
gaps | 尚无可用应用的类别 | Categories without an app
history | 历次版本 | Earlier versions
in_use | 本单位的使用状态；没有使用的为空 | How the office uses it; null if it does not
interfaces | 接口 | Interfaces
interpretation | 解释口径 | The interpretation
languages | 界面语言 | Languages
left | 左侧 | The left one
left_only | 只有左侧有的 | Only in the left one
link | 协同 | The link
mode | 对在途案卷的处理方式 | How cases under way are treated
most_rows | 一次至多多少行 | Most rows at once
network | 承载网络 | Network
networks | 部署和使用所在的网络 | Networks it runs and is used in
off_cloud | 不在政务云的系统数 | Systems not on the government cloud
offices | 使用单位数 | Offices that use it
oldest | 可以接着读的最早游标 | Earliest cursor that can be read from
on_cloud | 是否在政务云 | Whether it is on the government cloud
overlay | 设区市的补充规定 | The city's overlay
own_since | 本市自行规定的起始日期 | Since when the city has a value of its own
phrases | 相同的字句 | Phrases in common
platforms | 使用者的终端 | Platforms of its users
post | 职务 | Post
protection_level | 网络安全保护等级 | Protection level
provider | 提供方 | Provider
provider_name | 提供方名称 | Name of the provider
provider_office_id | 提供单位的编号 | Id of the provider
provider_tenant | 提供方所在的地区 | Tenant of the provider
provider_tenant_name | 提供方所在地区的名称 | Name of the provider's tenant
provider_tier | 提供方的层级 | Tier of the provider
provision | 开通记录 | The provision
published_at | 发布的时间 | When it was published
purpose | 用途 | Purpose
reach | 可见范围 | Who may see it
reading | 依据哪一条解释口径 | Reading it rests on
readings | 所依的解释口径 | Readings it rests on
reason_required | 是否须说明理由 | Whether a reason is asked
reported_at | 填报的时间 | When it was reported
repository | 源代码所在地址 | Where the source is
revision | 第几次填报，后者为准 | Revision, the last one counts
right | 右侧 | The right one
right_only | 只有右侧有的 | Only in the right one
rights | 权利说明 | Rights
rulebook_version | 规则的版本 | Version of the rule book
rulebook_version_after | 施行后的规则版本 | Version of the rule book afterwards
running | 在用的系统数 | Systems in use
same | 是否相同 | Whether they are the same
scale | 比照的单位，如万元 | What it is told in
scope | 使用范围 | Scope of use
security_level | 网络安全等级保护级别 | Security level
service_terms | 服务说明 | Terms of service
sets | 所设定的参数 | Values it sets
side | 由申请方（adopter）还是提供方（provider）办理 | Which side acted: adopter or provider
software_type | 软件形态 | Type of software
software_version | 现行版本 | Version now
source_project | 由哪一项目建成 | Project that built it
spill | 清除申请 | The spill
standing | 现行的版本 | Version in force
state_name | 状态的名称 | Name of the state
status_name | 状态的名称 | Name of the status
strong | 是否很可能可以复用 | Whether it very likely serves
successor_required | 是否须指明接替者 | Whether a successor has to be named
support | 支持的联系方式 | How to get support
suspended_reason | 暂停的原因 | Why it is suspended
tenants | 可见的地区 | Tenants that may see it
told_apart | 与同名者如何区分 | How namesakes are told apart
unread | 没有读懂、未写入的内容 | What was not understood and not taken
usage | 使用量 | Usage
use | 使用单位的数量 | How many use it
used_by | 哪些地方在用 | Who uses it
used_by_offices | 使用单位数 | Offices that use it
users | 用户数 | Number of users
yearly_maintenance_yuan | 年度运维费用，元 | Maintenance a year, in yuan
cpu_cores | 处理器核数 | Processor cores
memory_gb | 内存，GB | Memory in GB
storage_gb | 存储，GB | Storage in GB
figures | 记录中的金额、日期和数量 | Amounts, days and numbers of the record
acceptance_delegated | 委托竣工验收 | Acceptance delegated
acceptance_applied | 申请竣工验收 | Acceptance applied for
acceptance_filed | 竣工验收备案 | Acceptance filed
acceptance_opinions | 验收意见 | Opinions on the acceptance
affordability | 财政承受能力评估 | Affordability
amended | 尚未补充备案的变更 | Change not filed yet
appraisal_commissioned | 委托论证评估 | Appraisal commissioned
appraised | 论证评估结论 | Appraised
approved | 批复 | Approved
DecisionFinding.items | 涉及的项次 | Items concerned
MoveView.status | 进入的状态 | Status it goes to
BatchResult.status | 这一件的状态码 | Status of this item
BatchResult.location | 新记录的地址 | Where the new record is
BatchResult.id | 这一件的编号 | Id of this item
FeedItem.at | 备案的时间 | When it was filed
CalendarView.days | 所问年度的放假和调休 | Special days of the year asked for
CalendarView.days_left | 日历还有几天可用 | Days the calendar still reaches
ColumnView.kind | 这一列填什么 | What goes into the column
ColumnView.required | 这一列是否必填 | Whether the column has to be filled in
ColumnView.choices | 下拉可选的值 | Values of the drop-down
Effect.cases | 受影响的案卷 | Cases affected
Effect.moves | 路径会改变的案卷数 | Cases that would change their route
Effect.on | 推演所按的日期 | Day it was tried as of
RoundEffect.cases | 还缺材料的案卷 | Cases that lack something
RoundEffect.on | 推演所按的日期 | Day it was tried as of
VerifyView.cases | 已核对的案卷数 | Cases looked at
VerifyView.head | 链条末端的摘要 | Digest at the end of the chain
VerifyView.findings | 不一致之处 | What does not agree
AnchorView.head | 锚定时链条末端的摘要 | Digest at the end of the chain then
CursorAheadProblem.head | 最新的编号 | Newest number
HeldView.count | 移交的数量 | How many are handed over
HeldView.kind | 移交的是什么 | What is handed over
QueueCount.count | 等待办理的数量 | How many wait
QueueCount.late | 其中逾期的数量 | How many of them are late
TaskSummary.count | 等待办理的总数 | How many wait altogether
Facet.value | 取值的代码 | Code of the value
Facet.count | 有多少个应用 | How many apps have it
Facet.label | 取值的名称 | Name of the value
Row.left | 左侧的取值 | What the left one has
Row.right | 右侧的取值 | What the right one has
Row.label | 比较的是什么 | What is compared
Comparison.rows | 逐项比较 | Compared item by item
Comparison.functions | 功能的异同 | Functions in common and not
Comparison.data_items | 数据项的异同 | Data in common and not
Candidate.kind | 应用、现有系统还是在建项目 | App, existing system or project under way
Candidate.score | 相近程度，0 至 1 | How alike they are, 0 to 1
Candidate.reason | 为何不能复用 | Why it does not serve
Candidate.answer | 本单位的答复 | What the office answered
AppItem.score | 与检索词的相近程度 | How well it fits what was searched
Member.score | 与其他项目的相近程度，0 至 1 | How alike it is to the others, 0 to 1
SuspicionView.score | 最相近的两项的相近程度，0 至 1 | How alike the two most alike are, 0 to 1
SuspicionDetail.score | 最相近的两项的相近程度，0 至 1 | How alike the two most alike are, 0 to 1
SuspicionView.size | 涉及几个项目 | How many projects
SuspicionDetail.size | 涉及几个项目 | How many projects
AdoptionView.score | 使用评分，1 至 5 | How users rate it, 1 to 5
CitedAdoption.score | 使用评分，1 至 5 | How users rate it, 1 to 5
ProvisionView.score | 使用评分，1 至 5 | How users rate it, 1 to 5
ProposalView.score | 绩效得分 | Score of the evaluation
ProposalView.late | 是否超过提出的期限 | Whether it came after the day
ProposalView.findings | 监测和评价中的问题 | What monitoring and evaluation found
ProposalView.decided_by | 作出决定的人的代码 | Code of who decided
ProjectView.name | 项目名称 | Name of the project
ProjectItem.name | 项目名称 | Name of the project
ProjectItem.kind | 建设性质 | Kind of building
CitedProject.kind | 建设性质 | Kind of building
FactsView.kind | 建设性质 | Kind of building
Unfiled.kind | 建设性质 | Kind of building
WatchedFinding.kind | 建设性质 | Kind of building
LibraryEntryView.kind | 建设性质 | Kind of building
ProjectView.owner | 项目单位 | Office that owns the case
ImportView.owner | 项目单位 | Office that owns the case
ProjectView.findings | 提示、理由和把关意见 | Findings with reasons and opinions
ApprovalView.organ | 批复的机关 | Organ that approved
ApprovalView.complete | 第二十一条所列程序是否已全部办理 | Whether the procedures of article 21 are done
DutyView.name | 负责方的名称 | Name of who is responsible
DutyView.kind | 项目单位（owner）还是机关（organ） | The owner or an organ
PauseView.text | 暂停事由的名称 | What the pause is called
PauseView.reason | 暂停的事由 | Why it rests
PauseView.article | 依据《办法》第几条 | Article of the Measures it rests on
Practice.basis | 说明其为行政惯例，非办法规定 | Says that it is practice, not law
Practice.days | 惯例期限的天数 | Days of the customary term
ObligationView.title | 期限事项的名称 | Name of the duty
ObligationView.due | 到期日；当天仍不逾期 | Day it is due; that day is not late
ObligationView.state | 未到期、逾期、办结或不再适用 | Open, lapsed, done or void
Count.title | 期限事项的名称 | Name of the duty
Count.lapsed | 逾期的数量 | How many are late
Count.paused | 暂停计时的数量 | How many rest
ObligationsTenantCount.lapsed | 逾期的数量 | How many are late
ObligationsTenantCount.paused | 暂停计时的数量 | How many rest
Kept.done | 按期办结的数量和所在列表 | Done in time: how many, and their list
Kept.open | 尚未到期的数量和所在列表 | Not due yet: how many, and their list
Kept.lapsed | 逾期未办的数量和所在列表 | Late and not done: how many, and their list
NeedsTotal.late | 截止后才报送的数量 | How many came after the round closed
NeedsTotals.reported | 已报送的有几地 | How many have reported
NeedsTotals.year | 征集年度 | Year of the round
NeedsTotals.items | 各地的报送情况 | Reports by city
NeedsTotal.count | 报送的需求数 | How many needs were reported
Total.count | 项目数 | How many cases
Total.month | 首次申报（需求为报省）的月份 | Month of the first declaration, of a need that of its report
Totals.items | 各项汇总 | The totals
BatchView.items | 每件的结果 | Result of each item
Watched.count | 项目数 | How many cases
WorkbookView.version | 表格的版本 | Version of the upload
WorkbookView.form | 文件格式：csv 或 xlsx | Form of the file: csv or xlsx
WorkbookView.digest | 文件的摘要，同一文件不重复导入 | Digest of the file; the same one is not taken twice
DocumentView.name | 文件名 | Name of the file
DocumentView.size | 文件的大小，字节 | Size of the file in bytes
DocumentView.signatures | 文件所带的电子签名，未经验证；无从查看的为空 | Its electronic signatures, not verified
SignaturesView.count | 电子签名的处数 | How many signatures were met
SignaturesView.signers | 签名自称的签署人 | Who the signatures say has signed
DocumentView.checked | 病毒检查的结果 | What the scan gave
DocumentsChecklist.checked | 是否已由人核对 | Whether somebody has checked it
DocumentsChecklist.open | 还缺的各项 | What is still missing
DocumentsSlotView.asked_at | 要求补交的时间 | When it was asked for
DecisionRules.version | 规则的版本 | Version of the rule book
DecisionRules.date | 判定所按的日期 | Day it was decided as of
RulebookEntryView.basis | 条文、参数还是管理惯例 | Law, parameter or practice
RulebookEntryView.value | 现行的值 | Value in force
RulebookEntryView.document | 所见的文件 | Document it stands in
OverlayView.value | 本市规定的值 | Value the city has set
SetView.value | 设定的值 | Value that is set
SetView.key | 参数的名称 | Name of the parameter
RulebookEntryView.key | 参数的名称 | Name of the parameter
OverlayView.key | 参数的名称 | Name of the parameter
RulebookEntryView.unit | 值的单位 | Unit of the value
Me.user | 用户的编号；接口客户端自身为空 | Id of the user; null for a client by itself
Me.client | 接口客户端的标识；个人登录为空 | Client; null for a person by itself
Me.expires_at | 令牌失效的时间 | When the token expires
Me.roles | 令牌所代表的角色 | Roles the token speaks for
UserView.roles | 所任的角色 | Roles held
UserView.office | 所在单位的编号 | Id of the office
UserView.name | 姓名 | Name
ExpertView.name | 专家姓名 | Name of the expert
ExpertView.title | 职称 | Professional title
SeatView.title | 职称 | Professional title
SeatView.name | 专家姓名 | Name of the expert
ExpertView.fields | 专业领域 | Fields of expertise
AppraisalView.fields | 所需的专业领域 | Fields of expertise asked for
AppraisalView.text | 结论的说明 | What the appraisal says
AppraisalView.number | 第几次论证评估 | Which appraisal of the case
JointReviewView.number | 第几次联合会审 | Which joint review of the case
AuditEntry.action | 办理的事项，如 project.submit | What was done, such as project.submit
AuditEntry.digest | 与前一条相连的摘要 | Digest chained to the entry before
AuditEntry.summary | 编号、版本和摘要等，不含内容 | Ids, versions and digests, no content
ReaderView.by | 阅读人的代码 | Code of who read it
RecordView.on | 所记事实的日期 | Legal day of what is told
RecordView.kind | 记录的种类 | Kind of record
DeliveryPlanView.content | 计划的全部内容 | All of the plan
FrameworkView.content | 框架方案的全部内容 | All of the framework
Row.field | 所比较的字段 | Field that is compared
RecordView.content | 所记的内容 | What was recorded
DatedFact.on | 事实的日期 | Legal day of the fact
FactsView.on | 判定所按的日期 | Day that the facts are judged as of
SystemView.purpose | 系统的用途 | What the system is for
EndpointView.kinds | 订阅的事件种类，可含通配 | Kinds of events subscribed to, families included
EndpointWithSecret.kinds | 订阅的事件种类，可含通配 | Kinds of events subscribed to, families included
OrderView.due | 整改期限 | Day the order is due
OrderView.text | 整改要求 | What is ordered
OrderView.lapsed | 是否逾期未改 | Whether it is late
CitedOrder.due | 整改期限 | Day the order is due
LateItem.due | 应报告的日期 | Day the report was due
LateItem.year | 报告的年度 | Year of the report
LibraryPlanView.items | 规划的各条目 | Items of the plan
LibraryPlanView.title | 规划的名称 | Title of the plan
LibraryPlanView.plan | 规划的编号 | Id of the plan
LibraryPlanView.decision | 审议的结果 | What was decided on it
VersionView.content | 提交时的全部内容 | All of it as it was handed in
CaseEffect.missing | 会另外缺少的材料 | What would be missing besides
CaseEffect.name | 项目名称 | Name of the project
OfficeView.successor | 接替的单位 | Office that takes its place
AppView.successor | 接替的应用 | App that takes its place
AppView.content | 目录条目的全部内容 | All of the catalogue entry
CatalogueEntryView.content | 目录条目的全部内容 | All of the catalogue entry
FundingLineView.source | 资金来源 | Source of the money
FeedEntry.source | 事件来自的地区 | Tenant the event comes from
CalendarYear.source | 放假安排的通知 | The notice of the holidays
CalendarMade.source | 放假安排的通知 | The notice of the holidays
SheetsSheetView.columns | 表格的各列 | Columns of the sheet
AssignmentView.sheet | 本人的评分表 | The expert's own sheet
ReviewsSheetView.opinion | 评审意见 | Opinion of the expert
FaultView.column | 有问题的列 | Column of the fault
FaultView.row | 有问题的行，自数据第一行起为表格的行号 | Row of the fault, as the sheet numbers it
Imported.line | 文件中的第几行 | Line of the file
Imported.findings | 该行的日期所显示的提示，如实导入 | What the days of the line show; taken as it was
AuditFinding.line | 锚点文件中的第几行 | Line of the anchors' file
UsedBy.offices | 当地的使用单位数 | Offices there that use it
"""
