"""A scanner that knows viruses by signature, where the site has one: ClamAV's clamd on this machine (TONGJIAN_CLAMD).

Every file that would be kept is shown to it before anything is stored (docs/decisions/0284); where it does not answer,
nothing is taken. Only what our own reading let pass gets there: a scanner writes what it is sent into a file of its
own, and what carries a secrecy mark must lie nowhere.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator

from service.kit.errors import ServiceError

SECONDS = 60.0  # for one file, with the wait for its turn at the scanner
AT_ONCE = 8  # files of this process; clamd has ten threads (MaxThreads)
_CHUNK = 1 << 18
_FOUND = re.compile(rb"stream: (.{1,200}) FOUND")


class ScannerAway(ServiceError):
    """The scanner is not there, hangs or refuses: 503, to be tried again; nothing was kept. `why` is for the log."""

    def __init__(self, why: str) -> None:
        said = "病毒查杀暂时没有答复，文件没有保存，请稍后以相同的 Idempotency-Key 重试"
        super().__init__(503, "unavailable", said, headers={"retry-after": "10"})
        self.why = why


class Viruses:
    """On the shelf. `at`: a socket's path or host:port; empty: there is no scanner and nothing is found."""

    def __init__(self, at: str) -> None:
        self._at, self._turns = at, asyncio.Semaphore(AT_ONCE)

    async def found(self, raw: bytes) -> str | None:
        """The name of the signature that fits; None where none does. ScannerAway where nobody can say."""
        if not self._at:
            return None
        try:
            async with asyncio.timeout(SECONDS), self._turns:
                told = await self._told(raw)
        except (OSError, TimeoutError) as error:
            raise ScannerAway(type(error).__name__) from None
        if told == b"stream: OK":
            return None
        named = _FOUND.fullmatch(told)
        if named is None:  # an error of the scanner's, such as a file beyond its StreamMaxLength
            raise ScannerAway(told[:200].decode("ascii", "replace"))
        return named[1].decode("ascii", "replace")

    async def _told(self, raw: bytes) -> bytes:
        """clamd's answer to INSTREAM (clamd(8)): the file in pieces, each after its length, ended by an empty one."""
        reader, writer = await self._connected()
        try:
            writer.write(b"zINSTREAM\0")
            for piece in _pieces(raw):
                writer.write(piece)
                await writer.drain()
            return (await reader.read(4096)).rstrip(b"\0\n")
        finally:
            writer.close()

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._at.startswith("/"):
            return await asyncio.open_unix_connection(self._at)
        host, _, port = self._at.rpartition(":")
        return await asyncio.open_connection(host.strip("[]"), int(port))


def _pieces(raw: bytes) -> Iterator[bytes]:
    for start in range(0, len(raw), _CHUNK):
        piece = raw[start : start + _CHUNK]
        yield len(piece).to_bytes(4) + piece
    yield bytes(4)
