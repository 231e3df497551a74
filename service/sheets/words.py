"""The choices of columns: Chinese label → code, from where the labels stand."""

from __future__ import annotations

from collections.abc import Mapping

from service.kit.authz import load_roles
from service.measures.answers import UNIFICATIONS
from service.measures.experts import FIELDS
from service.measures.importing import IMPORTABLE
from service.measures.lifecycle_states import STATE_NAMES
from service.vocabulary import names

_ROLES = load_roles()


def _turned(labels: Mapping[str, str]) -> dict[str, str]:
    return {label: code for code, label in labels.items()}


CLASSES = {label.removesuffix("类"): code for code, label in names("project_class").items()}
KINDS = _turned(names("kind"))
STATES = {STATE_NAMES[state]: state.value for state in IMPORTABLE}
EXPERT_FIELDS = _turned(FIELDS)
ROLES = {name: role for (_, role), name in _ROLES.names.items() if role not in _ROLES.clients}
TIERS = {"省级": "province", "市级": "city", "县级": "county"}
NETWORKS = {"电子政务外网": "government_extranet", "互联网": "internet", "专网": "dedicated"}
OFFICE_KINDS = _turned(names("office_kind"))
UNIFIED = dict(UNIFICATIONS)
