"""The words of the declaration's form: what may be chosen, and what everything is called."""

from __future__ import annotations

from collections.abc import Mapping

# Art. 2: what the Measures are about, in its order.
CATEGORIES: Mapping[str, str] = {
    "network_platform": "电子政务网络平台",
    "business_system": "重点业务数字化系统",
    "data_resource": "数据资源库",
    "security_infrastructure": "信息安全基础设施",
    "e_government_infrastructure": "电子政务基础设施（政务云、数据中心等）",
    "standards": "数字政府标准化体系",
    "support_system": "相关支撑体系",
}
COSTS: Mapping[str, str] = {
    "software": "软件开发和购置",
    "hardware": "硬件购置",
    "integration": "系统集成",
    "data": "数据采集和治理",
    "cloud": "云资源和网络租用",
    "design": "前期咨询和设计",
    "supervision": "工程监理",
    "testing": "软件测评",
    "protection_assessment": "等级保护测评",
    "crypto_assessment": "密码应用安全性评估",
    "training": "培训",
    "management": "项目管理",
    "maintenance": "运维",
    "reserve": "预备费",
    "other": "其他",
}
SOURCES: Mapping[str, str] = {
    "central": "中央资金",
    "provincial": "省级财政资金",
    "city": "市级财政资金",
    "county": "县级财政资金",
    "own": "单位自有资金",
    "social": "社会资金",
    "other": "其他资金",
}
NETWORKS: Mapping[str, str] = {
    "government_extranet": "电子政务外网",
    "government_intranet": "电子政务内网",
    "internet": "互联网",
    "dedicated": "专网",
    "other": "其他网络",
}
PLATFORMS: Mapping[str, str] = {
    "investment": "投资项目在线审批监管平台",
    "budget": "预算管理一体化系统",
    "procurement": "政府采购平台",
    "other": "其他平台",
}
# Every member, as it is called on paper and in exports; a dot leads into a member.
LABELS: Mapping[str, str] = {
    "category": "项目类型（第二条）",
    "credit_code": "项目单位统一社会信用代码",
    "period": "建设期",
    "period.from_month": "起始月份",
    "period.to_month": "结束月份",
    "costs": "投资构成",
    "costs.item": "费用类别",
    "costs.name": "费用名称",
    "costs.amount_yuan": "金额（元）",
    "yearly": "分年度资金",
    "yearly.year": "年度",
    "yearly.source": "资金类别",
    "yearly.amount_yuan": "金额（元）",
    "contacts": "联系人",
    "contacts.name": "姓名",
    "contacts.post": "职务",
    "contacts.phone": "电话",
    "contacts.email": "电子邮箱",
    "protection_level": "拟定网络安全保护等级",
    "cloud": "云资源需求",
    "cloud.cpu_cores": "处理器（核）",
    "cloud.memory_gb": "内存（GB）",
    "cloud.storage_gb": "存储（GB）",
    "cloud.note": "云资源说明",
    "networks": "承载网络",
    "users": "使用对象",
    "users.scope": "使用范围",
    "users.count": "用户数",
    "indicators": "绩效指标",
    "indicators.name": "指标名称",
    "indicators.target": "目标值",
    "indicators.unit": "计量单位",
    "indicators.current": "现状值",
    "project_codes": "其他平台项目代码",
    "project_codes.platform": "平台",
    "project_codes.name": "平台名称",
    "project_codes.code": "项目代码",
    "drafter": "方案编制单位",
    "drafter.name": "单位名称",
    "drafter.credit_code": "统一社会信用代码",
    "drafter.contact": "联系人",
    "drafter.phone": "联系电话",
}
MEMBERS = tuple(key for key in LABELS if "." not in key)
