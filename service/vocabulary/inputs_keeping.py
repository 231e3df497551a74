"""What the catalogue, offices and people, the rule book and the portals' own affairs are asked."""

LINES = """
active_users | 活跃用户数 | Active users
address | 地址 | Address
app_id | 应用 | App
articles | 所涉条款 | Articles
assertion | 身份断言 | Assertion
attachments | 须上传的附件 | Files asked
calls | 调用次数 | Calls
channel | 提醒方式 | Channel
category | 类别 | Category
client_id | 客户端编号 | Client
client_secret | 客户端密钥 | Secret
contacts | 联系人 | Contacts
cost | 费用 | Cost
csv | 日历文件内容 | Calendar as CSV
data_items | 共享数据项 | Data items
data_needs | 数据需求 | Data needed
data_resources | 数据资源 | Data resources
days | 日期列表 | Days
decided_from | 判定日期起 | Decided from
decided_to | 判定日期止 | Decided to
design_documents | 设计文档 | Design documents
disabled | 是否停用 | Disabled
document_id | 附件 | File
dry_run | 只检查不生效 | Dry run
employer_name | 工作单位名称 | Employer
employer_office_id | 工作单位 | Employer
entries | 修改的条目 | Entries
exceptions | 例外人员 | Exceptions
expected_version | 所依据的规则版本 | Version expected
from | 起 | From
from_class | 原类别 | From class
from_yuan | 起始金额（元） | From
functions | 功能 | Functions
further | 其他字段 | Further fields
grant_type | 授权方式 | Grant
hour | 汇总的时刻 | Hour
id | 编号 | Id
instead_of | 不再需要的申报草稿 | Draft it replaces
interfaces | 接口 | Interfaces
issued_by | 印发机关 | Issued by
joint | 两类依据是否都须具备 | Both kinds of evidence
joint_project | 合并后的项目 | Joint project
keep_old_hours | 旧密钥保留小时数 | Hours the old one is kept
key | 参数 | Key
languages | 语言 | Languages
launched_on | 上线日期 | Launched on
licence | 许可 | Licence
local_code | 自定区划代码 | Local code
login | 登录名 | Login
mode | 处理方式 | Mode
month | 月份 | Month
network | 承载网络 | Network
networks | 承载网络 | Networks
office_id | 单位 | Office
office_ids | 可见单位 | Offices
office_kind | 单位性质 | Kind of office
on_cloud | 是否部署在政务云 | On the government cloud
openapi | 接口文档地址 | Address of the OpenAPI document
organ | 承担的部门职责 | Organ
owner | 权利人 | Owner
passed | 是否通过 | Passed
people | 人员去向 | Where people go
platforms | 终端平台 | Platforms
protection_level | 网络安全保护等级 | Protection level
provider_office_id | 提供单位 | Provider
public_jwk | 公钥 | Public key
second_jwk | 第二把公钥 | Second public key
publiccode | publiccode.yml 的全文 | Text of the publiccode.yml
purpose | 用途 | Purpose
question | 询问的问题 | Question
reach | 可见范围 | Reach
reclassify | 类别调整 | Reclassified
released_on | 发布日期 | Released on
replaces | 替换的年度日历 | Calendar it replaces
repository | 源代码地址 | Repository
rights | 权利说明 | Rights
role | 岗位 | Role
telephone | 联系电话 | Telephone
room | 办公地点 | Room
deputy_login | 代办人登录名 | Login of the deputy
person_login | 缺席人登录名 | Login of the absent person
from_day | 第一天 | First day
until_day | 最后一天 | Last day
scope | 使用范围 | Scope
score | 评分 | Score
security_level | 网络安全保护等级 | Security level
service_terms | 服务说明 | Terms of service
sets | 设定的参数 | Values set
sheet | 表格种类 | Kind of sheet
severity | 严重程度 | Severity
sign_in | 登录方式 | Sign-in
software_type | 软件形态 | Type of software
software_version | 现行版本 | Version
successor | 替代应用 | Successor
successor_id | 接手人 | Successor
successor_office_id | 承接单位 | Successor
successors | 逐项接手人 | Successors
support | 支持联系方式 | Support
tenant | 设区市 | City
test_documents | 测试文档 | Test documents
tier | 层级 | Tier
to_class | 新类别 | To class
token | 令牌 | Token
told_apart | 同名区分 | Told apart by
transition | 在途案卷的处理 | Cases under way
url | 回调地址 | Address
user_id | 用户 | User
username | 用户名 | User
vouch_roles | 可代表的岗位 | Roles vouched for
versions | 版本 | Versions
working | 是否工作日 | Working day
authentication | 认证方式 | Authentication
login_claim | 登录名所在的声明 | Claim with the login
managers | 可以由此登录的管理人员 | Managers who may sign in
required | 必须具备的声明 | Claims required
role_claim | 岗位所在的声明 | Claim with the roles
role_map | 声明与岗位的对应 | Roles by claim
roles | 允许使用的岗位 | Roles allowed
scopes | 另要的范围 | Scopes
settings | 登录设置 | Settings
acr | 登录级别 | Level asked for
amr | 鉴别方式 | Methods asked for
plain_logout | 退出通知的类型可以不写明 | Logout tokens of no type of their own
short_keys | 接受不足 3072 位的 RSA 签名的理由 | Why RSA below 3072 bits is taken
ClaimWanted.claim | 声明 | Claim
ClaimWanted.value | 取值 | Value
IssuerIn.issuer | 签发者地址 | Issuer
IssuerSettings.issuer | 签发者地址 | Issuer
IssuerIn.name | 显示的名称 | Name shown
IssuerSettings.name | 显示的名称 | Name shown
Manager.subject | 身份系统中的编号（sub） | Subject
RoleOf.value | 声明中的取值 | Value of the claim
RoleOf.roles | 对应的岗位 | Roles
Rights.terms | 其他条款 | Terms
AppEdit.name | 应用名称 | Name
AppIn.name | 应用名称 | Name
CataloguePaper.kind | 资料种类 | Kind
Certificate.kind | 证书种类 | Kind
CertificateIn.kind | 证书种类 | Kind
Cost.basis | 计费依据 | Basis
DataItem.code | 数据项代码 | Code
DataItem.sharing | 共享方式 | Sharing
DeclarationRoundIn.fields | 必填的申报表部分 | Members asked
DeclarationRoundIn.extra | 另交的材料 | Texts asked
EndpointEdit.kinds | 订阅的事件 | Events
EndpointIn.kinds | 订阅的事件 | Events
ExpertEdit.fields | 专业领域 | Fields
ExpertEdit.title | 职称 | Title
ExpertIn.fields | 专业领域 | Fields
ExpertIn.title | 职称 | Title
FeedbackIn.text | 评价 | Words
Interface.name | 接口名称 | Name
LocalCheckIn.code | 检查编号 | Code
LocalCheckIn.kinds | 适用的建设性质 | Kinds
LocalCheckIn.text | 检查内容 | Text
OfficeIn.division | 行政区划 | Division
RangeIn.kinds | 事件 | Events
ReclassifyIn.cross_level | 跨层级建设 | Across levels
ReclassifyIn.kinds | 建设性质 | Kinds
Release.number | 版本号 | Number
Release.notes | 更新说明 | Notes
ReorganiseIn.document | 机构改革文件 | Document
RequestIn.users | 预计用户数 | Users
RequirementsIn.fields | 必填的申报表部分 | Members asked
RequirementsIn.extra | 另交的材料 | Texts asked
ResponsibleIn.title | 职务 | Post
StandardIn.text | 标准和要求 | Standards
TransitionIn.state | 回到的环节 | From which state
UserEdit.name | 姓名 | Name
UserIn.name | 姓名 | Name
WhatIfIn.changes | 调整的参数 | Changes
"""
