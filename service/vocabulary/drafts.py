"""Drafts of papers, and the templates they are filled by."""

from service.vocabulary.entry import table

DRAFTS = table(
    "draft", "送审稿", "Draft", """
approval | 批复 | Approval
appraisal | 论证评估报告 | Appraisal report
acceptance | 竣工验收意见 | Acceptance opinion
rectification | 整改要求 | Rectification order
""",
)  # fmt: skip
DRAFT_SOURCES = table(
    "draft_source", "送审稿模板的来源", "Whose template of a draft stands", """
office | 本单位的模板 | The office's own
own | 部署单位的模板 | The deployment's
ours | 系统自带的模板 | Ours
""",
)  # fmt: skip
DRAFT_TEMPLATE_ACTS = table(
    "draft_template_act", "送审稿模板的改动", "Change of an office's template", """
put | 上传使用 | Put in place | done
withdrawn | 撤回 | Withdrawn | neutral
""",
)  # fmt: skip
DRAFT_FIELDS = table(
    "draft_field", "送审稿模板的字段", "Field of a draft's template", """
marking | 送审稿标志 | Marking
organ | 行文机关 | Organ that writes
today | 今日日期 | Today
project_name | 项目名称 | Name of the project
owner_name | 项目单位 | Owner
project_id | 项目编号 | Number of the case
project_class | 项目类别 | Class
project_kind | 建设性质 | Kind
declared_amount | 申报总投资 | Investment declared
approved_amount | 批复金额 | Amount approved
main_tasks | 建设任务 | Tasks
location | 部署位置 | Location
basis | 建设依据 | Basis
performance_goals | 绩效目标 | Goals
implementation | 实施方式 | Implementation
funding | 资金来源表 | Sources of funds
funding_source | 资金来源 | Source
funding_amount | 金额 | Amount
filing_number | 备案编号 | Filing number
document_number | 批复文号 | Number of the approval
document_date | 批复日期 | Date of the approval
trial_run_on | 试运行开始日期 | Begin of the trial run
final_inspected_on | 终验日期 | Final inspection
applied_on | 申请验收日期 | Application for acceptance
data_confirmed | 数据共享确认结果 | Confirmation of data sharing
crypto_confirmed | 安全可靠和密码应用确认结果 | Confirmation of security and cryptography
agency | 评估机构 | Agency
commissioned_on | 委托日期 | Day of the commission
experts | 专家表 | Experts
experts_name | 专家姓名 | Name
experts_title | 职称 | Title
experts_employer | 工作单位 | Employer
experts_recommendation | 建议 | Recommendation
experts_opinion | 意见 | Opinion
findings | 核对情形表 | Findings
findings_name | 情形 | Finding
findings_reason | 说明 | Reason given
""",
)  # fmt: skip
