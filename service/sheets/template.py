"""The workbook to fill in: columns with our labels, drop-downs, notes at the headers, and a page of explanations."""

from __future__ import annotations

import io

from service.kit.xlsxout import new_book
from service.sheets.columns import Column, Sheet

ROWS = 2000  # that have drop-downs and formats
_LIST_LIMIT = 255  # characters of a drop-down's list in place; longer ones stand on a page of their own
_FORMATS = {"amount": "#,##0.00", "date": "yyyy-mm-dd", "integer": "0"}
_CHOICES, _NOTES = "选项", "填写说明"


def template(sheet: Sheet) -> bytes:
    """An empty workbook of this sheet."""
    out = io.BytesIO()
    book = new_book(out)
    table = book.add_worksheet(sheet.title)
    notes = book.add_worksheet(_NOTES)
    lists = book.add_worksheet(_CHOICES)
    needed = book.add_format({"bold": True, "bg_color": "#FDE9D9", "text_wrap": True})
    free = book.add_format({"bold": True, "bg_color": "#EDEDED", "text_wrap": True})
    forms = {form: book.add_format({"num_format": form}) for form in ("@", *_FORMATS.values())}
    table.freeze_panes(1, 0)
    for place, column in enumerate(sheet.columns):
        form = forms[_FORMATS.get(column.kind, "@")]
        table.set_column(place, place, max(12, 2 * len(column.label) + 4), form)
        table.write_string(
            0, place, column.label + ("*" if column.required else ""), needed if column.required else free
        )
        table.write_comment(0, place, _note(column))
        if (allowed := _allowed(column)) is not None:
            table.data_validation(1, place, ROWS, place, _list(allowed, place))
    _choices(lists, sheet)
    _explanations(notes, sheet)
    book.close()
    return out.getvalue()


def _allowed(column: Column) -> list[str] | None:
    """What a drop-down offers; several in one cell are typed."""
    if column.kind == "flag":
        return ["是", "否"]
    return list(column.choices) if column.kind == "choice" else None


def _list(allowed: list[str], place: int) -> dict[str, object]:
    short = len(",".join(allowed)) <= _LIST_LIMIT
    letter = _letters(place)
    source = allowed if short else f"={_CHOICES}!${letter}$2:${letter}${len(allowed) + 1}"
    return {
        "validate": "list",
        "source": source,
        "error_title": "请从下拉列表中选择",
        "error_message": "没有这个选项",
    }


def _letters(place: int) -> str:
    head, tail = divmod(place, 26)
    return (_letters(head - 1) if head else "") + chr(65 + tail)


def _note(column: Column) -> str:
    parts = ["必填" if column.required else "可不填", column.note, column.example]
    if column.kind == "choices":
        parts.append(f"可选：{'、'.join(column.choices)}"[:500])
    return "\n".join(part for part in parts if part)


def _choices(lists: object, sheet: Sheet) -> None:
    rows = max((len(column.choices) for column in sheet.columns), default=0)
    for row in range(rows + 1):
        for place, column in enumerate(sheet.columns):
            text = column.label if row == 0 else (list(column.choices) + [""] * rows)[row - 1]
            if text and column.choices:
                lists.write_string(row, place, text)  # type: ignore[attr-defined]


def _explanations(notes: object, sheet: Sheet) -> None:
    rows = [["列名", "是否必填", "写法", "说明", "可选值"]]
    rows += [
        [c.label, "必填" if c.required else "", c.example, c.note, "、".join(c.choices)]
        for c in sheet.columns
    ]
    about = [
        f"“{sheet.title}”一次至多 {sheet.most} 行；全部通过才保存，有一行不对就一行也不保存。",
        "金额以元为单位，不写万元；编号、文号、电话所在列请保持文本格式；日期写 2026-03-01。",
        f"已有的记录不改动，按{'、'.join(sheet.column(path).label for path in sheet.key)}判断是否已有。",
    ]
    if sheet.two_hands:
        about.append("上传后须由另一人核对并确认，方才生效。")
    for row, cells in enumerate([*rows, [], *([line] for line in about)]):
        for place, text in enumerate(cells):
            notes.write_string(row, place, text)  # type: ignore[attr-defined]
