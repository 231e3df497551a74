"""What a declaration says (arts 2, 3, 11, 13-17, 23)."""

from service.vocabulary.entry import Entry, Vocabulary, table

NEGATIVES = table(
    "negative_case", "一般不支持的情形", "Case not supported in principle", """
own_hardware | 自建机房或自购硬件 | Own machine rooms or hardware | warning | 17
leased_lines | 自行租用专线 | Own leased lines | warning | 17
off_cloud | 未上政务云 | Off the government cloud | warning | 17
not_safe_reliable | 未采用安全可靠产品 | Not safe and reliable products | warning | 17
crypto_or_security | 密码、网络安全或保密不合要求 | Cryptography or security not met | warning | 17
unclear_or_unshared | 需求不清或共享没有落实 | Unclear needs or unshared data | warning | 17
previous_project_not_accepted | 原项目未验收即升级改造 | Previous project not accepted | warning | 17
""",
)  # fmt: skip
UNIFICATIONS = table(
    "unification", "五个统一", "The five unifications", """
architecture | 统一顶层架构 | One architecture | | 3
foundation | 统一数字底座 | One digital foundation | | 3
standards | 统一技术标准 | One set of standards | | 3
applications | 统一共性应用 | One set of common applications | | 3
operations | 统一运维运营 | One operation and maintenance | | 3
""",
)  # fmt: skip
CLAIMS = table(
    "claim", "须有依据的陈述", "Claim that needs proof", """
deployment | 国家或省重大部署 | National or provincial deployment | | 19
featured_scenario | 县域特色应用场景 | Featured county scenario | | 23
previous_acceptance | 原项目已竣工验收 | Previous project accepted | | 17
cross_level | 跨层级协同 | Cross-level work | | 12
participants | 有参建单位 | Participating offices | | 12
sharing_exemption | 不落实数据共享有依据 | Exempt from sharing | | 11
""",
)  # fmt: skip
SLOTS = table(
    "material_slot", "材料", "Material", """
resolution | 党委（党组）或办公会议纪要 | Resolution of the leading body | | 15
basics | 项目基本情况 | Basics of the project | | 15
technical_plan | 技术方案 | Technical plan | | 15
maintenance_plan | 运维实施方案 | Maintenance plan | | 15
funding_source | 资金来源说明 | Statement of the sources of funds | | 15
sharing_plan | 数据共享方案和数据目录 | Sharing plan and data catalogue | | 11
sharing_exemption_basis | 不落实数据共享的依据 | Basis of an exemption from sharing | | 11
crypto_plan | 密码应用方案 | Plan of cryptography | | 25
intensive_plan | 集约化建设方案 | Plan of intensive building | | 15
security_plan | 系统及数据安全防护方案 | Plan of system and data security | | 15
protection_plan | 等级保护方案 | Plan of the protection level | | 15
safe_products_plan | 软硬件产品安全可靠情况说明 | Statement on safe and reliable products | | 15
work_secrets_plan | 工作秘密信息防护方案 | Plan for work secrets | | 15
priority_evidence | 重点支持依据 | Evidence of priority | | 16
deployment_basis | 国家或省重大部署依据 | Basis of a national or provincial deployment | | 19
previous_acceptance | 原项目竣工验收文件 | Acceptance papers of the previous project | | 17
featured_scenario_basis | 县域特色应用场景依据 | Basis of a featured county scenario | | 23
cross_level_basis | 跨层级协同依据 | Basis of cross-level work | | 12
participants_basis | 参建依据 | Basis of the participating offices | | 12
framework | 跨部门共建框架方案 | Framework of a joint project | | 12
appraisal_report | 论证评估报告 | Appraisal report | | 18
joint_review_opinion | 联合会审意见 | Joint review opinion | | 19
affordability_report | 财政承受能力评估报告 | Affordability report | | 9
approval | 批复文件 | Approval document | | 20
budget | 经费预算文件 | Budget document | | 20
procurement | 采购文件 | Procurement papers | | 24
contract | 合同 | Contract | | 24
regime | 管理制度 | Management regime | | 24
certificate | 测评和备案证明 | Certificates of tests and of filing | | 25
supervision | 监理合同和监理报告 | Supervision contract and reports | | 26
performance_report | 绩效评价报告 | Performance report | | 27
summary | 项目建设总结 | Summary of the project | | 30
data_report | 数据资源共享报告 | Report on data sharing | | 30
data_confirmation | 数据共享情况确认书 | Confirmation of data sharing | | 30
safe_products | 软硬件产品安全可靠情况 | Safe and reliable products as built | | 30
financial_report | 财务报告 | Financial report | | 30
audit_report | 第三方审计报告 | Third-party audit report | | 30
test_report | 第三方功能和性能测评报告 | Third-party test report | | 30
risk_assessment | 安全风险评估和等级保护测评报告 | Risk and protection level assessment | | 30
work_secret_check | 工作秘密检测评估报告 | Check for work secrets | | 30
crypto_assessment | 密码应用安全性评估报告 | Cryptography assessment | | 30
secrecy_assessment | 保密风险评估 | Secrecy risk assessment | | 30
archives_acceptance | 档案专项验收情况 | Acceptance of the archives | | 30
acceptance_opinion | 竣工验收意见 | Acceptance opinion | | 30
self_evaluation | 绩效自评报告 | Self-evaluation report | | 40
rectification | 整改材料 | Rectification papers | | 41
other | 其他有关资料 | Other papers | | 39
""",
)  # fmt: skip
PHASES = table(
    "material_phase", "材料所属阶段", "Phase of a material", """
declaration | 申报 | Declaration
review | 评审和批复 | Review and approval
building | 建设 | Building
acceptance | 竣工验收 | Acceptance
after | 评价和监管 | Evaluation and supervision
submission | 提交申报时 | At submission
""",
)  # fmt: skip
PLAN_PARTS = table(
    "plan_part", "技术方案的组成", "Part of a technical plan", """
intensive | 集约化建设（含需统一纳入公共项目的建设需求） | Intensive building | | 15
sharing | 数据资源共享分析 | Analysis of data sharing | | 15
security | 系统及数据安全防护 | System and data security | | 15
protection | 等级保护 | Protection level | | 15
crypto | 密码应用 | Cryptography | | 15
safe_products | 软硬件产品的安全可靠情况 | Safe and reliable products | | 15
work_secrets | 工作秘密的信息防护 | Protection of work secrets | | 15
""",
)  # fmt: skip
BASE_FIELDS = table(
    "material_field", "申报内容", "Member of a declaration", """
resolution.body | 审议本项目的会议名称 | Meeting that considered the project | | 15
resolution.date | 会议审议通过的日期 | Date of the resolution | | 15
resolution.number | 会议纪要或决议文号 | Number of the resolution | | 15
basics.main_tasks | 主要任务 | Main tasks | | 15
basics.location | 建设地点 | Place | | 15
basics.basis | 建设依据和必要性 | Basis and necessity | | 15
basics.performance_goals | 绩效目标 | Performance goals | | 15
basics.implementation | 拟采用的实施方式及原因 | Way of implementation and why | | 15
plan | 技术方案或运维实施方案 | Technical or maintenance plan | | 15
funding | 资金来源 | Sources of funds | | 15
""",
)  # fmt: skip
CATEGORIES = table(
    "form_category", "项目类型", "Type of project", """
network_platform | 电子政务网络平台 | Network platform | | 2
business_system | 重点业务数字化系统 | Business system | | 2
data_resource | 数据资源库 | Data resource | | 2
security_infrastructure | 信息安全基础设施 | Security infrastructure | | 2
e_government_infrastructure | 电子政务基础设施（政务云、数据中心等） | E-government infrastructure | | 2
standards | 数字政府标准化体系 | Standards | | 2
support_system | 相关支撑体系 | Support system | | 2
""",
)  # fmt: skip
COSTS = table(
    "cost_item", "费用类别", "Item of cost", """
software | 软件开发和购置 | Software development and purchase
hardware | 硬件购置 | Hardware purchase
integration | 系统集成 | System integration
data | 数据采集和治理 | Data collection and governance
cloud | 云资源和网络租用 | Cloud and network rental
design | 前期咨询和设计 | Consulting and design
supervision | 工程监理 | Construction supervision
testing | 软件测评 | Software testing
protection_assessment | 等级保护测评 | Protection assessment
crypto_assessment | 密码应用安全性评估 | Cryptography assessment
training | 培训 | Training
management | 项目管理 | Project management
maintenance | 运维 | Maintenance
reserve | 预备费 | Reserve
other | 其他 | Other costs
""",
)  # fmt: skip
FUND_KINDS = table(
    "money_kind", "资金类别", "Kind of money", """
central | 中央资金 | Central funds
provincial | 省级财政资金 | Provincial funds
city | 市级财政资金 | City funds
county | 县级财政资金 | County funds
own | 单位自有资金 | Own funds
social | 社会资金 | Social capital
other | 其他资金 | Other funds
""",
)  # fmt: skip
NETWORKS = table(
    "network", "网络", "Network", """
government_extranet | 电子政务外网 | Government extranet
government_intranet | 电子政务内网 | Government intranet
internet | 互联网 | Internet
dedicated | 专网 | Dedicated network
other | 其他网络 | Other network
""",
)  # fmt: skip
PLAN_NETWORKS = table(
    "plan_network", "运维方案所涉网络", "Network of a maintenance plan", """
extranet | 电子政务外网 | Government extranet
intranet | 电子政务内网 | Government intranet
""",
)  # fmt: skip
PLATFORMS = table(
    "code_platform", "其他平台", "Other platform", """
investment | 投资项目在线审批监管平台 | Online approval and supervision of investment projects
budget | 预算管理一体化系统 | Integrated budget management
procurement | 政府采购平台 | Government procurement platform
other | 其他平台 | Other platform
""",
)  # fmt: skip
FORM_FIELDS = table(
    "form_field", "申报表", "Member of the form", """
category | 项目类型（第二条） | Type of project (art. 2)
credit_code | 项目单位统一社会信用代码 | Unified social credit code of the office
period | 建设期 | Period of building
period.from_month | 起始月份 | First month
period.to_month | 结束月份 | Last month
costs | 投资构成 | Costs
costs.item | 费用类别 | Item of cost
costs.name | 费用名称 | Name of the cost
costs.amount_yuan | 金额（元） | Amount (yuan)
yearly | 分年度资金 | Funds by year
yearly.year | 年度 | Year
yearly.source | 资金类别 | Kind of money
yearly.amount_yuan | 金额（元） | Amount (yuan)
contacts | 联系人 | Contacts
contacts.name | 姓名 | Name
contacts.post | 职务 | Post
contacts.phone | 电话 | Telephone
contacts.email | 电子邮箱 | E-mail
protection_level | 拟定网络安全保护等级 | Protection level intended
cloud | 云资源需求 | Cloud resources needed
cloud.cpu_cores | 处理器（核） | Processor cores
cloud.memory_gb | 内存（GB） | Memory (GB)
cloud.storage_gb | 存储（GB） | Storage (GB)
cloud.note | 云资源说明 | Note on the cloud resources
networks | 承载网络 | Networks
users | 使用对象 | Users
users.scope | 使用范围 | Who uses it
users.count | 用户数 | Number of users
indicators | 绩效指标 | Performance indicators
indicators.name | 指标名称 | Name of the indicator
indicators.target | 目标值 | Target value
indicators.unit | 计量单位 | Unit
indicators.current | 现状值 | Present value
project_codes | 其他平台项目代码 | Project codes of other platforms
project_codes.platform | 平台 | Platform
project_codes.name | 平台名称 | Name of the platform
project_codes.code | 项目代码 | Project code
drafter | 方案编制单位 | Who drafted the plan
drafter.name | 单位名称 | Name of the drafter
drafter.credit_code | 统一社会信用代码 | Unified social credit code
drafter.contact | 联系人 | Contact of the drafter
drafter.phone | 联系电话 | Telephone of the drafter
""",
)  # fmt: skip
REUSE = table(
    "reuse_answer", "对可复用应用的答复", "Answer to what could be reused", """
adopt | 使用已有的 | Use what exists | | 23
build | 仍需新建 | Build all the same | | 23
""",
)  # fmt: skip
CANDIDATES = table(
    "candidate_kind", "可复用的", "What could be reused", """
app | 共享应用 | Shared app
project | 已建成的项目 | Built project
""",
)  # fmt: skip
CHECKED = table(
    "checked", "检查情况", "Whether it was checked", """
checked | 已检查 | Checked | done
clean | 已检查，未发现 | Checked, nothing found | done
not_checked | 未检查 | Not checked | neutral
not_applicable | 不适用 | Not applicable | neutral
""",
)  # fmt: skip
# What a round may ask of the form, as the notice of art. 14 names it: the form's own words.
FORM_PARTS = Vocabulary(
    "form_part",
    "申报表的部分",
    "Part of the form",
    tuple(
        Entry(f"form.{each.code}", each.zh, each.en) for each in FORM_FIELDS.entries if "." not in each.code
    ),
)
FACTS = table(
    "fact", "项目事实", "Fact of a declaration", """
investment_yuan | 总投资 | Investment | | 9
of_which_maintenance_yuan | 其中运维费用 | Of which maintenance | | 9
project_class | 项目类别 | Class of the project | | 9
participating_offices | 参建单位 | Participating offices | | 12
cross_level | 跨层级 | Cross-level | | 12
""",
)  # fmt: skip
TEXTS = table(
    "declared_text", "申报文本", "Text of a declaration", """
technical_plan | 技术方案 | Technical plan | | 15
maintenance_plan | 运维实施方案 | Maintenance plan | | 15
funding | 资金来源 | Sources of funds | | 15
""",
)  # fmt: skip
CASE_ORDERS = table(
    "case_order", "项目列表的排序", "Order of the list of cases", """
newest | 新建的在前 | Newest first
waiting | 停留最久的在前 | Waiting longest first
amount_up | 金额由低到高 | Amount, smallest first
amount_down | 金额由高到低 | Amount, largest first
due | 先到期的在前 | Due first
updated | 先变动的在前 | Changed longest ago first
""",
)  # fmt: skip
