"""/calendar: the working days that reminders keep to, entered year by year from the State Council's notice."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from litestar.handlers import HTTPRouteHandler
from sqlalchemy import DateTime, Integer, Text, bindparam, delete, update

from service.audit.actions import audited
from service.kit.api import Answer, Call, Error, operation
from service.kit.clock import legal_day
from service.kit.db import Tx
from service.kit.errors import FieldError, ServiceError, invalid
from service.kit.rows import of_row
from service.kit.statements import Statement
from service.kit.tables import insert_row, insert_rows
from service.obligations.jobs import HORIZON_DAYS, horizon
from service.obligations.models import calendar_days, calendar_years
from service.obligations.queries import DAYS, YEARS
from service.obligations.schemas import (
    CalendarDay,
    CalendarIn,
    CalendarMade,
    CalendarQuery,
    CalendarView,
    CalendarYear,
    DayView,
    NeighbourYear,
)

TAG = "calendar"
STALE = Error(409, "calendar_changed", "该年度日历已存在或已被更新，请读取后以 replaces 指明所替换的版本")
_Y = calendar_years.c
_ADD_YEAR = insert_row(calendar_years)
_SET_YEAR = Statement(
    update(calendar_years)
    .where(_Y.year == bindparam("of_year", type_=Integer), _Y.version == bindparam("read", type_=Integer))
    .values(
        source=bindparam("source", type_=Text),
        recorded_by=bindparam("by", type_=Text),
        recorded_at=bindparam("now", type_=DateTime(timezone=True)),
        version=bindparam("new", type_=Integer),
    )
)
_CLEAR = Statement(delete(calendar_days).where(calendar_days.c.notice == bindparam("of_year", type_=Integer)))
_ADD_DAYS = insert_rows(calendar_days)


async def _view(call: Call, year: int) -> CalendarView:
    years = await call.door.fetch(call.scope, YEARS)
    days = await call.door.fetch(call.scope, DAYS, first=date(year, 1, 1), last=date(year, 12, 31))
    today = legal_day(call.now)
    last = horizon([row["year"] for row in years], today)
    left = (last - today).days
    return CalendarView(
        last,
        left,
        left < HORIZON_DAYS,
        [of_row(CalendarYear, row) for row in years],
        [of_row(DayView, row, date=row["day"]) for row in days],
    )


@operation(
    "GET",
    "/calendar",
    resource="calendar",
    action="read",
    summary="工作日历",
    tag=TAG,
    query=CalendarQuery,
    answer=CalendarView,
)
async def read(call: Call) -> Answer:
    """法定节假日和调休上班日；没有列出的日子按周一至周五上班。horizon 为已覆盖的最后一日，不足九十日时 alarm 为真。"""
    return Answer(await _view(call, call.query.year or legal_day(call.now).year))


def _csv_days(text: str) -> list[CalendarDay]:
    """The lines of the CSV; every fault with its line."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    rows = [row for row in reader if row]
    if not rows or rows[0] != ["date", "working", "note"]:
        raise invalid([FieldError("/csv", "invalid_format", "首行应为 date,working,note")])
    days, faults = [], []
    for number, row in enumerate(rows[1:], start=2):
        try:
            when, working, note = row
            if working not in ("0", "1") or len(note) > 60 or "\n" in note:
                raise ValueError(working)
            days.append(CalendarDay(date.fromisoformat(when), working == "1", note))
        except ValueError:
            faults.append(FieldError("/csv", "invalid_format", f"第{number}行应为日期、0 或 1、说明"))
    if faults:
        raise invalid(faults)
    return days


def _days(body: CalendarIn) -> list[CalendarDay]:
    """The days of the notice, each once, each different from what its weekday says or a named holiday.

    Real notices begin or end in a neighbouring year (元旦); what lies further off is a slip.
    """
    if (body.days is None) == (body.csv is None):
        raise invalid([FieldError("/days", "one_of", "请在 days 与 csv 中给出其一")])
    days = body.days if body.days is not None else _csv_days(body.csv or "")
    field = "/days" if body.days is not None else "/csv"
    faults, seen = [], set()
    for index, each in enumerate(days):
        pointer = f"{field}/{index}/date" if body.days is not None else field
        if abs(each.date.year - body.year) > 1:
            detail = f"{each.date.isoformat()} 不在 {body.year} 年及其前后一年内"
            faults.append(FieldError(pointer, "wrong_year", detail))
        if each.date in seen:
            faults.append(FieldError(pointer, "duplicate_date", f"{each.date.isoformat()} 重复出现"))
        if each.working and each.date.weekday() < 5:
            faults.append(FieldError(pointer, "already_working", f"{each.date.isoformat()} 本为工作日"))
        seen.add(each.date)
    if not any(not each.working and each.date.year == body.year for each in days):
        faults.append(FieldError(field, "no_holiday", "一年中至少应有一个节假日"))
    if faults:
        raise invalid(faults)
    return days


@operation(
    "POST",
    "/calendar/import",
    resource="calendar",
    action="import",
    summary="导入年度工作日历",
    tag=TAG,
    where="cases",
    body=CalendarIn,
    answer=CalendarMade,
    status=201,
    errors=(STALE,),
    conflict=STALE,
)
async def import_year(call: Call, tx: Tx) -> Answer:
    """依据国务院办公厅的年度通知整年导入，含通知所列上一年末、下一年初的日子；更正时以 replaces 指明被替换的版本。

    只影响提醒落在哪一天，不改变任何期限。相邻年度自己的通知及其版本不变；同一天两年的通知都列出的，以较晚年度的为准。
    """
    body: CalendarIn = call.body
    days = _days(body)
    kept = {row["year"]: row["version"] for row in await tx.fetch(YEARS)}
    stale = ServiceError(STALE.status, STALE.code, STALE.meaning)
    if kept.get(body.year, 0) != body.replaces:
        raise stale
    who, version = call.principal.actor, body.replaces + 1
    told: dict[str, Any] = {
        "source": body.source,
        "recorded_by": who,
        "recorded_at": call.now,
        "version": version,
    }
    _put_year(tx, body, told, stale)
    # Taken first and by itself: one statement cannot delete a day and enter it again.
    await tx.fetch(_CLEAR, of_year=body.year)
    rows = [
        {"day": each.date, "working": each.working, "note": each.note, "notice": body.year} for each in days
    ]
    tx.batch.add(_ADD_DAYS, expect=len(rows), rows=rows)
    audited(call, tx, "calendar.import", str(body.year), {"version": version, "days": len(rows)})
    beside = Counter(each.date.year for each in days if each.date.year != body.year)
    neighbours = [NeighbourYear(year, kept.get(year, 0), beside[year]) for year in sorted(beside)]
    return Answer(CalendarMade(body.year, **told, neighbours=neighbours))


def _put_year(tx: Tx, body: CalendarIn, told: Mapping[str, Any], stale: ServiceError) -> None:
    """Adds the year, or sets the version that was read anew; `stale` where it has changed since."""
    if body.replaces == 0:
        tx.batch.add(_ADD_YEAR, year=body.year, **told)
        return
    tx.batch.add(
        _SET_YEAR,
        miss=stale,
        of_year=body.year,
        read=body.replaces,
        source=told["source"],
        by=told["recorded_by"],
        now=told["recorded_at"],
        new=told["version"],
    )


ROUTES: list[HTTPRouteHandler] = [read, import_year]
