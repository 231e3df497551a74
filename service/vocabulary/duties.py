"""Deadlines and orders (arts 14-41)."""

from service.vocabulary.entry import table

DUTIES = table(
    "duty", "期限事项", "Duty", """
need_report | 报送下一年度建设需求 | Report the needs of the next year | | 8 9
library_expiry | 入库有效期内提出申报 | Declare while the library entry stands | | 8 9
appraisal | 完成论证评估 | Conclude the appraisal | | 18
gatekeeping | 完成统筹把关 | Conclude gatekeeping | | 9 23
joint_review | 汇总联合会审意见 | Close the joint review | | 19
joint_review_opinion | 出具联合会审意见 | Give the joint review opinion | | 19
change_decision | 答复变更申请 | Decide on a change | | 13
extension_decision | 答复延期申请 | Decide on an extension | | 30
end_decision | 答复终止申请 | Decide on a termination | | 20
filing | 批复后报备案 | File the approval | | 23
budget | 下达经费预算 | Issue the budget | | 20
supplementary_filing | 变更后补充备案 | File a change | | 23
filing_query | 答复备案询问 | Answer a question about a filing | | 39
start | 组织开工 | Start building | | 29
recall_decision | 研究是否收回资金 | Consider recalling the funds | | 29
force_majeure_decision | 认定不可抗力主张 | Decide on force majeure | | 29
performance_report | 报送年度绩效评价报告 | Yearly performance report | | 27
certificate | 更新测评或检测证书 | Renew a certificate | | 25
trial_run | 试运行期满 | End of the trial run | | 30
final_inspection | 组织终验 | Final inspection | | 30
acceptance_application | 申请竣工验收 | Apply for acceptance | | 30
data_confirmation | 确认数据共享情况 | Confirm data sharing | | 30
crypto_confirmation | 确认安全可靠和密码应用情况 | Confirm safe products and cryptography | | 30
acceptance_opinion | 出具竣工验收意见 | Give the acceptance opinion | | 32
acceptance_decision | 办理竣工验收 | Decide on acceptance | | 32
acceptance_report | 报告委托验收结果 | Report a delegated acceptance | | 32
acceptance_filing | 验收后报备案 | File the acceptance | | 32
surplus_return | 退回结余资金 | Return the surplus | | 38
self_evaluation | 开展绩效自评并报送 | Self-evaluation and its report | | 40
maintenance_proposal | 提出下一年度运维预算建议 | Propose the next maintenance budget | | 36
rectification | 完成整改 | Finish the rectification | | 41
""",
)  # fmt: skip
DUTY_STATES = table(
    "duty_state", "期限事项状态", "State of a duty", """
open | 待办 | Open | waiting
lapsed | 已逾期 | Overdue | danger
done | 已办结 | Done | done
void | 不再需要 | Void | neutral
""",
)  # fmt: skip
BASES = table(
    "duty_basis", "期限的依据", "Basis of a day", """
law | 办法规定 | The Measures
practice | 管理惯例 | Administrative practice
""",
)  # fmt: skip
AREAS = table(
    "order_area", "整改领域", "Area of an order", """
construction | 项目建设和批复要求 | Building and approval | | 41
procurement | 招标采购 | Procurement | | 41
funds | 资金使用 | Funds | | 41
data_sharing | 数据共享 | Data sharing | | 41
cryptography | 密码应用和安全可靠 | Cryptography and safe products | | 41
network_security | 网络安全 | Network security | | 41
secrecy | 保密管理 | Secrecy | | 41
archives | 档案管理 | Archives | | 41
evaluation | 绩效评价发现的问题 | Problems found by evaluation | | 41
filing | 批复后的备案 | Filing after approval | | 41
""",
)  # fmt: skip
ORDER_STATES = table(
    "order_state", "整改要求状态", "State of an order", """
open | 待整改 | Open | waiting
answered | 已答复 | Answered | active
lapsed | 已逾期 | Overdue | danger
failed | 整改不合要求 | Not mended | danger
closed | 已办结 | Closed | done
""",
)  # fmt: skip
