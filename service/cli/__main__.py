"""`python -m service.cli`: the same as `tongjian`."""

import sys

from service.cli import main

sys.exit(main())
