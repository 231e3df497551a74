"""Workbooks are hostile: bombs, spans, macros' packages, errors, merged cells; and what is merely odd is read."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import pytest
import xlsxwriter

from service.kit.csvout import Plain
from service.kit.xlsxout import Sheet as Written
from service.sheets import reading
from service.sheets.declared import OFFICES, PEOPLE, SHEETS
from service.sheets.reading import Refused, read
from service.sheets.rows import things_of
from service.sheets.targets import TARGETS
from service.sheets.template import template
from tests.sheets.books import csv, xlsx

HEAD = ["登录名", "姓名", "单位"]


def refused(raw: bytes) -> str:
    with pytest.raises(Refused) as found:
        read(raw, "")
    return found.value.code


def repacked(raw: bytes, **parts: bytes) -> bytes:
    """The package with some parts replaced or added (`__` is /)."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        names = {name.replace("__", "/"): content for name, content in parts.items()}
        for thing in old.infolist():
            new.writestr(thing.filename, names.pop(thing.filename, old.read(thing.filename)))
        for name, content in names.items():
            new.writestr(name, content)
    return out.getvalue()


def test_bombs_and_false_packages_are_refused() -> None:
    good = xlsx([HEAD])
    bomb = repacked(good, **{"xl__media__image1.png": b"\0" * (97 << 20)})
    assert len(bomb) < 1 << 20 and refused(bomb) == "workbook_too_large"
    far = (
        b'<worksheet><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    assert refused(repacked(good, **{"xl__worksheets__sheet1.xml": far})) == "workbook_too_large"
    unplaced = far.replace(b' r="XFD1048576"', b"")
    assert refused(repacked(good, **{"xl__worksheets__sheet1.xml": unplaced})) == "workbook_too_large"
    for endless in ('<c r="A1" ' * 2, "<row hidden "):  # begun over and over, or one attribute over and over
        part = f"<worksheet><sheetData>{endless * 50_000}"
        assert refused(repacked(good, **{"xl__worksheets__sheet1.xml": part})) == "unreadable_workbook"
    once = "<c " + 'r="A1" ' * 60_000
    assert refused(repacked(good, **{"xl__worksheets__sheet1.xml": once})) == "unreadable_workbook"
    assert refused(good[: len(good) // 2]) == "unreadable_workbook"
    assert refused(b"PK\x03\x04junk") == "unreadable_workbook"
    assert refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600) == "unsupported_workbook"
    assert refused(b"<html><table><tr><td>x</td></tr></table></html>") == "unsupported_workbook"
    assert refused(b"\x00\x01\x02\xff\xfe") == "unsupported_workbook"


def test_formulas_are_their_values_and_errors_are_told() -> None:
    raw = xlsx([HEAD, [("=1+1", 2), ("=1/0", "#DIV/0!"), ('=HYPERLINK("http://x")', "赵")]])
    table = read(raw, "")
    assert table.rows[1] == (2, [["n", 2.0], ["e", "错误值"], "赵"])
    assert any("3 个公式" in note for note in table.notes)


def test_merged_cells_and_hidden_sheets_are_told() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    hidden, sheet = book.add_worksheet("底稿"), book.add_worksheet("表")
    sheet.activate()
    hidden.hide()
    sheet.write_row(0, 0, HEAD)
    sheet.write_row(1, 0, ["zhang.san", "张三"])
    sheet.merge_range(1, 2, 2, 2, "某局")
    sheet.write_row(2, 0, ["li.si", "李四"])
    book.close()
    table = read(out.getvalue(), "")
    assert (table.name, [note for note in table.notes if "底稿" in note] != []) == ("表", True)
    things, faults = things_of(PEOPLE, table.form, table.rows, table.merged)
    assert not faults and [{f.code for f in e.faults} for e in things] == [
        {"merged_cells"},
        {"merged_cells", "missing_field"},
    ]


def test_the_1904_calendar_is_told() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "date_1904": True})
    book.add_worksheet().write_row(0, 0, HEAD)
    book.close()
    assert refused(out.getvalue()) == "date_system"


def test_names_of_columns_are_found_below_a_title_and_however_typed() -> None:
    table = read(xlsx([["人员表"], [], [" 登录名 *", "姓名", "单位＊"], ["zhang.san", "张三", "某局"]]), "")
    things, faults = things_of(PEOPLE, table.form, table.rows, table.merged)
    assert not faults
    assert (things[0].rows, things[0].body) == (
        [4],
        {"login": "zhang.san", "name": "张三", "office_id": "某局"},
    )


def test_a_csv_cell_our_exports_disarmed_comes_back_as_it_was() -> None:
    assert read(csv([["'=1+1", "'普通"]]), "").rows[0][1] == ["=1+1", "'普通"]


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=lambda each: each.name)
def test_each_template_is_read_back_as_an_empty_table(sheet: object) -> None:
    """Its own columns are known, and nothing of its notes and lists is taken for a row."""
    table = read(template(sheet), sheet.title)  # type: ignore[arg-type, attr-defined]
    _, faults = things_of(sheet, table.form, table.rows, table.merged)  # type: ignore[arg-type]
    assert [fault.code for fault in faults] == ["no_rows"]
    assert sheet.name in TARGETS  # type: ignore[attr-defined]


def test_an_export_round_trips_without_loss() -> None:
    """Amounts, dates, leading noughts, long numbers, text that looks like a formula."""
    items = [
        (
            "0791001",
            Plain("9999999999999.99"),
            date(2026, 3, 1),
            "360102199001011234",
            "=1+1",
            "http://a.b/c",
            12,
        )
    ]
    sheet = Written(tuple((str(n), lambda row, n=n: row[n]) for n in range(7)))  # type: ignore[misc]
    sheet.add(items)
    raw = sheet.bytes()
    assert read(raw, "").rows[1][1] == [
        "0791001",
        ["n", 9999999999999.99],
        ["d", "2026-03-01"],
        "360102199001011234",
        "=1+1",
        "http://a.b/c",
        ["n", 12.0],
    ]
    assert not any("公式" in note for note in read(raw, "").notes)
    at = Written((("时间", lambda row: row),))  # type: ignore[misc]
    at.add([datetime.fromisoformat("2026-02-28T20:00:00+00:00")])
    assert read(at.bytes(), "").rows[1][1] == [["d", "2026-03-01"]], "Beijing time"


def test_offices_differ_by_where_they_are() -> None:
    head = ["单位名称", "层级", "区划代码", "单位类型", "有效期起"]
    rows = [
        head,
        *(["档案局", "县级", code, "行政机关", "2026-01-01"] for code in ("360102", "360103", "360102")),
    ]
    table = read(csv(rows), "")
    things, _ = things_of(OFFICES, table.form, table.rows, table.merged)
    assert [[fault.code for fault in each.faults] for each in things] == [[], [], ["repeated_row"]]


def test_limits_are_of_the_module() -> None:
    assert max(each.most for each in SHEETS.values()) <= reading.MAX_ROWS
