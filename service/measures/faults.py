"""Faults of input: one per error, each with its JSON pointer. Details never echo a value."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import TypeVar

from service.measures.amounts import AmountInvalid, parse_yuan
from service.measures.texts import pointer_token

ChoiceT = TypeVar("ChoiceT", bound=StrEnum)
_MOST_UNKNOWN = 20  # keys of one object


@dataclass(frozen=True, slots=True)
class Fault:
    """`pointer` is an RFC 6901 JSON pointer, `code` is stable, `detail` is for people."""

    pointer: str
    code: str
    detail: str

    def as_dict(self) -> dict[str, str]:
        """JSON-ready."""
        return {"pointer": self.pointer, "code": self.code, "detail": self.detail}


class FactsInvalid(ValueError):
    """Every fault of one input, in reading order."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(f"{fault.pointer} {fault.code}" for fault in faults))
        self.faults = list(faults)


class ObjectReader:
    """Reads one JSON object strictly, collecting faults instead of stopping at the first.

    Each getter returns None (or its default) after noting a fault, so reading goes on to the end.
    """

    def __init__(self, data: Mapping[str, object], prefix: str, faults: list[Fault]) -> None:
        self._data = data
        self._prefix = prefix
        self.faults = faults

    def path(self, key: str) -> str:
        """The pointer of a key of this object."""
        return f"{self._prefix}/{pointer_token(key)}"

    def fault(self, key: str, code: str, detail: str) -> None:
        """Note a fault at a key of this object."""
        self.faults.append(Fault(self.path(key), code, detail))

    def refuse_unknown(self, known: Collection[str]) -> None:
        """A misspelt key would silently change the decision, so it is an error; the first of many are told."""
        for key in islice((key for key in self._data if key not in known), _MOST_UNKNOWN):
            self.fault(str(key), "unknown_key", "没有这个字段，请核对名称")

    def has(self, key: str) -> bool:
        """Whether the key is given at all (null counts as given, and as a wrong type)."""
        return key in self._data

    def get(self, key: str, *, required: bool = False) -> object | None:
        """The raw value; absent and required is a fault."""
        if key not in self._data:
            if required:
                self.fault(key, "required", "此项必须填写")
            return None
        return self._data[key]

    def boolean(self, key: str, *, required: bool = False) -> bool | None:
        """A real JSON boolean; None when absent or wrong."""
        value = self.get(key, required=required)
        if isinstance(value, bool):
            return value
        if self.has(key):
            self.fault(key, "type", "只能填 true 或 false")
        return None

    def flag(self, key: str) -> bool:
        """An optional boolean whose absence means false."""
        return self.boolean(key) is True

    def choice(self, key: str, kind: type[ChoiceT], *, required: bool = False) -> ChoiceT | None:
        """One of the enumerated words; None when absent or wrong."""
        value = self.get(key, required=required)
        if isinstance(value, str):
            try:
                return kind(value)
            except ValueError:
                self.fault(key, "not_allowed", "只能填：" + "、".join(member.value for member in kind))
        elif self.has(key):
            self.fault(key, "type", "此项应为文字")
        return None

    def fen(self, key: str, *, required: bool = False) -> int | None:
        """A yuan amount as fen; None when absent or wrong."""
        value = self.get(key, required=required)
        if not self.has(key):
            return None
        try:
            return parse_yuan(value)
        except AmountInvalid as error:
            self.fault(key, error.code, error.detail)
            return None

    def child(self, key: str, known: Collection[str], *, required: bool = False) -> ObjectReader | None:
        """A nested object with its own known keys; None when absent or not an object."""
        value = self.get(key, required=required)
        if not self.has(key):
            return None
        if not isinstance(value, Mapping):
            self.fault(key, "type", "此项应为对象")
            return None
        reader = ObjectReader(value, self.path(key), self.faults)
        reader.refuse_unknown(known)
        return reader
