"""Appraisal, review, decision, plans, suspicions (arts 7, 8, 12, 18-21)."""

from service.vocabulary.entry import table

CRITERIA = table(
    "criterion", "评审指标", "Criterion of an appraisal", """
necessity | 必要性和技术方案 | Necessity and technical plan | | 18
integration_sharing | 集成共享 | Integration and sharing | | 18
security | 安全监管 | Security supervision | | 18
protection_level | 等级保护 | Protection level | | 18
investment_estimate | 投资匡算 | Investment estimate | | 18
cryptography | 密码应用 | Cryptography | | 18
safe_reliable | 安全可靠产品应用 | Safe and reliable products | | 18
""",
)  # fmt: skip
FIELDS = table(
    "expert_field", "专业领域", "Field of an expert", """
architecture | 总体架构 | Architecture
data | 数据资源与共享 | Data resources and sharing
security | 网络与数据安全 | Network and data security
protection_level | 等级保护 | Protection level
investment | 投资造价 | Cost estimation
cryptography | 密码应用 | Cryptography
safe_reliable | 安全可靠产品 | Safe and reliable products
business | 业务领域 | Business
""",
)  # fmt: skip
OBJECTIONS = table(
    "expert_objection", "不能选用的原因", "Why an expert cannot sit", """
not_valid | 不在聘期内 | Outside the term of appointment | warning | 18
suspended | 已暂停参加评审 | Suspended | warning | 18
no_login | 没有评审账号，不能亲自评分 | Has no login | warning | 18
own_employer | 所在单位是项目单位或参建单位，应当回避 | Employed by a party to the project | warning | 18
other_field | 专业领域与本次评估不符 | Of another field | warning | 18
""",
)  # fmt: skip
STANDINGS = table(
    "expert_standing", "专家状态", "Standing of an expert", """
valid | 在聘 | Valid | done
suspended | 已暂停 | Suspended | warning
ended | 聘期已满 | Ended | neutral
""",
)  # fmt: skip
VERDICTS = table(
    "verdict", "评估结论", "Verdict", """
pass | 通过 | Pass | done | 18
revise | 修改后再评 | Revise | warning | 18
fail | 不通过 | Fail | danger | 18
""",
)  # fmt: skip
STAGES = table(
    "appraisal_stage", "评估阶段", "Stage of an appraisal", """
need | 需求阶段 | Need stage
declaration | 申报阶段 | Declaration stage
""",
)  # fmt: skip
APPRAISALS = table(
    "appraisal_status", "评估进展", "Status of an appraisal", """
commissioned | 已委托 | Commissioned | waiting
drawn | 已抽取专家 | Experts drawn | active
scored | 评分齐全 | Scored | active
concluded | 已出具结论 | Concluded | done
lapsed | 已失效 | Lapsed | neutral
""",
)  # fmt: skip
CHOICES = table(
    "expert_choice", "专家产生方式", "How an expert came in", """
drawn | 随机抽取 | Drawn | | 18
directed | 直接指定 | Directed | | 18
""",
)  # fmt: skip
REVIEWS = table(
    "review_status", "会审进展", "Status of a joint review", """
open | 会审中 | Open | waiting
closed | 已汇总 | Closed | done
lapsed | 已失效 | Lapsed | neutral
""",
)  # fmt: skip
OPINIONS = table(
    "opinion", "意见", "Opinion", """
agree | 同意 | Agree | done
conditional | 有条件同意 | Agree on conditions | warning
disagree | 不同意 | Disagree | danger
""",
)  # fmt: skip
DECISIONS = table(
    "decision", "审定", "Decision", """
approve | 同意 | Approve | done
return | 退回 | Return | warning
adopt | 审定通过 | Adopt | done
""",
)  # fmt: skip
BUDGET_SOURCES = table(
    "budget_source", "预算来源", "Source of a budget", """
provincial | 省级财政资金 | Provincial funds
city | 市级财政资金 | City funds
county | 县级财政资金 | County funds
other | 其他资金 | Other funds
""",
)  # fmt: skip
PROCEDURES = table(
    "procedure", "另须办理的手续", "Procedure asked for besides", """
energy_saving | 节能评估 | Energy saving assessment | | 21
site_selection | 规划选址 | Site selection | | 21
land_preapproval | 用地预审 | Land pre-approval | | 21
environmental_impact | 环境影响评价 | Environmental impact assessment | | 21
""",
)  # fmt: skip
PLAN_STATES = table(
    "plan_state", "三年规划状态", "State of a three-year plan", """
draft | 编制中 | Draft | neutral | 7
appraised | 已论证 | Appraised | active | 7
adopted | 已审定 | Adopted | done | 7
""",
)  # fmt: skip
PLAN_GROUNDS = table(
    "plan_ground", "调整规划的缘由", "Ground of a revision", """
environment | 外部环境重大变化 | Changed environment | | 7
national_requirement | 国家有新要求 | National requirement | | 7
""",
)  # fmt: skip
LINKS = table(
    "link_state", "协同邀请状态", "State of an invitation", """
invited | 待答复 | Invited | waiting | 12
joined | 已加入 | Joined | done | 12
declined | 不参加 | Declined | neutral | 12
""",
)  # fmt: skip
PROPOSALS = table(
    "proposal_state", "复核状态", "State of a proposal", """
proposed | 待复核 | Proposed | waiting
confirmed | 已确认 | Confirmed | done
refused | 未予确认 | Refused | neutral
""",
)  # fmt: skip
SUSPICION_KINDS = table(
    "suspicion_kind", "疑点", "Kind of suspicion", """
split | 拆分疑点 | Splitting | | 8
label | 类别疑点 | Wrong class | | 9
""",
)  # fmt: skip
SUSPICIONS = table(
    "suspicion_state", "疑点状态", "State of a suspicion", """
open | 待核对 | Open | waiting
dismissed | 已排除 | Dismissed | neutral
confirmed | 已确认 | Confirmed | danger
joined | 已合并 | Joined | done
lapsed | 不再成立 | Lapsed | neutral
""",
)  # fmt: skip
