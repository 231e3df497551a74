"""Which operation does an act of a case, and which operations on a case are no act that its `actions` tell.

A test holds both complete: every unsafe operation on a project is an act told, or stands here with its reason.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping

from service.measures import side_acts as beside
from service.measures.lifecycle_states import Action as A

# Filled as the modules are loaded that declare acts (deeds.py).
DECLARED: dict[str, str] = {}
# The module and function that judge an operation so declared.
JUDGED: dict[str, tuple[str, str]] = {}
# Acts that no `deed` declares, each for its reason.
_ELSEWHERE: dict[str, str] = {
    # Done on a suspicion, which stands over several cases at once.
    A.CONFIRM_SPLIT: "suspicions_confirm",
    A.CLEAR_SPLIT: "suspicions_dismiss",
    # Done by parties who may not see the case: the text they sign is all they are shown.
    beside.SIGN_FRAMEWORK: "frameworks_sign",
}
OPERATIONS: Mapping[str, str] = ChainMap(DECLARED, _ELSEWHERE)
UNTOLD: Mapping[str, str] = {
    "reviews_recuse": "it is done on a seat of the panel, which the appraisal tells",
}
# Acts that no operation does.
BY_NOBODY: Mapping[str, str] = {A.LAPSE: "the clock lets an entry lapse on its day (art. 9)"}
