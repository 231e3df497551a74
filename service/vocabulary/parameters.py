"""What the parameters of paths and queries mean, by their names."""

from service.vocabulary.entry import table

PARAMETERS = table(
    "parameter", "接口参数", "Parameter of an operation", """
action | 只列这种办理动作，如 project.submit | Only this kind of audited deed
actor | 只列此人或此客户端所为，按记录的标识 | Only what this actor did, by the recorded id
after | 从这个游标之后读起，不含其本身 | Read on after this cursor
app_id | 只列这个共享应用的 | Only of this shared app
area | 只列这类事项的整改 | Only orders on this matter
article | 只列依据这一条的，1 至 45 | Only what rests on this article, 1 to 45
at_from | 只列此刻及以后的 | Only from this moment on
at_to | 只列此刻以前的 | Only before this moment
category | 只列这一类别的 | Only of this category
code | 只列这种提示或义务 | Only this finding or duty
created_from | 只列此日及以后建档的 | Only cases made on this day or later
created_to | 只列此日及以前建档的 | Only cases made on this day or earlier
cursor | 上一页给出的游标，不解读、不改动 | Cursor of the page before, passed on as it is
delivery | 投递的编号 | Id of the delivery
disabled | 只列已停用的，或只列在用的 | Only disabled ones, or only those in use
division | 只列这个区划的，六位代码 | Only of this division, by its code of six digits
document | 附件的编号 | Id of the document
dry_run | 只检查，不写入 | Check only, write nothing
due_before | 只列此日及以前到期的 | Only what falls due on this day or earlier
external_ref | 只列门户编号与此相同的 | Only the case of this id of the portal
field | 只列有这一专业领域的 | Only of this field of expertise
format | 文件格式 | Form of the file
free | 只列免费的，或只列收费的 | Only those free of charge, or only the others
id | 编号 | Id
in_force | 只列在实施的 | Only those in force
in_plan | 只列已列入三年规划的，或只列未列入的 | Only those in a three-year plan, or only the others
include_withdrawn | 也列已撤回的 | List withdrawn cases too
key | 只列这个参数的 | Only of this value of the rules
kind | 只列这一种的 | Only of this kind
left | 左边应用的编号 | Id of the app on the left
limit | 每页最多几条 | At most so many on a page
login | 只列这个登录名的 | Only of this login
mine | 只列由本岗位办理的 | Only what this desk has to do
month_from | 从这个月起，如 2026-01 | From this month on
month_to | 到这个月为止，如 2026-12 | Up to this month
name | 名称中含有这些字的 | Only names that hold this text
number | 编号，或序号 | Number
object_id | 只列关于这一记录的 | Only of this record
office | 只列由这个单位承担的 | Only of this office
on | 以这一天为准，缺省为今天 | As of this day, today if left out
open | 只列尚未办结的 | Only what is not settled
operation_id | 接口的 operationId | The operationId of an operation
organ | 只列承担这一部门职责的单位 | Only offices of this organ
owner_office_id | 只列这个项目单位的 | Only of this declaring office
parent | 只列这个区划之下的 | Only divisions below this one
project_class | 只列这一项目类别的 | Only of this class of projects
project_id | 只列这个项目的 | Only of this project
query_id | 备案询问的编号 | Id of the question on a filing
ref | 记录的编号，即读取时的 id | Id of the record, as its `id` says
right | 右边应用的编号 | Id of the app on the right
role | 岗位的代码 | Code of the role
project | 项目的编号，可给出多个 | Ids of cases
round | 征集轮次的编号 | Id of the round
route | 只列走这条审批路径的 | Only of this route
seat | 评审席位的编号 | Id of the seat on the panel
sheet | 只列这种表格的 | Only of this kind of workbook
slot | 附件放入的位置 | Slot that the document goes into
standing | 只列处于这种状态的专家 | Only experts of this standing
state | 只列处于这种状态的 | Only in this state
status | 只列状况为此的 | Only of this status
tenant | 只列这个地方的，省级可用 | Only of this tenant; for the province
text | 检索的词语 | Text to look for
tier | 只列这一层级的 | Only of this tier
undecided | 只列尚未决定的 | Only what is not decided
unread | 只列未读的 | Only what is not read
valid_on | 只列这一天有效的 | Only what is valid on this day
version | 规则库的版本摘要 | Digest of the rule book's version
work_secrets | 是否涉及工作秘密 | Whether work secrets are concerned
year | 年度 | Year
""",
)  # fmt: skip
