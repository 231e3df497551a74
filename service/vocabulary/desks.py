"""Who acts: roles, seats, organs, offices (arts 2, 4, 5, 43)."""

from service.vocabulary.entry import table

ACTOR_KINDS = table(
    "actor_kind", "经办者类别", "Kind of actor", """
person | 人员 | Person
client | 接口客户端 | API client
system | 系统 | System
""",
)  # fmt: skip
ROLES = table(
    "role", "岗位", "Role", """
office | 省领导小组办公室 | Leading group office
drc | 发展改革部门 | Development and reform
finance | 财政部门 | Finance
supervisor | 监督人员 | Supervisor
department | 省直部门申报人员 | Department declarer
leading_group_secretary | 领导小组会议秘书 | Leading group secretary
agency | 评估机构人员 | Appraisal agency
expert | 评审专家 | Review expert
info_centre | 信息中心人员 | Information centre
cyber | 网信部门人员 | Cyberspace affairs
public_security | 公安部门人员 | Public security
crypto_organ | 密码管理部门人员 | Cryptography administration
data_office | 数据资源管理部门人员 | Data administration
secrecy | 保密行政管理部门人员 | Secrecy administration
archives | 档案主管部门人员 | Archives administration
auditor | 审计机关人员 | Auditor
app_provider | 共享应用提供方人员 | Shared app provider
security_admin | 安全管理员 | Security administrator
administrator | 管理员 | Administrator
gatekeeper | 统筹把关人员 | Gatekeeper
approver | 批复人员 | Approver
unit | 项目单位人员 | Declaring unit
portal | 门户系统 | Portal system
user | 应用使用人员 | App user
""",
)  # fmt: skip
TIER_ROLES = table(
    "tier_role", "各层级的岗位", "Role of a tier", """
province.office | 省领导小组办公室 | Provincial leading group office
province.drc | 省发展改革部门 | Provincial development and reform
province.finance | 省财政部门 | Provincial finance
province.supervisor | 省级监督人员 | Provincial supervisor
province.department | 省直部门申报人员 | Provincial department declarer
province.leading_group_secretary | 省领导小组会议秘书 | Provincial leading group secretary
province.agency | 省级评估机构人员 | Provincial appraisal agency
province.expert | 省级评审专家 | Provincial review expert
province.info_centre | 省信息中心人员 | Provincial information centre
province.cyber | 省委网信部门人员 | Provincial cyberspace affairs
province.public_security | 省公安部门人员 | Provincial public security
province.crypto_organ | 省密码管理部门（省内网办）人员 | Provincial cryptography administration
province.data_office | 省数据资源管理部门人员 | Provincial data administration
province.secrecy | 省保密行政管理部门人员 | Provincial secrecy administration
province.archives | 省档案主管部门人员 | Provincial archives
province.auditor | 省审计机关人员 | Provincial auditor
province.app_provider | 省级共享应用提供方人员 | Provincial shared app provider
province.security_admin | 省级安全管理员 | Provincial security administrator
province.administrator | 省级管理员 | Provincial administrator
city.gatekeeper | 设区市统筹把关人员 | City gatekeeper
city.approver | 设区市批复人员 | City approver
city.unit | 市级项目单位人员 | City declaring unit
city.portal | 设区市门户系统 | City portal system
city.finance | 设区市财政部门人员 | City finance
city.leading_group_secretary | 设区市领导小组会议秘书 | City leading group secretary
city.agency | 设区市评估机构人员 | City appraisal agency
city.expert | 设区市评审专家 | City review expert
city.info_centre | 设区市信息中心人员 | City information centre
city.cyber | 设区市网信部门人员 | City cyberspace affairs
city.public_security | 设区市公安部门人员 | City public security
city.crypto_organ | 设区市密码管理部门人员 | City cryptography administration
city.data_office | 设区市数据资源管理部门人员 | City data administration
city.secrecy | 设区市保密行政管理部门人员 | City secrecy administration
city.archives | 设区市档案主管部门人员 | City archives
city.auditor | 设区市审计机关人员 | City auditor
city.supervisor | 设区市监督人员 | City supervisor
city.app_provider | 设区市共享应用提供方人员 | City shared app provider
city.security_admin | 设区市安全管理员 | City security administrator
city.administrator | 设区市管理员 | City administrator
county.user | 县级使用人员 | County app user
county.unit | 县级项目单位人员 | County declaring unit
""",
)  # fmt: skip
SEATS = table(
    "slot", "席位", "Seat of an organ", """
general_office | 政府办公厅（统筹把关部门） | General office
drc | 发展改革部门 | Development and reform
finance | 财政部门 | Finance
leading_group | 领导小组 | Leading group
agency | 评估机构 | Appraisal agency
info_centre | 信息中心 | Information centre
cyber | 网信部门 | Cyberspace affairs
public_security | 公安部门 | Public security
crypto | 密码管理部门 | Cryptography administration
data | 数据资源管理部门 | Data administration
secrecy | 保密行政管理部门 | Secrecy administration
archives | 档案主管部门 | Archives
audit | 审计机关 | Audit
""",
)  # fmt: skip
SHORT_SEATS = table(
    "slot_short", "会审席位简称", "Seat of a joint review, in short", """
general_office | 办公厅 | Office
drc | 发改 | Reform
finance | 财政 | Finance
info_centre | 信息中心 | Centre
cyber | 网信 | Cyber
public_security | 公安 | Police
crypto | 密码 | Crypto
data | 数据 | Data
secrecy | 保密 | Secrecy
archives | 档案 | Archives
""",
)  # fmt: skip
ORGANS = table(
    "organ", "机构", "Organ", """
province.general_office | 省政府办公厅 | Provincial general office
province.drc | 省发展改革委 | Provincial development and reform
province.finance | 省财政厅 | Provincial finance
province.leading_group | 省领导小组 | Provincial leading group
province.agency | 省级评估机构 | Provincial appraisal agency
province.info_centre | 省信息中心 | Provincial information centre
province.cyber | 省委网信办 | Provincial cyberspace affairs
province.public_security | 省公安厅 | Provincial public security
province.crypto | 省国家密码管理局（省内网办） | Provincial cryptography administration
province.data | 省数据资源管理部门 | Provincial data administration
province.secrecy | 省国家保密局 | Provincial secrecy administration
province.archives | 省档案局 | Provincial archives
province.audit | 省审计厅 | Provincial audit
city.general_office | 设区市统筹把关部门 | City gatekeeping department
city.drc | 设区市发展改革部门 | City development and reform
city.finance | 设区市财政部门 | City finance
city.leading_group | 设区市领导小组 | City leading group
city.agency | 设区市评估机构 | City appraisal agency
city.info_centre | 设区市信息中心 | City information centre
city.cyber | 设区市网信部门 | City cyberspace affairs
city.public_security | 设区市公安部门 | City public security
city.crypto | 设区市密码管理部门 | City cryptography administration
city.data | 设区市数据资源管理部门 | City data administration
city.secrecy | 设区市保密行政管理部门 | City secrecy administration
city.archives | 设区市档案主管部门 | City archives
city.audit | 设区市审计机关 | City audit
""",
)  # fmt: skip
OFFICE_KINDS = table(
    "office_kind", "单位性质", "Kind of office", """
administrative | 行政机关 | Administrative organ | | 2
authorised | 法律法规授权组织 | Authorised organisation | | 2
party | 党的机关 | Party organ | | 43
congress | 人大机关 | People's congress | | 43
cppcc | 政协机关 | Political consultative conference | | 43
supervision | 监察机关 | Supervision commission | | 43
court | 审判机关 | Court | | 43
procuratorate | 检察机关 | Procuratorate | | 43
mass_body | 群团组织 | Mass body | | 43
other | 其他 | Other
""",
)  # fmt: skip
HOLDINGS = table(
    "holding", "单位名下的事项", "What an office may hold", """
case | 在办项目 | Cases under way
draft | 草稿 | Draft
ended_case | 已结束的项目 | Ended cases
duty | 未办结的期限事项 | Open duties
feed | 日历订阅地址 | Calendar feeds
app | 共享应用 | Shared apps
adoption | 在用和在办的应用 | Adoptions
system | 在用系统 | Running systems
framework | 待会签的框架方案 | Frameworks to sign
appraisal | 受托的论证评估 | Commissioned appraisals
expert | 专家所在单位 | Experts' employer
message | 未读消息 | Unread messages
""",
)  # fmt: skip
PEOPLE_GO = table(
    "people_go", "人员去向", "Where the people go", """
move | 随单位转入 | Move
end | 停用账号 | End
""",
)  # fmt: skip
WAITING_CHANGES = table(
    "client_change", "待确认的客户端变更", "Change of a client waiting", """
client | 登记客户端 | Register the client
public_jwk | 更换公钥 | Change the public key
second_jwk | 增加第二把公钥 | Add a second public key
vouch_roles | 变更可代表的岗位 | Change the roles it speaks for
secret | 更换密钥 | Change the secret
enable | 重新启用 | Enable again
sign_in | 变更登录的人 | Change who signs in
""",
)  # fmt: skip
AUTHENTICATIONS = table(
    "authentication", "客户端认证方式", "How a client proves itself", """
private_key_jwt | 用本系统的密钥签名 | Signed with our own key
client_secret_basic | 部署环境中的密钥（Basic 头） | Secret in the Basic header
client_secret_post | 部署环境中的密钥（表单） | Secret in the form
""",
)  # fmt: skip
WARNINGS = table(
    "warning", "提醒", "Warning", """
desk_empty | 所转岗位无人在岗 | Nobody at the desk it went to | warning
""",
)  # fmt: skip
LOOKED_UP = table(
    "looked_up", "按名称查找的对象", "What a sheet names", """
person | 登录名 | Login
app | 应用 | App
office | 单位 | Office
""",
)  # fmt: skip
