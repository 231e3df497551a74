"""Building, money, acceptance, evaluation, what exists (arts 6, 22-41)."""

from service.vocabulary.entry import table

FUNDS = table(
    "funding_source", "资金来源", "Source of funds", """
provincial_fiscal | 省级财政 | Provincial fiscal funds | | 33
city_fiscal | 市级财政 | City fiscal funds | | 33
county_fiscal | 县级财政 | County fiscal funds | | 33
national | 中央资金 | Central funds | | 33
social_capital | 社会资金 | Social capital | | 33
own_funds | 自筹资金 | Own funds | | 33
""",
)  # fmt: skip
REGIMES = table(
    "regime", "管理制度", "Management regime", """
tendering | 招标投标 | Tendering | | 24
government_procurement | 政府采购 | Government procurement | | 24
supervision | 工程监理 | Construction supervision | | 24
performance | 绩效管理 | Performance management | | 24
contract | 合同管理 | Contract management | | 24
archives | 档案管理 | Archives management | | 24
security | 安全管理 | Security management | | 24
secrecy | 保密管理 | Secrecy management | | 24
""",
)  # fmt: skip
CERTIFICATES = table(
    "certificate_kind", "测评和检测", "Certificate", """
protection_level | 网络安全等级保护测评 | Protection level assessment | | 25
crypto_assessment | 密码应用安全性评估 | Cryptography assessment | | 25
security_test | 安全检测 | Security test | | 25
secrecy_test | 保密检测 | Secrecy test | | 25
risk_assessment | 风险评估 | Risk assessment | | 25
""",
)  # fmt: skip
METHODS = table(
    "procurement_method", "采购方式", "Method of procurement", """
open_tender | 公开招标 | Open tender
invited_tender | 邀请招标 | Invited tender
negotiation | 竞争性谈判 | Competitive negotiation
consultation | 竞争性磋商 | Competitive consultation
inquiry | 询价 | Inquiry
single_source | 单一来源 | Single source
framework | 框架协议 | Framework agreement
""",
)  # fmt: skip
SUBJECTS = table(
    "procurement_subject", "采购对象", "What is procured", """
works | 工程 | Works
goods | 货物 | Goods
services | 服务 | Services
""",
)  # fmt: skip
INCIDENTS = table(
    "incident_kind", "重大问题", "Serious problem", """
schedule_overrun | 工程严重逾期 | Badly behind schedule | danger | 28
loss | 投资出现重大损失 | Great loss of investment | danger | 28
other | 建设中出现重大问题 | Other serious problem | danger | 28
""",
)  # fmt: skip
ACCEPTANCE_MATERIALS = table(
    "acceptance_material", "验收材料", "Material of an acceptance", """
summary | 项目建设总结 | Summary of the project | | 30
data_sharing_report | 数据资源共享报告 | Report on data sharing | | 30
data_confirmation | 数据共享情况确认书 | Confirmation of data sharing | | 30
safe_reliable | 软硬件产品安全可靠情况 | Safe and reliable products | | 30
financial_report | 财务报告 | Financial report | | 30
third_party_audit | 第三方审计报告 | Third-party audit report | | 30
third_party_test | 第三方测评报告 | Third-party test report | | 30
security_risk | 安全风险评估报告 | Security risk assessment | | 30
cryptography | 密码应用安全性评估报告 | Cryptography assessment | | 30
secrecy_risk | 保密风险评估 | Secrecy risk assessment | | 30
archives | 档案专项验收情况 | Acceptance of the archives | | 30
""",
)  # fmt: skip
ACCEPTANCE_PARTS = table(
    "acceptance_part", "验收材料的组成", "Part of a material", """
catalogue | 数据资源目录 | Data catalogue | | 30
access | 共享平台接入 | Connection to the sharing platform | | 30
sharing | 数据共享情况 | Data sharing | | 30
function | 功能测评 | Functional test | | 30
performance | 性能测评 | Performance test | | 30
protection_level | 网络安全等级保护测评 | Protection level assessment | | 30
work_secrets | 工作秘密信息检测评估 | Check for work secrets | | 30
""",
)  # fmt: skip
ASPECTS = table(
    "aspect", "绩效评价指标", "Aspect of an evaluation", """
application_effect | 应用效果 | Application effect | | 40
support_capability | 支撑能力 | Support capability | | 40
security | 网络安全 | Network security | | 40
investment_benefit | 投资效益 | Investment benefit | | 40
resource_conformity | 资源配置与设计的符合程度 | Resources as designed | | 40
""",
)  # fmt: skip
MAINTENANCE_PLANS = table(
    "maintenance_plan_state", "运维方案状态", "State of a maintenance plan", """
under_review | 审核中 | Under review | waiting | 22
reviewed | 审核通过 | Reviewed | done | 22
returned | 审核不通过 | Returned | warning | 22
superseded | 已被替代 | Superseded | neutral | 22
""",
)  # fmt: skip
MAINTENANCE_STATES = table(
    "maintenance_state", "运维建议状态", "State of a maintenance proposal", """
open | 待安排 | Open | waiting
decided | 已安排 | Decided | done
""",
)  # fmt: skip
SYSTEMS = table(
    "system_status", "系统状态", "Status of a system", """
running | 在用 | Running | done | 6
merged | 已整合 | Merged | neutral | 6
retired | 已停用 | Retired | neutral | 6
""",
)  # fmt: skip
SPILL_REASONS = table(
    "spill_reason", "清除缘由", "Reason of a purge", """
text | 正文含涉密内容 | The text is classified
attachment | 附件含涉密内容 | An attachment is classified
name | 名称含涉密内容 | The name is classified
aggregation | 汇集后涉密 | Classified by aggregation
determination | 经定密机关认定 | Determined by the competent organ
""",
)  # fmt: skip
SPILLS = table(
    "spill_state", "清除申请状态", "State of a purge", """
requested | 待确认 | Requested | waiting
confirmed | 已确认，清除中 | Confirmed | active
purged | 已清除 | Purged | done
""",
)  # fmt: skip
REPORT_TEMPLATES = table(
    "report_template", "年度报告类型", "Template of a yearly report", """
build | 建设类 | Building | | 27
service | 服务类 | Service | | 27
""",
)  # fmt: skip
