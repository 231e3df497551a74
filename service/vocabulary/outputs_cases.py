"""What answers tell of cases: of declaration, review, approval, building and acceptance, A to M."""

LINES = """
accepted_on | 竣工验收的日期 | Day of the acceptance
action | 办理的事项 | What is done
actions | 现在可以办理和以后可能办理的事项 | What may be done now or could be later
agency_name | 受委托的评审机构 | Agency that was commissioned
agreed | 是否同意 | Whether it was agreed
allowed | 现在能否办理 | Whether it may be done now
amount_yuan | 金额，元 | Amount in yuan
answer | 答复 | The answer
answered_on | 答复的日期 | Day of the answer
appraisal | 论证评估 | Appraisal
approved_amount_yuan | 批复金额，元；未批复的为空 | Approved amount in yuan; null until then
approved_at | 批复登记的时间 | When the approval was recorded
approved_yuan | 批复金额合计，元 | Approved altogether, in yuan
area | 整改所涉的方面 | What the order is about
arranged_yuan | 安排的运维资金，元 | Maintenance funds arranged, in yuan
as_child | 本项目作为子项目收到的邀请 | Invitations to this case as a part
as_lead | 本项目作为主项目发出的协同 | Links that this case leads
asked | 要求的各项 | What is asked for
assigned_at | 指派的时间 | When it was assigned
assignment_id | 评审任务的编号 | Id of the assignment
at_work | 在办的案卷数 | Cases under way
averages | 各项评分的平均值 | Average of each score
beyond | 超出列出范围的件数 | How many are not listed
blocked | 办不成的原因 | Why it cannot be done
blocked_by | 为何现在不能办：状态、条件、路径或不在手上 | Why not now: state, gate, route or pen
budget_yuan | 建议安排的资金，元 | Funds proposed, in yuan
by_pointer | 按位置汇总所缺的各项 | What is lacking, by place
by_tenant | 各地区的数量 | By tenant
cases | 所涉及的案卷 | The cases concerned
certificates | 测评和证书 | Certificates
changed | 结果会改变的案卷数 | Cases whose outcome would change
checked | 核对的结果 | What the check gave
child_id | 子项目的编号 | Id of the part
child_project | 子项目的编号 | Id of the part
child_tenant | 子项目所在的地区 | Tenant of the part
chosen | 如何选定 | How the expert was chosen
citation | 所引的条文 | What it cites
citing | 引用该条款的案卷数 | Cases that cite it
city_steps | 市级办到哪一步 | How far the city has come
civil_works | 是否含土建工程 | Whether civil works are in it
classified | 是否涉密 | Whether it is classified
closed_at | 结束的时间 | When it was closed
closed_on | 销号的日期 | Day it was closed
closes | 截止日期，当天仍可报送 | Last day, that day included
closes_on | 征集截止的日期 | Last day of the round
codes | 按事项分列 | By kind of duty
commissioned_at | 委托的时间 | When it was commissioned
compiled_by | 编制人的代码 | Code of who compiled it
complete | 是否齐备 | Whether nothing is missing
concluded_at | 作出结论的时间 | When it was concluded
confirmed | 两项确认是否都已完成 | Whether both confirmations are there
covers | 推演涉及的范围 | What the trial covers
criteria | 评分的各项标准 | What is scored
cross_level | 是否跨层级建设 | Whether it is built across levels
dated | 各环节留下的带日期的事实 | Dated facts the phases have left
days_left | 距到期还有几天，逾期为负 | Days left, negative when late
days_over | 超出惯例期限几天 | Days over the customary term
days_waiting | 已等待几天 | Days it has waited
decided | 由谁认定 | Who decided
decided_organ | 作出决定的机关 | Organ that decided
decision | 路径的判定及其依据 | The decision and what it rests on
declarant | 申报单位的层级、区划和性质 | Who declares: tier, division, kind of office
declared | 申报的项目 | What was declared
declared_on | 申报的日期 | Day of the declaration
details | 记录的编号、日期等细目 | Details such as record and day
document_id | 附件的编号 | Id of the file
documents | 已上传的附件编号 | Ids of the files handed in
done_late | 逾期后才办结的数量和所在列表 | Done after the day: how many, and their list
done_on | 办结的日期 | Day it was done
draw | 抽取的经过 | The draw
drawn_at | 抽取的时间 | When it was drawn
drill | 列出这些行的查询 | The query that lists these rows
due | 到期日 | Day it is due
due_basis | 期限的依据 | What the term rests on
due_on | 应完成的日期 | Day it is to be done by
duty | 由谁负责 | Whose duty it is
effect | 对现有案卷的影响 | Effect on the cases there are
effective_from | 自哪一天起施行 | First day in force
eligible | 符合条件、可供抽取的专家 | Experts who could be drawn
employer_name | 工作单位 | Employer
employer_office_id | 工作单位在本系统的编号 | Id of the employer here
entered_on | 入库的日期 | Day of entry into the library
entry | 入库记录 | Entry of the library
escalates_to | 逾期后升级给谁 | Who hears of it when late
evaluation_from | 可以开始自评的日期 | First day of the self-evaluation
evaluation_until | 自评应完成的日期 | Last day of the self-evaluation
evidence | 佐证材料 | Evidence
existing_systems | 本单位现有的系统数 | Systems the office has
expert_id | 专家的编号 | Id of the expert
experts | 评审专家 | Experts of the panel
expired | 是否已经过期 | Whether it has expired
expired_certificates | 已过期的证书种类 | Kinds of certificates that have expired
explanation | 为何走这一路径 | Why this route
extra | 其他材料 | Further materials
facts | 项目的事实，判定由此得出 | Facts that decide
fate | 施行后案卷如何处理 | What becomes of the case
featured_county_scenario | 是否县域特色场景 | Whether it is a county's own scenario
feedback | 使用反馈 | What users say
filed_amount_yuan | 备案金额，元 | Filed amount in yuan
filed_at | 备案的时间；未备案的为空 | When it was filed; null until then
filed_by | 备案人的代码 | Code of who filed it
filed_with | 报哪里备案 | With whom it was filed
filing | 备案 | The filing
filing_id | 备案的编号 | Id of the filing
filing_number | 备案编号；未备案的为空 | Number of the filing; null until then
filled | 是否已上传 | Whether something was handed in
finding_codes | 各项提示和疑点的代码 | Codes of its findings
findings_gained | 会新增的提示 | Findings that would be added
findings_lost | 会消失的提示 | Findings that would go
first_year | 规划的起始年度 | First year of the plan
fiscal_funds | 是否使用财政性资金 | Whether fiscal funds are used
funding | 资金来源 | Funding
funds_yuan | 资金意见中的金额，元 | Amount in the opinion on funds, in yuan
gatekept_at | 把关通过的时间 | When the gatekeeper passed it
given | 是否已提供 | Whether it was given
given_at | 给出意见的时间 | When it was given
given_by | 给出意见的人的代码 | Code of who gave it
goals | 建设目标 | Goals
ground | 依据，用文字说明 | What it rests on, in words
handed_over_at | 移交省级的时间 | When it went to the province
high_energy | 是否高耗能 | Whether it uses much energy
holder | 案卷现在在谁手上 | Who holds the pen now
in_library | 是否在重点项目库内 | Whether it is in the library
in_plan | 是否列入三年规划 | Whether it is in the plan
in_time_percent | 按期办结的百分比，向下取整；没有应办结的为空 | Percent done in time, rounded down; null without any
inputs | 判定所用的各项数值 | Figures that the decision used
investment_yuan | 总投资，元 | Investment in yuan
invitations | 各地的邀请 | Invitations
invited_at | 邀请的时间 | When it was invited
issued_by | 发文机关 | Who issued it
issued_on | 签发的日期 | Day of issue
issued_yuan | 已下达的资金，元 | Funds issued, in yuan
item | 第几项 | Which item
joint_project | 合并后的项目 | Project they were joined in
kinds | 所涉及的建设性质 | Kinds of building concerned
label_confirmed | 认定的标签疑点数 | Confirmed suspicions of a wrong label
label_suspicions | 标签疑点数 | Suspicions of a wrong label
label_without_evidence | 称集成类而缺少依据的 | Called an integration without evidence
lacking | 还缺的各项 | What is lacking
lapsed | 逾期未办的 | Late and not done
last_on | 最近一次报送的日期；没有报送的为空 | Day of the last report; null without any
last_year | 规划的截止年度 | Last year of the plan
late | 是否逾期 | Whether it is late
launched_on | 上线的日期 | Day it went live
lead_name | 主项目的名称 | Name of the leading project
lead_owner | 主项目的单位 | Office of the leading project
lead_project | 主项目的编号 | Id of the leading project
lead_tenant | 主项目所在的地区 | Tenant of the leading project
leading_group | 领导小组的审定 | What the leading group decided
led_by | 由哪一级牵头 | Which tier leads
left_aside | 没有采用的后来规定 | Later law that was left aside
library | 项目库的入库情况 | What the library says of it
line | 第几行 | Which line
line_yuan | 适用的限额，元 | The limit that applies, in yuan
lines | 资金明细 | Money, line by line
maintenance_percent | 运维费用占申报投资的百分比 | Maintenance in the investment declared, in percent
maintenance_plan | 运维实施方案 | Maintenance plan
maintenance_yuan | 申报的运维费用，元 | Maintenance declared, in yuan
materials | 申报材料 | Materials handed in
members | 疑点所列的项目 | Projects of the suspicion
missing | 还缺的各项 | What is missing
missing_regimes | 尚未建立的管理制度 | Regimes not set up yet
money | 资金的来源和使用 | Money in and out
"""
