"""What a sheet is: its columns with Chinese labels, and where in the wire struct of an operation each value goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from service.vocabulary import label

# How a cell is read (values.py). `code`: text that only looks like a number; `office`, `person`, `app`: a name or id
# that is looked up; `…s`: several, parted by 、 or the like.
Kind = Literal[
    "text",
    "code",
    "phone",
    "amount",
    "integer",
    "date",
    "flag",
    "choice",
    "texts",
    "choices",
    "integers",
    "office",
    "office_ref",
    "person",
    "app",
]


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `path`: JSON pointer into the body; `choices`: label → code; `note`: what the template says.

    `also`: other words for a choice, which no template offers.
    """

    label: str
    path: str
    kind: Kind = "text"
    required: bool = False
    note: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    also: Mapping[str, str] = field(default_factory=dict)

    @property
    def example(self) -> str:
        """How a value is written, for the page of explanations."""
        return _EXAMPLES.get(self.kind, "")


_EXAMPLES: Mapping[str, str] = {
    "amount": "3900000.00（单位：元，不写万元）",
    "date": "2026-03-01",
    "flag": "是 或 否",
    "integer": "3",
    "code": "以文本格式填写，保留开头的 0",
    "phone": "0791-88880000",
    "texts": "多个用顿号隔开",
    "choices": "多个用顿号隔开",
    "integers": "多个用顿号隔开",
    "office": "单位全称；有同名单位时填单位编号",
    "office_ref": "单位全称；有同名单位时填单位编号",
    "person": "登录名",
    "app": "应用名称或编号",
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One kind of import. `key`: paths that tell one row's thing from another's; `most`: rows of one file.

    `group`: paths that are the same for all rows of one thing, whose columns under /item are its items, in `items`.
    `two_hands`: another person than who sent it puts it in force.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    most: int = 10_000
    fixed: Mapping[str, Any] = field(default_factory=dict)
    group: tuple[str, ...] = ()
    items: str = ""
    two_hands: bool = False

    @property
    def title(self) -> str:
        """What it is called, to people and as the name of its table."""
        return label("sheet", self.name)

    def column(self, path: str) -> Column:
        """The column that fills a path."""
        return next(each for each in self.columns if each.path == path)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one row (0: the file), in one column ("": the row), in words for who fills it in."""

    row: int
    label: str
    code: str
    detail: str
