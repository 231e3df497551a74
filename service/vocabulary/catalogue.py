"""Shared apps and their adoption (arts 3, 6, 23)."""

from service.vocabulary.entry import table

APP_STATUSES = table(
    "app_status", "应用状态", "Status of an app", """
draft | 草稿 | Draft | neutral
pilot | 试点 | Pilot | active
available | 可用 | Available | done
deprecated | 即将停用 | Deprecated | warning
retired | 已停用 | Retired | neutral
""",
)  # fmt: skip
ADOPTIONS = table(
    "adoption_state", "应用申请状态", "State of an adoption", """
requested | 待设区市确认 | Waiting for the city | waiting
confirmed | 待开通 | To be provisioned | waiting
active | 使用中 | In use | done
suspended | 已暂停 | Suspended | warning
ended | 已终止 | Ended | neutral
refused | 未获确认 | Refused | danger
declined | 未予开通 | Declined | danger
withdrawn | 已撤回 | Withdrawn | neutral
""",
)  # fmt: skip
ADOPTION_ACTS = table(
    "adoption_action", "应用申请的办理", "Act on an adoption", """
request | 申请 | Request
confirm | 确认 | Confirm
refuse | 不予确认 | Refuse
withdraw | 撤回 | Withdraw
provision | 开通 | Provision
decline | 不予开通 | Decline
suspend | 暂停 | Suspend
resume | 恢复 | Resume
end | 终止 | End
rate | 评价 | Rate
report | 报告使用量 | Report
""",
)  # fmt: skip
ADOPTION_DESKS = table(
    "adoption_holder", "应用申请所在环节", "Whose turn it is", """
adopter | 申请单位 | Adopter
city | 设区市 | City
provider | 提供方 | Provider
""",
)  # fmt: skip
REACHES = table(
    "reach", "应用可见范围", "Reach of an app", """
province | 全省 | The province
tenant | 本市（本级） | The city
offices | 指定单位 | Named offices
""",
)  # fmt: skip
APP_CATEGORIES = table(
    "app_category", "应用类别", "Category of an app", """
government_service | 政务服务 | Government service
approval | 审批办理 | Approval
video | 视频 | Video
map | 地图与时空信息 | Maps and geodata
identity | 身份认证 | Identity
seal | 电子印章 | Electronic seals
payment | 支付缴费 | Payment
data_exchange | 数据共享交换 | Data exchange
message | 短信与消息 | Text and other messages
certificate | 电子证照 | Electronic certificates
cloud | 政务云 | Government cloud
cryptography | 密码服务 | Cryptography
grid | 网格治理 | Grid governance
hotline | 政务热线 | Hotline
office | 协同办公 | Office work
supervision | 监管执法 | Supervision and enforcement
portal | 门户与移动端 | Portals and mobile
ai | 智能服务 | Intelligent services
other | 其他 | Other category
""",
)  # fmt: skip
SOFTWARE_TYPES = table(
    "software_type", "软件形态", "Type of software", """
standalone/backend | 独立后端 | Standalone backend
standalone/desktop | 桌面程序 | Standalone desktop
standalone/iot | 物联网程序 | Standalone IoT
standalone/mobile | 移动应用 | Standalone mobile
standalone/other | 其他独立程序 | Other standalone software
standalone/web | 网页应用 | Standalone web
addon | 插件 | Add-on
configurationFiles | 配置文件 | Configuration files
library | 软件库 | Library
""",
)  # fmt: skip
PAPERS = table(
    "paper_kind", "应用资料", "Paper of an app", """
screenshot | 截图 | Screenshot
manual | 使用手册 | Manual
design | 设计文档 | Design document
test_report | 测试报告 | Test report
other | 其他 | Other paper
""",
)  # fmt: skip
APP_CERTIFICATES = table(
    "app_certificate", "应用的证书", "Certificate of an app", """
protection_level | 网络安全等级保护测评 | Protection level assessment
cryptography | 密码应用安全性评估 | Cryptography assessment
security_test | 安全检测 | Security test
other | 其他 | Other certificate
""",
)  # fmt: skip
SHARING = table(
    "data_sharing", "数据共享方式", "Sharing of data", """
unconditional | 无条件共享 | Shared without conditions
conditional | 有条件共享 | Shared on conditions
""",
)  # fmt: skip
COMPARED = table(
    "app_line", "应用对比的项目", "Line of a comparison", """
category | 类别 | Category
provider | 提供单位 | Provider
status | 状态 | Status
security_level | 等级保护级别 | Protection level
cost | 使用费用 | Cost
interfaces | 接口 | Interfaces
certificates | 有效证书 | Valid certificates
versions | 最新版本 | Latest version
used_by | 使用单位数 | Offices using it
service_terms | 服务条款 | Service terms
""",
)  # fmt: skip
FACETS = table(
    "app_facet", "应用检索条件", "Facet of the catalogue", """
status | 状态 | Status
tier | 提供方层级 | Tier of the provider
security_level | 等级保护级别 | Protection level
free | 是否收费 | Free of charge or not
category | 类别 | Category
succession | 接替 | Succession
""",
)  # fmt: skip
APP_SUCCESSIONS = table(
    "app_succession", "应用的接替", "Succession of apps", """
succeeded | 已有接替应用 | Has a successor
succeeds | 接替其他应用 | Takes another's place
""",
)  # fmt: skip
APP_ORDERS = table(
    "app_order", "应用的排列", "Orders of the catalogue", """
used | 使用多的在前 | Most used first
""",
)  # fmt: skip
