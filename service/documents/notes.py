"""What was not read of a file, and why a file is not taken: codes, and the sentences an official sees."""

from __future__ import annotations

from collections.abc import Mapping

from service.kit.errors import FieldError
from service.vocabulary import names

NOTES: Mapping[str, str] = names("document_note")
TAKEN = (
    "只接收 PDF、OFD、WPS/Office 文档（含 doc、xls、ppt、wps）、ODF、RTF、图片（PNG、JPEG、GIF、BMP、TIFF、"
    "WebP、HEIC）、纯文本和 CSV、网页与邮件存档（HTML、MHTML、EML、XML、SVG），以及装有这些的 ZIP；按内容判断"
)
REFUSALS = {
    "empty_file": "文件没有内容",
    "unreadable_file": "文件已损坏、结构异常或展开后过大，不能保存",
    "unsupported_file": TAKEN,
    "active_content": "文件含宏、脚本、动态数据交换、远程模板等会自动运行的内容，请另存为不含这些的文件后再提交",
    "executable_content": "文件是可运行的程序或脚本，不能保存",
    "malware": "文件含病毒特征，不能保存",
    "unsafe_entry": "压缩包内的路径会指向包外，不能保存",
    "executable_name": "文件名的扩展名属于可运行的程序、脚本或快捷方式，不能保存",
    "double_ending": "文件名有两个互相掩饰的扩展名，不能保存，请只保留真实的扩展名",
    "unseen_characters": "文件名含控制字符、改变书写方向或不可见的字符，请删去后再提交",
}
# Refusals that a caller must be able to tell apart have a problem code of their own; the others are `invalid_body`.
PROBLEMS = {
    "active_content": "active_content",
    "executable_content": "active_content",
    "malware": "malware",
    "executable_name": "unsafe_name",
    "double_ending": "unsafe_name",
    "unseen_characters": "unsafe_name",
}
NAMES = ("executable_name", "double_ending", "unseen_characters")


def details(notes: tuple[str, ...] | list[str]) -> list[str]:
    """The sentences of the codes, in the order of the table."""
    return [text for code, text in NOTES.items() if code in notes]


def fault(code: str, where: str = "") -> FieldError:
    """The refusal as an entry of `errors`: names are faults of the query, everything else of the file."""
    text = REFUSALS[code]
    if where:
        return FieldError("", code, f"文件内的“{where}”：{text}")
    return FieldError("/name" if code in NAMES else "", code, text)


def marked(where: str, words: str) -> FieldError:
    """The place and the words of a secrecy mark; without words it is the file's name that carries one."""
    if not words:
        return FieldError("/name", "classified_material", "文件名含有涉密标志")
    place = f"文件内的“{where}”" if where else "文件中"
    return FieldError("", "classified_material", f"{place}含有涉密标志“{words}”")
