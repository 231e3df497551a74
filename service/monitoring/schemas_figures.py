"""The figures on the wire: totals, needs of a round, duties; each with the period before and the way to its rows."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta, Struct

from service.kit.coded import DutyCode, RouteCode, StateCode
from service.kit.naming import TenantNamed
from service.kit.text import TenantCode, TenantCodes
from service.measures.lifecycle_states import State
from service.projects.schemas import Route

Month = Annotated[str, Meta(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$(?!\n)", description="年-月，如 2026-01")]
Year = Annotated[int, Meta(ge=2023, le=2100)]
Group = Annotated[
    str,
    Meta(
        pattern=r"^(tenant|route|state|month)(,(tenant|route|state|month)){0,3}$(?!\n)",
        description="分组维度，逗号分隔：tenant、route、state、month",
    ),
]


class TotalsQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Filters and dimensions; months are those of the first declaration, of a need those of its report."""

    tenant: TenantCode | None = None
    route: Route | None = None
    state: State | None = None
    month_from: Month | None = None
    month_to: Month | None = None
    group: Group = "tenant,route,state,month"
    previous: Annotated[
        bool, Meta(description="每项附紧接之前、同样长的一段时间的数；须给出 month_from，month_to 默认为本月")
    ] = False


class Drill(Struct):
    """The list that shows the rows behind a figure."""

    path: Annotated[str, Meta(description="列表的地址")]
    params: Annotated[dict[str, str], Meta(description="查询参数；列出的行与该数相同")]


class Before(Struct):
    """The same figure of the period before, which is as long and ends where this one begins."""

    month_from: Month
    month_to: Month
    count: int
    amount_yuan: str
    drill: Drill


class Total(Struct, omit_defaults=True):
    """One cell; dimensions that are not asked for are left out. Amount: approved where approved, else declared."""

    count: int
    amount_yuan: str
    drill: Drill
    tenant: TenantNamed | None = None
    route: RouteCode | None = None
    state: StateCode | None = None
    month: str | None = None
    previous: Before | None = None


class Totals(Struct):
    """Figures of the moment `as_of`. `unfolded` rows are counted in; over several databases they may lag so far."""

    as_of: datetime
    unfolded: int
    oldest_unfolded_at: datetime | None
    items: list[Total]


class NeedsQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Of which year's round; this year's by default."""

    year: Annotated[Year, Meta(description="征集年度，默认本年")] | None = None
    tenant: TenantCodes | None = None
    previous: Annotated[bool, Meta(description="每地附上一年度的数")] = False


class NeedsBefore(Struct):
    """The round of the year before."""

    year: int
    count: int
    amount_yuan: str
    drill: Drill


class NeedsTotal(Struct, omit_defaults=True, kw_only=True):
    """One city's needs of a round; a city that has reported none has its line too. `late`: after the round closed."""

    tenant: TenantNamed
    reported: bool
    count: int
    late: int
    amount_yuan: str
    drill: Drill
    last_on: date | None = None
    previous: NeedsBefore | None = None


class NeedsTotals(Struct):
    """Per city, in the order of their codes; how many have reported, and how many have not."""

    as_of: datetime
    year: int
    closes_on: date
    reported: int
    not_reported: int
    items: list[NeedsTotal]


class DutiesQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Duties that fall due within months, this year's by default."""

    tenant: TenantCodes | None = None
    code: list[DutyCode] | None = None
    month_from: Annotated[Month, Meta(description="到期日所在月份不早于，默认本年一月")] | None = None
    month_to: Annotated[Month, Meta(description="到期日所在月份不晚于，默认本年十二月")] | None = None
    by_code: Annotated[bool, Meta(description="再按事项分列")] = False
    previous: Annotated[bool, Meta(description="每项附紧接之前、同样长的一段时间的数")] = False


class Figure(Struct):
    """How many, and the list that shows them."""

    count: int
    drill: Drill


class Kept(Struct):
    """What became of the duties of a period. The share: done in time of all whose day has passed or that are done."""

    month_from: Month
    month_to: Month
    done: Figure
    done_late: Figure
    open: Figure
    lapsed: Figure
    in_time_percent: Annotated[int, Meta(ge=0, le=100)] | None


class DutiesTotal(Struct, omit_defaults=True, kw_only=True):
    """One city's duties, of one kind where they are told apart."""

    tenant: TenantNamed
    now: Kept
    code: DutyCode | None = None
    previous: Kept | None = None


class DutiesTotals(Struct):
    """Per city, in the order of their codes; a city that owed nothing has its line too."""

    as_of: datetime
    items: list[DutiesTotal]
