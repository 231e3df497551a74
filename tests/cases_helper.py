"""For public cases that declare: `CASES_HELPER=tests.cases_helper`, beside their own `helper` on PYTHONPATH.

Their declarations say less than arts 3, 11 and 15 ask: this one completes them, all else is theirs.
"""

from __future__ import annotations

from typing import Any

import helper  # type: ignore[import-not-found]
from helper import *  # type: ignore[import-not-found] # noqa: F403

from tests.factories import ANSWERS, PLAN

_draft, _tokens = helper.draft, helper._tokens


def draft(name: str, inv: str = "4000000.00", **more: Any) -> dict[str, Any]:
    """Their declaration, with the parts of the plan and the answers about unification and sharing."""
    made: dict[str, Any] = _draft(name, inv, **more)
    made["facts"] = {**ANSWERS, **made["facts"]}
    made["materials"]["plan"] = PLAN
    return made


helper.draft = draft
