"""What the list of cases may be asked for, on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from service.kit.coded import FoundChoice
from service.kit.office_ids import OfficeId
from service.kit.text import Cursor, Needle, line
from service.measures.lifecycle_states import Holder, State
from service.projects.schemas import Amount, ExternalRef, Kind, ProjectClass, Route

Tenant = Annotated[str, Meta(pattern=r"^[0-9A-Za-z]{2,16}$(?!\n)")]
Division = Annotated[str, Meta(pattern=r"^[0-9A-Za-z]{6}$(?!\n)")]
Month = Annotated[str, Meta(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$(?!\n)")]
SEVERAL = 50
Order = Literal["newest", "waiting", "amount_up", "amount_down", "due", "updated"]


class ProjectFilter(Struct, forbid_unknown_fields=True, kw_only=True):
    """Filters, all of which have to fit; of several values of one, any."""

    tenant: Annotated[list[Tenant], Meta(max_length=SEVERAL)] | None = None
    state: list[State] | None = None
    holder: list[Holder] | None = None
    route: list[Route] | None = None
    project_class: list[ProjectClass] | None = None
    kind: list[Kind] | None = None
    division: Annotated[list[Division], Meta(max_length=SEVERAL)] | None = None
    owner_office_id: Annotated[list[OfficeId], Meta(max_length=SEVERAL)] | None = None
    finding: (
        Annotated[
            list[FoundChoice],
            Meta(max_length=SEVERAL, description="有其中任何一项提示的；设区市自设检查以 local_ 开头"),
        ]
        | None
    ) = None
    external_ref: ExternalRef | None = None
    project_code: (
        Annotated[str, line(200, kind="number", told="其他平台的项目代码，例如投资项目代码")] | None
    ) = None
    filing_number: (
        Annotated[str, line(60, kind="number", told="备案编号；括号、空格等写法不同也能找到")] | None
    ) = None
    document_number: (
        Annotated[str, line(200, kind="number", told="批复文号；括号、空格等写法不同也能找到")] | None
    ) = None
    text: (
        Annotated[
            Needle, Meta(description="名称、单位、外部编号、备案编号、批复文号中的字词，空格分开的须都有")
        ]
        | None
    ) = None
    amount_from: (
        Annotated[Amount, Meta(description="金额不低于，元；已批复的按批复金额，未批复的按总投资")] | None
    ) = None
    amount_to: Annotated[Amount, Meta(description="金额不高于，元")] | None = None
    waiting_over: (
        Annotated[int, Meta(ge=0, le=36500, description="在当前状态停留超过多少天，已终结的不算")] | None
    ) = None
    updated_since: Annotated[datetime, Meta(tz=True, description="此后有变动的")] | None = None
    created_from: date | None = None
    created_to: date | None = None
    month_from: (
        Annotated[Month, Meta(description="首次申报（需求为报省）的月份不早于，如 2026-01")] | None
    ) = None
    month_to: Annotated[Month, Meta(description="首次申报（需求为报省）的月份不晚于")] | None = None
    need_year: (
        Annotated[int, Meta(ge=2023, le=2100, description="在该年度征集中已报省的需求，以及由其申报的项目")]
        | None
    ) = None
    order: (
        Annotated[
            Order,
            Meta(
                description="排序；不给出则新建的在前，给出 updated_since 时先变动的在前，"
                "按月份筛选的月份新的在前、尚未申报的需求在后（所选超过一年又另按状态、路径或区划筛选的，以及只看部分单位的，"
                "仍为新建的在前）。waiting 只列尚未终结的，due 只列还有期限未办的"
            ),
        ]
        | None
    ) = None


class ProjectQuery(ProjectFilter, kw_only=True, forbid_unknown_fields=True):
    """A page of it."""

    count: Annotated[bool, Meta(description="同时给出总数，数到一千为止")] = False
    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
