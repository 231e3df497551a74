"""The base rule book and the registry of divisions, read from the files beside service/."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from service import province
from service.measures.amounts import AmountInvalid, parse_yuan
from service.measures.law import clause_of
from service.measures.offices import Divisions, division_from_row
from service.measures.parameters import RuleBook
from service.measures.rule_entries import Basis, Clause, Entry, OverlayMode, Reading, Value

_ENTRY_KEYS = {"key", "value", "unit", "article", "overlay", "effective_from", "recorded_at"}
_ENTRY_OPTIONAL = {"basis", "reading", "note", "scale", "document", "transition"}
_READING_KEYS = {"id", "text", "articles", "effective_from", "recorded_at"}
_UNITS: Mapping[str, type] = {
    "yuan": str,
    "percent": int,
    "months": int,
    "years": int,
    "days": int,
    "count": int,
    "flag": bool,
    "month_day": str,
    "text": str,
    "list": list,
    "level": str,
}
_LAST_ARTICLE = 45


class RuleFileInvalid(ValueError):
    """A rule file that cannot be trusted; the message names file and entry."""


_BOOL_TAG = "tag:yaml.org,2002:bool"


class _StrictLoader(yaml.CSafeLoader):
    """SafeLoader that refuses a repeated key, and where only true and false are booleans.

    YAML 1.1 also takes yes, no, on and off for booleans: a fact named `on` would become True.
    """

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        mapping = super().construct_mapping(node, deep=deep)
        if len(mapping) != len(node.value):
            raise RuleFileInvalid(f"repeated key near {node.start_mark}")
        return mapping


_StrictLoader.yaml_implicit_resolvers = {
    first: [pair for pair in pairs if pair[0] != _BOOL_TAG]
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_StrictLoader.add_implicit_resolver(_BOOL_TAG, re.compile(r"^(?:true|false)$"), list("tf"))


def repo_root() -> Path:
    """The directory holding service/, policies/ and deploy/."""
    return Path(__file__).resolve().parents[2]


def load_yaml(path: Path) -> Any:
    """One YAML file, safe and without repeated keys; dates come as dates."""
    loader = _StrictLoader(path.read_text(encoding="utf-8"))
    try:
        return loader.get_single_data()
    except yaml.YAMLError as error:
        raise RuleFileInvalid(f"{path.name}: {error}") from error
    finally:
        loader.dispose()


def load_rulebook(directory: Path | None = None) -> RuleBook:
    """The base rule book of policies/measures/*.yaml, in file order; raises RuleFileInvalid."""
    entries: list[Entry] = []
    readings: list[Reading] = []
    for path in sorted((directory or province.measures()).glob("*.yaml")):
        content = load_yaml(path)
        if not isinstance(content, dict) or not content or not content.keys() <= {"entries", "readings"}:
            raise RuleFileInvalid(f"{path.name}: expected entries and/or readings")
        for index, row in enumerate(content.get("entries") or []):
            entries.append(_entry(row, f"{path.name} entry {index}"))
        for index, row in enumerate(content.get("readings") or []):
            readings.append(_reading(row, f"{path.name} reading {index}"))
    book = RuleBook(tuple(entries), tuple(readings))
    _refuse_conflicts(book)
    return book


@cache
def base_rulebook() -> RuleBook:
    """The base rule book of this checkout, read once."""
    return load_rulebook()


def load_divisions(directory: Path | None = None) -> Divisions:
    """divisions.json (GB/T 2260 list) with our registered local codes of local_codes.json added."""
    seed = directory or province.home()
    national = json.loads((seed / "divisions.json").read_text(encoding="utf-8"))["rows"]
    local = json.loads((seed / "local_codes.json").read_text(encoding="utf-8"))["rows"]
    registry = Divisions.from_rows(national)
    return registry.with_local(division_from_row(row, local=True) for row in local)


@cache
def base_divisions() -> Divisions:
    """The registry of this checkout, read once."""
    return load_divisions()


def _entry(row: object, where: str) -> Entry:
    data = _mapping(row, _ENTRY_KEYS, _ENTRY_OPTIONAL, where)
    try:
        return Entry(
            key=_text(data["key"], where),
            value=_value(data["value"], data["unit"], where),
            unit="fen" if data["unit"] == "yuan" else data["unit"],
            article=_article(data["article"], where),
            overlay=OverlayMode(data["overlay"]),
            effective_from=_day(data["effective_from"], where),
            recorded_at=_moment(data["recorded_at"], where),
            basis=Basis(data.get("basis", "law")),
            reading=None if data.get("reading") is None else _text(data["reading"], where),
            note=str(data.get("note", "")),
            scale=_scale(data, where),
            document=None if data.get("document") is None else _text(data["document"], where),
            clause=_clause(data.get("transition"), where),
        )
    except ValueError as error:
        raise error if isinstance(error, RuleFileInvalid) else RuleFileInvalid(f"{where}: {error}") from error


def _reading(row: object, where: str) -> Reading:
    data = _mapping(row, _READING_KEYS, set(), where)
    articles = data["articles"]
    if not isinstance(articles, list) or not articles:
        raise RuleFileInvalid(f"{where}: articles must be a list")
    return Reading(
        id=_text(data["id"], where),
        text=_text(data["text"], where),
        articles=tuple(_article(article, where) for article in articles),
        effective_from=_day(data["effective_from"], where),
        recorded_at=_moment(data["recorded_at"], where),
    )


def _mapping(row: object, required: set[str], optional: set[str], where: str) -> dict[str, Any]:
    if not isinstance(row, dict):
        raise RuleFileInvalid(f"{where}: not a mapping")
    if required - row.keys() or row.keys() - required - optional:
        wrong = sorted(map(str, (required - row.keys()) | (row.keys() - required - optional)))
        raise RuleFileInvalid(f"{where}: missing or unknown keys {wrong}")
    return row


def _value(value: object, unit: object, where: str) -> Value:
    kind = _UNITS.get(str(unit))
    # type() and not isinstance(): True is an int to Python and must not pass for a percentage.
    if kind is None or type(value) is not kind:
        raise RuleFileInvalid(f"{where}: value does not fit unit {unit!r}")
    if unit == "yuan":
        try:
            return parse_yuan(value)
        except AmountInvalid as error:
            raise RuleFileInvalid(f"{where}: {error.code}") from error
    if unit == "month_day":
        date.fromisoformat(f"2000-{value}")
    if isinstance(value, list):
        return tuple(_text(item, where) for item in value)
    if isinstance(value, str | int):
        return value
    raise RuleFileInvalid(f"{where}: unsupported value")


def _scale(data: dict[str, Any], where: str) -> tuple[str, ...]:
    """The levels of a `level`, mildest first, the value among them; no other unit has any."""
    scale = data.get("scale", [])
    if not isinstance(scale, list) or len(set(map(str, scale))) != len(scale):
        raise RuleFileInvalid(f"{where}: scale must be a list without repetitions")
    if (data["unit"] == "level") != bool(scale) or (scale and data["value"] not in scale):
        raise RuleFileInvalid(f"{where}: a level, and nothing else, needs a scale with its value")
    return tuple(_text(level, where) for level in scale)


def _clause(given: object, where: str) -> Clause | None:
    """The transition clause: {mode: stay | next_desk} or {mode: from_state, state: …}; none where nothing is said."""
    if given is None:
        return None
    data = _mapping(given, {"mode"}, {"state"}, f"{where}, transition")
    try:
        return clause_of(str(data["mode"]), data.get("state"))
    except ValueError as error:
        raise RuleFileInvalid(f"{where}, transition: {error}") from error


def _text(value: object, where: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise RuleFileInvalid(f"{where}: text expected")
    return value


def _article(value: object, where: str) -> int:
    if type(value) is not int or not 1 <= value <= _LAST_ARTICLE:
        raise RuleFileInvalid(f"{where}: the Measures have articles 1 to {_LAST_ARTICLE}")
    return value


def _day(value: object, where: str) -> date:
    if type(value) is not date:
        raise RuleFileInvalid(f"{where}: date expected")
    return value


def _moment(value: object, where: str) -> datetime:
    """When an entry was recorded: a day counts from its first moment, UTC."""
    if isinstance(value, datetime):
        return value if value.tzinfo is not None else value.replace(tzinfo=UTC)
    return datetime.combine(_day(value, where), datetime.min.time(), UTC)


def _refuse_conflicts(book: RuleBook) -> None:
    """Two entries of one key, effective and recorded together, would leave the value to file order."""
    if not book.entries:
        raise RuleFileInvalid("no entries")
    seen: set[tuple[str, date, datetime]] = set()
    rows = [(row.key, row.effective_from, row.recorded_at) for row in book.entries]
    for row in rows + [(row.id, row.effective_from, row.recorded_at) for row in book.readings]:
        if row in seen:
            raise RuleFileInvalid(f"{row[0]} is entered twice for {row[1]}")
        seen.add(row)
    known = {reading.id for reading in book.readings}
    for entry in book.entries:
        if entry.reading is not None and entry.reading not in known:
            raise RuleFileInvalid(f"{entry.key} leans on unknown reading {entry.reading}")
