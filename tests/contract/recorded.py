"""Answers recorded from a run, as the document carries them: what differs from run to run in one spelling, and short.

`make examples` writes openapi/recorded.json (record_examples.py); service/docs/document.py puts it into the document.
"""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from service.docs.document import RECORDED

Json = dict[str, Any]
TODAY = date(2026, 11, 30)  # the day of every recording
_MOMENT = datetime(2026, 11, 30, 1)
_MACHINE = re.compile(r"(?:127\.0\.0\.1|localhost)(?::\d+)?")
_MOST_ITEMS, _MOST_ENTRIES = 1, 6
_NEAR = timedelta(days=1000)
_HERE = Path(__file__).resolve().parent
_UUID = re.compile(r"(?<![0-9a-f])[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![0-9a-f])")
_TIME = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
_DAY = re.compile(r"(?<![\d-])\d{4}-\d\d-\d\d(?![\dT-])")
_HEX = re.compile(r"(?<![0-9A-Za-z])(?=[0-9a-f]*[a-f])(?=[0-9a-f]*[0-9])[0-9a-f]{10,128}(?![0-9A-Za-z])")
# Whatever lets somebody in, or is drawn by lot, however short: by the names of its members.
_SECRET = re.compile(r"(?:^|_)(?:token|secret|password|assertion|signature|sign|cursor|next|seed|nonce)$")
_CODE = re.compile(r"(?<=[?&])code=[A-Za-z0-9._-]+")
_STANDS_FOR = "recorded-example-not-a-secret"
_RANDOM = re.compile(r"[A-Za-z0-9_-]{24,}(?:\.[A-Za-z0-9_-]+)*")


@cache
def written() -> frozenset[str]:
    """Days that stand in the sources of the run: they are the same in every run."""
    sources = [
        *_HERE.glob("*.py"),
        *_HERE.parent.glob("*.py"),
        *(RECORDED.parent / "examples").glob("*.json"),
    ]
    sources += [*(_HERE.parent.parent / "policies").rglob("*.yaml")]
    return frozenset(_DAY.findall(" ".join(each.read_text(encoding="utf-8") for each in sources)))


def shortened(value: Any) -> Any:
    """Of lists of things the first, of lists of words and of maps from codes a few."""
    if isinstance(value, list):
        most = _MOST_ITEMS if value and isinstance(value[0], dict | list) else _MOST_ENTRIES
        return [shortened(each) for each in value[:most]]
    if isinstance(value, dict):
        return {key: shortened(each) for key, each in value.items()}
    return value


def settled(body: Any, today: date) -> Any:
    """One answer without what another run would say otherwise: ids, moments, days near today, digests, secrets.

    In the order in which it is written, so that what is numbered keeps its number.
    """
    told = _MACHINE.sub("tongjian.example", json.dumps(body, ensure_ascii=False, sort_keys=True))
    moments = {each: at for at, each in enumerate(sorted(set(_TIME.findall(told)), key=_instant))}
    ids: dict[str, str] = {}

    def known(found: re.Match[str]) -> str:
        return ids.setdefault(found[0], f"00000000-0000-7000-8000-{len(ids) + 1:012x}")

    def text(said: str) -> str:
        said = _UUID.sub(known, said)
        said = _TIME.sub(lambda found: _spelt(moments[found[0]], found[0]), said)
        said = _DAY.sub(lambda found: _day(found[0], today), said)
        return _HEX.sub(lambda found: _digest(found[0], ids), said)

    def walked(value: Any, name: str) -> Any:
        if isinstance(value, dict):
            return {key: walked(each, key) for key, each in value.items()}
        if isinstance(value, list):
            return [walked(each, name) for each in value]
        if not isinstance(value, str):
            return value
        return _hidden(value) if _SECRET.search(name) else text(_CODE.sub(f"code={_STANDS_FOR}", value))

    return walked(json.loads(told), "")


def _hidden(value: str) -> str:
    """In place of what lets somebody in, or of a place in a list, something of the same shape; short words stay."""
    if value.startswith("whsec_"):
        return f"whsec_{b64encode(_STANDS_FOR.encode()).decode()}"
    return _RANDOM.sub(_STANDS_FOR, value)


def _instant(told: str) -> datetime:
    return datetime.fromisoformat(told)


def _spelt(at: int, like: str) -> str:
    """The moment by its order, as many digits and the zone as the wire spells it."""
    made = _MOMENT + timedelta(minutes=at)
    fraction = re.search(r"\.(\d+)", like)
    zone = re.search(r"(?:Z|[+-]\d\d:\d\d)$", like)
    return (
        f"{made:%Y-%m-%dT%H:%M:%S}{'.' + '0' * len(fraction[1]) if fraction else ''}{zone[0] if zone else ''}"
    )


def _day(told: str, today: date) -> str:
    try:
        day = date.fromisoformat(told)
    except ValueError:
        return told
    near = abs(day - today) <= _NEAR and told not in written()
    return (TODAY + (day - today)).isoformat() if near else told


def _digest(told: str, ids: dict[str, str]) -> str:
    """As long, and by the order in which it stands there."""
    at = ids.setdefault(told, str(len(ids)))
    made = hashlib.sha256(f"recorded {at}".encode()).hexdigest() * 2
    return made[: len(told)]


def written_down(answers: Json, problems: Json) -> str:
    """The file: a line for each operation and code, so that a change shows where it is."""

    def lines(told: Json) -> str:
        return ",\n".join(
            f"{json.dumps(key)}: {json.dumps(told[key], ensure_ascii=False, sort_keys=True)}"
            for key in sorted(told)
        )

    return f'{{"answers": {{\n{lines(answers)}\n}},\n"problems": {{\n{lines(problems)}\n}}}}\n'
