"""What is committed holds no secret, and what runs has licences we may ship."""

from __future__ import annotations

import re
import subprocess
import sys

from tests.bundle.locked import ROOT, lock, runtime
from tests.bundle.sbom import bill, licence

# Licences under which the service may be shipped beside its own (Apache-2.0), as words packages use for them.
_MAY = re.compile(
    r"\b(MIT|BSD|Apache|ISC|PSF|Python Software Foundation|MPL|Mozilla|Unlicense|PostgreSQL|0BSD|Zlib|HPND)\b",
    re.I,
)
_MAY_NOT = re.compile(r"\b(AGPL|GPL(?!.*(exception|LGPL)))\b", re.I)
# Libraries under the LGPL, shipped as they are and replaceable by whoever installs them: each is a decision.
_AS_THEY_ARE = {"docxtpl"}
# What a secret looks like, wherever it is committed.
_SECRET = re.compile(
    r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s+[A-Za-z0-9+/]{40}|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}\b"
    r"|\bxox[abprs]-[A-Za-z0-9-]{20,}|\bglpat-[A-Za-z0-9_-]{20}\b|\beyJ[A-Za-z0-9_-]{20,}\.eyJ[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}"
    r"|postgres(?:ql)?://[^:@/\s\"'{}$]+:[^@/\s\"'{}$<…]{12,}@(?!127\.0\.0\.1|localhost)[a-z0-9.-]+"
)


def committed() -> dict[str, str]:
    """Texts that are committed (or about to be), by their paths."""
    asked = ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(asked, check=True, capture_output=True, text=True).stdout.split("\0")
    found = {}
    for name in filter(None, names):
        try:
            found[name] = (ROOT / name).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            continue
    return found


def test_no_secret_is_committed() -> None:
    planted = "postgresql://owner:correct-horse-battery@db.example.gov.cn/tongjian"
    assert _SECRET.search(planted), "the scan finds nothing"
    found = {
        name: match[0][:24]
        for name, text in committed().items()
        if (match := _SECRET.search(text)) is not None
    }
    found.pop("tests/deploying/test_upkeep.py", None)  # the planted one
    assert found == {}


def test_every_licence_of_what_runs_may_be_shipped() -> None:
    told = {pin.name: licence(pin.name) for pin in runtime()}
    odd = {name: text for name, text in told.items() if not _MAY.search(text) or _MAY_NOT.search(text)}
    assert set(odd) == _AS_THEY_ARE, odd
    assert all("LGPL" in text for text in odd.values()), odd


def test_what_runs_is_locked_by_hashes_and_listed() -> None:
    pins = runtime()
    assert len(pins) < len(lock())  # what only tests want is not shipped
    assert {"asyncpg", "litestar", "hiredis"} <= {pin.name for pin in pins}  # an extra of a dependency too
    # What another patch of the same Python needs is shipped too: Debian 12 has 3.11.2.
    assert ("async-timeout" in {pin.name for pin in pins}) == (sys.version_info[:2] == (3, 11))
    assert not [pin.name for pin in pins if ";" in pin.anywhere]
    assert not {"pytest", "mypy", "playwright"} & {pin.name for pin in pins}
    assert [pin.name for pin in pins if not pin.hashes] == []
    made = bill("0.1.0")
    assert {each["name"]: each["version"] for each in made["components"]} == {
        pin.name: pin.version for pin in pins
    }
