"""The whole suite under a rule book that was amended (arts 44, 45): `python -m tests.amended file|api [pytest's …]`.

Two amendments, as the province could decide them: the limit of infrastructure is twelve million since a week ago, that
of other classes will be eight million from the first of the month after next. `file`: written into a copy of this
checkout, in which the suite is then run, so that every process of it reads the lines. `api`: concluded by two people
over HTTP in the seeded database that all worlds are cloned of (tests/conftest.py reads the variable).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from service.kit import clock
from service.kit.clock import SHANGHAI, legal_day
from service.settings import Settings
from tests.worlds import Caller, running, token_maker

VARIABLE = "TONGJIAN_TESTS_AMENDED"
ROOT = Path(__file__).resolve().parents[1]
LIMITS = Path("policies/measures/limits.yaml")
COPIED = ("service", "tests", "policies", "deploy", "docs", "migrations", "openapi", ".ci")


class Amendment(NamedTuple):
    """What the document says: a limit in yuan from a day on."""

    number: str
    key: str
    value: str
    effective: date

    @property
    def recorded(self) -> date:
        return min(self.effective, legal_day(clock.now())) - timedelta(days=1)

    def line(self) -> str:
        """The amendment as a line of data."""
        return (
            f'  - {{key: {self.key}, value: "{self.value}", unit: yuan, article: 9, overlay: none, effective_from: '
            f"{self.effective}, recorded_at: {self.recorded}, document: {self.number}, note: 限额调整}}\n"
        )

    def deed(self) -> dict[str, Any]:
        """The same as the office records it."""
        return {
            "effective_from": self.effective.isoformat(),
            "entries": [{"key": self.key, "value": self.value}],
            "document_number": self.number,
            "document_date": self.recorded.isoformat(),
            "issued_by": ["general_office"],
            "reason": "按修改后的办法执行",
        }


def amendments() -> tuple[Amendment, ...]:
    """The one in force, and the one to come."""
    today = legal_day(clock.now())
    later = (today.replace(day=1) + timedelta(days=63)).replace(day=1)
    return (
        Amendment("赣府厅发〔2026〕88号", "limit.infrastructure", "12000000.00", today - timedelta(days=7)),
        Amendment("赣府厅发〔2026〕89号", "limit.other", "8000000.00", later),
    )


async def conclude(settings: Settings) -> None:
    """Each amendment by two people of the province over HTTP, before it takes effect."""
    async with running(settings) as app:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
            token = token_maker(settings)
            for each in amendments():
                clock.travel(datetime.combine(each.recorded, time(10), SHANGHAI))
                who = {
                    login: Caller(client, token("360000", login)) for login in ("finance", "office", "drc")
                }
                seen = await who["finance"](
                    "POST",
                    "/rulebook/amendments/preview",
                    {name: each.deed()[name] for name in ("effective_from", "entries", "document_number")},
                )
                wanted = {**each.deed(), "expected_version": seen.json()["rulebook_version"]}
                made = await who["office"]("POST", "/rulebook/amendments", wanted)
                assert made.status_code == 201, made.text
                answer = {"accepted": True, "expected_version": made.json()["rulebook_version"]}
                path = f"/rulebook/amendments/{made.json()['amendment']['id']}/confirm"
                done = await who["drc"]("POST", path, answer)
                assert done.status_code == 200, done.text
    clock.travel(None)


def copy(home: Path) -> None:
    """This checkout with the lines added."""
    for name in COPIED:
        shutil.copytree(ROOT / name, home / name, ignore=shutil.ignore_patterns("__pycache__"))
    for file in (path for path in ROOT.iterdir() if path.is_file()):
        shutil.copy2(file, home / file.name)
    with (home / LIMITS).open("a", encoding="utf-8") as rules:
        rules.writelines(each.line() for each in amendments())


def main(form: str, arguments: Sequence[str]) -> int:
    if form not in ("file", "api"):
        print("python -m tests.amended file|api [what pytest is to run]", file=sys.stderr)
        return 2
    command = [sys.executable, "-m", "pytest", "-q", *arguments]
    with tempfile.TemporaryDirectory(prefix="tj-amended-", dir="/tmp") as name:
        home = ROOT
        if form == "file":
            home = Path(name) / "checkout"
            home.parent.chmod(0o755)
            copy(home)
        # The package is installed as a link to this checkout: what a process imports is to be the copy.
        more = {VARIABLE: form, "PYTHONPATH": str(home)}
        return subprocess.run(command, cwd=home, env={**os.environ, **more}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "", sys.argv[2:]))
