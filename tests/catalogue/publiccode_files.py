"""Files of the standard publiccode.yml: real ones, its schema, and where an app of ours is found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs

REAL = Path(__file__).parent / "publiccode"
CORE = json.loads((REAL / "schema-0.4.json").read_text())
PLACE = {"address": "http://127.0.0.1:8000/api/v1/apps/360100-1", "provider": "南昌市大数据局"}


def whole_file(told: dict[str, Any]) -> None:
    """What the standard's schema asks of version 0.4 (publiccodeyml.org, core)."""
    jsonschema_rs.validate(CORE, told)
