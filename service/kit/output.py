"""Where log lines go: the standard error, by writing that neither raises nor waits.

A full disk, a reader that has gone or one that no longer reads costs lines, which are counted, and never a job or
an answer. Past Python's buffer: what could not be written would stay in it and fail every later line.
"""

from __future__ import annotations

import asyncio
import atexit
import json
import logging
import os
import select
import sys
import threading
from datetime import UTC, datetime
from traceback import format_exception
from typing import Any

_WHOLE = 4096  # a pipe that polls as writable takes this much without waiting (PIPE_BUF)
LATER_SECONDS = 0.02  # at most so long a line of many waits for those that are written with it


class Output:
    """A file descriptor as a file of lines. `lost`: how many lines could not be written."""

    def __init__(self, fd: int = 2) -> None:
        self._fd = fd
        self._poll = select.poll()
        self._poll.register(fd, select.POLLOUT)
        self._turn = threading.RLock()  # again by the same thread: what the collector ends may log
        self.lost = 0
        self._waiting: list[bytes] = []
        self._size = 0
        self._soon: asyncio.AbstractEventLoop | None = None  # the loop that will write what waits

    def write(self, line: bytes) -> int:
        """Writes the line at once, behind what waits, or counts it as lost; returns its length either way."""
        with self._turn:
            self.flush()
            self._written(line, 1)
        return len(line)

    def later(self, line: bytes) -> None:
        """Writes the line with others, of which there are many: within LATER_SECONDS, or as soon as they are a pipe's
        fill. Called on an event loop.
        """
        with self._turn:
            if self._size + len(line) > _WHOLE:
                self.flush()
            self._waiting.append(line)
            self._size += len(line)
            loop = asyncio.get_running_loop()
            if self._soon is not loop:
                self._soon = loop
                loop.call_later(LATER_SECONDS, self._due)

    def _written(self, text: bytes, lines: int) -> None:
        try:
            parts = (text[start : start + _WHOLE] for start in range(0, len(text), _WHOLE))
            written = all(map(self._put, parts))
        except (OSError, ValueError, RuntimeError):  # the last: `poll` again while it polls
            written = False
        self.lost += 0 if written else lines

    def _put(self, part: bytes) -> bool:
        """Regular files are always writable; what is wrong with others shows at the writing itself."""
        return bool(self._poll.poll(0)) and os.write(self._fd, part) == len(part)

    def flush(self) -> None:
        """Writes what waits."""
        with self._turn:
            waiting, self._waiting, self._size = self._waiting, [], 0
            if waiting:
                self._written(b"".join(waiting), len(waiting))

    def lost_so_far(self) -> int:
        """How many lines could not be written, what waits included: asked from whatever thread."""
        self.flush()
        return self.lost

    def _due(self) -> None:
        self._soon = None
        self.flush()


class Handler(logging.Handler):
    """The libraries' warnings as lines of JSON like ours; what cannot be formatted is told by its kind."""

    def __init__(self, output: Output) -> None:
        super().__init__()
        self._output = output

    def emit(self, record: logging.LogRecord) -> None:
        try:
            message = record.getMessage()
        except Exception as error:
            message = f"{type(error).__name__} while formatting"
        told = {"event": "library", "logger": record.name, "message": message}
        if record.exc_info and (raised := record.exc_info[1]) is not None:
            # One line as all others, whatever reads them; the last frames name the place.
            told |= {"error": type(raised).__name__, "trace": "".join(format_exception(raised, limit=-3))}
        when = datetime.fromtimestamp(record.created, UTC).isoformat()
        told |= {"level": record.levelname.lower(), "timestamp": when}
        self._output.write(json.dumps(told).encode() + b"\n")


OUTPUT = Output()
atexit.register(OUTPUT.flush)


def open_standard_streams() -> None:
    """Opens what was closed before we began on nothing: else a socket would become our standard error."""
    for fd in (0, 1, 2):
        try:
            os.fstat(fd)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest free number: this very one
    streams: tuple[tuple[str, int], ...] = (("stdout", 1), ("stderr", 2))
    for name, fd in streams:
        if getattr(sys, name) is None:
            made: Any = os.fdopen(fd, "w", encoding="utf-8", errors="backslashreplace", closefd=False)
            setattr(sys, name, made)
