"""From a table of cells to bodies of an operation: which column is which, what each cell says, what is wrong where."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from service.characters.keys import key
from service.sheets.cells import Cell, empty, shown
from service.sheets.columns import Column, Fault, Sheet
from service.sheets.values import CellFault, value_of

# Columns of our own answer, left out when the file comes back.
RESULT, PROBLEM = "导入结果", "问题"
_HEAD_WITHIN = 10  # rows: titles may stand above the names of the columns
_STAR = re.compile(r"[\s*＊]")
_UNIT = re.compile(r"\(.*\)$")


@dataclass(slots=True)
class Thing:
    """One thing of a file: the rows it stands in, its body, what is wrong with it already."""

    rows: list[int]
    body: dict[str, Any]
    faults: list[Fault] = field(default_factory=list)


@dataclass(slots=True)
class Head:
    """Where the columns are: by path their places; `row`: of the names."""

    row: int
    places: dict[str, int]


def things_of(
    sheet: Sheet, form: str, rows: list[tuple[int, list[Cell]]], merged: list[tuple[int, int]]
) -> tuple[list[Thing], list[Fault]]:
    """What a table says, thing by thing, and faults of the file itself (with which nothing is taken)."""
    head, faults = _head(sheet, form, rows)
    if faults:
        return [], faults
    below = [(number, cells) for number, cells in rows if number > head.row]
    if not below:
        return [], [Fault(0, "", "no_rows", f"{form} 文件中没有数据行")]
    if len(below) > sheet.most:
        return [], [Fault(0, "", "too_many_rows", f"{form} 文件有 {len(below)} 行，一次至多 {sheet.most} 行")]
    spans = [(first, last) for first, last in merged if last > head.row]
    found = [_entry(sheet, head, number, cells) for number, cells in below]
    for thing in found:
        if any(first <= thing.rows[0] <= last for first, last in spans):
            detail = "该行含合并单元格，只有左上角有值；请取消合并并逐格填写"
            thing.faults.append(Fault(thing.rows[0], "", "merged_cells", detail))
    if sheet.group:
        found = _grouped(sheet, found)
    _doubles(sheet, found)
    return found, []


def plain_label(label: str) -> str:
    """A column's name however it is typed: stars, blanks and the width of brackets do not count."""
    return _STAR.sub("", unicodedata.normalize("NFKC", label)).lower()


def _head(sheet: Sheet, form: str, rows: list[tuple[int, list[Cell]]]) -> tuple[Head, list[Fault]]:
    labels = {plain_label(each.label): each for each in sheet.columns}
    best, row, cells = 0, 0, list[Cell]()
    for number, each in rows[:_HEAD_WITHIN]:
        known = sum(plain_label(shown(cell)) in labels for cell in each)
        if known > best:
            best, row, cells = known, number, each
    if not best:
        names = "、".join(each.label for each in sheet.columns if each.required)
        detail = f"{form} 文件前 {_HEAD_WITHIN} 行没有“{sheet.title}”的列名；至少须有：{names}"
        return Head(0, {}), [Fault(0, "", "no_header", detail)]
    faults, places = [], dict[str, int]()
    for place, cell in enumerate(cells):
        name = plain_label(shown(cell))
        column = labels.get(name)
        if column is None:
            if name and name not in (RESULT, PROBLEM):
                faults.append(Fault(row, shown(cell)[:40], "unknown_column", _unknown(sheet, form, name)))
        elif column.path in places:
            faults.append(Fault(row, column.label, "repeated_column", f"{form} 文件中列“{column.label}”重复"))
        else:
            places[column.path] = place
    for column in sheet.columns:
        if column.required and column.path not in places:
            detail = f"{form} 文件缺少列“{column.label}”"
            faults.append(Fault(row, column.label, "missing_column", detail))
    return Head(row, places), faults


def _unknown(sheet: Sheet, form: str, name: str) -> str:
    bare = _UNIT.sub("", name)
    near = [each.label for each in sheet.columns if _UNIT.sub("", plain_label(each.label)) == bare]
    if near:
        return f"{form} 文件的列名须写明“{near[0]}”，单位不同的不予换算"
    return f"{form} 文件中有不认识的列；请删去，或改为模板中的列名"


def _entry(sheet: Sheet, head: Head, number: int, cells: list[Cell]) -> Thing:
    thing = Thing([number], {})
    for column in sheet.columns:
        place = head.places.get(column.path)
        cell = cells[place] if place is not None and place < len(cells) else ""
        if empty(cell):
            if column.required:
                thing.faults.append(Fault(number, column.label, "missing_field", "必填"))
            continue
        try:
            value = value_of(column, cell)
        except CellFault as fault:
            thing.faults.append(Fault(number, column.label, fault.code, fault.detail))
        else:
            put(thing.body, column.path, value)
    for path, value in sheet.fixed.items():
        put(thing.body, path, value)
    return thing


def put(body: dict[str, Any], path: str, value: Any) -> None:
    """Sets what a pointer names, making the objects and lists on the way."""
    steps = path.split("/")[1:]
    last = steps[-1]
    at: Any = body
    for step, after in pairwise(steps):
        if isinstance(at, list):
            while len(at) <= int(step):
                at.append([] if after.isdigit() else {})
            at = at[int(step)]
        else:
            at = at.setdefault(step, [] if after.isdigit() else {})
    if isinstance(at, list):
        at.append(value)
    else:
        at[last] = value


def get(body: Mapping[str, Any], path: str) -> Any:
    """What a pointer names, or None."""
    at: Any = body
    for step in path.split("/")[1:]:
        if isinstance(at, list):
            at = at[int(step)] if step.isdigit() and int(step) < len(at) else None
        else:
            at = at.get(step) if isinstance(at, Mapping) else None
    return at


def _grouped(sheet: Sheet, rows: list[Thing]) -> list[Thing]:
    """Rows with the same head are items of one thing."""
    found: dict[str, Thing] = {}
    for row in rows:
        head = {path: get(row.body, path) for path in sheet.group}
        whole = found.setdefault(repr(head), Thing([], {}))
        for path, value in head.items():
            if value is not None:
                put(whole.body, path, value)
        whole.body.setdefault(sheet.items, []).append(row.body.get("item", {}))
        whole.rows += row.rows
        whole.faults += row.faults
    return list(found.values())


def key_of(sheet: Sheet, thing: Thing) -> tuple[str, ...] | None:
    """What tells the thing from others; None where nothing of it is there."""
    parts = [get(thing.body, path) for path in sheet.key]
    return None if parts[0] is None else tuple("" if part is None else key(str(part)) for part in parts)


def _doubles(sheet: Sheet, things: list[Thing]) -> None:
    first: dict[tuple[str, ...], int] = {}
    for thing in things:
        own = key_of(sheet, thing)
        if own is None:
            continue
        if own in first:
            detail = (
                f"与第 {first[own]} 行重复（{'、'.join(sheet.column(path).label for path in sheet.key)}相同）"
            )
            thing.faults.append(Fault(thing.rows[0], "", "repeated_row", detail))
        else:
            first[own] = thing.rows[0]


def located(sheet: Sheet, thing: Thing, pointer: str, code: str, detail: str) -> Fault:
    """A fault of the operation, at the row and column that the pointer came from."""
    row, path = thing.rows[0], pointer
    steps = pointer.split("/")
    if sheet.group and len(steps) > 2 and steps[1] == sheet.items and steps[2].isdigit():
        row = thing.rows[min(int(steps[2]), len(thing.rows) - 1)]
        path = "/".join(["/item", *steps[3:]])
    column = _named(sheet, path)
    return Fault(row, column.label if column else "", code, detail)


def _named(sheet: Sheet, path: str) -> Column | None:
    """The column of a pointer: of the value itself, of what holds it, or of the first part of it."""
    if not path.strip("/"):
        return None
    inside = [each for each in sheet.columns if path == each.path or path.startswith(each.path + "/")]
    if inside:
        return max(inside, key=lambda each: len(each.path))
    return next((each for each in sheet.columns if each.path.startswith(path + "/")), None)


def references(sheet: Sheet, things: list[Thing], kind: str) -> Iterator[tuple[Thing, Column, str]]:
    """Every name of one kind that is to be looked up."""
    for column in sheet.columns:
        if column.kind != kind:
            continue
        for thing in things:
            value = get(thing.body, column.path)
            if isinstance(value, str):
                yield thing, column, value
