"""What each field of a form is called, by its name on the wire; `Struct.field` where one name means several things."""

from service.vocabulary import inputs_declaring, inputs_delivering, inputs_keeping
from service.vocabulary.declaring import FORM_FIELDS
from service.vocabulary.entry import Entry, Vocabulary, table

_EVERYWHERE = """
InterpretationIn.text | 解释口径的正文 | Text of the reading
ReviewsConcludeIn.text | 结论的说明 | What the conclusion says
SlotOpinionIn.text | 意见的正文 | Text of the opinion
ReminderIn.address | 地址或号码 | Address or number
ReminderIn.kinds | 提醒的内容 | What to be told of
ReminderIn.mode | 提醒的时机 | When to be told
ReminderCodeIn.code | 收到的验证码 | Code received
BatchIn.operation_id | 每件所办的事项，写其 operationId | Operation done on each
BatchItem.body | 这一件的请求内容 | Body for this item
BatchItem.version | 这一件读取时的版本 | Version of this item as it was read
accepted | 是否认可 | Accepted
agency_office_id | 评审机构 | Agency
agreed | 是否同意 | Agreed
amount_yuan | 金额（元） | Amount
answer | 答复 | Answer
approved_amount_yuan | 批复金额（元） | Approved amount
date | 日期 | Date
decision | 决定 | Decision
description | 说明 | Description
digest | 文件摘要 | Digest
document | 文件 | Document
document_date | 发文日期 | Date of the document
document_digest | 批复文件摘要 | Digest of the document
document_number | 文号 | Number of the document
documents | 文件 | Documents
effective_from | 生效日期 | Effective from
email | 电子邮箱 | Email
issuer | 发文机关 | Issuer
kinds | 适用的建设性质 | Kinds
name | 名称 | Name
note | 备注 | Note
number | 编号 | Number
on | 日期 | Date
opinion | 意见 | Opinion
papers | 资料 | Papers
parties | 当事方 | Parties
person | 姓名 | Person
phone | 电话 | Telephone
plan | 方案 | Plan
project_code | 项目代码 | Project code
project_id | 项目 | Project
project_name | 项目名称 | Name of the project
reason | 理由 | Reason
source | 来源 | Source
status | 状态 | Status
summary | 摘要 | Summary
supersedes | 替换的记录 | Record it replaces
template | 报告类型 | Template
text | 内容 | Text
title | 标题 | Title
to | 至 | To
total_yuan | 总投资（元） | Total
until | 截止日期 | Until
valid_from | 有效期起 | Valid from
valid_to | 有效期止 | Valid to
value | 取值 | Value
year | 年度 | Year
ApprovalDocument.number | 文号 | Number
CorrectingDocument.number | 文号 | Number
DeliveryPaper.name | 文件名称 | Name
Document.name | 文件名称 | Name
IssuedIn.number | 文号 | Number
LibraryDocumentIn.number | 文号 | Number
ReviewsDocumentIn.name | 文件名称 | Name
UploadQuery.name | 文件名 | Name of the file
"""
# The structs that carry the members of the declaration's form, which has its own names.
_FORM = {
    "period": "Period",
    "costs": "CostLine",
    "yearly": "YearLine",
    "contacts": "Contact",
    "cloud": "Cloud",
    "users": "Users",
    "indicators": "Indicator",
    "project_codes": "ProjectCode",
    "drafter": "Drafter",
}


def _of_form() -> list[Entry]:
    found = []
    for each in FORM_FIELDS.entries:
        part, _, member = each.code.partition(".")
        found.append(Entry(f"{_FORM[part]}.{member}" if member else f"Form.{part}", each.zh, each.en))
    return found


_SAID = table(
    "input", "填报项", "Field of a form",
    "".join((_EVERYWHERE, inputs_declaring.LINES, inputs_delivering.LINES, inputs_keeping.LINES)).replace("\n\n", "\n"),
)  # fmt: skip
INPUTS = Vocabulary(_SAID.name, _SAID.zh, _SAID.en, (*_SAID.entries, *_of_form()))
INPUT_TYPES = table(
    "input_type", "填报项类型", "Type of a field", """
text | 一行文字 | One line of text
prose | 多行文字 | Lines of text
money | 金额 | Amount in yuan
number | 整数 | Whole number
boolean | 是或否 | Yes or no
date | 日期 | Day
date_time | 时间 | Moment
month | 月份 | Month
choice | 单选 | One choice
choices | 多选 | Several choices
reference | 引用 | Id of something
secret | 密码 | Secret
file | 文件 | File
object | 一组 | Group of fields
list | 多行 | Rows
map | 按名称填写 | Rows by name
variant | 按类型填写 | One of several groups
json | 任意内容 | Any value
""",
)  # fmt: skip
