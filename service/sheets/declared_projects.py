"""The sheets of projects: running ones taken over, declarations as drafts, needs."""

from __future__ import annotations

from service.measures.facts import NEGATIVE_KEYS
from service.sheets import words
from service.sheets.columns import Column, Sheet
from service.vocabulary import label, names

OWNER = Column("项目单位", "/owner_office_id", "office", required=True, note="本地登记的单位")
_FACTS = (
    Column("项目类别", "/facts/project_class", "choice", True, "决定审批限额（第九条）", words.CLASSES),
    Column("建设性质", "/facts/kind", "choice", True, "第十三条", words.KINDS),
    Column("总投资（元）", "/facts/investment_yuan", "amount", True, "以元为单位，至多两位小数"),
    Column("其中运维费用（元）", "/facts/of_which_maintenance_yuan", "amount"),
    Column("使用财政性资金", "/facts/fiscal_funds", "flag", True, "第二条"),
    Column("涉密项目", "/facts/classified", "flag", True, "涉密项目不在本系统办理（第十四条）"),
    Column("跨层级", "/facts/cross_level", "flag"),
    Column("国家或省重大部署", "/facts/national_or_provincial_deployment", "flag"),
    Column("参建单位", "/facts/participating_offices", "texts", note="多个用顿号隔开"),
)
_NEGATIVE = tuple(
    Column(
        f"第十七条：{label('negative_case', code)}", f"/facts/negative/{code}", "flag", note="没有核对的不填"
    )
    for code in NEGATIVE_KEYS
)
_UNIFIED = tuple(
    Column(f"第三条：{called}", f"/facts/unifications/{code}", "flag", note="符合填是；没有核对的不填")
    for code, called in words.UNIFIED.items()
)
_SHARING = (
    Column("接入共享交换平台", "/facts/sharing/exchange", "flag", note="第十一条"),
    Column("数据共享方案", "/facts/sharing/plan", note="第十一条"),
    Column("数据目录", "/facts/sharing/catalogue", "texts", note="数据项，多个用顿号隔开"),
)
_MATERIALS = (
    Column("集体研究机构", "/materials/resolution/body", note="第十五条"),
    Column("集体研究日期", "/materials/resolution/date", "date"),
    Column("会议纪要文号", "/materials/resolution/number", "code"),
    Column("主要建设内容", "/materials/basics/main_tasks"),
    Column("建设地点", "/materials/basics/location"),
    Column("建设依据", "/materials/basics/basis"),
    Column("绩效目标", "/materials/basics/performance_goals"),
    Column("实施方式", "/materials/basics/implementation"),
    Column("技术方案", "/materials/technical_plan"),
    Column("运维方案", "/materials/maintenance_plan"),
    *(
        column
        for index in range(3)
        for column in (
            Column(f"资金来源{index + 1}", f"/materials/funding/{index}/source"),
            Column(f"资金来源{index + 1}金额（元）", f"/materials/funding/{index}/amount_yuan", "amount"),
        )
    ),
)
_NAME = Column("项目名称", "/name", required=True)
_REF = Column("外部编号", "/external_ref", "code", note="其他系统的编号，地区内不重复")
_DECLARED = (_NAME, OWNER, _REF, *_FACTS, *_NEGATIVE, *_UNIFIED, *_SHARING, *_MATERIALS)

RUNNING = Sheet(
    "projects",
    (
        _NAME, OWNER, *_FACTS, *_NEGATIVE,
        Column("状态", "/state", "choice", True, "项目目前所处的状态", words.STATES),
        Column("批复金额（元）", "/approved_amount_yuan", "amount", True),
        Column("批复文号", "/approval_number", "code", True),
        Column("来源文件", "/source/document", required=True, note="据以登记的文件名称"),
        Column("来源文号", "/source/number", "code", True),
        Column("来源文件日期", "/source/date", "date", True),
        *(
            Column(f"{called}日期", f"/dated/{name}", "date", name == "approved", "尚未发生的不填")
            for name, called in names("dated_fact").items()
        ),
        Column("已下达预算（元）", "/budget_issued_yuan", "amount"),
        Column("已支付（元）", "/paid_yuan", "amount"),
        _REF,
    ),
    key=("/owner_office_id", "/approval_number", "/name"),
    most=1000,
    two_hands=True,
)  # fmt: skip
DECLARATIONS = Sheet("declarations", _DECLARED, key=("/owner_office_id", "/name"), most=1000)
NEEDS = Sheet("needs", _DECLARED, key=("/owner_office_id", "/name"), most=1000)
