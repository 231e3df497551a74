"""`python -m service.embedded ROOT`: stops the servers of ROOT once their owner is gone."""

import sys
from pathlib import Path

from service.embedded.servers import stop_orphans

# The pipe ends when the owner does, even by SIGKILL. `make clean` gives an empty one.
sys.stdin.buffer.read()
stop_orphans(Path(sys.argv[1]))
