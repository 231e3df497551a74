"""The choices of columns: Chinese label → code, from where the labels stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from service.kit.roles import load_roles
from service.measures.answers import UNIFICATIONS
from service.measures.experts import FIELDS
from service.measures.importing import IMPORTABLE
from service.measures.lifecycle_states import STATE_NAMES
from service.measures.offices import Tier
from service.portfolio.schemas import Network
from service.vocabulary import names

_ROLES = load_roles()


def _turned(labels: Mapping[str, str]) -> dict[str, str]:
    return {label: code for code, label in labels.items()}


CLASSES = {label.removesuffix("类"): code for code, label in names("project_class").items()}
KINDS = _turned(names("kind"))
STATES = {STATE_NAMES[state]: state.value for state in IMPORTABLE}
EXPERT_FIELDS = _turned(FIELDS)
ROLES = {name: role for (_, role), name in _ROLES.names.items() if role not in _ROLES.clients}
TIERS = {names("level")[tier.value]: tier.value for tier in Tier}
ALSO_TIERS = {"市级": Tier.CITY.value}  # as offices write it besides
NETWORKS = {names("network")[code]: code for code in get_args(Network)}
OFFICE_KINDS = _turned(names("office_kind"))
UNIFIED = dict(UNIFICATIONS)
