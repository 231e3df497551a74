"""What answers tell of cases, M to Z."""

LINES = """
month | 月份，如 2026-01 | Month
month_from | 起始月份 | First month
month_to | 截止月份 | Last month
named | 清单中点名的文件 | Papers that are named
national_or_provincial_deployment | 是否国家或省统一部署 | Whether the nation or province deploys it
near_line | 是否接近限额而未达到 | Whether it is close below the limit
needed | 是否必须上传 | Whether it has to be handed in
negative | 负面清单情形的声明 | Statements on the negative list
next_desk | 应由哪一环节办理 | Which desk is next
next_due | 其中最早的到期日 | Earliest day due among them
not_reported | 未报送的有几地 | How many have not reported
now | 本期 | This period
number | 编号 | Number
objection | 不能参加的原因 | Why this expert may not
of_which_maintenance_yuan | 其中运维费用，元 | Of which maintenance, in yuan
oldest_unfolded_at | 尚未并入的最早一条的时间 | Moment of the oldest row not folded yet
open_cases | 尚未办结的案卷数 | Cases not ended yet
open_change | 正在办理的变更 | Change under way
open_today | 今天能否报送 | Whether needs are taken in today
opened_at | 开始的时间 | When it was opened
opened_by | 发起人的代码 | Code of who opened it
opens | 开始日期 | First day
opinion | 意见 | Opinion
opinion_by | 给出意见的人的代码 | Code of who gave the opinion
opinions | 各方的意见 | Opinions
origin | 在本系统申报，还是在建时补录 | Declared here or brought along
overdue | 是否超过约定的期限 | Whether the agreed term has passed
owner_name | 项目单位名称 | Name of the office that owns the case
owner_office_id | 项目单位的编号 | Id of the office that owns the case
paid_yuan | 已支付的金额，元 | Paid, in yuan
panel | 专家人数 | Size of the panel
papers | 附带的资料 | Papers with it
participating_offices | 其他参与单位 | Other offices that take part
parties | 会签的各方 | Parties that sign
parts | 应涵盖的内容 | What it has to cover
party | 会签方 | The party
paused | 是否暂停计时 | Whether the clock rests
pauses | 期限为何顺延或暂停 | Why the day moved or rests
phase | 属于哪一阶段 | Phase it belongs to
plan | 三年规划或方案 | The plan
plan_item | 三年规划的条目 | Item of the three-year plan
position | 抽取的次序 | Place in the draw
practice | 行政惯例的期限；没有的为空 | Customary term; null without one
previous | 上一期；须以 previous=true 要求 | The period before, where asked for
previous_project_accepted | 原项目是否已验收 | Whether the earlier project was accepted
priority | 重点支持的情形 | Grounds of priority
priority_open | 尚待认可的重点支持情形 | Grounds of priority not judged yet
procedure_names | 所用审批程序的名称 | Names of the procedures used
procedures | 所用的审批程序 | Procedures used
project | 案卷 | The case
project_class | 项目类别 | Class of the project
project_codes | 在其他平台的项目代码 | Codes on other platforms
project_id | 案卷的编号 | Id of the case
project_name | 项目名称 | Name of the project
project_state | 案卷的状态 | State of the case
projects | 所涉及的项目 | Projects concerned
proposed_organ | 提出的机关 | Organ that proposed it
province_value | 省级规定的值 | Value of the province
purged_at | 清除的时间 | When it was purged
query | 询问 | The query
question | 询问的问题 | The question
queue | 属于哪一类待办 | Queue it waits in
queue_label | 待办类别的名称 | Name of the queue
reasons | 说明的理由 | Reasons given
reasons_required | 须说明理由的提示代码 | Findings that ask for a reason
reasons_to_judge | 有几条理由待表态 | Reasons still to be judged
receipt | 备案回执 | Receipt of the filing
recommendation | 评审结论 | Recommendation
record | 所留记录的编号 | Id of the record left
recusal_reason | 回避的理由 | Why this expert stood back
recused_at | 回避的时间 | When this expert stood back
recused_by | 提出回避的人的代码 | Code of who recused
regime | 管理制度的种类 | Kind of regime
regimes | 管理制度 | Regimes
removal_reason | 出库的理由 | Why it was taken out
removed_on | 出库的日期 | Day it was taken out
reopened_from | 重新开放的起始日期 | First day of the reopening
reopened_until | 重新开放的截止日期 | Last day of the reopening
reopening_basis | 重新开放的依据 | What the reopening rests on
reopening_reason | 重新开放的理由 | Why it was reopened
replaces | 接替哪一位 | Whom this one replaces
report | 论证评估报告 | Report of the appraisal
reported | 是否已报送 | Whether it has reported
reported_on | 报告的日期 | Day of the report
reported_years | 已有报告的年度 | Years with a report
reproduced | 凭种子重算得到同样结果 | Whether the seed gives the same draw again
requirements | 申报材料的要求 | What has to be handed in
requirements_document | 材料要求所依据的文件 | Document that the requirements rest on
resolution | 第十五条所称的党组（党委）会议决议 | Resolution of the leadership meeting (article 15)
returnable_yuan | 应交回的结余，元 | Surplus to be returned, in yuan
returned_yuan | 已交回的结余，元 | Surplus returned, in yuan
reuse | 复用检查的结果 | What the reuse check gave
reuse_check | 复用检查的编号 | Id of the reuse check
reviews | 各方的审核意见 | Reviews
route | 审批路径 | Route of approval
route_after | 修改后的路径 | Route afterwards
route_before | 修改前的路径 | Route before
rulebook | 判定所依的规则 | Rule book it was decided by
score | 评分 | Score
scored | 已评分的专家数 | Experts who have scored
scored_at | 评分的时间 | When it was scored
scores | 逐项评分 | Scores, item by item
seed | 抽取所用的种子 | Seed of the draw
serves | 结论是否仍可采用 | Whether it still serves
set_up_on | 建立的日期 | Day it was set up
severity | 严重程度 | Severity
sheets | 各位专家的评分表 | Sheets of the experts
signed_at | 会签的时间 | When it was signed
signed_by | 会签人的代码 | Code of who signed
slot | 附件所在的栏目 | Slot of the file
slot_name | 附件栏目的名称 | Name of the slot
slots | 各方的意见栏 | Slots of the review
soon | 三十日内到期的数量 | Due within thirty days
split_confirmed | 认定的拆分疑点数 | Confirmed suspicions of splitting
split_suspicions | 拆分疑点数 | Suspicions of splitting
stage | 需求阶段还是申报阶段 | Stage: need or declaration
standards | 应遵循的标准 | Standards to follow
start_due | 应开工的日期 | Day it has to start by
started_on | 开工的日期 | Day it started
stays | 结果不变的案卷数 | Cases that stay as they are
steps | 办理的各步 | Steps taken
stranded | 会失去去路的案卷数 | Cases that would have no way on
subject | 所涉及的事项 | What it is about
submissions | 第几次提交 | How many times it was handed in
submitted_at | 最近一次提交的时间 | When it was handed in last
submitted_by | 提交人的代码 | Code of who handed it in
sum_yuan | 各项目合计，元 | Sum of the projects, in yuan
supplement_owed | 变更后是否欠补充备案 | Whether a supplement is owed
supplements | 已有几次补充备案 | How many supplements there are
surplus_yuan | 结余，元 | Surplus, in yuan
suspicion | 拆分或类别的疑点；无权知悉的为空 | Suspicion of splitting or label, where the reader may know
taken_in | 受理的日期，此后改的规定不追溯 | Day it was taken in; later law does not reach back
task | 承担的任务 | What is to be done
technical_plan | 技术方案 | Technical plan
transition | 在途案卷如何处理 | How cases under way are treated
transitions | 经过的各步 | Steps of its life
trial_run_ends | 试运行期满的日期 | Last day of the trial run
unanswered | 还没有答复的候选应用 | Candidates not answered yet
undecidable | 无法推演的案卷数 | Cases that could not be tried
under_line_by_maintenance | 扣除运维后才低于限额的 | Under the limit only without maintenance
unfolded | 尚未并入汇总的条数，已计入 | Rows not folded yet, counted in
until | 到哪一天为止 | Until which day
uploaded_by | 上传人的代码 | Code of who uploaded it
valid | 是否在有效期内 | Whether it is still valid
valid_until | 有效到哪一天 | Last day it is valid
verdict | 结论 | Verdict
versions | 历次提交的封存版本 | Sealed versions
watch | 监测情况 | What monitoring saw
why_not | 为何不能办 | Why it may not be done
work_secrets | 是否涉及工作秘密 | Whether work secrets are in it
workload | 工作量 | Workload
worst_days | 等待最久的几天 | Days that the oldest has waited
gate | 未满足的前置条件 | Gate that is shut
available | 可抽几人 | How many can be drawn
wanted | 需要几人 | How many are wanted
refused | 未被接受的理由，以情形代码表示 | Reasons that were refused, by finding
status_now | 现在的情形 | Status now
decided_route | 此前判定的路径 | Route decided before
waiting | 尚未评分的人数 | How many have not scored yet
obligation | 期限 | The duty
deputy_person | 代办的人的姓名和单位 | Deputy, by name and office
named_by | 由谁指定 | Who named the deputy
named_by_person | 指定人的姓名和单位 | Who named the deputy, by name and office
named_at | 何时指定 | When it was named
DeputyView.ended_by | 由谁提前结束 | Who ended it early
DeputyView.ended_by_person | 提前结束的人的姓名和单位 | Who ended it early, by name and office
DeputyView.person_person | 缺席的人的姓名和单位 | The absent person, by name and office
StandingView.person_person | 所代的人的姓名和单位 | The absent person, by name and office
TaskCounts.count | 共有多少件 | How many there are
TaskCounts.near_line | 接近限额的件数 | How many are near the limit
TaskCounts.provincial_review | 报省的件数 | How many go to the province
TaskList.counts | 各条件的件数，要求时才给出 | How many fit each condition, where asked for
without_reasons | 没有理由要表态的件数 | How many have no reason to judge
"""
