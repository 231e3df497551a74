"""Doorbell, relay and worker. PostgreSQL holds the truth; arq only rings, so that delivery is immediate.

The only file that imports arq. A worker asks PostgreSQL every second what is due, with or without Valkey: losing
Valkey, its contents, or a ring costs at most that second.
"""

from __future__ import annotations

from datetime import timedelta

QUEUE = "tongjian:doorbell"
LEASE = timedelta(seconds=15)  # how long a taken row is left alone; a relay gives up before
LONGEST_PAUSE = 300.0  # seconds between attempts of an event whose subscriber keeps failing
_RELAY_TIMEOUT = 12.0
_BATCH = 100
