"""Whether a province's data fit together, asked before any of them is written (`service/province.py` lists them)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from service.province import CODE, HERE, home

TIERS = {"province": "province", "municipality": "city", "city": "city", "county": "county"}
_ABOVE = {"city": "province", "county": "city"}


def require() -> None:
    """SystemExit with everything that does not fit, each by its file and code."""
    if faults := list(_faults()):
        raise SystemExit(f"{home()}: not a province's data ({'; '.join(faults)})")


def _rows(name: str, part: str) -> list[dict[str, Any]]:
    try:
        rows: list[dict[str, Any]] = json.loads((home() / name).read_text(encoding="utf-8"))[part]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SystemExit(
            f"{home() / name}: not a province's data ({type(error).__name__}: {error})"
        ) from None
    return rows


def _faults() -> Iterator[str]:
    tiers: dict[str, str] = {}
    places = [*_rows("divisions.json", "rows"), *_rows("local_codes.json", "rows")]
    for row in places:
        tier = TIERS.get(str(row.get("level") or row.get("tier")))
        if tier is None:
            yield f"{row.get('code')}: a level is one of {', '.join(TIERS)}"
        if tiers.setdefault(str(row.get("code")), tier or "") != tier or not row.get("name"):
            yield f"{row.get('code')}: a code is given once, with a name"
    if [code for code, tier in tiers.items() if tier == "province"] != [CODE]:
        yield f"divisions.json: the one province is {CODE}, as province.json says"
    for row in places:
        wanted = _ABOVE.get(tiers.get(str(row.get("code")), ""))
        if wanted and tiers.get(str(row.get("parent"))) != wanted:
            yield f"{row.get('code')}: its parent is no {wanted}"
    for name, codes in (("tiles", HERE.tiles), ("demo", HERE.demo)):
        yield from (
            f"province.json: {name} names {code}, which is no division" for code in codes if code not in tiers
        )
    for tier in ("province", "city", "county"):
        if not all(row.get("name") for row in _rows("organs.json", tier)):
            yield f"organs.json: each organ of {tier} has a name"
    for app in _rows("apps.json", "apps"):
        if tiers.get(str(app.get("tenant"))) not in ("province", "city"):
            yield f"apps.json: {app.get('key')} is of {app.get('tenant')}, which is no tenant"
