"""What answers tell everywhere: who, where, when, which record; and of pages, files, people and portals."""

LINES = """
access_token | 访问令牌，放在 Authorization 头的 Bearer 之后 | Access token for the Authorization header
active | 现有多少家在用 | How many use it now
actor | 办理人的代码 | Code of who acted
actor_tenant | 办理人所在的地区 | Tenant of who acted
added_at | 登记的时间 | When it was entered
adoptions | 重复的使用登记 | The adoptions said twice
address | 请求来自的网络地址 | Network address the request came from
alarm | 日历将尽，须录入下一年度的放假安排 | The calendar runs out: next year's notice is to be entered
algorithm | 抽取所用的算法，凭种子可以重现 | Algorithm of the draw; the seed reproduces it
amended_by | 修改过有关数字的文件 | Documents that amended the figures used
amendment | 规定修改的登记 | The amendment as recorded
anchors | 外部锚点文件核对的结果 | What the comparison with the anchors' file gave
announced | 通知另外要求的字段 | Fields that the notice asks for beside
announced_at | 通知登记的时间 | When the notice was recorded
answered_at | 答复的时间 | When it was answered
answered_by | 答复人的代码 | Code of who answered
app | 由成果转入的共享应用草稿 | Draft of a shared app that the results became
article | 依据《办法》第几条 | Article of the Measures it rests on
articles | 依据《办法》的各条 | Articles of the Measures it rests on
as_of | 数字所截至的时间 | The moment the figures are of
asked_at | 提出的时间 | When it was asked
asked_by | 提出人的代码 | Code of who asked
at | 记录的时间 | When it was recorded
attempts | 已经投递多少次 | How many times delivery was tried
base | 规定原有的字段 | Fields asked for by the Measures
basics | 第十五条所列的基本情况，名称和单位除外 | The basics of article 15 beyond name and owner
basis | 依据的性质：条文、参数或管理惯例 | Kind of ground: law, parameter or practice
body | 正文 | Text of the message
bound | 令牌是否只限本单位 | Whether the token is bound to this office
by | 经办人的代码 | Code of who did it
cases_not_checked | 还没有核对到的案卷数 | Cases not looked at yet
changes | 待确认的变更种类 | What kinds of change are waiting
client | 所用接口客户端的标识 | Client that was used
code | 稳定的代码，可据以编程 | Stable code to program by
column | 所在的列 | Column it stands in
columns | 表格的各列 | Columns of the sheet
committed_at | 整表生效的时间 | When the whole sheet took effect
committed_by | 使其生效的人的代码 | Code of who put it into effect
confirmed_at | 确认的时间 | When it was confirmed
confirmed_by | 确认人的代码 | Code of who confirmed
content | 全部内容 | All that it says
count | 数量 | How many
created_at | 建立的时间 | When it was made
created_by | 建立人的代码 | Code of who made it
data | 事件的内容 | What the event tells
date | 日期 | Day
days | 天数 | Number of days
decided_at | 决定的时间 | When it was decided
decided_by | 决定人的代码 | Code of who decided
default | 不填写时所取的值 | Value taken when nothing is said
delivered_at | 送达的时间；未送达的为空 | When it arrived; null while it has not
description | 说明 | Description
desk | 无人在岗的岗位 | The desk that nobody holds
detail | 给经办人看的说明 | Explanation for whoever acts
digest | 内容的摘要（十六进制），凭此核对有无改动 | Digest in hex, to tell whether anything was changed
disabled_at | 停用的时间；在用的为空 | When it was disabled; null while in use
disabled_reason | 停用的原因 | Why it was disabled
division | 行政区划代码 | Code of the division
division_name | 行政区划名称 | Name of the division
document | 文件 | Document
document_date | 文件的落款日期 | Date on the document
document_digest | 文件的摘要 | Digest of the document
document_number | 文号 | Number of the document
done | 已经办成的数量 | How many are done
dry_run | 只检查，没有写入 | Only checked, nothing written
empty_desks | 因此没有人的岗位 | Desks that are left without anybody
entry_id | 审计记录的编号 | Id of the audit entry
error | RFC 6749 的错误代码 | Error code of RFC 6749
errors | 逐项指明的错误 | What is wrong, item by item
etag | 办成后的版本，修改时以 If-Match 带回 | Version afterwards, for If-Match
event_id | 事件的编号，同一事件重投时不变 | Id of the event, the same however often it is sent
events | 按序排列的事件 | Events in their order
expires_at | 失效的时间 | When it expires
expires_in | 多少秒后失效 | Seconds until it expires
external_ref | 外部编号，门户自己的编号 | The portal's own reference
failed | 没有办成的数量 | How many failed
failing_since | 自何时起一直投递不成 | Since when deliveries fail
failures | 连续失败的次数 | Failures in a row
faults | 逐行指出的问题 | Faults, row by row
feed | 订阅 | The feed
field | 所涉字段的名称 | Name of the field
fields | 各字段 | Fields of it
finding | 提示或疑点的代码 | Code of the finding
findings | 各项提示 | Findings
form | 文件的格式 | Form of the file
found_at | 发现的时间 | When it was found
from_state | 办理前的状态 | State before
goes | 到哪里去 | Where this person goes
grantable | 现在可以授予的角色 | Roles that may be granted now
granted_at | 授予的时间 | When it was granted
granted_by | 授予人的代码 | Code of who granted it
handed | 随之移交的事项 | What is handed over with it
head | 最新的编号或摘要 | Newest number or digest
horizon | 日历录到哪一天为止 | Last day that the calendar knows
id | 编号，此后引用它即可 | Id to refer to it by
ids | 各事项的编号 | Ids of what is held
in_force | 是否现行有效 | Whether it is in force
intact | 链条完整、未被改动 | Whether the chain is whole and unchanged
items | 本页各项 | What the page holds
key | 键名 | Key
keys | 公钥（JWK，RFC 7517） | Public keys as JWK
kind | 种类 | Kind
label | 显示的名称 | Name to be shown
last_anchor | 最近一次锚定 | The last anchor
last_error | 最近一次投递为何不成 | Why the last delivery failed
last_status | 最近一次投递得到的状态码 | Status the last delivery got
local | 是否为功能区自行登记的代码 | Whether a zone registered the code for itself
local_code | 功能区自行登记的代码 | Code a zone registered for itself
locked_at | 锁定的时间；未锁定的为空 | When it was locked; null while it is not
login | 登录名 | Login name
made | 新建的数量 | How many were made
marked | 标为已读的数量 | How many were marked as read
max | 最大值 | Greatest value
max_items | 至多多少项 | Most items
max_length | 至多多少字符 | Most characters
media_type | 文件的媒体类型 | Media type of the file
message | 一句话的说明 | One sentence that says it
method | 请求的方法 | HTTP method
min | 最小值 | Least value
min_items | 至少多少项 | Fewest items
min_length | 至少多少字符 | Fewest characters
more | 是否还有没有数到或处理到的 | Whether there are more
moves | 可以进入的状态 | States it may go to
name | 名称 | Name
neighbours | 通知中涉及的相邻年度 | Neighbouring years that the notice tells of
next_after | 下一次从此处接着读 | Where to read on next time
next_attempt_at | 下一次投递的时间；不再投递的为空 | When it is tried next; null if not any more
next_cursor | 下一页的游标；最后一页为空 | Cursor of the next page; null on the last
note | 备注 | Note
notes | 说明 | Notes
notice | 见于哪一年度的通知 | Year of the notice that told it
object | 所涉及的对象：种类和编号 | What it is about: kind and id
object_id | 所涉及对象的编号 | Id of what it is about
object_kind | 所涉及对象的种类 | Kind of what it is about
office | 单位 | Office
office_id | 单位的编号 | Id of the office
office_ids | 限定的单位；空即不限 | Offices it is limited to; empty for any
office_kind | 单位性质 | Kind of office
office_name | 单位名称 | Name of the office
on | 日期，法定日以北京时间计 | Legal day, in Asia/Shanghai
open | 尚未办结的数量 | How many are open
operation_id | 所办操作的 operationId | operationId of what is done
operation_ids | 可以在此办理的操作 | Operations that can be done here
organ | 承担的部门职责 | The organ it acts as
organ_name | 机关名称 | Name of the organ
owner | 归属的单位 | Whose it is
parent | 上级区划的代码 | Code of the division above
path | 在请求内容中的位置 | Where it stands in the request
paused_until | 暂停投递到何时 | Until when deliveries rest
pending | 等待另一人确认的变更 | Change that waits for a second person
people | 每个人到哪里去 | Where each person goes
pointer | 指明位置的 JSON 指针（RFC 6901） | JSON pointer to the place
present | 此前已有、不再重复写入的数量 | How many were there already
problems | 发现的问题数 | How many problems were found
proposed_at | 提出的时间 | When it was proposed
proposed_by | 提出人的代码 | Code of who proposed it
public_jwk | 验证断言所用的公钥 | Key that assertions are verified with
read_at | 阅读的时间；未读的为空 | When it was read; null while unread
read_by | 阅读人的代码 | Code of who read it
reason | 理由 | Reason given
recorded_at | 登记的时间 | When it was recorded
recorded_by | 登记人的代码 | Code of who recorded it
redelivered | 重新投递的数量 | How many are sent again
replayed | 是否为此前同键请求的答复 | Whether it repeats the answer of the same key
request_id | 请求的编号 | Id of the request
requested_at | 提出申请的时间 | When it was asked for
requested_by | 申请人的代码 | Code of who asked for it
required | 是否必填 | Whether it has to be filled in
role | 岗位 | Desk that it concerns
roles | 岗位 | Desks held
row | 所在的行 | Row it stands in
rows | 行数 | Number of rows
sealed | 已封存的记录数 | Entries that are sealed
second_jwk | 换钥期间并用的第二把公钥 | Second key while one is changed
secret | 密钥，只显示这一次 | Secret, shown this once
secret_shown | 密钥是否在本答复中给出 | Whether this answer holds the secret
secrets | 现有的各把密钥及其失效时间，不含密钥本身 | Secrets there are and when they expire, not what they are
sent_at | 上传的时间 | When it was sent
sent_by | 上传人的代码 | Code of who sent it
seq | 序号，只增不减 | Number in the sequence, only growing
sheet | 表格的种类 | Kind of sheet
sign_in | 登录方式的设定 | How people sign in
since | 自何时起 | Since when
size | 大小，字节 | Size in bytes
source | 来源 | Where it comes from
state | 状态 | State
status | 状态 | Status
succeeds | 所接替的应用的名称 | Names of the apps whose place it takes
successor | 由谁接替 | What takes its place
successor_name | 接替的应用的名称，不可见的为空 | Name of the app that takes its place; null where it may not be seen
summary | 摘要 | Summary
supersedes | 所替换的记录编号 | Id of the record it replaces
tenant | 所属地区的代码 | Code of the tenant it belongs to
tenant_name | 所属地区的名称 | Name of the tenant it belongs to
text | 正文 | Text
things | 识别出的事项数 | How many things were found in it
tier | 层级：省、市、县 | Tier: province, city or county
timestamp | 事件发生的时间 | When it happened
title | 标题 | Title
to_state | 办理后的状态 | State afterwards
token_type | 令牌类型 | Type of token
total | 符合条件的总数 | How many fit altogether
truncated | 没有全部列出 | Whether the list was cut short
two_hands | 是否须由另一人确认才生效 | Whether a second person has to confirm
type | 种类的标识 | Identifier of the kind
unit | 单位 | Unit of measure
unsealed | 尚未封存的记录数 | Entries not sealed yet
updated_at | 最近变动的时间 | When it changed last
url | 地址 | Address
user | 用户 | User
user_id | 用户的编号 | Id of the user
valid_from | 自哪一天起有效 | First day it is valid
valid_to | 有效到哪一天；长期的为空 | Last day it is valid; null if open-ended
value | 取值 | Value
variants | 可以选择的各种形式 | Forms it may take
version | 版本，每次变动加一 | Version, raised by each change
vouch_roles | 断言可以代表的角色 | Roles that assertions may speak for
warnings | 提醒 | Warnings
webhook_id | 回调地址的编号 | Id of the webhook
working | 是否上班 | Whether it is a working day
wrong | 有问题的行数 | Rows with faults
year | 年度 | Year
years | 已录入的年度 | Years entered
choices | 可选的值 | Values to choose from
enable | 是否重新启用 | Whether it is switched on again
jwks_uri | 断言公钥的地址，应在对方登记 | Where our public keys are, to be registered there
logout_uri | 退出后返回的地址，应在对方登记 | Where people return after signing out
redirect_uri | 登录后返回的地址，应在对方登记 | Where people return after signing in
secret_known | 是否已登记密钥 | Whether a secret is registered
agrees | 与签发时是否一致 | Whether it agrees with what was issued
kind_name | 文书种类的名称 | Name of the kind of paper
made_on | 签发的日期 | Day it was issued
outcome | 核对的结果 | What the check gave
params | 查询参数；列出的行与该数相同 | Parameters of the query; it lists as many rows
changed_at | 何时改的 | When it was changed
changed_by | 谁改的：姓名和单位 | Who changed it: name and office
current_etag | 现在的 ETag | Its ETag now
deed | 办理了什么 | What was done
desks | 将无人的岗位 | Desks that nobody would hold
held | 名下还有什么 | What it still holds
other | 与之相互制约的角色 | Role that excludes it
ServerMetadata.issuer | 签发者，与令牌的 iss 相同 | Issuer, as in the iss of tokens
ServerMetadata.jwks_uri | 本服务公钥的地址 | Where our public keys are
token_endpoint | 获取令牌的地址 | Where tokens are asked for
revocation_endpoint | 吊销令牌的地址 | Where tokens are revoked
response_types_supported | 没有交互式授权，恒为空 | Empty, as nobody is sent here to authorise
grant_types_supported | 支持的授权方式 | Grants that are taken
token_endpoint_auth_methods_supported | 获取令牌时怎样证明客户端身份 | How a client proves itself for a token
revocation_endpoint_auth_methods_supported | 吊销令牌时怎样证明客户端身份 | How a client proves itself to revoke
service_documentation | 接口文档的地址 | Where the documentation is
ui_locales_supported | 说明文字的语言 | Languages of what is said
"""
