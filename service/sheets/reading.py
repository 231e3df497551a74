"""A workbook or CSV as a table of cells, in the process beside the API: hostile until proved otherwise.

`answer` is what kit/beside calls: bytes in, JSON out. Nothing of a file is run, fetched or calculated; a formula is the
value that the office's program stored with it. Sizes are counted while unpacking, never believed.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from typing import Any, NamedTuple

from python_calamine import CalamineWorkbook, SheetVisibleEnum

from service.sheets.cells import Cell, cell_of, empty

MAX_MEMBERS = 1000
MAX_UNPACKED = 96 << 20
MAX_CELLS = 3_000_000  # of one sheet, blank ones among them
MAX_COLUMNS = 256
MAX_ROWS = 100_000
_FILLED = re.compile(rb'<c\b[^<>]*?\br="([A-Z]{1,3})(\d{1,7})"(?:[^<>]*[^/>])?>')
_UNPLACED = re.compile(rb"<c(?![^<>]*\br=)[^<>]*>")  # a cell that follows the one before it
_ROW = re.compile(rb'<row\b[^<>]*?\br="(\d{1,7})"')
_LONG = re.compile(rb"<(?:c|row)\b[^<>]{400}")
_FORMULA = re.compile(rb"<f[\s>/]")
_FAILED = re.compile(rb'<c\b(?=[^<>]*?\bt="e")[^<>]*?\br="([A-Z]{1,3})(\d{1,7})"')
_SHEET = re.compile(rb'<(?:\w+:)?sheet\b[^<>]*?\br?:?id="([^"]+)"')
_TARGET = re.compile(rb'<Relationship\b(?=[^<>]*?\bId="([^"]+)")[^<>]*?\bTarget="([^"]+)"')
_HIDDEN_ROW = re.compile(rb'<row\b[^<>]*\bhidden="(?:1|true)"')
_OLE, _ZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"
_ENCODINGS = ("utf-8-sig", "gb18030")


class Refused(Exception):
    """A file that is not taken: a stable code and what to do."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


class Table(NamedTuple):
    """The rows of one sheet with their numbers there, blank ones left out; `merged`: ranges as (row, row)."""

    form: str
    name: str
    rows: list[tuple[int, list[Cell]]]
    notes: list[str]
    merged: list[tuple[int, int]]


def answer(raw: bytes) -> dict[str, Any]:
    """For kit/beside: the wanted sheet's title, a line feed, the file."""
    title, _, file = raw.partition(b"\n")
    try:
        return read(file, title.decode())._asdict()
    except Refused as refused:
        return {"refused": refused.code, "detail": refused.detail}


def read(raw: bytes, title: str) -> Table:
    """The table of a file; the visible sheet of this title, or else the first visible one."""
    if raw.startswith(_ZIP):
        return _workbook(raw, title)
    if raw.startswith(_OLE):
        detail = "旧版 xls 或加密的工作簿不能读取，请另存为不带密码的 xlsx"
        raise Refused("unsupported_workbook", detail)
    return _csv(raw)


def _workbook(raw: bytes, title: str) -> Table:
    notes, failed = _surveyed(raw)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        seen = [each for each in book.sheets_metadata if each.visible == SheetVisibleEnum.Visible]
        if not seen:
            raise Refused("no_visible_sheet", "xlsx 工作簿没有可见的工作表")
        name = next((each.name for each in seen if each.name == title), seen[0].name)
        sheet = book.get_sheet_by_name(name)
        cells = [[cell_of(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
        merged = [(start[0] + 1, end[0] + 1) for start, end in sheet.merged_cell_ranges or []]
    except Refused:
        raise
    except (KeyboardInterrupt, SystemExit):
        raise
    except (
        BaseException
    ) as error:  # the library's panics are no Exceptions; whatever it is, the file is not read
        raise Refused("unreadable_workbook", "xlsx 工作簿已损坏，无法读取，请用表格软件重新保存") from error
    hidden = [each.name for each in book.sheets_metadata if each.visible != SheetVisibleEnum.Visible]
    if hidden:
        notes.append(f"隐藏的工作表不读取：{'、'.join(hidden[:5])}")
    for row, column in failed.get([each.name for each in book.sheets_metadata].index(name), ()):
        if row <= len(cells) and column <= len(cells[row - 1]):
            cells[row - 1][column - 1] = ["e", "错误值"]
    rows = [(number, row) for number, row in enumerate(cells, 1) if not all(map(empty, row))]
    return Table("xlsx", name, rows, notes, merged)


class _Survey:
    """What is seen while the parts of a package are unpacked, once, counting."""

    def __init__(self) -> None:
        self.formulas = self.hidden = 0
        self.outside = False
        self.order: list[bytes] = []  # relations of the sheets, in the workbook's order
        self.targets: dict[bytes, bytes] = {}
        self.failed: dict[str, list[tuple[int, int]]] = {}  # by part, cells that show an error

    def take(self, name: str, part: bytes) -> None:
        """One part. Raises Refused."""
        self.outside = self.outside or name.startswith("xl/externalLinks/")
        if name == "xl/workbook.xml":
            if re.search(rb'date1904="(?:1|true)"', part):
                detail = "xlsx 工作簿使用 1904 日期系统，日期会相差四年；请在选项中改为 1900 日期系统后保存"
                raise Refused("date_system", detail)
            self.order = _SHEET.findall(part)
        elif name == "xl/_rels/workbook.xml.rels":
            self.targets = dict(_TARGET.findall(part))
        elif name.startswith("xl/worksheets/") and name.endswith(".xml"):
            _measured(part)
            self.formulas += len(_FORMULA.findall(part))
            self.hidden += len(_HIDDEN_ROW.findall(part))
            self.failed[name] = [(int(row), _column(letters)) for letters, row in _FAILED.findall(part)]

    def failures(self) -> dict[int, list[tuple[int, int]]]:
        """By the sheet's place in the workbook, the cells (from 1) that show an error."""
        parts = [self.targets.get(each, b"").decode("ascii", "replace") for each in self.order]
        return {
            place: self.failed.get("xl/" + part.removeprefix("/xl/"), []) for place, part in enumerate(parts)
        }

    def notes(self) -> list[str]:
        told = []
        if self.formulas:
            told.append(f"有 {self.formulas} 个公式单元格，只读取其保存时的计算结果")
        if self.hidden:
            told.append(f"有 {self.hidden} 行被隐藏或筛选，同样读取")
        if self.outside:
            told.append("引用其他文件的链接不读取，只用保存时的值")
        return told


def _surveyed(raw: bytes) -> tuple[list[str], dict[int, list[tuple[int, int]]]]:
    """What is to be told of the package, and its cells that show an error; Refused for a bomb."""
    left, survey = MAX_UNPACKED, _Survey()
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            members = package.infolist()
            if len(members) > MAX_MEMBERS:
                raise Refused("workbook_too_large", "xlsx 工作簿内部文件过多")
            if not any(member.filename == "xl/workbook.xml" for member in members):
                raise Refused("unsupported_workbook", "不是 xlsx 工作簿；请用表格软件另存为 xlsx")
            for member in members:
                part = _unpacked(package, member, left)
                left -= len(part)
                survey.take(member.filename, part)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise Refused("unreadable_workbook", "xlsx 工作簿已损坏或加密，无法读取") from error
    return survey.notes(), survey.failures()


def _unpacked(package: zipfile.ZipFile, member: zipfile.ZipInfo, left: int) -> bytes:
    with package.open(member) as part:
        content = part.read(left + 1)
    if len(content) > left:
        detail = f"xlsx 工作簿解压后超过 {MAX_UNPACKED >> 20} MB，不予读取；请分成几个文件"
        raise Refused("workbook_too_large", detail)
    return content


def _measured(part: bytes) -> None:
    """Refuses a sheet whose filled cells span more than a table of ours could: the library lays out the whole span."""
    if _LONG.search(part):  # what names one attribute over and over; no cell has so many
        raise Refused("unreadable_workbook", "xlsx 工作簿已损坏，无法读取，请用表格软件重新保存")
    rows = columns = 0
    if _UNPLACED.search(part):
        rows = max(map(int, _ROW.findall(part)), default=0)
    for letters, number in _FILLED.findall(part):
        rows = max(rows, int(number))
        columns = max(columns, _column(letters))
    if rows > MAX_ROWS or columns > MAX_COLUMNS or rows * columns > MAX_CELLS:
        detail = f"工作表范围为 {rows} 行 {columns} 列，超过 {MAX_ROWS} 行或 {MAX_COLUMNS} 列"
        raise Refused("workbook_too_large", detail)


def _column(letters: bytes) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place


def _csv(raw: bytes) -> Table:
    text = _decoded(raw)
    if text.lstrip()[:1] in ("<", "{", "%"):
        raise Refused("unsupported_workbook", "不是 CSV 或 xlsx 文件；请用表格软件另存为 xlsx")
    head = text.split("\n", 1)[0]
    delimiter = max(",\t;", key=head.count)
    rows: list[tuple[int, list[Cell]]] = []
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1):
            if len(row) > MAX_COLUMNS or number > MAX_ROWS:
                raise Refused("workbook_too_large", f"CSV 超过 {MAX_ROWS} 行或 {MAX_COLUMNS} 列")
            if any(value.strip() for value in row):
                rows.append((number, [_disarmed(value) for value in row]))
    except csv.Error as error:
        raise Refused("unreadable_workbook", "CSV 引号不配对或单元格过长，无法读取") from error
    return Table("CSV", "", rows, [], [])


def _disarmed(value: str) -> Cell:
    """Our own exports put an apostrophe before what a spreadsheet would run."""
    return value[1:] if value[:1] == "'" and value[1:2] in tuple("=+-@\t＝＋－＠") else value


def _decoded(raw: bytes) -> str:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = _ENCODINGS
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Refused("unsupported_workbook", "既不是 xlsx，也不是 UTF-8 或 GB18030 编码的 CSV")
