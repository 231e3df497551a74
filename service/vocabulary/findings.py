"""What a check finds: of a declaration, of a case under way, of the audit trail."""

from service.vocabulary.entry import table

FINDINGS = table(
    "finding", "提示和疑点", "Finding", """
county_reuse_first | 县级新建应先承接使用已有应用 | County: reuse before building | warning | 23
reuse_not_checked | 尚未查找可复用的应用 | Reuse not checked | neutral | 23
library_exception_deployment | 按重大部署的例外受理 | Taken in as a deployment | neutral | 19
not_in_library | 未列入年度重点项目库 | Not in the library | warning | 19
library_claim_unfounded | 申报称已入库而没有记录 | Said to be in the library, but is not | warning | 19
negative_not_checked | 不予支持情形未全部核对 | Negative cases not checked | warning | 17
label_without_evidence | 类别缺少依据 | Class without evidence | neutral | 9
near_line | 接近限额 | Near the limit | neutral | 9
maintenance_excluded | 比较限额时已扣除运维费用 | Maintenance left out | neutral | 9
under_line_by_maintenance | 仅因扣除运维费用而低于限额 | Under the limit by maintenance alone | warning | 9
contract_before_approval | 采购或合同早于批复 | Contract before approval | warning | 13
started_before_approval | 开工早于批复 | Started before approval | warning | 13
started_before_filing | 开工时尚未备案 | Started before filing | warning | 23
responsible_missing | 开工时未确定责任人 | Nobody responsible at the start | warning | 24
supervision_missing | 开工时未委托监理 | No supervisor at the start | warning | 26
supervisor_not_independent | 监理单位不是独立一方 | Supervisor is a party of the building | warning | 26
contract_beyond_approval | 采购或合同金额超过批复 | Contracts beyond the approval | warning | 24
appraiser_contracted | 评估机构又是合同当事人 | Appraising agency is a party | neutral | 18
paid_beyond_contract | 支付超过合同金额 | Paid beyond the contract | warning | 38
paid_before_contract | 支付早于合同签订 | Paid before the contract | warning | 38
report_other_supervisor | 征求意见的监理单位与登记不符 | Opinion of another supervisor | neutral | 27
protection_level_below_plan | 等级保护级别低于申报 | Protection level below the declared | warning | 25
approved_before_framework | 批复早于框架方案 | Approved before the framework | warning | 12
approved_unappraised | 批复前没有论证评估 | Approved without an appraisal | warning | 18
trial_run_short | 试运行期不满 | Trial run too short | warning | 30
accepted_unconfirmed | 验收前没有确认 | Accepted without confirmations | warning | 30
evaluated_early | 自评早于规定期间 | Evaluated too early | neutral | 40
older_than_owner | 批复早于单位设立 | Approved before the owner was set up | neutral | 39
ownership_clause_missing | 合同没有成果归属条款 | No clause on ownership | warning | 31
sharing_exempt | 称不落实数据共享有依据 | Exempt from sharing | neutral | 11
sharing_not_answered | 数据共享没有答复 | Sharing not answered | warning | 11
sharing_not_connected | 不接入数据共享交换平台 | Not connected for sharing | warning | 11
unifications_not_checked | 五个统一未全部答复 | Unifications not answered | warning | 3
owner_poorly_evaluated | 该单位已有项目绩效评价低于合格线 | Office evaluated below the line | warning | 40
weak_evaluation | 上次绩效评价低于合格线 | Last evaluation below the line | warning | 40
maintenance_not_checked | 运维条件部分未核对 | Conditions of maintenance not all checked | neutral | 37
maintenance_unshared | 没有按要求共享数据或重复采集 | Data not shared | warning | 37
maintenance_insecure | 密码或网络安全不合要求 | Cryptography or security of the system not met | warning | 37
maintenance_off_network | 没有依托政务外网或政务云 | Off the government network | warning | 37
negative_17_1 | 不予支持情形：自建机房或自购硬件 | Own machine rooms or hardware | warning | 17
negative_17_2 | 不予支持情形：自行租用专线 | Own leased lines | warning | 17
negative_17_3 | 不予支持情形：未上政务云 | Off the government cloud | warning | 17
negative_17_4 | 不予支持情形：未采用安全可靠产品 | Not safe and reliable products | warning | 17
negative_17_5 | 不予支持情形：密码、网络安全或保密不合要求 | Cryptography or security not met | warning | 17
negative_17_6 | 不予支持情形：需求不清或共享没有落实 | Unclear needs or unshared data | warning | 17
negative_17_7 | 不予支持情形：原项目未验收即升级改造 | Previous project not accepted | warning | 17
deployment_unproven | 重大部署：没有可核对的依据 | Deployment: unproven | warning | 19
featured_scenario_evidenced | 县域特色应用场景：已附依据，须核对认可 | Featured scenario: evidenced | neutral | 23
featured_scenario_unproven | 县域特色应用场景：没有可核对的依据 | Featured scenario: unproven | warning | 23
previous_acceptance_evidenced | 原项目已验收：已附依据，须核对认可 | Previous acceptance: evidenced | neutral | 17
previous_acceptance_unproven | 原项目已验收：没有可核对的依据 | Previous acceptance: unproven | warning | 17
cross_level_evidenced | 跨层级：已附依据，须核对认可 | Cross-level work: evidenced | neutral | 12
cross_level_unproven | 跨层级：没有可核对的依据 | Cross-level work: unproven | warning | 12
participants_evidenced | 参建单位：已附依据，须核对认可 | Participants: evidenced | neutral | 12
participants_unproven | 参建单位：没有可核对的依据 | Participants: unproven | warning | 12
not_unified_architecture | 不符合统一顶层架构 | Not unified: architecture | warning | 3
not_unified_foundation | 不符合统一数字底座 | Not unified: foundation | warning | 3
not_unified_standards | 不符合统一技术标准 | Not unified: standards | warning | 3
not_unified_applications | 不符合统一共性应用 | Not unified: applications | warning | 3
not_unified_operations | 不符合统一运维运营 | Not unified: operations | warning | 3
nothing_invested | 投资额为零 | Nothing invested | neutral | 13
amount_unusual | 金额异常，请核对单位 | Unusual amount | warning | 13
library_entry_other_name | 入库记录的名称与申报不同 | The library entry names the project otherwise | warning | 19
period_before_declaration | 建设期早于申报 | Building period begins before the declaration | warning | 13
date_unusual | 日期久远，请核对年份 | Unusual date | warning | 15
split_suspicion | 疑似拆分申报 | Suspected split | danger | 8
label_suspicion | 类别疑点 | Suspected wrong class | warning | 9
attachments_not_read | 附件没有读全 | Attachments not read | neutral | 39
""",
)  # fmt: skip
AUDIT = table(
    "audit_finding", "审计核对结果", "Finding of an audit check", """
chain_gap | 审计链缺号或改号 | Gap in the chain | danger
chain_broken | 审计链值与前一环不符 | Chain broken | danger
entry_deleted | 审计记录被删除 | Entry deleted | danger
entry_edited | 审计记录被改动 | Entry edited | danger
entry_backdated | 审计记录疑为事后补入 | Entry backdated | danger
anchor_mismatch | 链值与库外锚点不符 | Chain and anchor differ | danger
case_edited | 案卷在库中被改动 | Case edited | danger
case_added | 案卷没有审计依据而在库中出现 | Case added | danger
case_deleted | 案卷在库中被删除 | Case deleted | danger
version_edited | 提交版本在库中被改动 | Version edited | danger
version_added | 提交版本没有审计依据而在库中出现 | Version added | danger
version_deleted | 提交版本在库中被删除 | Version deleted | danger
transition_edited | 经办记录在库中被改动 | Step edited | danger
transition_added | 经办记录没有审计依据而在库中出现 | Step added | danger
transition_deleted | 经办记录在库中被删除 | Step deleted | danger
approval_edited | 批复在库中被改动 | Approval edited | danger
approval_added | 批复没有审计依据而在库中出现 | Approval added | danger
approval_deleted | 批复在库中被删除 | Approval deleted | danger
filing_edited | 备案在库中被改动 | Filing edited | danger
filing_added | 备案没有审计依据而在库中出现 | Filing added | danger
filing_deleted | 备案在库中被删除 | Filing deleted | danger
acceptance_filing_edited | 验收备案在库中被改动 | Acceptance filing edited | danger
acceptance_filing_added | 验收备案没有审计依据而在库中出现 | Acceptance filing added | danger
acceptance_filing_deleted | 验收备案在库中被删除 | Acceptance filing deleted | danger
record_edited | 过程记录在库中被改动 | Record edited | danger
record_added | 过程记录没有审计依据而在库中出现 | Record added | danger
record_deleted | 过程记录在库中被删除 | Record deleted | danger
user_edited | 账号在库中被改动 | User edited | danger
user_added | 账号没有审计依据而在库中出现 | User added | danger
user_deleted | 账号在库中被删除 | User deleted | danger
grant_edited | 角色授权在库中被改动 | Grant edited | danger
grant_added | 角色授权没有审计依据而在库中出现 | Grant added | danger
grant_deleted | 角色授权在库中被删除 | Grant deleted | danger
client_edited | 接入客户端在库中被改动 | Client edited | danger
client_added | 接入客户端没有审计依据而在库中出现 | Client added | danger
client_deleted | 接入客户端在库中被删除 | Client deleted | danger
issuer_edited | 身份系统的登记在库中被改动 | Identity provider edited | danger
issuer_added | 身份系统没有审计依据而在库中出现 | Identity provider added | danger
issuer_deleted | 身份系统的登记在库中被删除 | Identity provider deleted | danger
deputy_edited | 代办关系在库中被改动 | Deputation edited | danger
deputy_added | 代办关系没有审计依据而在库中出现 | Deputation added | danger
deputy_deleted | 代办关系在库中被删除 | Deputation deleted | danger
anchor_file_missing | 审计锚定文件缺失 | Anchor file missing | danger
anchor_unreadable | 审计锚定文件不能读取 | Anchor unreadable | danger
anchor_fence | 审计锚定由已被接手的进程写入 | Anchor by a process that had been relieved | danger
anchor_forged | 审计锚定签名不符 | Anchor forged | danger
anchor_key_unknown | 审计锚定的公钥未登记 | Anchor key unknown | danger
anchor_lines_missing | 审计锚定缺少行 | Anchor lines missing | danger
entry_unsealed | 审计记录尚未封存 | Entry not sealed | neutral
tail_cut | 审计记录末尾被截断 | Tail cut off | danger
tenant_missing | 地区的审计记录缺失 | Tenant missing | danger
""",
)  # fmt: skip
