"""A process that works on strangers' bytes: bounded in time and memory, with nothing of the service within reach.

Standard input is one piece of work after another, each behind its lengths and name; standard output one JSON object
for each behind its length, and the bytes it announces as `size`. It ends with its input, and it says itself (`spent`)
when it wants to be replaced.
"""

from __future__ import annotations

import json
import os
import resource
import struct
import sys
from collections.abc import Callable
from typing import Any

HEAD = struct.Struct(">HI")  # length of the name, length of the bytes
CPU_SECONDS = 22
MEMORY = 1 << 30
SPENT = 300 << 10  # KiB this process may have needed at its highest and still take another piece

Work = Callable[[str, bytes], tuple[dict[str, Any], bytes]]


def serve(work: Work, *, memory: int = MEMORY, spent: int = SPENT) -> None:
    """Works until the other side closes."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    os.nice(5)  # who waits for an answer of the API comes first
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    while len(head := sys.stdin.buffer.read(HEAD.size)) == HEAD.size:
        title, size = HEAD.unpack(head)
        name = sys.stdin.buffer.read(title).decode()
        raw = sys.stdin.buffer.read(size)
        used = resource.getrusage(resource.RUSAGE_SELF)
        most = int(used.ru_utime + used.ru_stime) + CPU_SECONDS
        resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))
        found, made = work(name, raw)
        told = json.dumps({**found, "spent": _highest() > spent, "size": len(made)}).encode()
        out.write(len(told).to_bytes(4) + told + made)
        out.flush()


def _highest() -> int:
    """KiB of memory at the highest. Not `ru_maxrss`: across exec that is the highest of whoever started it."""
    with open("/proc/self/status", encoding="ascii", errors="replace") as status:
        return next((int(line.split()[1]) for line in status if line.startswith("VmHWM:")), 0)
