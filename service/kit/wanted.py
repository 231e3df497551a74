"""What msgspec wanted, told to an official: its English message as one Chinese sentence that says what would do.

Sentences name limits and types of the schema, never a value of the request.
"""

from __future__ import annotations

import re

_GOT = re.compile(r"^Expected `([^`]+)`, got `([^`]+)`$")
_LENGTH = re.compile(r"^Expected `(str|array|object)` of length (>=|<=) ([0-9]+)$")
_RANGE = re.compile(r"^Expected `(?:int|float)` (>=|<=|>|<) (-?[0-9.]+)$")
_PATTERN = re.compile(r"^Expected `str` matching regex '(.*)'$", re.DOTALL)
_TYPES = {
    "str": "文本",
    "int": "整数",
    "float": "数字",
    "bool": "true 或 false",
    "array": "列表",
    "object": "对象",
    "null": "空值",
    "date": "日期（如 2026-01-31）",
    "datetime": "时间（如 2026-01-31T09:00:00+08:00）",
    "uuid": "编号（UUID）",
}
_UNITS = {"str": "个字", "array": "项", "object": "项"}
_COMPARED = {">=": "不能小于", "<=": "不能大于", ">": "应大于", "<": "应小于"}
# By a part that only patterns of this meaning have; the first that fits is told.
_WRITTEN = (
    (r"[0-9]{1,14}(\\.[0-9]{1,2})?", "金额只能由半角数字组成，最多两位小数，不带正负号、空格、千分位或指数"),
    (r"-(0[1-9]|1[0-2])", "月份应写作 2026-01，用半角数字"),
    (r"\\S(?:[^\\n\\t]*\\S)?", "应写在一行内，不能空白，首尾不留空格，不含制表符和私用区字符"),
    (r"\\u00ad", "不能只有空白"),
    (
        r"分机|分機",
        "应为电话号码，如 0791-88880000、0791-88880000转8012、13800000000；多个用顿号隔开",
    ),
    (r"https?://", "应为 http 或 https 的网址"),
    (r"(sm3:", "摘要应为 64 位十六进制的小写字符"),
    (r"@[^@", "应为电子邮箱地址"),
)
_FORMATS = {
    "RFC3339 encoded date": "没有这一天，或不是 2026-01-31 这样的写法",
    "RFC3339 encoded datetime": "应写作 2026-01-31T09:00:00+08:00，带时区",
    "UUID": "应为编号（UUID）",
}


def wanted(text: str) -> str:
    """The sentence for a message that begins with "Expected" or "Invalid"."""
    if found := _LENGTH.match(text):
        return _length(*found.groups())
    if found := _RANGE.match(text):
        return f"{_COMPARED[found[1]]} {found[2]}"
    if found := _PATTERN.match(text):
        return next((told for part, told in _WRITTEN if part in found[1]), "写法不符，可用的写法见接口说明")
    if found := _GOT.match(text):
        names = [_TYPES.get(name, name) for name in found[1].split(" | ")]
        return f"应为{'或'.join(names)}，收到的是{_TYPES.get(found[2], found[2]).partition('（')[0]}"
    told = next((told for name, told in _FORMATS.items() if text == f"Invalid {name}"), None)
    return told or ("格式不正确" if text.startswith("Invalid") else "类型或取值范围不符")


def _length(kind: str, compared: str, number: str) -> str:
    if compared == ">=":
        return "不能为空" if number == "1" else f"至少 {number} {_UNITS[kind]}"
    return f"最多 {number} {_UNITS[kind]}"
