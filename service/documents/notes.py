"""What was not read of a file, and why a file is not taken: codes, and the sentences an official sees."""

from __future__ import annotations

from service.documents.schemas import NoteCode
from service.kit.errors import FieldError

NOTES: dict[NoteCode, str] = {
    "pictures": "图片中的文字未识别",
    "shapes": "图形、手写笔迹或绘制的轮廓未识别",
    "fonts": "文件自带或未说明编码的字体，所见文字可能与读出的不同",
    "symbols": "含符号字体字符，未能逐一辨认",
    "stamps": "印章、签批等附加外观未识别",
    "forms": "表单或动态内容未完整检查",
    "attachments": "文件内另附的文件未完整检查",
    "embedded": "嵌入的对象未完整检查",
    "external": "引用了文件以外的内容，未检查",
    "fields": "含由域代码拼成的内容，未检查",
    "formulas": "含打开时才计算出的内容，未检查",
    "number_formats": "单元格格式中含文字，未能与内容合并检查",
    "list_labels": "编号或项目符号中含文字，未能与正文合并检查",
    "old_format": "旧版 Office、WPS 格式，只检查了其中的文字片段",
    "rich_text": "RTF 格式，只检查了其中的文字",
    "markup": "网页、邮件或 XML 格式，显示效果可能与所检查的文字不同",
    "encoding": "文字编码不能确定，已按多种编码检查",
    "encrypted": "已加密，无法读取",
    "broken": "部分内容损坏，无法完整读取",
    "parts": "含未能读取的组成部分",
    "entries": "压缩包内有不能读取的文件类型",
    "header": "文件头之前另有内容",
    "not_finished": "内容过大或过于复杂，未检查完",
    "name": "文件名的扩展名与实际类型不符",
}
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
