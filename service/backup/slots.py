"""The slot by which PostgreSQL keeps the log for the backup, made, read and dropped, and whose log that is: in its own
protocol.

By the login that streams, which may do nothing else: a line for `replication` in pg_hba.conf is enough.
"""

from __future__ import annotations

import re

from service.backup.taking import SLOT, BackupFailed, connecting, run, tool

# Of a history file: the timeline before, and where it was left; behind the name of the file on the first line.
_LEFT = re.compile(r"(?:^|\|)(\d+)\t([0-9A-F]+)/([0-9A-F]+)\t", re.M)


def reserve(url: str) -> None:
    """Makes the slot that keeps the log from now on; nothing where it is there. BackupFailed: it cannot be made.

    By hand: pg_receivewal makes one that keeps nothing before its first answer, and the checkpoint of a base backup
    in that moment removes what is about to be asked for. PostgreSQL then gives the slot up for good.
    """
    try:
        _said(url, f'CREATE_REPLICATION_SLOT "{SLOT}" PHYSICAL RESERVE_WAL')
    except BackupFailed as error:
        if "42710" not in str(error):  # duplicate_object, in whatever language the server speaks
            raise


def drop(url: str) -> None:
    """Drops the slot. BackupFailed where somebody receives by it."""
    _said(url, f'DROP_REPLICATION_SLOT "{SLOT}"')


def kept_from(url: str) -> tuple[bool, int | None]:
    """Whether there is a slot, and the byte of the log from which it keeps all; None: PostgreSQL has given it up."""
    kind, at, _ = _said(url, f'READ_REPLICATION_SLOT "{SLOT}"').strip().split("|")
    high, _, low = at.partition("/")
    return bool(kind), int(high, 16) << 32 | int(low, 16) if at else None


def history(url: str) -> tuple[int, dict[int, int]]:
    """The leader's timeline; those that it came from, and the byte of the log at which it left each."""
    timeline = int(_said(url, "IDENTIFY_SYSTEM").split("|")[1])
    if timeline == 1:
        return 1, {}
    left = _LEFT.findall(_said(url, f"TIMELINE_HISTORY {timeline}"))
    return timeline, {int(one): int(high, 16) << 32 | int(low, 16) for one, high, low in left}


def _said(url: str, command: str) -> str:
    (flag, bare), env = connecting(url)
    logged_in = f"{bare}{'&' if '?' in bare else '?'}replication=true"
    return run(
        [tool("psql"), "-X", "-q", "-A", "-t", "-v", "VERBOSITY=sqlstate", flag, logged_in, "-c", command],
        env,
    )
