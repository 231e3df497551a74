"""`python -m migrations.erasing [TABLE…]`: what a migration grants for erasing, of the tables named or of all.

Migrations before 0068 call it by its place of then, `service.portfolio.erasure_plan`.
"""

from __future__ import annotations

import json
import sys

import service.setup.schema  # noqa: F401 - fills the metadata
from service.portfolio.erasure_plan import RULES, grants

if __name__ == "__main__":
    print(json.dumps([each for each in grants() if each["table"] in (sys.argv[1:] or RULES)], indent=1))
