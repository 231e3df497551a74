"""The sheets there are, by name."""

from __future__ import annotations

from collections.abc import Mapping

from service.sheets import words
from service.sheets.columns import Column, Sheet
from service.sheets.declared_projects import DECLARATIONS, NEEDS, RUNNING

_OFFICE = Column("单位", "/office_id", "office", required=True, note="本地登记的单位")

PEOPLE = Sheet(
    "people",
    (
        Column("登录名", "/login", "code", True, "小写字母、数字和 . _ -，本地不重复"),
        Column("姓名", "/name", required=True),
        _OFFICE,
        Column(
            "角色",
            "/roles",
            "choices",
            note="多个用顿号隔开；互相制约的角色不能由同一人担任",
            choices=words.ROLES,
        ),
    ),
    key=("/login",),
)
OFFICES = Sheet(
    "offices",
    (
        Column("单位名称", "/name", required=True),
        Column("层级", "/tier", "choice", True, "", words.TIERS, words.ALSO_TIERS),
        Column("区划代码", "/division", "code", note="开发区没有国家代码的，填本地代码"),
        Column("本地代码", "/local_code", "code", note="两位数字加四位数字或大写字母"),
        Column("单位类型", "/office_kind", "choice", True, "", words.OFFICE_KINDS),
        Column("所任机关", "/organ", "code", note="省、市级机构（第四条、第五条）填代码，如 data_bureau"),
        Column("有效期起", "/valid_from", "date", True),
        Column("有效期止", "/valid_to", "date", note="不再存续的第一天"),
    ),
    key=("/name", "/division", "/local_code"),
)
SYSTEMS = Sheet(
    "systems",
    (
        Column("系统名称", "/name", required=True),
        _OFFICE,
        Column("用途", "/purpose"),
        Column("已上云", "/on_cloud", "flag"),
        Column("网络", "/network", "choice", False, "", words.NETWORKS),
        Column("等级保护级别", "/protection_level", "integer", note="1 至 5"),
        Column("上线日期", "/launched_on", "date"),
        Column("年运维费（元）", "/yearly_maintenance_yuan", "amount"),
    ),
    key=("/office_id", "/name"),
)
ADOPTIONS = Sheet(
    "adoptions",
    (
        Column("应用", "/app_id", "app", True, "本单位可见的共享应用"),
        Column("使用人数", "/users", "integer", True),
        Column("使用范围", "/scope", required=True, note="用于哪些业务"),
        Column("数据需求", "/data_needs", "texts", note="多个用顿号隔开"),
    ),
    key=("/app_id",),
    most=1000,
)
EXPERTS = Sheet(
    "experts",
    (
        Column("姓名", "/name", required=True),
        Column("职称", "/title", required=True),
        Column("专业领域", "/fields", "choices", True, "多个用顿号隔开", words.EXPERT_FIELDS),
        Column("工作单位", "/employer_name", required=True),
        Column("本地单位", "/employer_office_id", "office", note="工作单位已在本地登记的填写，用于回避"),
        Column("评审账号", "/user_id", "person", note="已授予评审专家角色的登录名"),
        Column("区别说明", "/told_apart", note="同一单位另有同名专家时填写"),
        Column("聘期起", "/valid_from", "date", True),
        Column("聘期止", "/valid_to", "date", note="不再有效的第一天"),
    ),
    key=("/name", "/employer_name", "/told_apart"),
)
PLAN = Sheet(
    "plan-items",
    (
        Column("规划名称", "/title", required=True),
        Column("起始年度", "/first_year", "integer", True),
        Column("条目编号", "/item/key", "code", True, "跨版本不变"),
        Column("条目名称", "/item/title", required=True),
        Column("责任单位", "/item/owner", required=True),
        Column("项目类别", "/item/project_class", "choice", True, "", words.CLASSES),
        Column("估算投资（元）", "/item/estimated_yuan", "amount", True),
        Column("实施年度", "/item/years", "integers", True, "多个用顿号隔开"),
        Column("衔接说明", "/item/alignment", required=True, note="与国家和省规划的衔接（第十条）"),
    ),
    key=("/title", "/first_year"),
    most=500,
    group=("/title", "/first_year"),
    items="items",
)
LIBRARY = Sheet(
    "library",
    (
        Column("项目单位", "/owner", "office_ref", True, "同名单位填单位编号"),
        Column("项目名称", "/project_name", required=True),
        Column("入库文件制发单位", "/document/issuer", required=True),
        Column("入库文件文号", "/document/number", "code", True),
        Column("入库文件日期", "/document/date", "date", True),
        Column("入库日期", "/entered_on", "date", True, "有效期自此起算"),
        Column("备注", "/note"),
    ),
    key=("/owner", "/project_name", "/document/number"),
    most=2000,
    two_hands=True,
)
SHEETS: Mapping[str, Sheet] = {
    each.name: each
    for each in (
        PEOPLE,
        OFFICES,
        SYSTEMS,
        ADOPTIONS,
        EXPERTS,
        NEEDS,
        PLAN,
        LIBRARY,
        RUNNING,
        DECLARATIONS,
    )
}
