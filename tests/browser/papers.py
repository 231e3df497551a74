"""Files as a person handles them: one that a link hands out, a table filled in, one that is chosen and sent."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

NO_TABLE = b"%PDF-1.4 minutes"


async def saved(page: Any, hand: Any, words: str) -> bytes:
    """What comes of a link that hands a file out; the page stays."""
    link = page.locator("main a[download]", has_text=words).first
    async with page.expect_download() as coming:
        await hand.press(link)
    with open(await (await coming.value).path(), "rb") as file:
        return file.read()


def filled(table: bytes, rows: Sequence[Mapping[str, str]]) -> bytes:
    """The first sheet's headers with these rows below, as a spreadsheet program saves it; no rows: no table at all."""
    if not rows:
        return NO_TABLE
    lines = CalamineWorkbook.from_filelike(io.BytesIO(table)).get_sheet_by_index(0).to_python()
    headers = [str(cell) for cell in lines[0]]  # a star: must be filled in
    columns = [each.rstrip("*") for each in headers]
    assert set(columns) >= set(rows[0]), f"the table asks for {columns}"
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for at, line in enumerate([headers, *([row.get(each, "") for each in columns] for row in rows)]):
            sheet.write_row(at, 0, line)
    return out.getvalue()


async def choose(page: Any, hand: Any, form: str, name: str, content: bytes) -> Any:
    """The field of a form in which a file was chosen, as one does: by the browser's own window of files."""
    own = page.locator(f'form:has([name="_part.sheet"][value="{form}"]) input[type=file]')
    field = own if await own.count() else page.locator("main form input[type=file]")
    slots = page.locator("main form:has(input[type=file]) select[name=slot]")
    if await slots.count():
        await hand.choose(slots.first, await slots.locator("option").nth(1).get_attribute("value"))
    async with page.expect_file_chooser() as asked:
        await hand.press(field.first)
    await (await asked.value).set_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )
    return field.first
