"""The process that reads files for the bench: bounded in time and memory, with nothing of the service within reach.

Standard input is one file after another, each behind its lengths and name; standard output one JSON object for each,
behind its length. It ends with its input, and it says itself when it wants to be replaced.
"""

from __future__ import annotations

import json
import os
import resource
import struct
import sys

from service.documents.judging import judge_bytes
from service.documents.verdict import Verdict

HEAD = struct.Struct(">HI")  # length of the name, length of the file
CPU_SECONDS = 22
MEMORY = 1 << 30
SPENT = 300 << 10  # KiB this process may have needed at its highest and still read another file


def main() -> None:
    """Reads until the other side closes."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
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
        spent = int(used.ru_utime + used.ru_stime) + CPU_SECONDS
        resource.setrlimit(resource.RLIMIT_CPU, (spent, resource.RLIM_INFINITY))
        told = json.dumps(_told(judge_bytes(raw, name))).encode()
        out.write(len(told).to_bytes(4) + told)
        out.flush()


def _told(verdict: Verdict) -> dict[str, object]:
    return {**verdict._asdict(), "spent": _highest() > SPENT}


def _highest() -> int:
    """KiB of memory at the highest. Not `ru_maxrss`: across exec that is the highest of whoever started it."""
    with open("/proc/self/status", encoding="ascii", errors="replace") as status:
        return next((int(line.split()[1]) for line in status if line.startswith("VmHWM:")), 0)


if __name__ == "__main__":
    main()
