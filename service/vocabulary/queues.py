"""What waits for a desk, by queue: acts that a case waits for, things that wait for a second person, and every duty."""

from service.vocabulary.duties import DUTIES
from service.vocabulary.entry import Vocabulary, table

_OWN = table(
    "task_queue", "待办事项", "Queue", """
need_gatekeeping | 统筹把关建设需求 | Gatekeeping of a need | waiting | 5 9
city_review | 组织市内评审 | Review in the city | waiting | 5 18
approving | 办理批复 | Approval | waiting | 5 23
handing_over | 报送省级评审 | Handing over to the province | waiting | 9 23
leading_group | 登记领导小组审定 | Decision of the leading group | waiting | 19
need_appraisal | 组织需求论证评估 | Appraisal of a need | waiting | 9 18
library_entry | 纳入重点项目库 | Entry in the library | waiting | 8 9
provincial_review | 组织论证评估和联合会审 | Review at the province | waiting | 18 19
province_approval | 办理省级批复 | Provincial approval | waiting | 20
returned | 修改退回的申报 | Returned declaration | warning | 14 15
returned_need | 修改退回的需求 | Returned need | warning | 8 9
to_declare | 需求已经把关，可以申报 | Ready to be declared | active | 9 13
suspicion | 处理疑点 | Suspicion | warning | 8 9
framework | 会签框架方案 | Framework to sign | waiting | 12
invitation | 答复跨层级协同邀请 | Invitation to answer | waiting | 12
order_answered | 核查整改答复 | Answer to an order | waiting | 41
assignment | 评审打分 | Assignment to score | waiting | 18
adoption | 确认应用申请 | Adoption to confirm | waiting | 5 23
provision | 开通应用 | Adoption to provision | waiting | 3 23
client_confirmation | 复核客户端 | Client to confirm | waiting
issuer_confirmation | 复核身份系统 | Identity provider to confirm | waiting
amendment_confirmation | 复核规定的修改 | Amendment to confirm | waiting | 44 45
round_confirmation | 复核申报要求 | Declaration round to confirm | waiting | 14
entry_confirmation | 复核补录的入库记录 | Library entry to confirm | waiting | 8 9
workbook_confirmation | 复核导入的表格 | Workbook to confirm | waiting
spill_confirmation | 确认清除涉密内容 | Purge to confirm | danger | 14
overdue | 督办逾期事项 | Overdue, to be supervised | danger | 39 41
""",
)  # fmt: skip
# A queue of a duty is called as the duty is.
QUEUES = Vocabulary(_OWN.name, _OWN.zh, _OWN.en, (*_OWN.entries, *DUTIES.entries))
TASKS = table(
    "task_kind", "待办的对象", "What waits", """
project | 项目 | Project
obligation | 期限事项 | Duty
appraisal | 论证评估 | Appraisal
assignment | 评审任务 | Assignment
adoption | 应用申请 | Adoption
provision | 收到的应用申请 | Provision
suspicion | 疑点 | Suspicion
framework | 框架方案 | Framework
invitation | 协同邀请 | Invitation
order | 整改要求 | Order
client | 客户端 | Client
issuer | 身份系统 | Identity provider
amendment | 规定的修改 | Amendment
declaration_round | 申报要求 | Declaration round
library_import | 补录的入库记录 | Library import
workbook | 导入的表格 | Workbook
spill | 清除申请 | Purge
app | 共享应用 | Shared app
link | 跨层级协同 | Cross-level work
office | 单位 | Office
plan | 三年规划 | Three-year plan
webhook | 回调地址 | Webhook endpoint
""",
)  # fmt: skip
REMINDER_CHANNELS = table(
    "reminder_channel", "提醒方式", "Channel of reminders", """
mail | 电子邮件 | Mail
gateway | 短信或政务消息 | Text or government message
""",
)  # fmt: skip
REMINDER_MODES = table(
    "reminder_mode", "提醒的时机", "When to be reminded", """
none | 不提醒 | Not at all
at_once | 随到随提醒 | At once
digest | 每个工作日汇总一次 | A daily digest
""",
)  # fmt: skip
REMINDER_KINDS = table(
    "reminder_kind", "提醒的内容", "What to be reminded of", """
tasks | 新到待办 | New tasks
due | 期限提醒 | Deadlines
news | 其他消息 | Other messages
""",
)  # fmt: skip
