"""ClamAV's own clamd with a signature made by hand: what it finds, what it does not, too large a file, and its end."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from pathlib import Path

from service.documents.viruses import ScannerAway, Viruses
from service.embedded.daemon import User
from tests.documents.scanner import MARK
from tests.drills.cluster import program

CONF = """\
Foreground yes
LocalSocket {home}/clamd.ctl
LocalSocketMode 666
DatabaseDirectory {home}
TemporaryDirectory {home}
StreamMaxLength 1M
"""


async def drill(short: bool) -> None:
    del short
    clamd = program("clamd", "clamav-daemon")
    home = Path(tempfile.mkdtemp(prefix="tj-clamd-"))
    home.chmod(0o755)
    user = User(home / "none")
    user.give(home)
    (home / "own.ndb").write_text(f"Test.Sample:0:*:{MARK.hex()}\n", encoding="ascii")
    (home / "clamd.conf").write_text(CONF.format(home=home), encoding="ascii")
    process = user.popen([Path(clamd), "-c", home / "clamd.conf"], {}, home / "clamd.log")
    viruses = Viruses(str(home / "clamd.ctl"))
    try:
        async with asyncio.timeout(120):
            while not (home / "clamd.ctl").exists():
                assert process.poll() is None, (home / "clamd.log").read_text()
                await asyncio.sleep(0.1)
        told = [await viruses.found(raw) for raw in (b"x" * 900_000, b"x" * 500_000 + MARK)]
        print(f"clamd: a clean file {told[0]}, one with the signature {told[1]}")
        assert told == [None, "Test.Sample.UNOFFICIAL"], told
        at_once = await asyncio.gather(*(viruses.found(b"y" * 1000 + MARK) for _ in range(40)))
        assert set(at_once) == {"Test.Sample.UNOFFICIAL"}
        print(f"beyond StreamMaxLength: {await _why(viruses, b'x' * 3_000_000)}")
        process.terminate()
        process.wait(30)
        print(f"ended: {await _why(viruses, b'x')}")
    finally:
        process.kill()
        process.wait(30)
        shutil.rmtree(home, ignore_errors=True)


async def _why(viruses: Viruses, raw: bytes) -> str:
    """Why the scanner does not say; nothing may pass then."""
    try:
        found = await viruses.found(raw)
    except ScannerAway as away:
        return away.why
    raise AssertionError(f"taken without a verdict: {found}")
