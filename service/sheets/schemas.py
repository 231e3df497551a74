"""Workbooks over the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from service.kit.naming import By
from service.kit.text import Cursor, line

SheetName = Literal[
    "people",
    "offices",
    "systems",
    "adoptions",
    "experts",
    "needs",
    "plan-items",
    "library",
    "projects",
    "declarations",
]
WorkbookState = Literal[
    "checking", "faulty", "checked", "committing", "committed", "withdrawn", "interrupted"
]
FileName = Annotated[str, line(200, kind="file")]


class SheetQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Which kind of import."""

    sheet: Annotated[SheetName, Meta(description="导入的种类")]


class WorkbookQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """What the body is: which kind of import, and the file's name."""

    sheet: Annotated[SheetName, Meta(description="导入的种类")]
    name: Annotated[FileName, Meta(description="文件名")] = "导入.xlsx"


class WorkbookListQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Filters of the list."""

    sheet: list[SheetName] | None = None
    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class ColumnView(Struct):
    """One column of a sheet."""

    label: str
    path: str
    kind: str
    required: bool
    note: str
    choices: list[str]


class SheetView(Struct):
    """One kind of import that the caller may run; `two_hands`: another person puts it in force."""

    sheet: str
    title: str
    most_rows: int
    two_hands: bool
    key: list[str]
    columns: list[ColumnView]


class SheetList(Struct):
    """What the caller may import."""

    items: list[SheetView]


class FaultView(Struct):
    """What is wrong: the row (0: the file) and the column's name."""

    row: int
    column: str
    code: str
    detail: str


class WorkbookView(Struct, kw_only=True):
    """One workbook: `rows` lines of data make `things`; `done` of them are worked through.

    `wrong` are at fault (none may be: it is all or nothing), `present` were there before and stay as they are, `made`
    came in. `faults`: the first thousand.
    """

    id: str
    sheet: str
    title: str
    name: str
    form: str
    digest: str
    state: WorkbookState
    two_hands: bool
    rows: int
    things: int
    done: int
    wrong: int
    present: int
    made: int
    faults: list[FaultView]
    notes: list[str]
    sent_by: By
    sent_at: datetime
    committed_by: By | None
    committed_at: datetime | None
    version: int


class WorkbookList(Struct):
    """A page, the newest first; faults are told by the single reading."""

    items: list[WorkbookView]
    next_cursor: str | None
