"""The service itself: deliveries, rules in time, files, the audit trail."""

from service.vocabulary.entry import table

ENDPOINTS = table(
    "endpoint_state", "回调地址状态", "State of a webhook", """
active | 正常 | Active | done
failing | 投递受阻 | Failing | warning
paused | 已暂停 | Paused | warning
disabled | 已停用 | Disabled | danger
""",
)  # fmt: skip
DELIVERIES = table(
    "delivery_state", "投递状态", "State of a delivery", """
pending | 待投递 | Pending | waiting
delivered | 已送达 | Delivered | done
dead | 未能送达 | Given up | danger
""",
)  # fmt: skip
PAPERS = table(
    "paper", "文书", "Paper", """
receipt | 数字化项目备案回执 | Receipt of a filing
supplement | 数字化项目补充备案回执 | Receipt of a supplementary filing
acceptance_receipt | 数字化项目竣工验收备案回执 | Receipt of the filing of an acceptance | | 32
evidence | 数字化项目证据材料 | Evidence of a case
""",
)  # fmt: skip
OUTCOMES = table(
    "paper_outcome", "核验结果", "Whether a paper is what was issued", """
agrees | 一致 | Agrees | done
superseded | 一致，其后另有变更、更正或补充备案 | Agrees, superseded | warning
withdrawn | 已撤销 | Withdrawn | danger
altered | 出具以后有过改动 | Altered | danger
differs | 不符 | Differs | danger
""",
)  # fmt: skip
AMENDMENTS = table(
    "amendment_status", "规定修改状态", "Status of an amendment", """
waiting | 待确认 | Waiting | waiting
refused | 未获确认 | Refused | neutral
coming | 待施行 | Coming | active
in_force | 施行中 | In force | done
""",
)  # fmt: skip
STANDINGS = table(
    "standing", "效力", "Whether it stands", """
proposed | 待确认 | Proposed | waiting
coming | 待生效 | Coming | active
standing | 生效中 | In force | done
superseded | 已被替代 | Superseded | neutral
ended | 已终止 | Ended | neutral
refused | 未予确认 | Refused | neutral
""",
)  # fmt: skip
TRANSITIONS = table(
    "clause_mode", "过渡办法", "How pending cases pass over", """
stay | 此前已受理的仍按原规定办理 | Stay under the old rules
next_desk | 自下一环节起按新规定办理 | From the next desk
from_state | 自所列环节起按新规定办理 | From a state
""",
)  # fmt: skip
FATES = table(
    "case_fate", "修改对案卷的影响", "What a change does to a case", """
moves | 改按新规定 | Moves | warning
stays | 仍按原规定 | Stays | neutral
stranded | 无法继续办理 | Stranded | danger
""",
)  # fmt: skip
COVERED = table(
    "preview_covers", "预览所及", "What a preview covers", """
own_working_copies | 本单位、本市尚未提交的文本 | One's own working copies
declared | 已申报的文本 | Declared texts
""",
)  # fmt: skip
NOTES = table(
    "document_note", "附件未检查的部分", "What was not read of a file", """
pictures | 图片中的文字未识别 | Text in pictures not read | warning
shapes | 图形、手写笔迹或绘制的轮廓未识别 | Handwriting and drawn shapes not read | warning
fonts | 文件自带或未说明编码的字体，所见文字可能与读出的不同 | Fonts of its own: what is seen may differ | warning
symbols | 含符号字体字符，未能逐一辨认 | Symbol fonts | warning
stamps | 印章、签批等附加外观未识别 | Stamps and annotations not read | warning
forms | 表单或动态内容未完整检查 | Forms or dynamic content | warning
attachments | 文件内另附的文件未完整检查 | Attached files not fully read | warning
embedded | 嵌入的对象未完整检查 | Embedded objects not fully read | warning
external | 引用了文件以外的内容，未检查 | Refers to content elsewhere | warning
fields | 含由域代码拼成的内容，未检查 | Field codes | warning
formulas | 含打开时才计算出的内容，未检查 | Formulas | warning
number_formats | 单元格格式中含文字，未能与内容合并检查 | Text in number formats | warning
list_labels | 编号或项目符号中含文字，未能与正文合并检查 | Text in list labels | warning
pieces | 涉密标志的各部分可能分散在文件各处，未能合并检查 | Parts of a mark may stand in different places | warning
old_format | 旧版 Office、WPS 格式，只检查了其中的文字片段 | Old Office format: fragments read | warning
rich_text | RTF 格式，只检查了其中的文字 | RTF: text only | warning
markup | 网页、邮件或 XML 格式，显示效果可能与所检查的文字不同 | Markup: may look different | warning
encoding | 文字编码不能确定，已按多种编码检查 | Unknown encoding | warning
encrypted | 已加密，无法读取 | Encrypted | warning
broken | 部分内容损坏，无法完整读取 | Broken in places | warning
parts | 含未能读取的组成部分 | Parts not read | warning
entries | 压缩包内有不能读取的文件类型 | Archive entries not read | warning
header | 文件头之前另有内容 | Content before the header | warning
not_finished | 内容过大或过于复杂，未检查完 | Too large to finish | warning
name | 文件名的扩展名与实际类型不符 | Name and type disagree | warning
""",
)  # fmt: skip
CASE_PARTS = table(
    "case_part", "案卷、账号和授权的组成", "Part of a case or of a power", """
case | 案卷 | Case
version | 提交版本 | Version
transition | 经办记录 | Transition
approval | 批复 | Approval
filing | 备案 | Filing
acceptance_filing | 验收备案 | Acceptance filing
record | 过程记录 | Record
user | 账号 | User
grant | 角色授权 | Grant of a role
client | 接入客户端 | Client
issuer | 身份系统 | Identity provider
deputy | 代办关系 | Deputation
""",
)  # fmt: skip
OBJECTS = table(
    "audit_object", "审计对象", "Object of an audit entry", """
adoption | 应用申请 | Adoption
amendment | 规定修改 | Amendment
app | 共享应用 | App
calendar | 工作日历 | Calendar
declaration_round | 年度申报要求 | Declaration round
draft_template | 送审稿模板 | Template of a draft
document | 附件 | Document
expert | 专家 | Expert
filing | 备案 | Filing
framework | 框架方案 | Framework
import | 导入 | Import
intake_round | 年度征集 | Intake round
interpretation | 解释 | Interpretation
reminder | 个人提醒 | Personal reminders
library_import | 补录的入库记录 | Library import
login | 登录 | Login
maintenance_plan | 运维方案 | Maintenance plan
maintenance_proposal | 运维预算建议 | Maintenance proposal
obligation_feed | 日历订阅 | Calendar feed
overlay | 设区市规则设置 | Overlay
plan | 三年规划 | Plan
project | 项目 | Project
provision | 应用开通 | Provision
spill | 清除申请 | Spill
suspicion | 疑点 | Suspicion
system | 现有系统 | System
token | 令牌 | Token
webhook | 回调地址 | Webhook
office | 单位 | Office
user | 用户 | User
grant | 角色授予 | Grant
client | 客户端 | Client
issuer | 身份系统 | Identity provider
""",
)  # fmt: skip
APPROVAL_FIELDS = table(
    "approval_field", "批复的要素", "Member of an approval", """
approved_amount_yuan | 批复金额 | Approved amount
document_number | 文号 | Document number
document_date | 批复日期 | Date
""",
)  # fmt: skip
TEXT_KINDS = table(
    "text_kind", "文字的种类", "Kind of text", """
line | 一行文字 | One line
prose | 正文，可换行 | Prose
number | 文号、编号：一行 | Number
name | 姓名、单位名称、项目名称：一行 | Name
file | 文件名 | File name
telephone | 电话：可写多个，可带分机 | Telephone
search | 查找用的词，空格隔开的各词都要找到 | Words to look for
email | 电子邮箱 | E-mail
source | 另有格式的整段内容（CSV、YAML） | Text in a format of its own
opaque | 由本服务给出的编号，原样带回 | Opaque
secret | 凭据，原样比对，不作文字处理 | Secret
""",
)  # fmt: skip
LIMITS = table(
    "limit", "限频", "Rate limit", """
person | 本人的请求过于频繁 | One person
client | 该客户端的请求过于频繁 | One client
tenant | 本地区的请求过于频繁 | One tenant
anonymous | 该地址未携带有效令牌的请求过于频繁 | One address without a token
token | 该客户端从该地址获取令牌过于频繁 | Tokens of one client from one address
token_address | 该地址获取令牌过于频繁 | Tokens from one address
feed | 该地址读取日历订阅过于频繁 | Calendar feeds from one address
failures | 该凭证从该地址连续未获确认 | Failures of one credential
address_failures | 该地址上的凭证连续未获确认 | Failures from one address
""",
)  # fmt: skip
STATUSES = table(
    "http_status", "状态码", "HTTP status", """
400 | 请求格式有误 | Bad request
401 | 未通过身份验证 | Not authenticated
403 | 无权执行该操作 | Forbidden
404 | 未找到 | Not found
405 | 不支持该方法 | Method not allowed
406 | 无法提供所要求的格式 | Not acceptable
408 | 请求超时 | Request timeout
409 | 与当前状态冲突 | Conflict
410 | 已不再提供 | Gone
412 | 版本已过期 | Precondition failed
413 | 请求内容过大 | Content too large
414 | 请求地址过长 | URI too long
415 | 不支持的内容类型 | Unsupported media type
422 | 内容未通过校验 | Unprocessable content
428 | 缺少前提条件 | Precondition required
429 | 请求过于频繁 | Too many requests
431 | 请求头过大 | Header fields too large
500 | 服务内部错误 | Internal error
503 | 服务暂不可用 | Unavailable
""",
)  # fmt: skip
TONES = table(
    "tone", "色调", "Tone", """
neutral | 平常 | Neutral
waiting | 待办 | Waiting | waiting
active | 进行中 | Under way | active
done | 办结 | Done | done
warning | 注意 | Warning | warning
danger | 紧要 | Danger | danger
""",
)  # fmt: skip
EXPORT_FORMATS = table(
    "export_format", "导出格式", "Format of an export", """
csv | CSV 文本 | CSV
xlsx | Excel 工作簿 | Excel workbook
""",
)  # fmt: skip
SHEETS = table(
    "sheet", "导入的种类", "Kind of import", """
people | 人员和角色 | People and roles
offices | 单位 | Offices
systems | 现有系统 | Systems
adoptions | 应用申请 | Adoptions
experts | 评审专家 | Experts
needs | 需求草稿 | Needs, as drafts
plan-items | 三年规划条目 | Plan items
library | 入库记录 | Library entries
projects | 在建和已建项目 | Running projects
declarations | 申报草稿 | Declarations, as drafts
""",
)  # fmt: skip
WORKBOOKS = table(
    "workbook_state", "表格状态", "State of a workbook", """
checking | 检查中 | Checking | active
faulty | 有误，未导入 | Faulty | danger
checked | 检查无误，待确认 | Checked | waiting
committing | 导入中 | Committing | active
committed | 已导入 | Committed | done
withdrawn | 已撤回 | Withdrawn | neutral
interrupted | 已中断 | Interrupted | warning
""",
)  # fmt: skip
ROW_RESULTS = table(
    "row_result", "逐行的结果", "Result of a row", """
faulty | 未导入（有其他行须改正） | Not imported
checked | 可以导入 | Can be imported
wrong | 有问题 | At fault
""",
)  # fmt: skip
