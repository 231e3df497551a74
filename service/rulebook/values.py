"""Values of parameters as they come over the wire, read strictly by the parameter's unit, and shown again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from service.kit.errors import FieldError, ServiceError, invalid
from service.kit.money import fen, yuan
from service.measures.amounts import AmountInvalid, parse_yuan
from service.measures.experts import MAX_EXPERTS
from service.measures.local_checks import KEY as LOCAL_CHECKS
from service.measures.local_checks import LocalCheck, local_check
from service.measures.parameters import BeforeFirstRules, RuleBook, UnknownParameter
from service.measures.rule_entries import Entry, Value
from service.rulebook.schemas_runtime import GivenValue, LocalCheckIn

# What a number may be at most: a share of a hundred, terms of ten years, counts that people can count.
_MOST = {"percent": 100, "months": 120, "years": 10, "days": 3660, "count": 1000}
_OF_KEY = {"appraisal.experts": MAX_EXPERTS}  # more than a panel can seat
MAX_ITEMS = 50


class _Wrong(ValueError):
    """The value does not fit; the text says how."""


def entry_of(book: RuleBook, key: str, on: date, pointer: str) -> Entry:
    """The parameter in force on the day, or 422."""
    try:
        return book.entry_on(key, on)
    except (UnknownParameter, BeforeFirstRules):
        raise fault(pointer, "unknown_key", "该日期没有这个参数") from None


def fault(pointer: str, code: str, detail: str) -> ServiceError:
    """422 with one fault."""
    return invalid([FieldError(pointer, code, detail)])


def read_value(entry: Entry, given: GivenValue, pointer: str) -> Value:
    """The given value as the law core holds it, or 422 naming how it does not fit the parameter's unit."""
    try:
        return _read(entry, given)
    except _Wrong as wrong:
        raise fault(pointer, "wrong_type", str(wrong)) from None


def _read(entry: Entry, given: GivenValue) -> Value:
    if isinstance(given, list):
        return _list(entry, given)
    if entry.unit == "flag" and isinstance(given, bool):
        return given
    if entry.unit == "fen" and isinstance(given, str):
        return _amount(given)
    if entry.unit in _MOST and type(given) is int:
        most = _OF_KEY.get(entry.key, _MOST[entry.unit])
        if not 1 <= given <= most:
            raise _Wrong(f"应为 1 至 {most} 的整数")
        return given
    if isinstance(given, str) and entry.unit in ("text", "level", "month_day"):
        return _text(entry, given)
    raise _Wrong(f"取值与参数的单位（{'元' if entry.unit == 'fen' else entry.unit}）不符")


def _amount(given: str) -> int:
    try:
        return parse_yuan(given)
    except AmountInvalid:
        raise _Wrong("金额应为不带符号的数字，至多两位小数") from None


def _text(entry: Entry, given: str) -> str:
    if entry.unit == "level" and given not in entry.scale:
        raise _Wrong(f"只能取 {'、'.join(entry.scale)} 之一")
    if entry.unit == "month_day":
        try:
            date.fromisoformat(f"2000-{given}")
        except ValueError:
            raise _Wrong("日期应写作“月-日”") from None
    return given


def _list(entry: Entry, given: Sequence[str | LocalCheckIn]) -> tuple[str, ...]:
    if entry.unit != "list":
        raise _Wrong("该参数不是清单")
    checks = [_check(each) for each in given if isinstance(each, LocalCheckIn)]
    names = [each for each in given if isinstance(each, str)]
    if (names if entry.key == LOCAL_CHECKS else checks) or len(given) > MAX_ITEMS:
        raise _Wrong(f"清单各项的写法与该参数不符，或超过 {MAX_ITEMS} 项")
    if len({check.code for check in checks}) != len(checks) or len(set(names)) != len(names):
        raise _Wrong("清单中有重复的项")
    return tuple(check.as_text() for check in checks) or tuple(names)


def _check(given: LocalCheckIn) -> LocalCheck:
    least = 0 if given.from_yuan is None else fen(given.from_yuan)
    return LocalCheck(given.code, given.severity, given.text, tuple(sorted(set(given.kinds))), least)


def shown(key: str, unit: str, value: Value | None) -> Any:
    """A value as an answer shows it: amounts in yuan, checks as objects."""
    if isinstance(value, tuple):
        return [_shown_check(local_check(each)) for each in value] if key == LOCAL_CHECKS else list(value)
    if unit == "fen" and isinstance(value, int):
        return yuan(value)
    return value


def _shown_check(check: LocalCheck) -> dict[str, Any]:
    """As `LocalCheckIn` took it."""
    least = yuan(check.from_fen) if check.from_fen else None
    plain = {"code": check.code, "severity": check.severity, "text": check.text}
    return {**plain, "kinds": list(check.kinds), "from_yuan": least}
