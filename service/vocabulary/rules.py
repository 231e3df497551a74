"""What the rule book's figures (policies/measures) are called, by key, and the levels that some of them take."""

from __future__ import annotations

from service.vocabulary.entry import table

FIGURES = table(
    "figure", "规则中的数值和定义", "Figures and definitions of the rule book", """
limit.infrastructure | 基础设施类限额 | Limit for infrastructure | neutral | 9
limit.integration | 跨部门跨层级集成类限额 | Limit for joint systems | neutral | 9
limit.other | 其他类限额 | Limit for everything else | neutral | 9
limit.figure_included | 恰好等于限额的报省 | An amount equal to the limit goes to the province | neutral | 9
maintenance_excluded.infrastructure | 基础设施类扣除运维后比较 | Infrastructure compared without upkeep | neutral | 9
maintenance_excluded.integration | 集成类扣除运维后比较 | Joint systems compared without upkeep | neutral | 9
maintenance_excluded.other | 其他类扣除运维后比较 | Everything else compared without upkeep | neutral | 9
integration.either_suffices | 跨部门或跨层级有其一即为集成类 | One way of being joint is enough | neutral | 9
class.infrastructure | 基础设施类的定义 | What counts as infrastructure | neutral | 9
class.integration | 集成类的定义 | What counts as a joint system | neutral | 9
class.other | 其他类的定义 | What counts as everything else | neutral | 9
leading_group.settles_route | 审定后批复减少的，路径不变 | A smaller approval keeps its way | neutral | 20
intake.city_deadline | 设区市报送需求截止日 | Last day for a city's needs | neutral | 9
intake.department_deadline | 省直部门报送需求截止日 | Last day for a department's needs | neutral | 8
library.validity_years | 入库有效年数 | Years an entry of the library lasts | neutral | 8
start.months_after_approval | 批复后开工期限 | Months from approval to start of work | neutral | 29
performance.report_deadline | 年度绩效评价报告截止日 | Last day for the yearly report | neutral | 27
trial_run.months | 试运行时长 | Length of the trial run | neutral | 30
maintenance.proposal_deadline | 运维预算建议截止日 | Last day for upkeep budgets | neutral | 36
evaluation.from_months | 投入运行后可自评的月数 | Months until self-evaluation opens | neutral | 40
evaluation.until_months | 自评应当完成的月数 | Months until self-evaluation is due | neutral | 40
materials.required | 申报必交的内容 | What every declaration carries | neutral | 15
materials.extra | 另行要求的申报材料 | Materials asked besides | neutral | 15
findings.extra | 另行增设的核对事项 | Checks added besides | neutral | 5
near_line.percent | 接近限额的提示比例 | Share of the limit that counts as near | neutral | 9
review.city_steps | 市级批复前的市内环节 | Steps within a city before approval | neutral | 5
adoption.city_confirmation | 申请共享应用由谁确认 | Who confirms the use of a shared application | neutral | 23
appraisal.experts | 每次评估的最少专家数 | Least experts of an appraisal | neutral | 18
gatekeeping.practice_days | 统筹把关时限 | Days for gatekeeping | neutral | 9
filing.practice_days | 报备案时限 | Days for filing | neutral | 23
budget.practice_days | 下达预算时限 | Days for issuing the budget | neutral | 20
appraisal.practice_days | 出具评估报告时限 | Days for an appraisal's report | neutral | 18
joint_review.practice_days | 汇总会审意见时限 | Days for a joint review | neutral | 19
joint_review.opinion_practice_days | 出具会审意见时限 | Days for an organ's opinion | neutral | 19
change.decision_practice_days | 答复变更申请时限 | Days for answering a change | neutral | 13
filing_query.practice_days | 答复备案询问时限 | Days for answering a query | neutral | 39
force_majeure.decision_practice_days | 认定不可抗力时限 | Days for judging force majeure | neutral | 29
recall.decision_practice_days | 研究收回资金时限 | Days for considering a recall | neutral | 29
trial_run.inspection_practice_days | 试运行期满至终验时限 | Days from trial run to final inspection | neutral | 30
acceptance.application_practice_days | 终验至申请验收时限 | Days from final inspection to application | neutral | 30
confirmation.practice_days | 出具确认意见时限 | Days for data and cipher confirmations | neutral | 30
acceptance.opinion_practice_days | 出具验收意见时限 | Days for opinions on acceptance | neutral | 32
acceptance.decision_practice_days | 办结验收时限 | Days for deciding an acceptance | neutral | 32
acceptance.delegated_practice_days | 委托验收报告时限 | Days for a delegated acceptance | neutral | 32
acceptance.filing_practice_days | 验收备案时限 | Days for filing an acceptance | neutral | 32
surplus.return_practice_days | 退回结余资金时限 | Days for returning what is left | neutral | 38
extension.decision_practice_days | 答复延期验收时限 | Days for answering a later acceptance | neutral | 30
end.decision_practice_days | 答复终止申请时限 | Days for answering an end of the project | neutral | 20
split.near_days | 核对拆分的相隔天数 | Days apart within which a split is looked for | neutral | 8
label.evidence.integration | 印证集成类的用语 | Words that bear out a joint system | neutral | 9
label.evidence.infrastructure | 印证基础设施类的用语 | Words that bear out infrastructure | neutral | 9
plan.terms.crypto | 称说密码应用的用语 | Words for the use of ciphers | neutral | 15
plan.terms.intensive | 称说集约化建设的用语 | Words for building in common | neutral | 15
plan.terms.protection | 称说等级保护的用语 | Words for graded protection | neutral | 15
plan.terms.safe_products | 称说产品安全可靠的用语 | Words for trustworthy products | neutral | 15
plan.terms.security | 称说安全防护的用语 | Words for security measures | neutral | 15
plan.terms.sharing | 称说数据共享的用语 | Words for sharing data | neutral | 15
plan.terms.work_secrets | 称说工作秘密防护的用语 | Words for guarding work secrets | neutral | 15
evaluation.weight.application_effect | 应用效果的权重 | Weight of effect in use | neutral | 40
evaluation.weight.support_capability | 支撑能力的权重 | Weight of capacity | neutral | 40
evaluation.weight.security | 网络安全的权重 | Weight of safety | neutral | 40
evaluation.weight.investment_benefit | 投资效益的权重 | Weight of return on money | neutral | 40
evaluation.weight.resource_conformity | 资源配置相符程度的权重 | Weight of keeping to the design | neutral | 40
evaluation.pass_score | 评价偏低的提示分 | Score under which an evaluation counts as low | neutral | 40
amount.unusual.build | 建设类金额过小的提示数 | Amount unusually small for building | neutral | 13
amount.unusual.maintain | 运维金额过小的提示数 | Amount unusually small for upkeep | neutral | 13
amount.unusual.most | 金额过大的提示数 | Amount unusually large | neutral | 13
amount.unusual.ratio | 金额相差过大的提示倍数 | Ratio of amounts that is unusual | neutral | 13
date.unusual.years | 日期过早的提示年数 | Years after which a date is unusual | neutral | 15
form.years_back | 年份早于申报年的最多年数 | Years back that a form may name | neutral | 15
form.years_ahead | 年份晚于申报年的最多年数 | Years ahead that a form may name | neutral | 15
""",
)  # fmt: skip
LEVELS = table(
    "figure_level", "规则中的档次", "Levels of the rule book", """
direct | 直接批复 | Approved without further steps
appraisal | 先经本市论证评估 | Appraised by the city first
full | 先经论证评估、会审和本市领导小组 | All three steps within the city first
automatic | 系统自动确认 | Confirmed by itself
city | 由本市统筹把关人员确认 | Confirmed by the city's gatekeeper
""",
)  # fmt: skip
OVERLAY_MODES = table(
    "overlay_mode", "设区市可以怎样设置", "How a city may set a figure", """
lower | 只能与省里相同或更低 | The same or lower
raise | 只能与省里相同或更高、更严 | The same, higher or stricter
add | 只能增加 | Only more
""",
)  # fmt: skip
