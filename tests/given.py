"""The tests on a server that is given: `python -m tests.given [pytest's …]` with TONGJIAN_DATABASE_URL set.

Without one of yours an embedded PostgreSQL is started for the run, so that what only a given server shows is seen.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from service.embedded.servers import Servers

VARIABLE = "TONGJIAN_DATABASE_URL"


def main(arguments: Sequence[str]) -> int:
    command = [sys.executable, "-m", "pytest", "-q", *arguments]
    if os.environ.get(VARIABLE):
        return subprocess.run(command, check=False).returncode
    with (
        tempfile.TemporaryDirectory(prefix="tj-given-") as home,
        Servers(Path(home) / "servers", durable=False) as servers,
    ):
        more = {VARIABLE: servers.database_url}
        return subprocess.run(command, env={**os.environ, **more}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
