"""The one province that this deployment serves: its code, names and data, read from one directory (decision 0236).

Below everything else, and read when a process begins: which tenant is the province's is no matter of a request. The
directory is `deploy/seed`, or the one that TONGJIAN_PROVINCE_DIR names:

    province.json      code, name, the Measures' title, with whom filings are made, where the cities' tiles stand,
                       which city and county a demo shows (else the first of each)
    divisions.json     the divisions of GB/T 2260, local_codes.json those that only this system knows
    organs.json        the organs of article 4; apps.json the shared applications of a demo
    demo_projects.json the cases that a demo plays; without it, none
    measures/          the rule book's figures and readings, where they differ from policies/measures
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VARIABLE = "TONGJIAN_PROVINCE_DIR"


@dataclass(frozen=True, kw_only=True)
class Province:
    """What province.json says. `tiles`: (column, row) of a city's tile on the monitor, by its code; may be empty.
    `demo`: the codes of the city and of its county whose people a demo shows; may be empty."""

    code: str
    name: str
    measures: str
    filed_with: str
    tiles: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    demo: tuple[str, ...] = ()


def home() -> Path:
    """The directory of the province's data."""
    return Path(os.environ.get(VARIABLE) or ROOT / "deploy" / "seed")


def measures() -> Path:
    """The directory of the rule book."""
    own = home() / "measures"
    return own if own.is_dir() else ROOT / "policies" / "measures"


def _read() -> Province:
    path = home() / "province.json"
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        tiles = {str(code): (int(column), int(row)) for code, (column, row) in told.pop("tiles", {}).items()}
        demo = tuple(map(str, told.pop("demo", ())))
        return Province(**told, tiles=tiles, demo=demo)
    except (OSError, ValueError, TypeError, AttributeError) as error:
        why = (
            error.strerror if isinstance(error, OSError) else str(error).removeprefix("Province.__init__() ")
        )
        raise SystemExit(f"{path}: not a province's data ({why}; {VARIABLE} names the directory)") from None


HERE = _read()
CODE = HERE.code
