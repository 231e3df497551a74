"""`tongjian route FILE`: facts in, decisions with their articles out. Needs no database."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import IO, Any, NoReturn

from service.measures.facts import FactsInvalid, Fault, declares_classified, iso_date, parse_facts
from service.measures.offices import Divisions
from service.measures.parameters import RuleBook
from service.measures.routing import Decision, refuse_classified, route
from service.measures.texts import pointer_token
from service.rulebook.loader import base_divisions, base_rulebook

MAX_BYTES = 64 * 1024 * 1024
# Far beyond any amount; Python refuses to convert integers of more than 4300 digits.
_MAX_DIGITS = 40
_OUT_OF_BOUNDS = int("9" * _MAX_DIGITS)


class _Object(dict[str, Any]):
    """A parsed JSON object that remembers which keys were given twice."""

    repeated: tuple[str, ...] = ()


def run(path: str, stdin: IO[Any], stdout: IO[str]) -> int:
    """Print the decision (a list for a list) and return 0, or the faults and return 2."""
    try:
        answer = answer_for(decode(_read(path, stdin)), base_rulebook(), base_divisions())
    except FactsInvalid as error:
        _print({"errors": [fault.as_dict() for fault in error.faults]}, stdout)
        return 2
    _print(answer, stdout)
    return 0


def decode(content: bytes) -> Any:
    """Strict JSON: UTF-8, a byte order mark read over, no NaN; floats stay floats so that amounts can refuse them."""
    try:
        return json.loads(
            content.removeprefix(b"\xef\xbb\xbf").decode("utf-8"),
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_constant=_constant,
        )
    except UnicodeDecodeError:
        _refuse("not_utf8", "文件不是 UTF-8 编码")
    except RecursionError:
        _refuse("too_deep", "内容嵌套过深")
    except ValueError as error:
        if isinstance(error, FactsInvalid):
            raise
        _refuse("invalid_json", "不是有效的 JSON")


def answer_for(data: Any, rulebook: RuleBook, divisions: Divisions) -> Any:
    """Decisions as JSON-ready data; raises FactsInvalid with the faults of the whole input."""
    if not isinstance(data, list):
        return _with_source(_decide(data, "", rulebook, divisions))
    faults: list[Fault] = []
    decisions: list[dict[str, Any]] = []
    for index, item in enumerate(data):
        try:
            decisions.append(_with_source(_decide(item, f"/{index}", rulebook, divisions)))
        except FactsInvalid as error:
            faults.extend(error.faults)
    if faults:
        raise FactsInvalid(faults)
    return decisions


def _decide(data: Any, prefix: str, rulebook: RuleBook, divisions: Divisions) -> Decision:
    # Asked before the rest is looked at: classified input is never validated, so never echoed (art. 14).
    if declares_classified(data):
        return refuse_classified(rulebook, iso_date(data.get("on")))
    faults = list(_repeated(data, prefix))
    try:
        facts = parse_facts(data, divisions, pointer_prefix=prefix, first_date=rulebook.first_date)
    except FactsInvalid as error:
        raise FactsInvalid(faults + error.faults) from error
    if faults:
        raise FactsInvalid(faults)
    return route(facts, rulebook, facts.on)


def _with_source(decision: Decision) -> dict[str, Any]:
    """Say that the base was used: run-time overlays and readings live in the database."""
    plain: dict[str, Any] = decision.as_dict()
    plain["rulebook"] = {**plain["rulebook"], "source": "base"}
    return plain


def _repeated(data: Any, prefix: str) -> list[Fault]:
    """A fault for every key given twice, however deep; iterative, since depth is the input's choice."""
    faults: list[Fault] = []
    pending: list[tuple[Any, str]] = [(data, prefix)]
    while pending:
        node, where = pending.pop()
        if isinstance(node, _Object):
            for key in node.repeated:
                faults.append(Fault(f"{where}/{pointer_token(key)}", "duplicate_key", "同一字段重复出现"))
            pending += [(value, f"{where}/{pointer_token(key)}") for key, value in node.items()]
        elif isinstance(node, list):
            pending += [(value, f"{where}/{index}") for index, value in enumerate(node)]
    return faults


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    made = _Object(pairs)
    if len(made) != len(pairs):
        counts = Counter(key for key, _ in pairs)
        made.repeated = tuple(key for key, count in counts.items() if count > 1)
        # Said to be classified even once, it stays classified.
        if any(key == "classified" and value is True for key, value in pairs):
            made["classified"] = True
    return made


def _integer(digits: str) -> int:
    """Any longer integer is out of bounds anyway; keep its sign and size class only."""
    if len(digits) <= _MAX_DIGITS:
        return int(digits)
    return -_OUT_OF_BOUNDS if digits.startswith("-") else _OUT_OF_BOUNDS


def _constant(name: str) -> NoReturn:
    _refuse("invalid_json", "JSON 中不允许 NaN 或 Infinity")


def _refuse(code: str, detail: str) -> NoReturn:
    raise FactsInvalid([Fault("", code, detail)])


def _read(path: str, stdin: IO[Any]) -> bytes:
    try:
        if path == "-":
            content = getattr(stdin, "buffer", stdin).read(MAX_BYTES + 1)
        else:
            with Path(path).open("rb") as file:
                content = file.read(MAX_BYTES + 1)
    except (OSError, ValueError):
        _refuse("unreadable", "无法读取文件")
    if isinstance(content, str):
        content = content.encode("utf-8", "surrogatepass")
    if len(content) > MAX_BYTES:
        _refuse("too_large", "文件过大")
    return bytes(content)


def _print(data: Any, stdout: IO[str]) -> None:
    try:
        text = json.dumps(data, ensure_ascii=False, indent=2)
        stdout.write(text + "\n")
    except UnicodeEncodeError:
        # A terminal without UTF-8 still gets valid JSON.
        stdout.write(json.dumps(data, indent=2) + "\n")
