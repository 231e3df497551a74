"""A made-up province's data, as files: two cities, counties, organs, apps and cases of a demo, a limit of its own."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

from service.province import HERE, ROOT
from service.setup.seed import divisions

CODE, CITY, COUNTY = "990000", "990100", "990102"
BENDS = "demo-07"  # the one case of the demo that its own limit sends another way
_SEED = ROOT / "deploy" / "seed"
_ROWS = (
    (CODE, "示例省", "province", None), (CITY, "东州市", "municipality", CODE), ("990101", "东一区", "county", CITY),
    (COUNTY, "东二县", "county", CITY), ("990200", "西州市", "municipality", CODE),
    ("990201", "西一区", "county", "990200"),
)  # fmt: skip


def province(where: Path) -> Path:
    """Writes it to a new directory, which TONGJIAN_PROVINCE_DIR may name."""
    told = {
        "province.json": {
            "code": CODE,
            "name": "示例省",
            "measures": "示例省数字化项目管理办法",
            "filed_with": "示例省领导小组办公室",
            "demo": [CITY, COUNTY],
        },
        "divisions.json": {
            "rows": [dict(zip(("code", "name", "level", "parent"), row, strict=True)) for row in _ROWS]
        },
        "local_codes.json": {"rows": []},
        "apps.json": {"apps": _apps()},
        "demo_projects.json": _cases(),
    }
    where.mkdir()
    for name, content in told.items():
        (where / name).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    shutil.copy(_SEED / "organs.json", where)
    shutil.copytree(ROOT / "policies" / "measures", where / "measures")
    limits = where / "measures" / "limits.yaml"
    text, changed = re.subn(
        r'(limit\.other, value: )"5000000.00"', r'\1"4800000.00"', limits.read_text("utf-8")
    )
    assert changed == 1
    limits.write_text(text, encoding="utf-8")
    return where


def _apps() -> list[object]:
    apps = json.loads((_SEED / "apps.json").read_text(encoding="utf-8"))["apps"]
    return [{**each, "tenant": CODE} for each in apps if each["tenant"] == HERE.code]


def _cases() -> object:
    """The demo's own cases, in other places under other names."""
    text = (_SEED / "demo_projects.json").read_text(encoding="utf-8")
    for pattern, code in ((HERE.code, CODE), (r"36(?:\d\d|GJ)00", CITY), (r"36\w{4}", COUNTY)):
        text = re.sub(f'"{pattern}"', f'"{code}"', text)
    for row in divisions():
        text = text.replace(row["name"], "某地")
    return json.loads(text)
